"""Seals in vermilion, as ink: a round name seal, a square company seal; and a green printed frame."""

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.demo.receipts.fonts import font

VERMILION = (196, 44, 36)


def company_seal(name: str, size: int, rng: Random) -> Image.Image:
    """Square seal: the name in columns from the right, closed by 印 or 之印 where a column would be short."""
    letters = "".join(char for char in name if not char.isspace() and not char.isascii())[:12] or "社"
    rows = 2 if len(letters) <= 2 else 3 if len(letters) <= 8 else 4
    letters += ("", "印", "之印", "之社印")[-len(letters) % rows]
    columns = len(letters) // rows
    big = Image.new("L", (size * 2, size * 2), 0)
    pen = ImageDraw.Draw(big)
    pen.rounded_rectangle((6, 6, size * 2 - 7, size * 2 - 7), radius=18, outline=255, width=12)
    inner = size * 2 - 48
    for index, char in enumerate(letters):
        column, row = divmod(index, rows)
        x = 24 + inner * (columns - column - 0.5) / columns
        y = 24 + inner * (row + 0.5) / rows
        em = round(min(inner / columns, inner / rows) * 0.92)
        pen.text((x, y), char, font=font("serif", em), fill=255, anchor="mm", stroke_width=2)
    return _worn(big.resize((size, size), Image.Resampling.LANCZOS), rng)


def name_seal(name: str, size: int, rng: Random) -> Image.Image:
    """Round seal with a family name set upright."""
    big = Image.new("L", (size * 2, size * 2), 0)
    pen = ImageDraw.Draw(big)
    pen.ellipse((6, 6, size * 2 - 7, size * 2 - 7), outline=255, width=9)
    step = size * 1.45 / len(name)
    for index, char in enumerate(name):
        y = size + (index - (len(name) - 1) / 2) * step
        pen.text(
            (size, y), char, font=font("serif", round(min(step, size * 0.95))), fill=255, anchor="mm", stroke_width=2
        )
    return _worn(big.resize((size, size), Image.Resampling.LANCZOS), rng)


def _worn(seal: Image.Image, rng: Random) -> Image.Image:
    """Uneven ink and a slight turn, as by hand."""
    grain = Image.frombytes("L", (24, 24), bytes(rng.randrange(150, 256) for _ in range(576)))
    seal = ImageChops.multiply(seal, grain.resize(seal.size, Image.Resampling.BICUBIC))
    return seal.rotate(rng.uniform(-5, 5), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.6))
