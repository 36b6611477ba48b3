"""Several receipts in one photo: their texts taken apart.

Pieces of text that lie close together belong to one paper. Papers are told apart by a broad empty lane, and only when
each side looks like a receipt by itself (enough lines, and figures of its own): one wide receipt cut in two is worse
than two that stay together.
"""

from __future__ import annotations

import re

import numpy as np

from ocr import sheets
from ocr.engines import Pixels, TextLine

LANE = 2.2  # letter heights of emptiness between two papers, at least
SHARE = 0.18  # of all lines that one paper must have
MIN_LINES = 6
_RECEIPT = re.compile(r"合\s?計|領収|お釣|小計|税|total|change|cash|receipt|amount", re.I)
_FIGURE = re.compile(
    r"[¥$€£]\s?\d|\d[.,]\d{2}\b|\d円|20\d\d\s?[年/.-]|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|"
    r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)|^\d{2,6}$",  # many tills print yen without any sign: 1,100 and 980
    re.M,
)
_DATE = re.compile(r"20\d\d\s?[年/.-]|令和|\bR\d{1,2}[./年]|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_SUM = re.compile(r"合\s?計|総額|領収金額|total|summe", re.I)
_HEAD = re.compile(r"領\s?収|\bTEL|電話|登[録錄]番号|receipt|invoice|0\d{1,3}-\d{2,4}-\d{4}", re.I)
_SLIP = re.compile(r"売上票|お客様控|加盟店控|承認番号|customer copy|merchant copy", re.I)


def papers(lines: list[TextLine], pixels: Pixels | None = None) -> list[list[TextLine]]:
    """The lines of each receipt, left to right, then top to bottom; one list when there is one receipt.

    With ``pixels``, papers that lie apart on a darker desk are told by that first.
    """
    if pixels is not None and len(lines) >= 2 * MIN_LINES and len(apart := _lying_apart(lines, pixels)) > 1:
        return [paper for part in apart for paper in papers(part)]
    for axis in (0, 1):
        parts = _split(lines, axis)
        if len(parts) > 1:
            return [paper for part in parts for paper in papers(part)]
    return [lines]


def _lying_apart(lines: list[TextLine], pixels: Pixels) -> list[list[TextLine]]:
    """Groups on regions of paper of their own. What is no receipt by itself goes to the nearest that is one."""
    groups = sheets.by_region(pixels, lines)
    whole = [group for group in groups if _is_receipt(group)]
    if len(whole) < 2:
        return [lines]
    middles = [np.mean([_middle(line) for line in group], axis=0) for group in whole]
    found = [list(group) for group in whole]
    for line in (line for group in groups if not any(group is one for one in whole) for line in group):
        nearest = min(range(len(whole)), key=lambda n: _away(_middle(line), whole[n]))
        found[nearest].append(line)
    letter = float(np.median([abs(line.quad[3][1] - line.quad[0][1]) for line in lines]))
    order = sorted(range(len(found)), key=lambda n: (round(middles[n][1] / (12 * letter)), middles[n][0]))
    return [found[n] for n in order]


def _is_receipt(part: list[TextLine]) -> bool:
    text = "\n".join(line.text for line in part)
    named = _DATE.search(text) is not None or _HEAD.search(text) is not None
    return len(part) >= MIN_LINES and len(_FIGURE.findall(text)) >= 2 and named and _RECEIPT.search(text) is not None


def _middle(line: TextLine) -> tuple[float, float]:
    return (line.quad[0][0] + line.quad[2][0]) / 2, (line.quad[0][1] + line.quad[2][1]) / 2


def _away(place: tuple[float, float], group: list[TextLine]) -> float:
    return min((place[0] - x) ** 2 + (place[1] - y) ** 2 for x, y in map(_middle, group))


def _split(lines: list[TextLine], axis: int) -> list[list[TextLine]]:
    """Cut at the widest empty lane along ``axis`` (0: a vertical lane, 1: a horizontal one), if both sides hold up."""
    if len(lines) < 2 * MIN_LINES:
        return [lines]
    low = np.array([min(p[axis] for p in line.quad) for line in lines])
    high = np.array([max(p[axis] for p in line.quad) for line in lines])
    letter = float(np.median([abs(line.quad[3][1] - line.quad[0][1]) for line in lines]))
    order = np.argsort(low)
    reach = np.maximum.accumulate(high[order])
    gaps = low[order][1:] - reach[:-1]
    need = LANE * letter
    for place in np.argsort(-gaps):
        if gaps[place] < need:
            break
        first = [lines[i] for i in order[: place + 1]]
        second = [lines[i] for i in order[place + 1 :]]
        if _stands_alone(first, lines) and _stands_alone(second, lines) and _APART[axis](first, second):
            return [first, second]
    return [lines]


def _stands_alone(part: list[TextLine], whole: list[TextLine]) -> bool:
    text = "\n".join(line.text for line in part)
    enough = len(part) >= MIN_LINES and len(part) >= SHARE * len(whole)
    return enough and len(_FIGURE.findall(text)) >= 2 and _RECEIPT.search(text) is not None


def _side_by_side(first: list[TextLine], second: list[TextLine]) -> bool:
    """Left and right are papers, not labels and amounts: each side has words and figures of its own."""
    for part in (first, second):
        words = sum(len(re.sub(r"[\d\W_]", "", line.text)) >= 3 for line in part)
        figures = sum(_FIGURE.search(line.text) is not None for line in part)
        if words < 0.25 * len(part) or figures < 2:
            return False
    return True


def _one_above_the_other(first: list[TextLine], second: list[TextLine]) -> bool:
    """Each is a receipt from its head to its sum; a card slip under its receipt belongs to it."""
    for part in (first, second):
        text = "\n".join(line.text for line in part)
        if not (_DATE.search(text) and _SUM.search(text) and _HEAD.search(text)) or _SLIP.search(text):
            return False
    return True


_APART = (_side_by_side, _one_above_the_other)
