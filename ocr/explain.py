"""A picture of how a receipt was read: every field's box in its colour, with name, value and confidence beside it."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from ocr.images import Limits, open_bytes
from ocr.reading import FIELD_NAMES, Box, Reading, TaxLine

COLOURS = {
    "total": "#d81b60",
    "date": "#1e88e5",
    "issuer": "#43a047",
    "registration_number": "#8e24aa",
    "taxes": "#fb8c00",
}
OTHER = "#546e7a"
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "DejaVuSans.ttf",
)


def draw(data: bytes, reading: Reading, *, long_side: int = 1600, limits: Limits | None = None) -> bytes:
    """A PNG of the reading's page with its boxes and a legend at the right. Raises like ``ocr.images.open_bytes``."""
    number = len(reading.pages) - 1
    page = open_bytes(data, limits).pages[max(number, 0)]
    picture = page.picture
    turned = reading.pages[-1].turned if reading.pages else 0
    if turned:
        picture = picture.rotate(-turned, expand=True)
    full = reading.pages[-1].width if reading.pages else picture.width
    ratio = min(1.0, long_side / max(picture.size))
    picture = picture.resize((max(1, round(picture.width * ratio)), max(1, round(picture.height * ratio))))
    scale = picture.width / full
    named = [(name, getattr(reading, name)) for name in FIELD_NAMES if getattr(reading, name).value is not None]
    # From top to bottom as on the paper, so that the lines between do not cross; what has no place comes last.
    named.sort(key=lambda one: (one[1].box is None, one[1].box.top if one[1].box else 0))
    step = (picture.height - 16) // max(len(named), 8)
    font, small = _font(max(12, min(26, round(step * 0.36)))), _font(max(10, min(20, round(step * 0.28))))
    legend = max(480, picture.height * 3 // 5)
    canvas = Image.new("RGB", (picture.width + legend, picture.height), "white")
    canvas.paste(picture)
    pen = ImageDraw.Draw(canvas)
    for line in reading.lines:
        pen.rectangle(_scaled(line.box, scale), outline="#cfd8dc")
    left, room = picture.width + 44, legend - 56
    for number, (name, field) in enumerate(named):
        y, colour = 8 + number * step, COLOURS.get(name, OTHER)
        sure = f"{name} {field.confidence:.2f}{' ?' if field.doubted else ''}  "
        pen.text((left, y), sure, fill=colour, font=font)
        after = round(font.getlength(sure))
        pen.text((left + after, y), _fitting(_short(field.value), font, room - after), fill="#212121", font=font)
        because = _fitting("; ".join(field.evidence), small, room)
        pen.text((left, y + round(font.size * 1.35)), because, fill="#607d8b", font=small)
        if field.box is not None:
            box = _scaled(field.box, scale)
            pen.rectangle(box, outline=colour, width=3)
            pen.line((box[2], (box[1] + box[3]) / 2, left - 8, y + font.size * 0.7), fill=colour, width=2)
    out = io.BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()


def _scaled(box: Box, scale: float) -> tuple[float, float, float, float]:
    return box.left * scale, box.top * scale, box.right * scale, box.bottom * scale


def _short(value: object) -> str:
    if isinstance(value, tuple):
        value = ", ".join(f"{v.rate} %: {v.tax}" if isinstance(v, TaxLine) else f"{v.name}: {v.amount}" for v in value)
    return str(getattr(value, "account", getattr(value, "method", value)))


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _font(size: int) -> ImageFont.FreeTypeFont:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
