"""The way of one file: open, find the text, set it upright, extract, look again where the first look leaves doubt."""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image

from ocr import engines, images, metadata, opinion, orientation, quality, segment
from ocr.engines import Engine, Pixels, TextLine
from ocr.errors import NoText
from ocr.extract import CLEAR, SURE, extract
from ocr.flatten import flattened
from ocr.images import Limits, Opened, PagePicture
from ocr.reading import Page, Reading

FIND_SIDE = 1120  # long side in px at which text is looked for first
CLOSER_SIDE = 1760  # and for the second look
AGAIN = 0.06  # what a second look at another scale adds to a total that it reads alike: enough for a clear label
TWICE = "read twice"
MIN_LETTER = 11.0  # px at FIND_SIDE: smaller letters are looked for on the larger picture at once


@dataclass(frozen=True)
class Settings:
    """``engine`` a name of the registry or None for the best one here; ``threads`` of the engine for a picture."""

    engine: str | None = None
    threads: int = 1
    limits: Limits = field(default_factory=Limits)
    today: dt.date | None = None


_settings = Settings()


def configure(
    *, engine: str | None = None, threads: int = 1, limits: Limits | None = None, today: dt.date | None = None
) -> None:
    """What ``read`` uses in this process from now on. Raises EngineFailed when no such engine is installed."""
    global _settings
    _settings = Settings(engines.choose(engine), threads, limits or Limits(), today)


def warm() -> str:
    """Load the engine and run it once, so that the first person does not wait; returns its name."""
    engine = _engine(_settings)
    engine.read(np.full((96, 320, 3), 255, dtype=np.uint8), 320)
    return engine.name


def read(source: bytes | Path | Image.Image, *, engine: str | None = None, limits: Limits | None = None) -> Reading:
    """The main receipt of a picture or document: the one with the most text. Raises OcrError."""
    readings = read_all(source, engine=engine, limits=limits)
    return max(readings, key=lambda reading: sum(len(line.text) for line in reading.lines))


def read_all(
    source: bytes | Path | Image.Image,
    *,
    engine: str | None = None,
    limits: Limits | None = None,
    opening: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> tuple[Reading, ...]:
    """Every receipt of a file, top left first, at least one; it is opened within ``opening``. Raises OcrError."""
    started = time.perf_counter()
    settings = replace(_settings, engine=engine or _settings.engine, limits=limits or _settings.limits)
    data = _bytes(source, settings.limits)
    with opening():
        opened = images.open_bytes(data, settings.limits)
    found = [reading for n, page in enumerate(opened.pages) for reading in _page(opened, page, n, settings)]
    if not found:
        raise NoText("no text on any page")
    seconds = round(time.perf_counter() - started, 3)
    return tuple(
        replace(reading, seconds=seconds, flags=(*reading.flags, *metadata.flags(data, opened, reading.date.value)))
        for reading in found
    )


def _bytes(source: bytes | Path | Image.Image, limits: Limits) -> bytes:
    if isinstance(source, Image.Image):
        out = io.BytesIO()
        source.save(out, "PNG")
        return out.getvalue()
    return images.load(source, limits)


def _engine(settings: Settings) -> Engine:
    return engines.load(engines.choose(settings.engine), settings.threads)


def _page(opened: Opened, page: PagePicture, number: int, settings: Settings) -> list[Reading]:
    today = settings.today or dt.date.today()
    if page.lines:
        reading = extract(list(page.lines), today=today, page=number, scale=page.scale)
        return [_signed(reading, opened, page, number, 0, "pdf")]
    engine = _engine(settings)
    pixels = np.asarray(page.picture)
    lines, turned = orientation.upright(engine, pixels, FIND_SIDE)
    if not lines:
        return []
    pixels = orientation.turn(pixels, turned)
    papers = segment.papers(lines, pixels)
    readings = []
    for paper in papers:
        reading = flattened(paper, today=today, page=number, scale=page.scale)
        if _in_doubt(reading):
            reading = opinion.ask(reading, pixels, page.scale, engine.name, today)
        if len(papers) == 1 and _in_doubt(reading):
            reading = _second_look(engine, pixels, lines, reading, today, number, page.scale)
        seen = ("screen_photo",) if metadata.screen(pixels) else ()
        reading = replace(reading, quality=quality.judge(pixels, paper, page.scale), flags=seen)
        signed = _signed(reading, opened, page, number, turned, engine.name)
        several = ("several_receipts",) if len(papers) > 1 else ()
        readings.append(replace(signed, notices=(*signed.notices, *several)))
    return readings


def _in_doubt(reading: Reading) -> bool:
    """Whether reading again may help: total or date unsure, and not because of what is clearly printed."""
    return reading.total.doubted or (reading.date.doubted and not set(reading.date.evidence) & CLEAR)


def _second_look(
    engine: Engine, pixels: Pixels, lines: list[TextLine], reading: Reading, today: dt.date, number: int, scale: float
) -> Reading:
    """Once more at a larger scale: the surer total with all that was read with it, and the surer date."""
    if max(pixels.shape[:2]) < 1.2 * FIND_SIDE and _letter(lines) > MIN_LETTER:
        return reading
    again = engine.read(pixels, CLOSER_SIDE)
    if not again:
        return reading
    other = extract(again, today=today, page=number, scale=scale)
    reading, other = _agreed(reading, other), _agreed(other, reading)
    better = other if other.total.confidence > reading.total.confidence else reading
    worse = reading if better is other else other
    if better.date.confidence < worse.date.confidence:
        better = replace(better, date=worse.date, time=worse.time)
    return better


def _agreed(reading: Reading, other: Reading) -> Reading:
    """``reading`` with a total that is surer because the other look found the same one."""
    total = reading.total
    if not total.doubted or total.value is None or total.value != other.total.value:
        return reading
    sure = round(total.confidence + AGAIN, 2)
    return replace(
        reading, total=replace(total, confidence=sure, evidence=(*total.evidence, TWICE), doubted=sure < SURE)
    )


def _letter(lines: list[TextLine]) -> float:
    heights = sorted(abs(line.quad[3][1] - line.quad[0][1]) for line in lines)
    return heights[len(heights) // 2] if heights else 0.0


def _signed(reading: Reading, opened: Opened, page: PagePicture, number: int, turned: int, engine: str) -> Reading:
    width, height = (page.height, page.width) if turned % 180 else (page.width, page.height)
    sheet = Page(width, height, turned, page.dpi or None, page.source)
    return replace(reading, engine=engine, pages=(*(Page(1, 1) for _ in range(number)), sheet), notices=opened.notices)
