"""What a receipt lies on: desks and cloths made of noise, as RGB arrays of height x width x 3, 0 to 255."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image

from bot.demo.receipts.paper import Field, noise


def _mix(dark: tuple[int, int, int], light: tuple[int, int, int], share: Field) -> Field:
    low, high = np.array(dark, dtype=np.float32), np.array(light, dtype=np.float32)
    return low + (high - low) * np.clip(share, 0, 1)[:, :, None]


def _wood(rng: Generator, h: int, w: int, dark: tuple[int, int, int], light: tuple[int, int, int]) -> Field:
    """Planks along the width: long grain, bent rings, a dark joint between planks."""
    plank = int(h * rng.uniform(0.3, 0.55))
    out = np.zeros((h, w, 3), dtype=np.float32)
    top = -int(rng.integers(0, plank))
    while top < h:
        rows = slice(max(0, top), min(h, top + plank))
        n = rows.stop - rows.start
        if n > 0:
            y = np.arange(n, dtype=np.float32)[:, None] / plank
            bend = noise(rng, n, w, 3, 3) * 0.16 + noise(rng, n, w, 2, 5) * 0.05
            rings = np.sin((y + bend) * rng.uniform(26, 40)) * 0.5 + 0.5
            grain = noise(rng, n, w, n / 3, w / 160) * 0.10 + noise(rng, n, w, n / 1.6, w / 40) * 0.06
            share = 0.52 + rings**2 * 0.2 + grain + noise(rng, n, w, 2, 3) * 0.07 + rng.uniform(-0.12, 0.12)
            out[rows] = _mix(dark, light, share.astype(np.float32))
            joint = np.exp(-(np.arange(n, dtype=np.float32) ** 2) / 6)[:, None, None] * 0.55
            if top > 0:
                out[rows] *= 1 - joint
        top += plank
    return out


def oak(rng: Generator, h: int, w: int) -> Field:
    return _wood(rng, h, w, (150, 108, 66), (222, 184, 136))


def walnut(rng: Generator, h: int, w: int) -> Field:
    return _wood(rng, h, w, (54, 34, 24), (122, 82, 56))


def ash(rng: Generator, h: int, w: int) -> Field:
    """Pale, nearly white desk."""
    return _wood(rng, h, w, (186, 172, 152), (228, 218, 202))


def marble(rng: Generator, h: int, w: int) -> Field:
    y, x = np.mgrid[0:h, 0:w].astype(np.float32) / max(h, w)
    warp = noise(rng, h, w, 4, 4) * 0.22 + noise(rng, h, w, 9, 9) * 0.08 + noise(rng, h, w, 24, 24) * 0.02
    vein = np.abs(np.sin((x * 0.8 + y * 1.3 + warp) * 9.0)) ** 0.35
    cloud = noise(rng, h, w, 4, 4) * 0.05
    return _mix((168, 170, 176), (236, 234, 230), vein * 0.55 + 0.42 + cloud)


def linen(rng: Generator, h: int, w: int) -> Field:
    """Woven cloth in a muted colour."""
    colours = (((118, 132, 140), (168, 182, 188)), ((150, 132, 108), (204, 190, 168)), ((92, 104, 88), (142, 154, 134)))
    dark, light = colours[int(rng.integers(len(colours)))]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    weave = np.sin(x * 1.1) * np.sin(y * 1.1) * 0.16
    threads = noise(rng, h, w, h / 3, w / 90) * 0.09 + noise(rng, h, w, h / 90, w / 3) * 0.09
    return _mix(dark, light, 0.5 + weave + threads + noise(rng, h, w, 4, 4) * 0.08)


def slate(rng: Generator, h: int, w: int) -> Field:
    speck = noise(rng, h, w, h / 2, w / 2) * 0.10 + noise(rng, h, w, h / 14, w / 14) * 0.09
    return _mix((40, 44, 48), (84, 88, 92), 0.45 + speck + noise(rng, h, w, 3, 4) * 0.18)


def mat(rng: Generator, h: int, w: int) -> Field:
    """Green cutting mat with a fine grid."""
    base = _mix(
        (28, 84, 74), (44, 112, 98), 0.5 + noise(rng, h, w, h / 2, w / 2) * 0.10 + noise(rng, h, w, 3, 3) * 0.14
    )
    step = max(h, w) // 13
    for start, weight in ((0, 0.42), (step // 2, 0.16)):
        for at in range(start + int(rng.integers(step)), h, step):
            base[at : at + 2] += (170 - base[at : at + 2]) * weight
        for at in range(start + int(rng.integers(step)), w, step):
            base[:, at : at + 2] += (170 - base[:, at : at + 2]) * weight
    return base


def white(rng: Generator, h: int, w: int) -> Field:
    """Office desk of white laminate."""
    return _mix(
        (196, 198, 200), (226, 226, 224), 0.5 + noise(rng, h, w, 3, 3) * 0.16 + noise(rng, h, w, h / 2, w / 2) * 0.05
    )


SURFACES: dict[str, Callable[[Generator, int, int], Field]] = {
    "oak": oak,
    "walnut": walnut,
    "ash": ash,
    "marble": marble,
    "linen": linen,
    "slate": slate,
    "mat": mat,
    "white": white,
}


def surface(name: str, rng: Generator, height: int, width: int) -> Field:
    """Made at two thirds of the size (a desk behind a receipt is a little out of focus) and enlarged."""
    h, w = round(height / 1.5), round(width / 1.5)
    small = Image.fromarray(np.clip(SURFACES[name](rng, h, w), 0, 255).astype(np.uint8), "RGB")
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)
