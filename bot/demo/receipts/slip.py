"""A roll of receipt paper that is written from top to bottom.

Everything is drawn as ink (mode L, 0 bare paper, 255 full ink) at twice the dots of a thermal printer; `ink()` returns
what was written so far. Colour, paper, fading and the photograph come later, in paper.py and photo.py.
"""

from typing import Literal

from PIL import Image, ImageChops, ImageDraw

from bot.demo.receipts.fonts import Face, cells, font, glyph

Align = Literal["left", "center", "right"]
CELL = 24
"""Width of a half-width character in px: twelve dots of the printer, drawn twice as fine."""


class Slip:
    def __init__(self, columns: int, *, face: Face = "sans", margin: int = 30, leading: float = 1.18) -> None:
        self.columns = columns
        self.face: Face = face
        self.margin = margin
        self.width = columns * CELL + 2 * margin
        self.leading = leading
        self.y = 46
        self._ink = Image.new("L", (self.width, 600), 0)

    def _room(self, height: int) -> None:
        if self.y + height + 60 > self._ink.height:
            taller = Image.new("L", (self.width, self._ink.height + height + 900), 0)
            taller.paste(self._ink, (0, 0))
            self._ink = taller

    def _set(self, text: str, x: int, em: int, wide: float, tall: float, bold: bool) -> int:
        cell = round(em / 2 * wide)
        for char in text:
            width = cell * cells(char)
            if not char.isspace():
                mask = glyph(char, self.face, em, bold, width, round(em * tall))
                self._ink.paste(255, (x, self.y), mask)
            x += width
        return x

    def text(
        self,
        text: str,
        align: Align = "left",
        *,
        size: float = 1,
        wide: float = 1,
        tall: float = 1,
        bold: bool = False,
        indent: int = 0,
    ) -> None:
        """A line in cells; a line that is too long goes on below."""
        em = round(CELL * 2 * size)
        room = (self.columns - indent) * CELL
        long = round(em / 2 * wide) * cells(text)
        if room < long <= room * 1.25:
            wide = (room // cells(text)) / (em / 2)
        for line in _wrapped(text, max(1, int(room // (em / 2 * wide)))):
            length = round(em / 2 * wide) * cells(line)
            self._room(round(em * tall * 1.4))
            x = self.margin + indent * CELL
            x += {"left": 0, "center": (room - length) // 2, "right": room - length}[align]
            self._set(line, x, em, wide, tall, bold)
            self.y += round(em * tall * self.leading)

    def pair(
        self,
        left: str,
        right: str,
        *,
        size: float = 1,
        wide: float = 1,
        tall: float = 1,
        bold: bool = False,
        indent: int = 0,
    ) -> None:
        """A label at the left edge and a value at the right one; on two lines where both do not fit."""
        em = round(CELL * 2 * size)
        cell = round(em / 2 * wide)
        if (cells(left) + cells(right) + 1) * cell > (self.columns - indent) * CELL:
            self.text(left, size=size, wide=wide, tall=tall, bold=bold, indent=indent)
            self.text(right, "right", size=size, wide=wide, tall=tall, bold=bold, indent=indent)
            return
        self._room(round(em * tall * 1.4))
        self._set(left, self.margin + indent * CELL, em, wide, tall, bold)
        self._set(right, self.margin + self.columns * CELL - cell * cells(right), em, wide, tall, bold)
        self.y += round(em * tall * self.leading)

    def display(
        self,
        text: str,
        size: int,
        align: Align = "center",
        *,
        face: Face | None = None,
        bold: bool = False,
        track: int = 0,
    ) -> None:
        """Proportional lettering of `size` px, as on a sign: shop names and headings. Shrinks to the paper's width."""
        room = self.width - 2 * self.margin
        while size > 24 and _tracked(text, face or self.face, size, track) > room:
            size -= 2
        self._room(size * 2)
        drawn = font(face or self.face, size)
        x = float(self.margin)
        length = _tracked(text, face or self.face, size, track)
        x += {"left": 0.0, "center": (room - length) / 2, "right": room - length}[align]
        pen = ImageDraw.Draw(self._ink)
        stroke = max(1, size // 28) if bold else 0
        for char in text if track else (text,):
            pen.text((x, self.y + size * 0.95), char, font=drawn, fill=255, anchor="ls", stroke_width=stroke)
            x += drawn.getlength(char) + track
        self.y += round(size * 1.35)

    def rule(self, kind: Literal["line", "dash", "double", "equals", "star"] = "dash") -> None:
        if kind in ("equals", "star"):
            self.text(("=" if kind == "equals" else "*") * self.columns)
            return
        self._room(40)
        pen = ImageDraw.Draw(self._ink)
        left, right, y = self.margin, self.width - self.margin, self.y + 18
        if kind == "dash":
            for x in range(left, right, 20):
                pen.line((x, y, x + 11, y), fill=235, width=3)
        else:
            pen.line((left, y, right, y), fill=255, width=3)
            if kind == "double":
                pen.line((left, y + 8, right, y + 8), fill=255, width=3)
        self.y += 42

    def gap(self, height: int = 24) -> None:
        self._room(height)
        self.y += height

    def image(self, ink: Image.Image, align: Align = "center") -> None:
        """Stamp or logo as ink."""
        self._room(ink.height)
        x = {
            "left": self.margin,
            "center": (self.width - ink.width) // 2,
            "right": self.width - self.margin - ink.width,
        }[align]
        self.over(ink, (x, self.y))
        self.y += ink.height + 14

    def over(self, ink: Image.Image, at: tuple[int, int]) -> None:
        """Ink on top of what is there, without moving on."""
        self._room(max(0, at[1] + ink.height - self.y))
        there = self._ink.crop((*at, at[0] + ink.width, at[1] + ink.height))
        self._ink.paste(ImageChops.lighter(there, ink), at)

    def band(self, text: str, size: float = 1.2) -> None:
        """White letters on a black bar."""
        em = round(CELL * 2 * size)
        self._room(em * 2)
        bar = Slip(self.columns, face=self.face, margin=self.margin)
        bar.y = 10
        bar.text(text, "center", size=size, bold=True)
        strip = bar._ink.crop((0, 0, self.width, round(em * 1.5)))
        strip = ImageChops.invert(strip)
        ImageDraw.Draw(strip).rectangle((0, 0, self.margin - 1, strip.height), fill=0)
        ImageDraw.Draw(strip).rectangle((self.width - self.margin, 0, self.width, strip.height), fill=0)
        self._ink.paste(strip, (0, self.y))
        self.y += strip.height + 12

    def barcode(self, code: str, height: int = 90) -> None:
        """Bars with the digits below (a picture of a code, not a code of any standard)."""
        self._room(height + 70)
        pen = ImageDraw.Draw(self._ink)
        modules = [int(bit) for char in code for bit in f"{(ord(char) * 37 + 5) % 128:07b}"]
        step = max(2, min(5, (self.width - 4 * self.margin) // len(modules)))
        x = (self.width - step * len(modules)) // 2
        for bit in modules:
            if bit:
                pen.rectangle((x, self.y, x + step - 1, self.y + height), fill=255)
            x += step
        self.y += height + 8
        self.text(code, "center", size=0.8)

    def ink(self, tail: int = 60) -> Image.Image:
        return self._ink.crop((0, 0, self.width, self.y + tail))


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most `columns` cells, broken at a space where there is one in the second half."""
    lines, line = [], ""
    for char in text:
        if cells(line + char) > columns:
            head, space, tail = line.rpartition(" ")
            if space and 2 * cells(head) > columns:
                lines.append(head)
                line = tail
            else:
                lines.append(line)
                line = ""
        line += char
    return [*lines, line]


def _tracked(text: str, face: Face, size: int, track: int) -> float:
    return font(face, size).getlength(text) + track * max(0, len(text) - 1)
