"""Tesseract with Japanese and English, through pytesseract: the engine that every Debian has."""

from __future__ import annotations

import itertools
import os

import cv2
import numpy as np
import pytesseract
from PIL import Image

from ocr.engines import Pixels, TextLine
from ocr.errors import EngineFailed

TIMEOUT = 60  # seconds for one picture
GAP = 2.5  # a gap wider than this many letter heights ends a piece of text
CONFIG = "--oem 1 --psm 6"  # one block of text: on photos of tills it found more than columns or sparse text


class TesseractEngine:
    name = "tesseract"

    def __init__(self, threads: int) -> None:
        os.environ["OMP_THREAD_LIMIT"] = str(threads)  # Tesseract's own threads only slow small pictures down
        wanted = ("jpn", "eng")
        there = set(pytesseract.get_languages(config=""))
        self._languages = "+".join(language for language in wanted if language in there) or "eng"

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]:
        """``long_side`` bounds the picture as a whole here: Tesseract has no separate step for finding text."""
        height, width = pixels.shape[:2]
        scale = min(max(long_side, 1600) / max(height, width), 2.0)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        try:
            picture = Image.fromarray(_flat(pixels)).resize(size, Image.Resampling.LANCZOS)
            found = pytesseract.image_to_data(
                picture, lang=self._languages, config=CONFIG, timeout=TIMEOUT, output_type=pytesseract.Output.DICT
            )
        except Exception as error:
            raise EngineFailed(f"tesseract: {type(error).__name__}") from error
        return _lines(found, scale)


def _flat(pixels: Pixels) -> Pixels:
    """Grey with the paper's own shading divided out: Tesseract takes a dark table or a shadow for ink."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) if min(grey.shape) > 64 else grey
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 31)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0])).astype(np.float32)
    return np.asarray(np.clip(grey / np.maximum(paper, 1) * 255, 0, 255), dtype=np.uint8)


def _lines(found: dict[str, list[str | int | float]], scale: float) -> list[TextLine]:
    """Words of one Tesseract line joined, split where a wide gap separates a label from its amount."""
    pieces: list[list[tuple[int, int, int, int, str, float]]] = []
    before: tuple[object, ...] = ()
    for i, raw in enumerate(found["text"]):
        text, score = str(raw).strip(), float(found["conf"][i]) / 100
        if not text or score < 0:
            continue
        left, top, width, height = (int(found[key][i]) for key in ("left", "top", "width", "height"))
        line = tuple(found[key][i] for key in ("block_num", "par_num", "line_num"))
        if line != before or left - pieces[-1][-1][2] > GAP * height:
            pieces.append([])
        pieces[-1].append((left, top, left + width, top + height, text, score))
        before = line
    return [_join(words, scale) for words in pieces]


def _join(words: list[tuple[int, int, int, int, str, float]], scale: float) -> TextLine:
    left, top = min(w[0] for w in words) / scale, min(w[1] for w in words) / scale
    right, bottom = max(w[2] for w in words) / scale, max(w[3] for w in words) / scale
    text = words[0][4]
    for previous, word in itertools.pairwise(words):
        latin = previous[4][-1].isascii() and word[4][0].isascii()
        text += (" " if latin and word[0] - previous[2] > 0.15 * (word[3] - word[1]) else "") + word[4]
    score = sum(w[5] * len(w[4]) for w in words) / sum(len(w[4]) for w in words)
    return TextLine(text, score, ((left, top), (right, top), (right, bottom), (left, bottom)))
