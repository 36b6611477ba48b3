"""The menu under the conversation: camera, photos, my claims, what waits for me, help (``keihi line menu``).

The picture is drawn here, so that its words follow the server's language. Camera and photo roll open through LINE's
own addresses (https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/), which work inside a
conversation on a phone; the other fields say a command, as a person would type it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pylopdf_fonts_jp
from linebot.v3.messaging import RichMenuRequest
from PIL import Image, ImageDraw, ImageFont

from bot.line.client import Line, model
from bot.line.flex import BRAND, INK
from bot.settings import Settings
from handlers.texts import t

NAME = "keihi"
WIDTH, HEIGHT = 2500, 843
WIDE = 900
"""Width of the camera's field, in pixels of the picture; the four others share the rest."""
GROUND, TILE = "#E9EEF0", "#FFFFFF"
CAMERA, ROLL = "https://line.me/R/nv/camera/", "https://line.me/R/nv/cameraRoll/multi"


@dataclass(frozen=True)
class Tile:
    """One field: its label (a msgid), what a tap does, its icon, and its place (left, top, width, height) in pixels."""

    label: str
    place: tuple[int, int, int, int]
    icon: str
    uri: str = ""
    says: str = ""  # the word of a command in each language: "Japanese|English"


_HALF, _COLUMN = HEIGHT // 2, (WIDTH - WIDE) // 2
TILES = (
    Tile("Photograph a receipt", (0, 0, WIDE, HEIGHT), "camera", uri=CAMERA),
    Tile("Choose photos", (WIDE, 0, _COLUMN, _HALF), "photos", uri=ROLL),
    Tile("My claims", (WIDE + _COLUMN, 0, _COLUMN, _HALF), "list", says="申請一覧|claims"),
    Tile("Waiting for me", (WIDE, _HALF, _COLUMN, HEIGHT - _HALF), "check", says="承認待ち|waiting"),
    Tile("Help", (WIDE + _COLUMN, _HALF, _COLUMN, HEIGHT - _HALF), "help", says="ヘルプ|help"),
)


def install_menu(settings: Settings) -> str:
    """Make the menu everybody's and remove its predecessors; returns its id. Raises PlatformBusy, PlatformRefused."""
    line, locale = Line(settings), settings.locale
    older = [one.rich_menu_id for one in line.call("get_rich_menu_list").richmenus if one.name == NAME]
    made = str(line.call("create_rich_menu", model(RichMenuRequest, request(locale))).rich_menu_id)
    line.call("set_rich_menu_image", made, picture(locale), _headers={"Content-Type": "image/png"})
    line.call("set_default_rich_menu", made)
    for one in older:
        line.call("delete_rich_menu", one)
    return made


def request(locale: str) -> dict[str, Any]:
    """The menu as LINE's API takes it."""
    areas = [{"bounds": _bounds(tile), "action": _action(tile, locale)} for tile in TILES]
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "name": NAME,
        "chatBarText": t(locale, "Menu"),
        "areas": areas,
    }


def picture(locale: str) -> bytes:
    """The menu's picture, a PNG of at most a megabyte; drawn twice as large, for smooth edges."""
    image = Image.new("RGB", (2 * WIDTH, 2 * HEIGHT), GROUND)
    draw = ImageDraw.Draw(image)
    for tile in TILES:
        wide = tile.icon == "camera"
        paper, sign, ink = (BRAND, TILE, TILE) if wide else (TILE, BRAND, INK)
        left, top, width, height = (2 * number for number in tile.place)
        draw.rounded_rectangle((left + 32, top + 32, left + width - 32, top + height - 32), radius=72, fill=paper)
        x, y, size = left + width // 2, top + height // 2, 520 if wide else 260
        _icon(draw, tile.icon, x, y - size * 2 // 5, size, sign, paper)
        words = t(locale, tile.label)
        font = _font(words, 200 if wide else 148, width - 260)
        draw.text((x, y + size * 3 // 5), words, font=font, anchor="mm", fill=ink, stroke_width=2, stroke_fill=ink)
    out = io.BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bounds(tile: Tile) -> dict[str, int]:
    return dict(zip(("x", "y", "width", "height"), tile.place, strict=True))


def _action(tile: Tile, locale: str) -> dict[str, str]:
    label = t(locale, tile.label)[:20]
    if tile.uri:
        return {"type": "uri", "label": label, "uri": tile.uri}
    japanese, english = tile.says.split("|")
    return {"type": "message", "label": label, "text": japanese if locale == "ja" else english}


def _font(words: str, size: int, width: int) -> ImageFont.FreeTypeFont:
    """The largest font up to ``size`` in which the words fit ``width`` pixels."""
    font = ImageFont.truetype(str(pylopdf_fonts_jp.sans_path()), size)
    while font.getlength(words) > width and size > 30:
        size -= 4
        font = ImageFont.truetype(str(pylopdf_fonts_jp.sans_path()), size)
    return font


def _icon(draw: ImageDraw.ImageDraw, icon: str, x: int, y: int, size: int, ink: str, ground: str) -> None:
    """A simple sign of ``size`` pixels around (x, y)."""
    h, w = size // 2, max(8, size // 14)
    if icon == "camera":
        draw.rounded_rectangle((x - h // 3, y - h * 3 // 4, x + h // 3, y), radius=w, fill=ink)
        draw.rounded_rectangle((x - h, y - h // 2, x + h, y + h * 3 // 4), radius=2 * w, fill=ink)
        draw.circle((x, y + h // 8), h * 5 // 11, fill=ground)
        draw.circle((x, y + h // 8), h * 3 // 11, fill=ink)
    elif icon == "photos":
        draw.rounded_rectangle((x - h, y - h * 3 // 4, x + h, y + h * 3 // 4), radius=w * 2, outline=ink, width=w)
        draw.circle((x + h * 2 // 5, y - h // 4), h // 6, fill=ink)
        hills = [(-h * 3 // 4, h // 2), (-h // 4, -h // 8), (h // 8, h // 4), (h * 2 // 5, 0), (h * 3 // 4, h // 2)]
        draw.polygon([(x + dx, y + dy) for dx, dy in hills], fill=ink)
    elif icon == "list":
        for dy in (-h * 3 // 5, 0, h * 3 // 5):
            draw.circle((x - h * 4 // 5, y + dy), w * 4 // 5, fill=ink)
            draw.rounded_rectangle((x - h // 2, y + dy - w // 2, x + h, y + dy + w // 2), radius=w // 2, fill=ink)
    elif icon == "check":
        draw.circle((x, y), h, outline=ink, width=w)
        tick = [(x - h * 2 // 5, y), (x - h // 8, y + h // 3), (x + h * 2 // 5, y - h // 3)]
        draw.line(tick, fill=ink, width=w * 5 // 4, joint="curve")
    else:
        draw.circle((x, y), h, outline=ink, width=w)
        font = ImageFont.truetype(str(pylopdf_fonts_jp.sans_path()), size * 3 // 4)
        draw.text((x, y), "?", font=font, anchor="mm", fill=ink, stroke_width=2, stroke_fill=ink)
