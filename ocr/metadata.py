"""What the file itself says of its origin: hints for the checks against fraud, never a verdict.

Flags: ``edited:NAME`` and ``generated:NAME`` for the software that wrote it, ``c2pa`` for content credentials,
``captured:DATE`` (EXIF, ISO date), ``captured_before_receipt`` when the photo is older than the receipt,
``screen_photo`` when a fine regular pattern lies over the picture, ``screenshot``.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engines import Pixels
from ocr.images import Opened

_EDITORS = re.compile(
    r"photoshop|\bgimp\b|affinity|pixelmator|lightroom|snapseed|picsart|\bcanva\b|facetune|paint\.net|\bkrita\b|illustrator|"
    r"ilovepdf|pdfescape|smallpdf",
    re.I,
)
_GENERATORS = re.compile(
    r"midjourney|stable ?diffusion|\bdall.?e\b|openai|firefly|comfyui|automatic1111|\bimagen\b|\bflux\.", re.I
)
_AGENT = re.compile(r"(?:CreatorTool|softwareAgent|digitalSourceType)\W{1,4}([^\"<>]{2,80})")  # of an XMP packet
_PROMPT_KEYS = {"parameters", "prompt", "workflow", "sd-metadata", "dream", "generation_data"}
SOFTWARE, TAKEN, MODIFIED, COMMENT = 0x0131, 0x9003, 0x0132, 0x9286
MOIRE = 4.3  # photos of paper stay under 3.8, a faint pixel grid gives 4.4 and more
DRAWN = 0.7  # of the pixels like their neighbour: a picture that was drawn, not photographed, or a photo without a grid


def flags(data: bytes, opened: Opened, receipt: dt.date | None) -> tuple[str, ...]:
    """Flags of one file, in a fixed order. Raises nothing."""
    words = " ".join(str(value) for value in (*opened.exif.values(), *opened.info.values()) if isinstance(value, str))
    words += " " + " ".join(_AGENT.findall(data[:262_144].decode("latin-1")))
    out = []
    if match := _EDITORS.search(words):
        out.append(f"edited:{match.group().lower()}")
    if match := _GENERATORS.search(words):
        out.append(f"generated:{match.group().lower()}")
    elif _PROMPT_KEYS & {key.lower() for key in opened.info}:
        out.append("generated:unknown")
    if b"c2pa" in data and (b"jumb" in data or b"jumd" in data):
        out.append("c2pa")
    if "screenshot" in words.lower():
        out.append("screenshot")
    taken = captured(opened)
    if taken is not None:
        out.append(f"captured:{taken.isoformat()}")
        if receipt is not None and taken < receipt:
            out.append("captured_before_receipt")
    return tuple(out)


def captured(opened: Opened) -> dt.date | None:
    """The day the photo was taken, as its EXIF says."""
    match = re.match(r"(\d{4}):(\d{2}):(\d{2})", str(opened.exif.get(TAKEN, "")))
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def screen(pixels: Pixels) -> bool:
    """Whether a display was photographed: its pixel grid leaves sharp peaks far out in the spectrum.

    A picture with even areas was never before a camera's lens and a pixel grid at once; its dashes and columns leave
    peaks too, and mean nothing.
    """
    height, width = pixels.shape[:2]
    side = min(height, width, 768)
    if side < 256:
        return False
    top, left = (height - side) // 2, (width - side) // 2
    middle = pixels[top : top + side, left : left + side]
    if np.all(middle[:, 1:] == middle[:, :-1], axis=2).mean() > DRAWN:
        return False
    middle = middle.astype(np.float32)
    grey = cv2.transform(middle, np.full((1, 3), 1 / 3, dtype=np.float32))
    window, looked_at = _spectrum_masks(side)
    spectrum = cv2.dft((grey - grey.mean()) * window, flags=cv2.DFT_COMPLEX_OUTPUT)
    power = np.fft.fftshift(np.log1p(cv2.magnitude(spectrum[..., 0], spectrum[..., 1])))
    smooth = cv2.blur(power, (15, 15))
    excess = np.where(looked_at, power - smooth, 0)
    spread = float(excess[looked_at].std())
    return bool(spread > 0 and float(excess.max()) / spread > MOIRE)


@lru_cache(2)  # most pictures are larger than the sample, so that its side is one and the same
def _spectrum_masks(side: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The window that is laid over ``side`` × ``side`` px, and the part of their spectrum where a pixel grid shows."""
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    ys, xs = np.ogrid[:side, :side]
    far = np.hypot(ys - side / 2, xs - side / 2) > side * 0.22
    off_axis = (np.abs(ys - side / 2) > 6) & (np.abs(xs - side / 2) > 6)
    return window, far & off_axis
