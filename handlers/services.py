"""What every use case is given: the outside world behind small interfaces, filled in ``bot/wiring.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from handlers.chat import Platform
from handlers.keys import Keys
from ocr.reading import Reading
from storage.blobs import Blobs
from storage.db import Database
from storage.jobs import Jobs


class Reader(Protocol):
    """Turns a file into readings; ``ocr.pool.Pool`` is one. Raises ``ocr.errors.OcrError``."""

    def read(self, data: bytes) -> tuple[Reading, ...]: ...

    def preview(self, data: bytes, turned: int = 0) -> bytes: ...  # a JPEG for chat cards, turned clockwise


@dataclass(frozen=True)
class Limits:
    """What a person may send. Bytes, pixels, pages."""

    file_bytes: int = 20_000_000
    pixels: int = 50_000_000
    pages: int = 5


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Services:
    """One per process. ``platforms`` maps a platform's name to it; ``base_url`` has no slash at its end."""

    db: Database
    blobs: Blobs
    jobs: Jobs
    reader: Reader
    keys: Keys
    platforms: dict[str, Platform] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    base_url: str = ""
    locale: str = "ja"
    zone: str = "Asia/Tokyo"
    clock: Callable[[], datetime] = utc_now
