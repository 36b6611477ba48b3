"""A second engine's word on a line that the first one read with doubt.

Only the piece of the picture with the doubted figure or date is shown to it, so the cost is a fraction of a second, and
an engine with weights of its own makes other mistakes: what both read alike is surer. It can only agree; what it reads
otherwise leaves the field in doubt for a person, since there is no telling which of the two is right.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from ocr import engines
from ocr.engines import Engine, Pixels
from ocr.errors import EngineFailed
from ocr.extract import CLEAR, SURE
from ocr.fields import dates
from ocr.layout import sheet
from ocr.reading import Box, Field, Reading
from ocr.text import normal

INDEPENDENT = ("tesseract",)  # engines whose weights share nothing with the others'
WEIGHT = 0.12  # what agreement adds: enough for a clear label alone, not for one figure among equals
MARGIN = 0.5  # of the box's height around the piece that is shown
MOST = 1600  # px: longer pieces are not a figure or a date
SIDE = 900


def second(name: str) -> Engine | None:
    """An engine other than ``name`` that can be asked here, or None."""
    wanted = next((other for other in INDEPENDENT if other != name and engines.installed(other)), None)
    try:
        return engines.load(wanted) if wanted is not None else None
    except EngineFailed:
        return None


def ask(reading: Reading, pixels: Pixels, scale: float, name: str, today: dt.date) -> Reading:
    """``reading``, surer where a second engine agrees. ``scale``: px of the upright page for one of ``pixels``."""
    total, date = reading.total, reading.date
    unsure = [f for f in (total, date) if f.doubted and f.box is not None and not set(f.evidence) & CLEAR]
    if not unsure or (other := second(name)) is None:
        return reading
    try:
        if total in unsure and _figure(total.value, _read(other, pixels, total.box, scale)):
            reading = replace(reading, total=_surer(total, other.name))
        if date in unsure and _day(date.value, _read(other, pixels, date.box, scale), reading, today):
            reading = replace(reading, date=_surer(date, other.name))
    except EngineFailed:
        return reading  # an opinion that cannot be had changes nothing
    return reading


def _surer(field: Field[Any], name: str) -> Field[Any]:
    sure = round(min(field.confidence + WEIGHT, 0.9), 2)
    return replace(field, confidence=sure, evidence=(*field.evidence, f"{name} agrees"), doubted=sure < SURE)


def _read(engine: Engine, pixels: Pixels, box: Box | None, scale: float) -> list[engines.TextLine]:
    if box is None:
        return []
    left, top, right, bottom = (round(edge / scale) for edge in (box.left, box.top, box.right, box.bottom))
    pad = round(MARGIN * (bottom - top))
    piece = pixels[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad]
    if min(piece.shape[:2]) < 8 or max(piece.shape[:2]) > MOST:
        return []
    return engine.read(piece, SIDE)


def _figure(value: int | None, lines: list[engines.TextLine]) -> bool:
    """Whether one figure of ``lines`` has exactly the digits of ``value`` (minor units)."""
    figures = re.findall(r"\d[\d,. ]*\d|\d", "\n".join(normal(line.text) for line in lines))
    return value is not None and str(value) in {re.sub(r"\D", "", figure) for figure in figures}


def _day(value: dt.date | None, lines: list[engines.TextLine], reading: Reading, today: dt.date) -> bool:
    currency = reading.currency.value or "JPY"
    return any(found.value == value for found in dates.read(sheet(lines), currency, today))
