"""PP-OCRv6 small through the model files and the post-processing of ``rapidocr``, run by onnxruntime.

Two things differ from calling ``RapidOCR`` as a whole, both measured on receipts: text is looked for on a smaller
picture than it is read from (finding costs with the area, reading with the number of lines), and the recogniser's
probabilities are kept, so that a character that no Japanese or Western receipt prints can be replaced by its runner-up
and a registration number can be repaired from the alternatives.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

# Since 1.29 onnxruntime reports model names and timings to its maker unless this stands before its first import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
import rapidocr
from rapidocr.ch_ppocr_det.utils import DBPostProcess

from ocr.engines import Alternatives, Pixels, Quad, TextLine
from ocr.engines.strips import STRIP, strips
from ocr.errors import EngineFailed
from ocr.text import plausible

onnxruntime.disable_telemetry_events()
MODELS = Path(rapidocr.__file__).parent / "models"
BATCH_PIXELS = 48 * 960  # three lines of ordinary width: wider batches cost more than they save
MIN_WIDTH = 96
MAX_LINES = 500  # of one page: a picture of noise is not read for minutes
MAX_WIDTH = 3200
MAX_AREA = 1_600_000  # px that text is looked for in at once: finding takes 300 bytes for each
MIN_SCORE = 0.5
UNSURE = 0.95  # below this a character's runners-up are worth keeping

Floats = npt.NDArray[np.float32]


class RapidEngine:
    name = "rapidocr"

    def __init__(self, threads: int) -> None:
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix="ocr-lines") if threads > 1 else None
        self._detector = _session("det", threads)
        self._recogniser = _session("rec", 1)  # threads go over batches: that scales, inside a line it does not
        characters = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *characters, " "]
        self._implausible = np.array([i > 0 and not plausible(c) for i, c in enumerate(self._characters)])
        self._boxes = DBPostProcess(thresh=0.3, box_thresh=0.5, unclip_ratio=1.6, use_dilation=True)

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]:
        try:
            bgr = np.ascontiguousarray(pixels[:, :, ::-1])
            quads = self._find(bgr, long_side)[:MAX_LINES]
            return [line for line in self._recognise(bgr, quads) if line.score >= MIN_SCORE and line.text.strip()]
        except Exception as error:
            raise EngineFailed(f"rapidocr: {type(error).__name__}") from error

    def _find(self, bgr: Pixels, long_side: int) -> list[Floats]:
        """Quads of text in px of ``bgr``. A long receipt is looked at in strips, each at the scale of a normal one."""
        height, width = bgr.shape[:2]
        scale = min(long_side / max(min(height, STRIP * width), width), 2.0)
        found: list[Floats] = []
        for strip in strips(width, height, min(STRIP, MAX_AREA / (scale * width) ** 2)):
            for quad in self._find_in(bgr[strip.top : strip.bottom], scale):
                if strip.owns(float(quad[:, 1].mean())):
                    found.append(quad + np.array([0, strip.top], dtype=np.float32))
        return found

    def _find_in(self, bgr: Pixels, scale: float) -> list[Floats]:
        height, width = bgr.shape[:2]
        size = [max(32, round(side * scale / 32) * 32) for side in (width, height)]
        small = cv2.resize(bgr, (size[0], size[1]), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        tensor = cv2.dnn.blobFromImage(small, 1 / 127.5, mean=(127.5, 127.5, 127.5))
        heat = self._detector.run(None, {"x": tensor})[0]
        boxes, _ = self._boxes(heat, (height, width))
        return [np.asarray(box, dtype=np.float32) for box in boxes]

    def _recognise(self, bgr: Pixels, quads: list[Floats]) -> Iterator[TextLine]:
        crops = [_crop(bgr, quad) for quad in quads]
        order = sorted(range(len(crops)), key=lambda i: crops[i].shape[1], reverse=True)
        batches = list(_batches(order, [crop.shape[1] for crop in crops]))
        run = self._workers.map if self._workers is not None else map
        for batch, texts in zip(
            batches, run(lambda batch: self._texts([crops[i] for i in batch]), batches), strict=True
        ):
            for i, (text, score, alternatives) in zip(batch, texts, strict=True):
                quad: Quad = tuple((float(x), float(y)) for x, y in quads[i])  # type: ignore[assignment]  # four corners, always
                yield TextLine(text, score, quad, alternatives)

    def _texts(self, crops: list[Pixels]) -> list[tuple[str, float, Alternatives]]:
        width = max(MIN_WIDTH, max(crop.shape[1] for crop in crops))
        tensor = np.zeros((len(crops), 3, 48, width), dtype=np.float32)
        for row, crop in enumerate(crops):
            tensor[row, :, :, : crop.shape[1]] = crop.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
        return [self._decode(steps) for steps in self._recogniser.run(None, {"x": tensor})[0]]

    def _decode(self, steps: Floats) -> tuple[str, float, Alternatives]:
        """Greedy CTC over (steps, classes) probabilities; implausible characters give way to a real runner-up."""
        best = steps.argmax(axis=1)
        text: list[str] = []
        scores: list[float] = []
        alternatives: list[tuple[tuple[str, float], ...]] = []
        before = 0
        for step, index in enumerate(best):
            if index in (0, before):
                before = index
                continue
            before = index
            probability = float(steps[step, index])
            others: tuple[tuple[str, float], ...] = ()
            if probability < UNSURE or self._implausible[index]:
                seen = sorted(np.flatnonzero(steps[step] > 0.003), key=lambda i: -steps[step, i])[:6]
                others = tuple((self._characters[i], float(steps[step, i])) for i in seen if i not in (0, index))
            character = self._characters[index]
            if self._implausible[index] and others:
                usable = [(c, p) for c, p in others if plausible(c) and p > 0.02]
                if usable:
                    character = usable[0][0]
            text.append(character)
            scores.append(probability)
            alternatives.append(others)
        return "".join(text), float(np.mean(scores)) if scores else 0.0, tuple(alternatives)


def _session(part: str, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # other processes share the cores
    options.enable_cpu_mem_arena = False  # shapes differ with every picture: the arena would only grow
    path = MODELS / f"PP-OCRv6_{part}_small.onnx"
    return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])


def _crop(bgr: Pixels, quad: Floats) -> Pixels:
    """The quad straightened, 48 px high; text that stands upright on its side is laid down."""
    width = max(_length(quad, 0, 1), _length(quad, 2, 3), 1.0)
    height = max(_length(quad, 0, 3), _length(quad, 1, 2), 1.0)
    corners = quad
    if height / width >= 1.5:
        corners, width, height = quad[[1, 2, 3, 0]], height, width
    out_width = int(min(max(round(48 * width / height), 12), MAX_WIDTH))
    # Straight to 48 px when the text is small; large text is cut out at its own size first, or thin strokes vanish.
    shrink = height / 48
    if shrink <= 1.5:
        return _warp(bgr, corners, out_width, 48)
    cut = _warp(bgr, corners, max(int(out_width * shrink), 1), max(int(height), 1))
    return np.asarray(cv2.resize(cut, (out_width, 48), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _length(quad: Floats, a: int, b: int) -> float:
    return float(np.linalg.norm(quad[a] - quad[b]))


def _warp(bgr: Pixels, corners: Floats, width: int, height: int) -> Pixels:
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(corners), target)
    flags = cv2.INTER_CUBIC
    out = cv2.warpPerspective(bgr, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, dtype=np.uint8)


def _batches(order: list[int], widths: list[int]) -> Iterator[list[int]]:
    """Neighbours in width, so that little is padded, and no batch beyond BATCH_PIXELS."""
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * max(widths[batch[0]], MIN_WIDTH) * 48 > BATCH_PIXELS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
