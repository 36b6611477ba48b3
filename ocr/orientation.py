"""Which way is up, when EXIF does not say.

No engine turns a sideways photo by itself, so it is only looked at when the first reading looks wrong: boxes that are
taller than wide tell a quarter turn, and between the two ways to stand it up the engine's own confidence decides.
"""

from __future__ import annotations

import math

import numpy as np

from ocr.engines import Engine, Pixels, TextLine

SIDEWAYS = 0.5  # share of the text length in tall boxes from which a picture counts as lying on its side
GOOD = 0.80  # mean score above which an upright-looking picture is not tried upside down


def turn(pixels: Pixels, degrees: int) -> Pixels:
    """``pixels`` turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -(degrees // 90) % 4)) if degrees % 360 else pixels


def upright(engine: Engine, pixels: Pixels, long_side: int) -> tuple[list[TextLine], int]:
    """The text of the picture set upright, and by how many degrees clockwise it was turned for that."""
    lines = engine.read(pixels, long_side)
    if len(lines) < 4:
        tries = [(lines, 0)] if sum(len(line.text) for line in lines) > 12 else _all(engine, pixels, lines, long_side)
        return max(tries, key=lambda entry: worth(entry[0]))
    if sideways(lines) >= SIDEWAYS:
        # tall boxes were read after a quarter turn to the left: how well tells which way the whole picture goes
        order = (270, 90) if _mean(lines) >= GOOD else (90, 270)
        tries = []
        for degrees in order:
            tries.append((engine.read(turn(pixels, degrees), long_side), degrees))
            if _mean(tries[-1][0]) >= GOOD and sideways(tries[-1][0]) < SIDEWAYS:
                break
        return max(tries, key=lambda entry: worth(entry[0]))
    if _mean(lines) < GOOD:
        over = engine.read(turn(pixels, 180), long_side)
        if worth(over) > 1.15 * worth(lines):
            return over, 180
    return lines, 0


def sideways(lines: list[TextLine]) -> float:
    """Share of the text length that stands in boxes taller than wide."""
    tall = wide = 0.0
    for line in lines:
        (ax, ay), (bx, by), _, (dx, dy) = line.quad
        across, down = math.dist((ax, ay), (bx, by)), math.dist((ax, ay), (dx, dy))
        if down > 1.5 * across:
            tall += down
        elif across > 1.5 * down:
            wide += across
    return tall / (tall + wide) if tall + wide else 0.0


def worth(lines: list[TextLine]) -> float:
    """How much was read and how surely: characters weighed by the square of their score."""
    return sum(len(line.text) * line.score**2 for line in lines) * (1.0 - 0.7 * sideways(lines))


def _mean(lines: list[TextLine]) -> float:
    length = sum(len(line.text) for line in lines)
    return sum(line.score * len(line.text) for line in lines) / length if length else 0.0


def _all(engine: Engine, pixels: Pixels, first: list[TextLine], long_side: int) -> list[tuple[list[TextLine], int]]:
    if not first:
        return [(first, 0)]
    return [(first, 0), *((engine.read(turn(pixels, degrees), long_side), degrees) for degrees in (90, 180, 270))]
