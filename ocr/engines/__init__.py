"""Text engines behind one protocol, and the registry that names them.

A new engine is one file with a loader and one line in ``LOADERS``. Loading is slow (model weights) and happens once in
a process; the weights come inside installed packages, nothing is fetched at run time.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ocr.errors import EngineFailed

Pixels = npt.NDArray[np.uint8]
Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
Alternatives = tuple[tuple[tuple[str, float], ...], ...]


@dataclass(frozen=True)
class TextLine:
    """One detected piece of text. ``quad`` are its corners clockwise from the top left, in px of the given picture.

    ``alternatives`` has, for each character of ``text``, the other characters that the engine thought possible with
    their probabilities; it is empty when the engine does not say.
    """

    text: str
    score: float
    quad: Quad
    alternatives: Alternatives = ()


class Engine(Protocol):
    """Reads the text of one upright picture.

    ``read`` gets RGB pixels (height, width, 3), uint8, and returns the pieces of text in any order, none for a picture
    without text. ``long_side`` is the scale at which text is looked for (px; the text itself is then read at full
    size). It raises EngineFailed and nothing else, keeps no state between pictures and writes no files.
    """

    name: str

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]: ...


def _rapidocr(threads: int) -> Engine:
    from ocr.engines.rapid import RapidEngine

    return RapidEngine(threads)


def _tesseract(threads: int) -> Engine:
    from ocr.engines.tesseract import TesseractEngine

    return TesseractEngine(threads)


def _faster_paddle(threads: int) -> Engine:
    from ocr.engines.faster_paddle import FasterPaddleEngine

    return FasterPaddleEngine(threads)


LOADERS: dict[str, Callable[[int], Engine]] = {
    "rapidocr": _rapidocr,
    "faster-paddle": _faster_paddle,
    "tesseract": _tesseract,
}
DEFAULT = "rapidocr"


@cache
def installed(name: str) -> bool:
    """Whether ``name`` can be loaded here."""
    if name == "tesseract":
        return importlib.util.find_spec("pytesseract") is not None and shutil.which("tesseract") is not None
    if name == "rapidocr":
        return all(importlib.util.find_spec(module) is not None for module in ("rapidocr", "onnxruntime"))
    if name == "faster-paddle":
        return importlib.util.find_spec("faster_paddle") is not None
    return name in LOADERS


def choose(name: str | None) -> str:
    """The engine to use for the wish ``name`` (None: the best one here). Raises EngineFailed when there is none."""
    if name is not None and name not in LOADERS:
        raise EngineFailed(f"no engine is called {name!r}; there are {', '.join(LOADERS)}")
    for candidate in dict.fromkeys((name or DEFAULT, *LOADERS)):
        if installed(candidate):
            return candidate
    raise EngineFailed(f"none of {', '.join(LOADERS)} is installed")


@cache
def load(name: str, threads: int = 1) -> Engine:
    """The one engine object of this process. Raises EngineFailed when it cannot start."""
    try:
        return LOADERS[name](threads)
    except Exception as error:
        raise EngineFailed(f"{name} did not start: {type(error).__name__}: {error}") from error
