"""Handwriting: the strokes of KanjiVG (Ulrich Apel, CC BY-SA 3.0, package kanjivg) drawn with an unsteady pen.

The package holds one SVG a character, in a field of 109 x 109 units, with the strokes in the order of writing. Each
stroke is sampled, bent a little, and drawn with a pen that starts heavy and lifts at the end.
"""

import math
import re
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

FIELD = 109
Point = tuple[float, float]
Stroke = tuple[Point, ...]

# Signs that KanjiVG does not hold, in the same field.
OWN: dict[str, tuple[Stroke, ...]] = {
    "¥": (
        ((24, 16), (40, 36), (54, 54)),
        ((86, 14), (70, 34), (54, 54), (54, 76), (53, 94)),
        ((30, 58), (54, 57), (80, 56)),
        ((30, 72), (54, 71), (80, 70)),
    ),
    "-": (((16, 56), (50, 55), (94, 52)),),
    "ー": (((14, 54), (50, 57), (96, 52)),),
    ",": (((50, 84), (52, 92), (46, 104)),),
}
NARROW = {",": 0.34, "-": 0.72, "1": 0.5, " ": 0.4, ".": 0.34}

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.\d+|\.\d+|\d+)")
_PATH = re.compile(r'<path [^>]*?\bd="([^"]+)"')


@cache
def _folder() -> Path:
    """Where the package kanjivg keeps its pictures: a folder `kanji` without code, so found by its name."""
    found = find_spec("kanji")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the package kanjivg is not installed")
    return Path(next(iter(found.submodule_search_locations)))


@lru_cache(maxsize=512)
def strokes(char: str) -> tuple[Stroke, ...]:
    """The strokes of a character as polylines. Raises KeyError for a character nobody wrote down."""
    if char in OWN:
        return OWN[char]
    source = _folder() / f"{ord(char):05x}.svg"
    if not source.is_file():
        raise KeyError(char)
    return tuple(_sampled(path) for path in _PATH.findall(source.read_text(encoding="utf-8")))


def _sampled(path: str) -> Stroke:
    """Points along an SVG path of M, L, C and S commands, absolute or relative."""
    tokens = _TOKEN.findall(path)
    points: list[Point] = []
    at, handle, command, index = (0.0, 0.0), (0.0, 0.0), "M", 0

    def take(count: int, base: Point) -> list[Point]:
        nonlocal index
        flat = [float(token) for token in tokens[index : index + 2 * count]]
        index += 2 * count
        return [(flat[i] + base[0], flat[i + 1] + base[1]) for i in range(0, 2 * count, 2)]

    while index < len(tokens):
        if tokens[index].isalpha():
            command = tokens[index]
            index += 1
        base = at if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind in "ML":
            (at,) = take(1, base)
            handle = at
            points.append(at)
            continue
        if kind == "C":
            first, second, end = take(3, base)
        elif kind == "S":
            first = (2 * at[0] - handle[0], 2 * at[1] - handle[1])
            second, end = take(2, base)
        else:
            raise ValueError(f"SVG path command {command!r} in a stroke")
        points += [_bezier(at, first, second, end, step / 10) for step in range(1, 11)]
        at, handle = end, second
    return tuple(points)


def _bezier(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    u = 1 - t
    w = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    return (
        w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
        w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
    )


class Hand:
    """One person's hand: slant, size and weight stay the same over a receipt, every character differs a little."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.slant = rng.uniform(-0.12, 0.05)
        self.weight = rng.uniform(0.044, 0.06)
        self.tight = rng.uniform(0.84, 0.94)
        self.rise = rng.uniform(-0.03, 0.01)

    def line(self, ink: Image.Image, text: str, at: tuple[int, int], em: int) -> int:
        """Write from the left edge `at` at a height of `em` px; returns the x where the pen ended."""
        over = 3
        x = float(at[0])
        field = Image.new("L", (int(em * (len(text) + 2)) * over // 1, int(em * 1.6) * over), 0)
        pen = ImageDraw.Draw(field)
        start = em * 0.5
        here = start
        for char in text:
            latin = char.isascii() or char == "¥"
            share = NARROW.get(char, 0.62 if latin else self.tight)
            if not char.isspace():
                self._character(pen, char, here, share, em, over, (here - start) * self.rise + em * 0.2)
            here += em * share * self.rng.uniform(0.97, 1.05)
        small = field.resize((field.width // over, field.height // over), Image.Resampling.BOX)
        ink.paste(255, (round(x - start), round(at[1] - em * 0.2)), small)
        return round(x + here - start)

    def _character(
        self, pen: ImageDraw.ImageDraw, char: str, x: float, share: float, em: int, over: int, y: float
    ) -> None:
        rng = self.rng
        turn, grow = rng.gauss(0, 0.025), rng.uniform(0.93, 1.04)
        middle = FIELD / 2
        for stroke in strokes(char):
            dx, dy, bend = rng.gauss(0, 1.0), rng.gauss(0, 1.0), rng.gauss(0, 1.4)
            count = max(1, len(stroke) - 1)
            drawn: list[tuple[float, float, float]] = []
            for index, (px, py) in enumerate(stroke):
                t = index / count
                sway = bend * math.sin(math.pi * t)
                ux, uy = (px - middle + dx + sway) * grow, (py - middle + dy - sway * 0.6) * grow
                ux, uy = ux - uy * turn + uy * self.slant, uy + ux * turn
                pressure = 1.0 + 0.18 * math.cos(math.pi * min(1.0, t * 1.6)) - 0.35 * max(0.0, t - 0.8)
                drawn.append(
                    (
                        (x + em * share / 2 + ux * em / FIELD) * over,
                        (y + em / 2 + uy * em / FIELD) * over,
                        em * self.weight * pressure * over,
                    )
                )
            for (ax, ay, aw), (bx, by, bw) in pairwise(drawn):
                pen.line((ax, ay, bx, by), fill=255, width=max(1, round((aw + bw) / 2)))
            for cx, cy, width in drawn:
                radius = width / 2
                pen.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=255)
