"""Papers told apart by what lies between them: the desk, darker than paper.

Text alone does not tell, once receipts lie at angles: no straight lane is empty any more. Bright regions that do not
touch are papers of their own, where each holds a receipt by itself; on a white desk there is one region and no answer.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines import Pixels, TextLine

SIDE = 640  # px at which regions are looked for
PAPER = 0.72  # of the brightness beside the letters, from which a pixel counts as paper

Regions = npt.NDArray[np.int32]


def by_region(pixels: Pixels, lines: list[TextLine]) -> list[list[TextLine]]:
    """``lines`` by the bright region under each; one list when all stand on the same one."""
    ratio = min(1.0, SIDE / max(pixels.shape[:2]))
    small = np.asarray(cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA))
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    boxes = [_box(line, ratio, grey.shape) for line in lines]
    bright = [float(np.percentile(grey[t:b, left:r], 85)) for left, t, r, b in boxes]
    mask = (grey > PAPER * float(np.median(bright))).astype(np.uint8)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))  # cuts hair-thin bridges
    regions = cv2.connectedComponents(opened, connectivity=4)[1].astype(np.int32)
    groups: dict[int, list[TextLine]] = {}
    for line, box in zip(lines, boxes, strict=True):
        groups.setdefault(_region(regions, box), []).append(line)
    return list(groups.values())


def _box(line: TextLine, ratio: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    xs, ys = [x * ratio for x, _ in line.quad], [y * ratio for _, y in line.quad]
    left, top = min(max(int(min(xs)), 0), shape[1] - 1), min(max(int(min(ys)), 0), shape[0] - 1)
    return left, top, min(max(int(max(xs)) + 1, left + 1), shape[1]), min(max(int(max(ys)) + 1, top + 1), shape[0])


def _region(regions: Regions, box: tuple[int, int, int, int]) -> int:
    left, top, right, bottom = box
    counts = np.bincount(regions[top:bottom, left:right].ravel())
    counts[0] = 0  # letters and desk
    return int(counts.argmax())
