"""The photograph: a sheet laid on a desk, seen by a telephone. Light, shadow, curl, creases, blur, grain, JPEG.

The sheet is warped backwards: each small cell of the picture looks up the quadrilateral of the sheet that it shows, so
perspective, turn and curl are one step and Pillow's MESH transform does the work.
"""

import io
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from bot.demo.receipts import props
from bot.demo.receipts.paper import Field, noise, shifted
from bot.demo.receipts.surfaces import surface

CELLS = 36
"""Cells of the mesh along each side."""


@dataclass(frozen=True)
class Scene:
    """How the photograph was taken.

    `long_side` px of the picture; `fill` share of the frame that the sheet takes; `angle` degrees; `tilt` perspective
    (0.1 is strong); `curl` share of the width by which the sheet bends; `light` degrees from where it comes;
    `shadow`, `crease`, `wrinkle`, `vignette` 0 to 1; `cast`: the photographer's shadow over the sheet, 0 to 1;
    `props`: (name, centre as shares of width and height, size as share of the width, degrees) of things on the desk;
    `leaves`: the soft shadow of a plant;
    `blur` px; `motion` px; `grain` grey levels; `turn` quarter turns of the finished picture, in degrees.
    """

    surface: str = "oak"
    long_side: int = 1600
    aspect: float = 0.75
    fill: float = 0.9
    angle: float = 0.0
    tilt: float = 0.0
    curl: float = 0.0
    light: float = 225.0
    shadow: float = 0.6
    crease: float = 0.0
    wrinkle: float = 0.0
    vignette: float = 0.25
    cast: float = 0.0
    warmth: float = 0.0
    exposure: float = 1.0
    blur: float = 0.0
    motion: int = 0
    grain: float = 2.0
    props: tuple[tuple[str, tuple[float, float], float, float], ...] = ()
    leaves: bool = False
    turn: Literal[0, 90, 180, 270] = 0
    quality: int = 88
    png: bool = False


def photograph(sheet: Image.Image, scene: Scene, rng: Generator) -> Image.Image:
    """RGB picture of the RGBA `sheet` on the scene's surface."""
    width, height = _frame(sheet, scene)
    laid, corners = _fit(sheet, scene, width, height)
    lit = _lit(laid, scene, rng)
    warped = _warp(lit, corners, scene, width, height, rng)
    desk = surface(scene.surface, rng, height, width).copy()
    for name, at, scale, turned in scene.props:
        props.place(desk, name, at, scale, turned, scene.light)
    alpha = warped.getchannel("A")
    desk *= _shadow(alpha, scene)[:, :, None]
    cover = np.asarray(alpha, dtype=np.float32)[:, :, None] / 255
    picture = desk + (np.asarray(warped.convert("RGB"), dtype=np.float32) - desk) * cover
    picture *= _lamp(scene, height, width, rng)[:, :, None] * scene.exposure
    if scene.leaves:
        picture *= props.leaves(height, width, rng)[:, :, None]
    picture[:, :, 0] *= 1 + scene.warmth
    picture[:, :, 2] *= 1 - scene.warmth
    return _camera(picture, scene, rng)


def encode(picture: Image.Image, scene: Scene) -> tuple[bytes, str]:
    """Bytes and media type."""
    out = io.BytesIO()
    if scene.png:
        picture.save(out, "PNG")
        return out.getvalue(), "image/png"
    picture.save(out, "JPEG", quality=scene.quality, subsampling=0 if scene.quality >= 92 else 2)
    return out.getvalue(), "image/jpeg"


def _frame(sheet: Image.Image, scene: Scene) -> tuple[int, int]:
    """Width and height of the picture: upright for tall sheets; larger when letters would become unreadably small."""
    tall = sheet.height >= sheet.width
    long_side = max(scene.long_side, min(2600, round(max(sheet.size) * 0.52 / scene.fill)))
    short = round(long_side * scene.aspect)
    return (short, long_side) if tall else (long_side, short)


def _fit(sheet: Image.Image, scene: Scene, width: int, height: int) -> tuple[Image.Image, list[tuple[float, float]]]:
    """The sheet at the size it will have, and where its corners (tl, tr, br, bl) lie in the picture."""
    turn = math.radians(scene.angle)
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    scale = scene.fill * min(
        width / (sheet.width * cos + sheet.height * sin), height / (sheet.width * sin + sheet.height * cos)
    )
    w, h = max(8, round(sheet.width * scale)), max(8, round(sheet.height * scale))
    laid = sheet.resize((w, h), Image.Resampling.LANCZOS)
    corners = []
    for x, y in ((-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)):
        x *= 1 + scene.tilt * (y / h)
        px, py = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        corners.append((width / 2 + px, height / 2 + py))
    return laid, corners


def _lit(sheet: Image.Image, scene: Scene, rng: Generator) -> Image.Image:
    """Light on the sheet itself: curl, creases and wrinkles turn parts of it to or from the lamp."""
    h, w = sheet.height // 2 + 1, sheet.width // 2 + 1
    y = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    x = np.linspace(0, 1, w, dtype=np.float32)[None, :]
    side = math.cos(math.radians(scene.light))
    light: Field = np.ones((h, w), dtype=np.float32)
    light += scene.curl * 1.4 * (np.cos(y * math.pi * 2 + 0.6) * 0.7 - side * (x - 0.5)) * np.ones_like(light)
    light += 0.035 * (0.5 - y)
    if scene.crease:
        for at in rng.uniform(0.25, 0.8, 2 if scene.crease > 0.6 else 1):
            bent = y - at + (x - 0.5) * rng.uniform(-0.03, 0.03)
            light += scene.crease * (0.10 * np.exp(-((bent + 0.006) ** 2) / 2e-5) - 0.14 * np.exp(-(bent**2) / 3e-5))
            light += scene.crease * 0.05 * np.tanh(bent * 14)
    if scene.wrinkle:
        relief = noise(rng, h, w, 7, 4) * 1.0 + noise(rng, h, w, 18, 10) * 0.5
        slope = np.gradient(relief, axis=0) * h / 40 + np.gradient(relief, axis=1) * w / 40 * -side
        light += scene.wrinkle * np.clip(slope, -1.2, 1.2) * 0.10
    shade = Image.fromarray(np.clip(light * 225, 0, 255).astype(np.uint8), "L").resize(
        sheet.size, Image.Resampling.BICUBIC
    )
    colours = (
        np.asarray(sheet.convert("RGB"), dtype=np.float32) * (np.asarray(shade, dtype=np.float32) / 225)[:, :, None]
    )
    lit = Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8), "RGB")
    lit.putalpha(sheet.getchannel("A"))
    return lit


def _warp(
    sheet: Image.Image, corners: list[tuple[float, float]], scene: Scene, width: int, height: int, rng: Generator
) -> Image.Image:
    border = 6
    padded = Image.new("RGBA", (sheet.width + 2 * border, sheet.height + 2 * border), (250, 250, 248, 0))
    padded.paste(sheet, (border, border))
    back = _homography(corners, sheet.size)
    phase, bow = rng.uniform(0, math.pi), rng.choice((-1.0, 1.0))

    def source(x: float, y: float) -> tuple[float, float]:
        depth = back[6] * x + back[7] * y + 1
        u = (back[0] * x + back[1] * y + back[2]) / depth
        v = (back[3] * x + back[4] * y + back[5]) / depth
        s, t = u / sheet.width, v / sheet.height
        u += scene.curl * sheet.width * 0.5 * math.sin(math.pi * 1.3 * t + phase)
        v += scene.curl * sheet.width * bow * (0.5 - 2 * (s - 0.5) ** 2)
        return u + border, v + border

    xs = [round(width * i / CELLS) for i in range(CELLS + 1)]
    ys = [round(height * i / CELLS) for i in range(CELLS + 1)]
    nodes = {(x, y): source(x, y) for x in xs for y in ys}
    mesh = []
    for x0, x1 in pairwise(xs):
        for y0, y1 in pairwise(ys):
            quad = (*nodes[x0, y0], *nodes[x0, y1], *nodes[x1, y1], *nodes[x1, y0])
            us, vs = quad[0::2], quad[1::2]
            if max(us) > 0 and min(us) < padded.width and max(vs) > 0 and min(vs) < padded.height:
                mesh.append(((x0, y0, x1, y1), quad))
    warped = Image.new("RGBA", (width, height), (250, 250, 248, 0))
    # BICUBIC keeps thin strokes; the fill outside the sheet is transparent.
    done = padded.transform((width, height), Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    warped.paste(done, (0, 0))
    return warped


def _homography(corners: list[tuple[float, float]], size: tuple[int, int]) -> tuple[float, ...]:
    """Eight numbers that lead from the picture back to the sheet."""
    w, h = size
    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (w, 0), (w, h), (0, h)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return tuple(
        float(value) for value in np.linalg.solve(np.array(rows, dtype=np.float64), np.array(wanted, dtype=np.float64))
    )


def _shadow(alpha: Image.Image, scene: Scene) -> Field:
    """Factor for the desk: a tight shadow where the paper touches, a wide soft one away from the light."""
    quarter = alpha.resize((alpha.width // 4, alpha.height // 4), Image.Resampling.BOX)
    unit = max(quarter.size) / 400
    away = math.radians(scene.light + 180)

    def cast(distance: float, soft: float) -> Field:
        moved = shifted(quarter, math.cos(away) * distance * unit, -math.sin(away) * distance * unit)
        spread = moved.filter(ImageFilter.GaussianBlur(soft * unit))
        covered: Field = np.asarray(spread.resize(alpha.size, Image.Resampling.BICUBIC), dtype=np.float32)
        return covered * np.float32(1 / 255)

    dark = np.clip(0.55 * cast(2.5, 2.2) + 0.5 * cast(8, 9), 0, 1)
    return (1 - scene.shadow * dark).astype(np.float32)


def _lamp(scene: Scene, h: int, w: int, rng: Generator) -> Field:
    """Light over the whole picture: brighter towards the lamp, darker in the corners, and the photographer's shadow."""
    y, x = np.mgrid[0 : h // 8 + 1, 0 : w // 8 + 1].astype(np.float32) * 8
    cx, cy = (x / w - 0.5) * 2, (y / h - 0.5) * 2
    toward = math.cos(math.radians(scene.light)) * cx - math.sin(math.radians(scene.light)) * cy
    light = 1 + 0.09 * toward - scene.vignette * 0.32 * np.clip(np.hypot(cx, cy) - 0.45, 0, None) ** 2
    if scene.cast:
        edge = cx * rng.uniform(-0.4, 0.4) + cy - rng.uniform(-0.1, 0.5)
        light *= 1 - scene.cast * 0.55 / (1 + np.exp(-edge * 9))
    small = Image.fromarray(light.astype(np.float32), mode=None)
    return np.asarray(small.resize((w, h), Image.Resampling.BICUBIC), dtype=np.float32)


def _camera(picture: NDArray[np.floating[Any]], scene: Scene, rng: Generator) -> Image.Image:
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8), "RGB")
    if scene.blur:
        image = image.filter(ImageFilter.GaussianBlur(scene.blur))
    if scene.motion:
        shifts = [
            ImageChops.offset(image, step, step // 3) for step in range(-scene.motion // 2, scene.motion // 2 + 1)
        ]
        image = shifts[0]
        for count, moved in enumerate(shifts[1:], start=2):
            image = Image.blend(image, moved, 1 / count)
    if scene.grain:
        h, w = image.height, image.width
        grain = rng.standard_normal((h, w), dtype=np.float32) * scene.grain
        image = Image.fromarray(
            np.clip(np.asarray(image, dtype=np.float32) + grain[:, :, None], 0, 255).astype(np.uint8), "RGB"
        )
    return image.rotate(scene.turn, expand=True) if scene.turn else image
