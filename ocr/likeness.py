"""Whether two pictures are one photograph: turned, cut, shrunk, brightened or saved again by another program.

Two steps. :func:`prints` gives a few 64-bit hashes of a picture, close together for pictures that look alike; they find
the few pictures worth a look. :func:`likeness` then lays the one picture over the other and compares them piece by
piece: receipts of one shop share their head, but no second receipt has the same figures at the same places.

The hash is the sign pattern of the low frequencies of a cosine transform (Zauner, "Implementation and Benchmarking of
Perceptual Image Hash Functions", 2010). It is taken of the whole picture, and of the first and the last square of the
text, as wide as the text: cutting off the desk, or one end of the paper, leaves at least one of these as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from ocr.reading import Reading

Grey = npt.NDArray[np.uint8]
Where = Literal["whole", "first", "last"]

SIDE = 32  # px a window is reduced to before its transform
LOW = 8  # frequencies kept in each direction
LOOK = 800  # px of the long side on which two pictures are laid over each other
POINTS = 900  # corners looked for in each
ANCHORS = 12  # of them that must agree on one way to lay the pictures
TILE = 16  # px
SOFT = 1.8  # px by which both are blurred, since they are laid no finer than half a pixel
INKED = 12.0  # grey levels of deviation from which a tile shows something
FLAT = 0.4  # share of one brightness; light, shadow and grain spread a photograph over many
AGREES = 0.8  # correlation of a tile with its counterpart


@dataclass(frozen=True)
class Print:
    """A hash of one part of a picture, as 16 hexadecimal digits. ``part``: which receipt of the picture it is of."""

    where: Where
    value: str
    part: int = 0


def prints(picture: bytes, readings: tuple[Reading, ...] = ()) -> tuple[Print, ...]:
    """The hashes of an upright picture; none when it cannot be decoded or shows nothing.

    ``readings`` were made of the same picture, at any scale.
    """
    grey = _grey(picture)
    if grey is None:
        return ()
    found = [Print("whole", _hex(grey))]
    for part, reading in enumerate(readings):
        for where, window in _windows(grey, reading):
            found.append(Print(where, _hex(window), part))
    return tuple(found)


def turned(picture: bytes) -> tuple[Print, ...]:
    """The hash of the whole picture lying on its three other sides."""
    grey = _grey(picture)
    if grey is None:
        return ()
    return tuple(Print("whole", _hex(np.ascontiguousarray(np.rot90(grey, n)))) for n in (1, 2, 3))


def distance(one: str, other: str) -> int:
    """Bits in which two hashes differ, of 64."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def drawn(picture: bytes) -> bool:
    """Whether a program drew it, rather than a camera: most of it is of exactly one brightness."""
    grey = _grey(picture)
    if grey is None:
        return False
    return float(np.bincount(grey.ravel(), minlength=256).max()) > FLAT * grey.size


def likeness(one: bytes, other: bytes) -> float:
    """How much of what both pictures show is the same, 0..1; 0 when they cannot be laid over each other."""
    a, b = _looked_at(one), _looked_at(other)
    if a is None or b is None:
        return 0.0
    way = _laid(a, b)
    if way is None:
        return 0.0
    return _agreement(a.grey, b.grey, way)


# --- hashes -----------------------------------------------------------------------------------------------------------


def _grey(picture: bytes, long_side: int = 0) -> Grey | None:
    try:
        grey = cv2.imdecode(np.frombuffer(picture, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    if grey is None or min(grey.shape[:2]) < SIDE:
        return None
    most = max(grey.shape[:2])
    if long_side and most > long_side:
        size = (max(1, round(grey.shape[1] * long_side / most)), max(1, round(grey.shape[0] * long_side / most)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)


def _hex(grey: Grey) -> str:
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:LOW, :LOW].ravel()
    bits = low > np.median(low[1:])  # the first is the mean brightness
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _windows(grey: Grey, reading: Reading) -> Iterator[tuple[Where, Grey]]:
    """The first and the last square of the text, where the text is on the first page; it may run down or across."""
    boxes = [line.box for line in reading.lines if line.box.page == 0]
    if not boxes or not reading.pages:
        return
    scale = grey.shape[1] / max(1, reading.pages[0].width)
    left, right = (round(scale * x) for x in (min(b.left for b in boxes), max(b.right for b in boxes)))
    top, bottom = (round(scale * y) for y in (min(b.top for b in boxes), max(b.bottom for b in boxes)))
    text = grey[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    side = min(text.shape)
    if side >= SIDE:
        yield "first", text[:side, :side]
        yield "last", text[-side:, -side:]


# --- laying one over the other ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Corners:
    """A picture at the size of the look, with its corners: where they are, and what they look like."""

    grey: Grey
    places: npt.NDArray[np.float32]
    marks: npt.NDArray[np.uint8]


@lru_cache(2)  # one picture is compared with several
def _looked_at(picture: bytes) -> _Corners | None:
    grey = _grey(picture, LOOK)
    if grey is None:
        return None
    points, marks = cv2.ORB.create(nfeatures=POINTS, fastThreshold=8).detectAndCompute(grey, None)
    if marks is None or len(points) < ANCHORS:
        return None
    return _Corners(grey, np.array([p.pt for p in points], dtype=np.float32), np.asarray(marks, dtype=np.uint8))


def _laid(a: _Corners, b: _Corners) -> npt.NDArray[np.float64] | None:
    """How to turn, scale and move ``a`` so that it lies on ``b`` (2 × 3), if its corners agree on one way."""
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(a.marks, b.marks)
    pairs = sorted(pairs, key=lambda pair: pair.distance)[: POINTS // 3]
    if len(pairs) < ANCHORS:
        return None
    here = a.places[[pair.queryIdx for pair in pairs]]
    there = b.places[[pair.trainIdx for pair in pairs]]
    way, kept = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=2.0, maxIters=1500)
    if way is None or int(kept.sum()) < ANCHORS:
        return None
    return np.asarray(way, dtype=np.float64)


def _agreement(a: Grey, b: Grey, way: npt.NDArray[np.float64]) -> float:
    """The share of tiles, of those that show something, that correlate with what lies under them."""
    height, width = b.shape
    over = cv2.warpAffine(a, way, (width, height), flags=cv2.INTER_AREA, borderValue=0)
    covered = cv2.warpAffine(np.full_like(a, 255), way, (width, height), flags=cv2.INTER_NEAREST, borderValue=0)
    rows, columns = height // TILE, width // TILE
    if rows < 2 or columns < 2:
        return 0.0

    def tiles(picture: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        cut = picture[: rows * TILE, : columns * TILE].astype(np.float32)
        return cut.reshape(rows, TILE, columns, TILE).swapaxes(1, 2).reshape(rows * columns, TILE * TILE)

    whole = tiles(covered).min(axis=1) == 255
    one, other = tiles(cv2.GaussianBlur(over, (0, 0), SOFT)), tiles(cv2.GaussianBlur(b, (0, 0), SOFT))
    one, other = one - one.mean(axis=1, keepdims=True), other - other.mean(axis=1, keepdims=True)
    spread_one, spread_other = one.std(axis=1), other.std(axis=1)
    shows = whole & ((spread_one > INKED) | (spread_other > INKED))
    if int(shows.sum()) < 2 * ANCHORS:
        return 0.0
    correlation = (one * other).mean(axis=1) / np.maximum(spread_one * spread_other, 1e-3)
    return float((correlation[shows] > AGREES).mean())
