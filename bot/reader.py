"""The reader that handlers are given: a pool of OCR processes, started with the server or the first receipt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from bot.settings import Settings
from handlers.services import Limits
from ocr.errors import EngineFailed
from ocr.pool import Pool
from ocr.reading import Reading
from storage.jobs import Later

T = TypeVar("T")

PREVIEW_LONG_SIDE = 1280


class PooledReader:
    """``handlers.services.Reader`` over ``ocr.pool.Pool``. Commands that read nothing start no process."""

    def __init__(self, settings: Settings, limits: Limits, processes: int) -> None:
        self._settings, self._limits, self._processes = settings, limits, processes
        self._pool: Pool | None = None
        self._closing = False
        self._lock = threading.Lock()

    def start(self) -> Pool:
        """The pool, its processes on their way to being warm."""
        with self._lock:
            if self._pool is None:
                self._pool = Pool(
                    self._processes,
                    engine=self._settings.ocr_engine or None,
                    max_bytes=self._limits.file_bytes,
                    max_pixels=self._limits.pixels,
                    max_pages=self._limits.pages,
                )
                # An engine that does not load is logged now, not when the first receipt comes.
                threading.Thread(target=self._pool.ready, name="ocr-ready", daemon=True).start()
            return self._pool

    def read(self, data: bytes) -> tuple[Reading, ...]:
        """Every receipt in the file; raises ``ocr.errors.OcrError``, or ``Later`` when this process is ending."""
        return self._patiently(lambda pool: pool.read(data, self._settings.ocr_timeout))

    def preview(self, data: bytes, turned: int = 0) -> bytes:
        """A JPEG of the first page for chat cards, turned clockwise; raises like ``read``."""
        timeout = self._settings.ocr_timeout
        return self._patiently(lambda pool: pool.preview(data, PREVIEW_LONG_SIDE, turned=turned, timeout=timeout))

    def _patiently(self, ask: Callable[[Pool], T]) -> T:
        if self._closing:
            raise Later(1.0, "the server is ending")
        try:
            return ask(self.start())
        except EngineFailed:
            if self._closing:  # we took the engine away ourselves; the next process reads it
                raise Later(1.0, "the server is ending") from None
            raise

    def close(self) -> None:
        """End the processes; whoever waits for one is told to come back later."""
        self._closing = True
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None
