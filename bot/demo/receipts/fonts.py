"""Printed glyphs: Noto Sans JP and Noto Serif JP (SIL OFL 1.1), from the package pylopdf-fonts-jp.

Receipt printers set half-width characters in one cell and full-width ones in two, so glyphs are made as masks that fit
their cells. Masks are kept: a receipt uses the same few hundred again and again.
"""

import unicodedata
from functools import lru_cache
from typing import Literal

import pylopdf_fonts_jp
from PIL import Image, ImageDraw, ImageFont

Face = Literal["sans", "serif"]


@lru_cache(maxsize=64)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    path = pylopdf_fonts_jp.sans_path() if face == "sans" else pylopdf_fonts_jp.serif_path()
    return ImageFont.truetype(str(path), size)


def is_wide(char: str) -> bool:
    """Whether a till sets the character in two cells."""
    return unicodedata.east_asian_width(char) in "WFA" and char not in "¥°×"


def cells(text: str) -> int:
    return sum(2 if is_wide(char) else 1 for char in text)


@lru_cache(maxsize=4096)
def glyph(char: str, face: Face, em: int, bold: bool, width: int, height: int) -> Image.Image:
    """Mask (mode L) of `width` x `height` px for a character drawn at `em` px and squeezed into its cell."""
    natural = em if is_wide(char) else em // 2
    box = Image.new("L", (natural + em // 4, em + em // 3), 0)
    drawn = font(face, round(em * 0.94))
    advance = drawn.getlength(char)
    stroke = max(1, em // 30) if bold else 0
    ImageDraw.Draw(box).text(
        ((box.width - advance) / 2, em * 1.02), char, font=drawn, fill=255, anchor="ls", stroke_width=stroke
    )
    if advance > natural:
        keep = round(box.width * natural / advance)
        squeezed = box.resize((keep, box.height), Image.Resampling.BICUBIC)
        box.paste(0, (0, 0, *box.size))
        box.paste(squeezed, ((box.width - keep) // 2, 0))
    box = box.crop(((box.width - natural) // 2, 0, (box.width - natural) // 2 + natural, box.height))
    return box.resize((width, round(height * box.height / em)), Image.Resampling.BICUBIC)
