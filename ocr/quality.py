"""Judgements on the picture itself: too dark, blurred, cut off, too coarse to keep as evidence.

Codes, each with its measure: ``too_dark`` (brightness of the paper, 0..255), ``too_bright``, ``low_contrast`` (ink
against paper, 0..255), ``blurred`` (edge sharpness relative to the contrast), ``cut_off`` (share of lines that touch
the picture's edge), ``low_resolution`` (dpi, from the letter height). Limits are set on photos of receipts; 200 dpi is
the scanner rule of 電子帳簿保存法施行規則 2 条 6 項.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.engines import Pixels, TextLine
from ocr.reading import Verdict

DARK, BRIGHT = 70.0, 252.0
CONTRAST = 35.0
SHARP = 0.2  # photos that a person calls sharp lie above 0.4
EDGE_SHARE = 0.15
EVIDENCE_DPI = 200
LETTER_MM = 2.4  # body type of a till
SAMPLE = 40  # lines that are measured
MARGIN = 0.004  # of the picture's side


def judge(pixels: Pixels, lines: list[TextLine], scale: float) -> tuple[Verdict, ...]:
    """Verdicts on one upright page; none when it is good. ``scale``: stored px for one px of ``pixels``."""
    if not lines:
        return ()
    boxes = [_patch(pixels, line) for line in lines[:: 1 + len(lines) // SAMPLE]]
    patches = [patch for patch in boxes if patch.size > 200]
    if not patches:
        return ()
    levels = [_levels(patch, 5, 90) for patch in patches]
    ink, paper = (float(np.median([level[i] for level in levels])) for i in (0, 1))
    verdicts = []
    if paper < DARK:
        verdicts.append(Verdict("too_dark", round(paper, 1)))
    if paper > BRIGHT and paper - ink < 60:
        verdicts.append(Verdict("too_bright", round(paper, 1)))
    if paper - ink < CONTRAST:
        verdicts.append(Verdict("low_contrast", round(paper - ink, 1)))
    sharp = float(np.median([_sharpness(patch) for patch in patches]))
    if sharp < SHARP:
        verdicts.append(Verdict("blurred", round(sharp, 3)))
    if (cut := _cut(pixels, lines)) > EDGE_SHARE:
        verdicts.append(Verdict("cut_off", round(cut, 2)))
    if (dpi := dots(lines, scale)) < EVIDENCE_DPI:
        verdicts.append(Verdict("low_resolution", dpi))
    return tuple(verdicts)


def dots(lines: list[TextLine], scale: float) -> int:
    """Dots per inch of the stored picture, taking its text for till type. Boxes are about 1.3 letters high."""
    heights = sorted(_height(line) for line in lines)
    return round(heights[len(heights) // 2] / 1.3 * scale / LETTER_MM * 25.4)


def _height(line: TextLine) -> float:
    (ax, ay), _, _, (dx, dy) = line.quad
    return float(np.hypot(dx - ax, dy - ay))


def _patch(pixels: Pixels, line: TextLine) -> Pixels:
    xs, ys = [int(p[0]) for p in line.quad], [int(p[1]) for p in line.quad]
    patch = pixels[max(min(ys), 0) : max(ys) + 1, max(min(xs), 0) : max(xs) + 1]
    return np.ascontiguousarray(patch[:, :, 1]) if patch.size else np.zeros((0, 0), np.uint8)


def _sharpness(patch: Pixels) -> float:
    """Steepest brightness steps against the whole range of the patch, at a common letter height of 32 px."""
    ratio = 32 / max(patch.shape[0], 1)
    size = (max(8, round(patch.shape[1] * ratio)), 32)
    even = cv2.resize(patch, size, interpolation=cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR)
    low, high = _levels(even, 5, 95)
    (step,) = _levels(cv2.absdiff(even[:, 1:], even[:, :-1]), 95)
    return step / (high - low) if high - low > 5 else 1.0


def _levels(patch: Pixels | cv2.typing.MatLike, *shares: float) -> list[float]:
    """Brightness (0..255) below which so many per cent of a grey patch lie; counted, which is faster than sorted."""
    counts = np.cumsum(cv2.calcHist([np.ascontiguousarray(patch)], [0], None, [256], [0, 256]))
    return [float(np.searchsorted(counts, counts[-1] * share / 100)) for share in shares]


def _cut(pixels: Pixels, lines: list[TextLine]) -> float:
    height, width = pixels.shape[:2]
    near_x, near_y = MARGIN * width + 1, MARGIN * height + 1
    touching = sum(
        any(x <= near_x or x >= width - near_x or y <= near_y or y >= height - near_y for x, y in line.quad)
        for line in lines
    )
    return touching / len(lines)
