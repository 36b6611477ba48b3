"""From pieces of text to rows: what stands beside what, on paper that is tilted, curled or both.

A till prints a label at the left and its amount at the right; the engine returns them as two pieces. They are joined by
following the slope of the text around them, because a curled receipt has no one angle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import median

import numpy as np

from ocr.engines import Alternatives, Quad, TextLine
from ocr.text import normal


@dataclass(frozen=True, eq=False)
class Token:
    """One piece of text with its geometry in px: centre, left and right edge, letter height and slope (dy/dx)."""

    text: str
    raw: str
    score: float
    left: float
    right: float
    x: float
    y: float
    height: float
    slope: float
    quad: Quad
    alternatives: Alternatives = ()


@dataclass(frozen=True, eq=False)
class Row:
    """Tokens that stand on one printed line, left to right. ``y`` is the straightened centre, ``index`` counts down."""

    index: int
    tokens: tuple[Token, ...]
    y: float

    @cached_property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @cached_property
    def flat(self) -> str:
        """The text without spaces, for labels."""
        return "".join(self.text.split())

    @cached_property
    def height(self) -> float:
        return max(token.height for token in self.tokens)

    @cached_property
    def score(self) -> float:
        return min(token.score for token in self.tokens)


@dataclass(frozen=True, eq=False)
class Sheet:
    """All rows of one receipt, top to bottom."""

    rows: tuple[Row, ...]

    @cached_property
    def text(self) -> str:
        return "\n".join(row.text for row in self.rows)

    @cached_property
    def letter(self) -> float:
        """The usual letter height in px."""
        heights = [token.height for row in self.rows for token in row.tokens]
        return median(heights) if heights else 1.0


def sheet(lines: list[TextLine]) -> Sheet:
    """Rows of the pieces of one upright picture."""
    tokens = [token for line in lines if (token := _token(line)) is not None]
    if not tokens:
        return Sheet(())
    tilt = _tilt(tokens)
    slopes = _local_slopes(tokens, tilt)
    chains = _chains(tokens, slopes)
    centre = sum(token.x for token in tokens) / len(tokens)

    def straight(chain: list[int]) -> float:
        return sum(tokens[i].y - tilt * (tokens[i].x - centre) for i in chain) / len(chain)

    chains.sort(key=straight)
    rows = tuple(Row(n, tuple(tokens[i] for i in chain), straight(chain)) for n, chain in enumerate(chains))
    return Sheet(rows)


def _token(line: TextLine) -> Token | None:
    text = normal(line.text)
    if not text:
        return None
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.quad
    height = max((math.dist((ax, ay), (dx, dy)) + math.dist((bx, by), (cx, cy))) / 2, 1.0)
    run = (bx + cx - ax - dx) / 2
    slope = ((by + cy - ay - dy) / 2) / run if run > 1 else 0.0
    xs = (ax, bx, cx, dx)
    return Token(
        text=text,
        raw=line.text,
        score=line.score,
        left=(ax + dx) / 2 if run > 1 else min(xs),
        right=(bx + cx) / 2 if run > 1 else max(xs),
        x=sum(xs) / 4,
        y=(ay + by + cy + dy) / 4,
        height=height,
        slope=slope,
        quad=line.quad,
        alternatives=line.alternatives,
    )


def _tilt(tokens: list[Token]) -> float:
    wide = [token.slope for token in tokens if token.right - token.left > 4 * token.height]
    return median(wide) if wide else 0.0


def _local_slopes(tokens: list[Token], tilt: float) -> list[float]:
    """The slope around each token: that of the wide tokens nearest to it, or the whole sheet's."""
    wide = [token for token in tokens if token.right - token.left > 4 * token.height and abs(token.slope - tilt) < 0.2]
    if not wide:
        return [tilt] * len(tokens)
    ys = np.array([token.y for token in wide])
    slopes = np.array([token.slope for token in wide])
    near = min(5, len(wide))
    away = np.abs(ys[None, :] - np.array([token.y for token in tokens])[:, None])
    return [float(slope) for slope in np.median(slopes[np.argsort(away, axis=1)[:, :near]], axis=1)]


def _chains(tokens: list[Token], slopes: list[float]) -> list[list[int]]:
    """Each token linked to its neighbour on the right at most, as lists of indices left to right."""
    n = len(tokens)
    y = np.array([t.y for t in tokens])
    left = np.array([t.left for t in tokens])
    right = np.array([t.right for t in tokens])
    height = np.array([t.height for t in tokens])
    links: list[tuple[float, int, int]] = []
    for i in range(n):
        slack = 0.6 * np.minimum(height, height[i])
        behind = (left > right[i] - 1.2 * np.minimum(height, height[i])) & (left > left[i])
        # from the inner edge of i to the inner edge of j along the slope of the text around them
        reach = (left + np.minimum(right, left + 2 * height)) / 2 - tokens[i].x
        off = np.abs((y - tokens[i].y) - slopes[i] * reach - 0.0)
        fits = behind & (off < slack)
        fits[i] = False
        for j in map(int, np.flatnonzero(fits)):
            gap = max(0.0, float(left[j] - right[i]))
            links.append((float(off[j] / min(height[i], height[j])) + 0.02 * gap / float(height[i]), i, j))
    links.sort()
    follows: dict[int, int] = {}
    led: set[int] = set()
    for _, i, j in links:
        if i not in follows and j not in led:
            follows[i] = j
            led.add(j)
    chains = []
    for i in range(n):
        if i in led:
            continue
        chain = [i]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        chains.append(chain)
    return chains
