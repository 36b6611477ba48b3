"""From ink to a sheet of paper: ink colour, thermal fade, printer dots, paper tone, edges and perforations."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bot.demo.receipts.layouts.blocks import Printed

Field = NDArray[np.float32]

TONES = {"thermal": (249, 249, 247), "form": (250, 247, 236), "plain": (252, 252, 250), "ticket": (244, 246, 240)}


@dataclass(frozen=True)
class Print:
    """`fade` 0 (fresh) to 1 (pale, still legible); `dots`: as coarse as a thermal head; `streak`: dead dots."""

    fade: float = 0.0
    dots: bool = False
    streak: bool = False


def noise(rng: np.random.Generator, height: int, width: int, rows: float, columns: float) -> Field:
    """Smooth noise, mean 0 and about -1..1, with about `rows` x `columns` features."""
    coarse = rng.standard_normal((max(2, round(rows)), max(2, round(columns)))).astype(np.float32)
    image = Image.fromarray(coarse, mode=None).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float32)


def shifted(mask: Image.Image, x: float, y: float) -> Image.Image:
    """The mask moved by whole px; what leaves the picture is gone, what enters it is empty."""
    out = Image.new("L", mask.size, 0)
    out.paste(mask, (round(x), round(y)))
    return out


def sheet(printed: Printed, how: Print, rng: np.random.Generator) -> Image.Image:
    """RGBA picture of the sheet, upright, cut edges included."""
    first = printed.layers[0][0]
    width, height = first.size
    tone = np.array(TONES[printed.stock], dtype=np.float32)
    fibre = noise(rng, height, width, height / 5, width / 5) * 0.9 + noise(rng, height, width, 8, 6) * 1.1
    paper = tone[None, None, :] + fibre[:, :, None]
    for ink, colour in printed.layers:
        mask = _printed(ink, how, rng) if printed.stock == "thermal" else ink
        share = np.asarray(mask, dtype=np.float32) / 255
        if how.fade and printed.stock == "thermal":
            patchy = 1 - how.fade * (0.8 + 0.3 * noise(rng, height, width, 7, 3))
            share = share * np.clip(patchy, 0.3, 1)
        tint = np.array(colour, dtype=np.float32)
        if how.fade and printed.stock == "thermal":
            tint += (np.array((120, 112, 130), dtype=np.float32) - tint) * how.fade * 0.25
        paper += (tint - paper) * share[:, :, None] * 0.96
    picture = Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8), "RGB")
    picture.putalpha(_outline(printed.stock, width, height, rng))
    return picture


def _printed(ink: Image.Image, how: Print, rng: np.random.Generator) -> Image.Image:
    if how.dots:
        small = ink.resize((ink.width // 2, ink.height // 2), Image.Resampling.BOX)
        small = small.point(lambda level: 255 if level > 105 else 0)
        ink = small.resize(ink.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.8))
    if how.streak:
        ink = ink.copy()
        pen = ImageDraw.Draw(ink)
        for x in rng.integers(ink.width // 12, ink.width - ink.width // 12, 2):
            pen.line((int(x), 0, int(x), ink.height), fill=0, width=2)
    return ink


def _outline(stock: str, width: int, height: int, rng: np.random.Generator) -> Image.Image:
    """Alpha: the saw-toothed tear of a roll at the top and bottom, a clean cut elsewhere."""
    mask = Image.new("L", (width, height), 255)
    if stock != "thermal":
        return mask
    pen = ImageDraw.Draw(mask)
    for y, inward in ((0, 1), (height - 1, -1)):
        if inward == 1 and rng.random() < 0.35:
            continue
        for x in range(0, width, 16):
            pen.polygon(((x, y), (x + 8, y + inward * 9), (x + 16, y)), fill=0)
    return mask
