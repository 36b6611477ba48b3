"""Things that lie beside a receipt: a cup of coffee, a pen, the shadow of leaves. Drawn large, laid small."""

import math
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter

from bot.demo.receipts.paper import Field, shifted

OVER = 2


def cup(size: int) -> Image.Image:
    """Cup and saucer from above, RGBA of `size` px."""
    s = size * OVER
    y, x = np.mgrid[0:s, 0:s].astype(np.float32) / s * 2 - 1
    r = np.hypot(x, y)
    glow = (-x - y) * 0.5
    rgb = np.zeros((s, s, 3), dtype=np.float32)
    alpha = np.clip((0.97 - r) * s / 3, 0, 1)

    def disc(radius: float, colour: tuple[float, float, float], lift: float, soft: float = 2.0) -> None:
        share = np.clip((radius - r) * s / (2 * soft), 0, 1)[:, :, None]
        tone = np.array(colour, dtype=np.float32) * (1 + lift * glow)[:, :, None]
        rgb[:] = rgb + (tone - rgb) * share

    disc(0.97, (226, 222, 214), 0.10)
    disc(0.90, (240, 237, 230), -0.10)
    disc(0.74, (204, 199, 190), -0.16, 30)
    disc(0.64, (246, 244, 239), 0.12)
    disc(0.585, (150, 128, 108), -0.5, 5)
    disc(0.545, (86, 52, 28), -0.25, 7)
    disc(0.50, (66, 38, 20), -0.35, 46)
    angle = np.arctan2(y, x)
    crema = np.exp(-((r - 0.515) ** 2) / 0.0006) * (0.55 + 0.45 * np.sin(angle * 3 + 1))
    rgb += crema[:, :, None] * np.array((74, 50, 26), dtype=np.float32)
    shine = np.exp(-((r - 0.40) ** 2) / 0.004) * np.exp(-((angle + 2.3) ** 2) / 0.08)
    rgb += shine[:, :, None] * 50
    picture = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8), "RGB")
    picture.putalpha(Image.fromarray((alpha * 255).astype(np.uint8), "L"))
    handle = Image.new("RGBA", (s, s), (0, 0, 0, 0))
    pen = ImageDraw.Draw(handle)
    pen.rounded_rectangle((s * 0.78, s * 0.455, s * 0.965, s * 0.545), radius=s * 0.04, fill=(238, 235, 229, 255))
    pen.rounded_rectangle((s * 0.78, s * 0.47, s * 0.95, s * 0.49), radius=s * 0.01, fill=(255, 254, 250, 255))
    shade = shifted(handle.getchannel("A"), s // 60, s // 45).filter(ImageFilter.GaussianBlur(s / 70))
    soft = Image.new("RGBA", (s, s), (60, 50, 40, 0))
    soft.putalpha(shade.point(lambda level: level * 0.4))
    picture = Image.alpha_composite(Image.alpha_composite(picture, soft), handle)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def pen(size: int) -> Image.Image:
    """A dark ball-point pen lying across, RGBA, `size` px long."""
    length, thick = size * OVER, size * OVER // 17
    high = thick * 2
    y = (np.arange(high, dtype=np.float32)[:, None] - high / 2) / (thick / 2)
    round_light = np.clip(0.42 + 0.5 * np.exp(-((y + 0.35) ** 2) / 0.10) - 0.25 * y, 0.1, 1.3)
    body = np.repeat(round_light, length, axis=1)[:, :, None] * np.array((44, 56, 84), dtype=np.float32)
    metal = np.repeat(round_light, length, axis=1)[:, :, None] * np.array((190, 184, 172), dtype=np.float32)
    for start, stop in ((0.0, 0.10), (0.52, 0.545), (0.93, 1.0)):
        body[:, int(start * length) : int(stop * length)] = metal[:, int(start * length) : int(stop * length)]
    picture = Image.fromarray(np.clip(body, 0, 255).astype(np.uint8), "RGB")
    mask = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(mask)
    low, top = high / 2 - thick / 2, high / 2 + thick / 2
    draw.polygon(
        (
            (0, high / 2 - 2),
            (0, high / 2 + 2),
            (length * 0.10, top),
            (length * 0.98, top),
            (length, high / 2 + thick * 0.3),
            (length, high / 2 - thick * 0.3),
            (length * 0.98, low),
            (length * 0.10, low),
        ),
        fill=255,
    )
    clip = ImageDraw.Draw(picture)
    clip.rounded_rectangle(
        (length * 0.68, low + thick * 0.1, length * 0.965, low + thick * 0.32), radius=thick * 0.1, fill=(212, 206, 194)
    )
    picture.putalpha(mask)
    return picture.resize((size, high // OVER), Image.Resampling.LANCZOS)


SPRITES: dict[str, Callable[[int], Image.Image]] = {"cup": cup, "pen": pen}


def place(desk: Field, name: str, at: tuple[float, float], scale: float, turn: float, light: float) -> None:
    """Lay a thing on the desk: `at` in shares of width and height, `scale` of the width, angles in degrees."""
    height, width = desk.shape[:2]
    sprite = SPRITES[name](round(width * scale)).rotate(turn, Image.Resampling.BICUBIC, expand=True)
    layer = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    layer.paste(sprite, (round(at[0] * width - sprite.width / 2), round(at[1] * height - sprite.height / 2)))
    alpha = layer.getchannel("A")
    away = math.radians(light + 180)
    reach = width * 0.014
    moved = shifted(alpha, math.cos(away) * reach, -math.sin(away) * reach)
    dark = np.asarray(moved.filter(ImageFilter.GaussianBlur(reach * 0.9)), dtype=np.float32)[:, :, None] / 255
    desk *= 1 - 0.5 * dark
    cover = np.asarray(alpha, dtype=np.float32)[:, :, None] / 255
    desk += (np.asarray(layer.convert("RGB"), dtype=np.float32) - desk) * cover


def leaves(height: int, width: int, rng: Generator) -> Field:
    """Factor of a soft leaf shadow that falls over one corner."""
    mask = Image.new("L", (width // 3, height // 3), 0)
    draw = ImageDraw.Draw(mask)
    w = mask.width
    for stem in range(2):
        x, y = w * (0.80 + 0.28 * stem), -w * 0.03
        angle = 2.25 + 0.15 * stem
        for step in range(11):
            onward = x + math.cos(angle) * w * 0.052, y + math.sin(angle) * w * 0.052
            draw.line((x, y, *onward), fill=200, width=max(1, w // 180))
            x, y = onward
            angle += float(rng.normal(0.03, 0.04))
            for side in (-1, 1):
                tip = angle + side * (0.95 - step * 0.04) + float(rng.normal(0, 0.06))
                long, broad = w * 0.145 * (1 - step / 17), w * 0.017
                half = [(t / math.pi * long, math.sin(t) * broad) for t in np.linspace(0, math.pi, 9)]
                cos, sin = math.cos(tip), math.sin(tip)
                outline = half + [(px, -py) for px, py in reversed(half)]
                draw.polygon([(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in outline], fill=255)
    soft = mask.filter(ImageFilter.GaussianBlur(w / 95)).resize((width, height), Image.Resampling.BICUBIC)
    shade: Field = 1 - np.asarray(soft, dtype=np.float32) * np.float32(0.2 / 255)
    return shade
