"""A reading engine for tests that are about something else: it reads pictures on which text stands as a dot code.

Recognising print takes seconds on a small machine; a dialogue about approval does not need it. `paper(...)` makes a
receipt picture whose lines this engine gives back exactly, so everything after the engine (fields, doubts, category,
draft, cards) is the real thing. Only tests know it: `tests/fakes/site` adds it to the registry of the processes that
are started with that folder on their path. Dialogues about reading itself use drawn receipts and the real engine.
"""

from __future__ import annotations

import io
import os
import signal
import time
import zlib
from typing import Any, Literal

import numpy as np
from PIL import Image

from ocr.engines import LOADERS, Pixels, TextLine

NAME = "dots"
CRASHES, HANGS = "落ちる紙", "終わらない紙"  # lines at which this engine crashes, or never comes to an end
TOILS, TOIL = "手間のかかる紙", 1.5  # a line that costs so many seconds of the processor
COLUMNS, CELL, MARGIN = 96, 10, 40
PATCH, BAR = 12, 3  # cells; pixels
Format = Literal["PNG", "JPEG", "PDF", "HEIF", "WEBP", "TIFF", "GIF", "BMP"]


def paper(*lines: str, form: Format = "PNG", pages: int = 1) -> bytes:
    """A picture of these lines: a black frame, in it one dark or light cell a bit, then patches of bars.

    With `pages`, so many pages or frames (PDF, TIFF, GIF); those after the first hold their number alone.
    """
    picture, *more = [_picture(*(lines if page == 1 else [f"{page} 枚目"])) for page in range(1, pages + 1)]
    save: dict[str, Any] = {"save_all": True, "append_images": more} if more else {}
    out = io.BytesIO()
    if form == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(picture).save(out, quality=90)
    elif form == "PDF":
        picture.save(out, "PDF", resolution=150, **save)
    else:
        picture.save(out, form, **save)
    return out.getvalue()


def _picture(*lines: str) -> Image.Image:
    text = "\n".join(lines).encode()
    check = zlib.crc32(text)
    payload = len(text).to_bytes(2, "big") + check.to_bytes(4, "big") + _veiled(text, check)
    bits = np.unpackbits(np.frombuffer(payload, np.uint8))
    rows = max(-(-bits.size // COLUMNS), 60)
    cells = np.zeros((rows, COLUMNS), np.uint8)
    cells.flat[: bits.size] = bits
    framed = np.pad(cells, 2, constant_values=1)
    framed[1, 1:-1] = framed[-2, 1:-1] = framed[1:-1, 1] = framed[1:-1, -2] = 0
    pixels = np.kron(255 - framed * 255, np.ones((CELL, CELL), np.uint8))
    below = 2 + -(-bits.size // COLUMNS)  # rows of cells that the text takes, with the frame above
    pixels[below * CELL : -2 * CELL, 2 * CELL : -2 * CELL] = _patches(rows, check)[(below - 2) * CELL :]
    return Image.fromarray(np.pad(pixels, MARGIN, constant_values=255)).convert("RGB")


def _patches(rows: int, check: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """What stands under the text: patches of few or many thin bars, others for each, in pixels.

    From afar two of these are as unlike as two receipts: on white paper, each would have to be laid over all that were
    sent before. Bars are sharp everywhere, so that no picture is called blurred, and irregular, unlike a screen.
    """
    chance = np.random.default_rng(check)
    shares = chance.choice((0.3, 0.7), (-(-rows // PATCH), COLUMNS // PATCH))
    light = chance.random((shares.shape[0], COLUMNS * CELL // BAR)) < np.repeat(shares, PATCH * CELL // BAR, axis=1)
    return np.kron(light, np.full((PATCH * CELL, BAR), 255)).astype(np.uint8)[: rows * CELL]


def _veiled(text: bytes, check: int) -> bytes:
    """The text under a pattern of its own, and the other way round.

    Receipts share most of their words: without this their pictures would be alike, and be taken for one photograph.
    """
    pattern = np.random.default_rng(check).integers(0, 256, len(text), np.uint8)
    return (np.frombuffer(text, np.uint8) ^ pattern).tobytes()


class DotEngine:
    """See ocr.engines.Engine. Finds the frame at any scale; nothing framed means no text."""

    name = NAME

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]:
        text = _decoded(pixels.mean(axis=2) < 128)
        if CRASHES in text:
            os.kill(os.getpid(), signal.SIGSEGV)
        while HANGS in text:
            signal.pause()
        until = time.process_time() + TOIL
        while TOILS in text and time.process_time() < until:
            pass
        return [_line(number, line) for number, line in enumerate(text.split("\n")) if line] if text else []


def _decoded(dark: np.ndarray[Any, np.dtype[np.bool_]]) -> str:
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if rows.size == 0:
        return ""
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    cell = (right - left) / (COLUMNS + 4)
    height = round((bottom - top) / cell) - 4
    if cell < 2 or height < 1:
        return ""
    ys = (top + (np.arange(height) + 2.5) * cell).astype(int).clip(0, dark.shape[0] - 1)
    xs = (left + (np.arange(COLUMNS) + 2.5) * cell).astype(int).clip(0, dark.shape[1] - 1)
    data = np.packbits(dark[np.ix_(ys, xs)].astype(np.uint8).ravel()).tobytes()
    size, check = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:6], "big")
    text = _veiled(data[6 : 6 + size], check)
    return text.decode() if len(text) == size and zlib.crc32(text) == check else ""


def _line(number: int, text: str) -> TextLine:
    """Placed as print would stand: one line under the other, as wide as its characters."""
    top, height = 40.0 + 48 * number, 32.0
    width = sum(32.0 if ord(c) > 0xFF else 16.0 for c in text)
    right, bottom = 40.0 + width, top + height
    return TextLine(text, 0.99, ((40.0, top), (right, top), (right, bottom), (40.0, bottom)))


def register() -> None:
    """Add the engine to this process's registry."""
    LOADERS[NAME] = lambda threads: DotEngine()
