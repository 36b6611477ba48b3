"""The tray of sample receipts: drawn once a day by a process of its own, so that nobody's tap waits for it."""

from __future__ import annotations

import io
import multiprocessing
import os
import threading
import time
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from PIL import Image

from bot.demo.receipts.tray import MOTIFS, TOKYO, render_sample

MEDIA_TYPE = "image/jpeg"
_SMALL = (352, 416)
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Entry:
    """A place in the tray, in the visitor's language."""

    name: str
    description: str
    file: str


def entries(locale: str) -> list[Entry]:
    """What the tray offers, without drawing it."""
    japanese = locale == "ja"
    return [
        Entry(
            motif.name_ja if japanese else motif.name_en,
            motif.description_ja if japanese else motif.description_en,
            f"{motif.key}.jpg",
        )
        for motif in MOTIFS
    ]


class Tray:
    """The samples as files in ``folder``, dated from today."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._artist: BaseProcess | None = None

    def draw_ahead(self) -> None:
        """Have what is missing drawn in the background."""
        day = datetime.now(TOKYO).date()
        with self._lock:
            if all(_file(self._folder, index, day, small=True).exists() for index in range(len(MOTIFS))):
                return
            if self._artist is not None and self._artist.is_alive():
                return
            # spawn: a fork of a process with threads may hang
            self._artist = multiprocessing.get_context("spawn").Process(
                target=_draw_all, args=(self._folder, day), daemon=True, name="samples"
            )
            self._artist.start()

    def picture(self, index: int, *, small: bool) -> bytes:
        """One sample as JPEG, waited for while it is drawn; IndexError when there is none, TimeoutError in the end."""
        if not 0 <= index < len(MOTIFS):
            raise IndexError(index)
        file = _file(self._folder, index, datetime.now(TOKYO).date(), small=small)
        end = time.monotonic() + _PATIENCE_SECONDS
        while not file.exists():
            self.draw_ahead()
            if time.monotonic() > end:
                raise TimeoutError(file.name)
            time.sleep(0.05)
        return file.read_bytes()


def _file(folder: Path, index: int, day: date, *, small: bool) -> Path:
    return folder / f"{day.isoformat()}-{MOTIFS[index].key}{'-small' if small else ''}.jpg"


def _draw_all(folder: Path, day: date) -> None:
    """In a process of its own, which lets the chat and the reading go first."""
    os.nice(3)
    threading.Thread(target=_end_with_server, daemon=True, name="server-watch").start()
    folder.mkdir(parents=True, exist_ok=True)
    for index, motif in enumerate(MOTIFS):
        if _file(folder, index, day, small=True).exists():
            continue
        sample = render_sample(motif, day)
        _write(_file(folder, index, day, small=False), sample.image)
        with Image.open(io.BytesIO(sample.image)) as picture:
            small = picture.convert("RGB")
        small.thumbnail(_SMALL)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=82)
        _write(_file(folder, index, day, small=True), out.getvalue())
    for old in folder.iterdir():
        if not old.name.startswith(day.isoformat()):
            old.unlink(missing_ok=True)


def _end_with_server() -> None:
    """A server that is killed cannot end its processes: this one notices by itself, and at once."""
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(1)


def _write(file: Path, data: bytes) -> None:
    """There whole, or not at all."""
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(data)
    part.replace(file)
