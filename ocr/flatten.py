"""Curled paper made flat in its text: rows that bend are straightened before label and amount are joined.

The picture stays as it is and nothing is read again. The slope of each long piece of text says how the paper runs
there; a smooth surface through these slopes tells how far each place was pushed up or down. The pieces are moved back
for as long as fields are sought; boxes are given where they stand on the picture.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.engines import TextLine
from ocr.extract import extract
from ocr.reading import FIELD_NAMES, Box, Line, Reading

LONG = 2.0  # letter heights that a piece must be wide for its slope to be trusted
PIECES = 6  # with a slope, at least
BENT = 0.12  # letter heights that the surface must bend across the text, before anything is moved

Coefficients = npt.NDArray[np.float64]


Push = Callable[[float, float], float]


def flattened(lines: list[TextLine], *, today: dt.date, page: int, scale: float) -> Reading:
    """``ocr.extract.extract`` as if the paper were flat."""
    level, push = straight(lines)
    reading = extract(level, today=today, page=page, scale=scale)
    if push is None:
        return reading
    fields: dict[str, Any] = {}
    for name in FIELD_NAMES:
        found = getattr(reading, name)
        if found.box is not None:
            fields[name] = replace(found, box=_back(found.box, push, scale))
    if reading.items.value:
        items = tuple(replace(i, box=_back(i.box, push, scale)) if i.box else i for i in reading.items.value)
        fields["items"] = replace(fields.get("items", reading.items), value=items)
    seen = tuple(Line(line.text, line.score, _back(line.box, push, scale)) for line in reading.lines)
    return replace(reading, lines=seen, **fields)


def _back(box: Box, push: Push, scale: float) -> Box:
    down = round(push((box.left + box.right) / 2 / scale, (box.top + box.bottom) / 2 / scale) * scale)
    return replace(box, top=max(box.top + down, 0), bottom=max(box.bottom + down, 1))


def straight(lines: list[TextLine]) -> tuple[list[TextLine], Push | None]:
    """``lines`` as on flat paper, in the same order, and by how many px each place was pushed down.

    The same lines and None when the paper is flat or tells too little.
    """
    corners = np.array([line.quad for line in lines], np.float64)
    if len(lines) < PIECES:
        return lines, None
    heights = np.hypot(*(corners[:, 3] - corners[:, 0]).T)
    letter = float(np.median(heights))
    across = corners[:, 1] - corners[:, 0]
    trusted = across[:, 0] > LONG * letter
    if int(trusted.sum()) < PIECES or letter <= 0:
        return lines, None
    middles = corners.mean(axis=1)
    centre, reach = middles.mean(axis=0), max(float(np.ptp(corners[:, :, 0])), float(np.ptp(corners[:, :, 1])), 1.0)
    x, y = ((middles[trusted] - centre) / reach).T
    slopes = across[trusted, 1] / across[trusted, 0]
    found = _fit(x, y, slopes, across[trusted, 0] / letter)
    px, py = ((corners - centre) / reach).transpose(2, 0, 1)
    pushed = _push(found, px, py) * reach
    level = np.polyval(np.polyfit(px.ravel(), pushed.ravel(), 1), px)  # a tilt is no bend
    if float(np.abs(pushed - level).max()) < BENT * letter:
        return lines, None
    moved = corners.copy()
    moved[:, :, 1] -= pushed
    flat = [
        TextLine(line.text, line.score, ((a[0], a[1]), (b[0], b[1]), (c[0], c[1]), (d[0], d[1])), line.alternatives)
        for line, (a, b, c, d) in zip(lines, moved.tolist(), strict=True)
    ]

    def push(at_x: float, at_y: float) -> float:
        u, v = (at_x - centre[0]) / reach, (at_y - centre[1]) / reach
        return float(_push(found, np.array(u), np.array(v))) * reach

    return flat, push


def _fit(x: Coefficients, y: Coefficients, slopes: Coefficients, weights: Coefficients) -> Coefficients:
    """Slope as 1, x, y, xy, x²; the pieces that disagree count less each round."""
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x], axis=1)
    calm = np.diag([0.0, 0.02, 0.02, 0.2, 0.2]) * float(weights.sum())
    found: Coefficients = np.zeros(5)
    trust = weights.copy()
    for _ in range(4):
        normal = terms.T @ (terms * trust[:, None]) + calm * 0.05
        found = np.linalg.solve(normal, terms.T @ (slopes * trust)).astype(np.float64)
        off = np.abs(slopes - terms @ found)
        trust = weights / (1 + (off / (2 * float(np.median(off)) + 1e-4)) ** 2)
    return found


def _push(found: Coefficients, x: Coefficients, y: Coefficients) -> Coefficients:
    """The slope's integral along x: how far the paper is pushed down at each place."""
    a, b, c, d, e = found
    return np.asarray(a * x + b * x**2 / 2 + c * x * y + d * x**2 * y / 2 + e * x**3 / 3)
