"""The same PP-OCRv6 small weights through ``faster-paddle``: detection, recognition and runtime in one Rust library.

Installed by the extra ``faster-paddle``. The small weights are inside the wheel; the medium ones would be downloaded
and are never asked for. The library tells upright boxes only and no alternatives, so that tilted lines have larger
boxes and a misread registration number is doubted instead of repaired.
"""

from __future__ import annotations

from typing import Any

import cv2
import faster_paddle
import numpy as np

from ocr.engines import Pixels, TextLine
from ocr.engines.strips import strips
from ocr.errors import EngineFailed

MODEL = "small"
USUAL_SIDE = 1120  # px; the scale of the engine object that a start loads
MAX_ENLARGED = 2.0
MIN_SCORE = 0.5


class FasterPaddleEngine:
    name = "faster-paddle"

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._engines: dict[int, Any] = {}
        self._at(USUAL_SIDE)

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]:
        height, width = pixels.shape[:2]
        try:
            found = []
            for strip in strips(width, height):
                for line in self._read(pixels[strip.top : strip.bottom], long_side, strip.top):
                    if strip.owns((line.quad[0][1] + line.quad[3][1]) / 2 - strip.top):
                        found.append(line)
            return found
        except Exception as error:
            raise EngineFailed(f"faster-paddle: {type(error).__name__}") from error

    def _read(self, pixels: Pixels, long_side: int, top: int) -> list[TextLine]:
        scale = min(max(long_side / max(pixels.shape[:2]), 1.0), MAX_ENLARGED)
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
        if scale > 1:
            bgr = np.asarray(cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
        # The library takes files only; a BMP is the pixels with a head.
        _, file = cv2.imencode(".bmp", bgr)
        needed = long_side if max(bgr.shape[:2]) > long_side else min(self._engines)
        lines = []
        for piece in self._at(needed).ocr(file.tobytes())["bounds"].values():
            text, score = str(piece["text"]).strip(), float(piece["confidence"])
            if not text or score < MIN_SCORE:
                continue
            left, up = (float(value) / scale for value in piece["topLeftCoord"])
            right, down = (float(value) / scale for value in piece["bottomRightCoord"])
            corners = ((left, up + top), (right, up + top), (right, down + top), (left, down + top))
            lines.append(TextLine(text, score, corners))
        return lines

    def _at(self, long_side: int) -> Any:
        """The engine object that looks for text at ``long_side``: the library fixes the scale when it loads."""
        if long_side not in self._engines:
            self._engines[long_side] = faster_paddle.OcrEngine(
                model_size=MODEL, threads=self._threads, det_max_side=long_side, det_min_side=0
            )
        return self._engines[long_side]
