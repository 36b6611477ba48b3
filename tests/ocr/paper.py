"""Receipts as rows of text, laid out like the engine would return them: for tests of what comes after the engine."""

from __future__ import annotations

import datetime as dt

from ocr.engines import TextLine
from ocr.extract import extract
from ocr.reading import Reading

TODAY = dt.date(2026, 11, 23)
LETTER, STEP, LEFT, RIGHT = 20, 34, 40, 560


def lines(text: str, *, slope: float = 0.0) -> list[TextLine]:
    """One row a line; `|` separates pieces, the last of which stands at the right edge. `slope` tilts the paper."""
    out = []
    for number, row in enumerate(text.strip("\n").splitlines()):
        pieces = [piece.strip() for piece in row.split("|")]
        for place, piece in enumerate(pieces):
            if not piece:
                continue
            width = sum(LETTER if ord(c) > 255 else LETTER // 2 for c in piece)
            last = place == len(pieces) - 1 and place > 0
            x = RIGHT - width if last else LEFT + place * 180
            y = 50 + number * STEP
            quad = tuple(
                (px, py + slope * px) for px, py in ((x, y), (x + width, y), (x + width, y + LETTER), (x, y + LETTER))
            )
            out.append(TextLine(piece, 0.98, quad))  # type: ignore[arg-type]
    return out


def read(text: str, *, slope: float = 0.0) -> Reading:
    return extract(lines(text, slope=slope), today=TODAY)
