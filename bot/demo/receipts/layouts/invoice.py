"""Invoice (適格請求書) on A4: recipient, table of lines, sums by rate, tax on top; the sender's seal."""

from datetime import datetime
from random import Random

from PIL import Image, ImageDraw

from bot.demo.receipts.fonts import Face, font
from bot.demo.receipts.layouts import blocks, stamps
from bot.demo.receipts.money import Bill
from bot.demo.receipts.numbers import digits
from bot.demo.receipts.shops import ADDRESSEES, shop
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Kind
from bot.demo.receipts.wares import basket

SIZE = (1500, 2122)
"""A4 at about 180 dpi."""


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "invoice"), style(rng)
    items = basket(rng, "invoice", 2, 6, many=0.3)
    bill = Bill(items, inclusive=False)
    addressee = rng.choice([name for name in ADDRESSEES if name != "上"])
    face: Face = rng.choice(("sans", "serif"))
    ink = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(ink)

    def put(x: int, y: int, text: str, size: int = 34, anchor: str = "la", bold: bool = False) -> None:
        pen.text((x, y), text, font=font(face, size), fill=255, anchor=anchor, stroke_width=1 if bold else 0)

    left, right = 120, SIZE[0] - 120
    put(SIZE[0] // 2, 120, rng.choice(("請　求　書", "御 請 求 書", "請求書")), 72, "ma", True)
    put(right, 240, f"請求日 {look.date(when.date())}", 32, "ra")
    put(right, 288, f"請求番号 {digits(rng, 7)}", 32, "ra")
    put(left, 300, f"{addressee} 御中", 48)
    pen.line((left, 368, 800, 368), fill=255, width=3)
    put(left, 410, "下記の通りご請求申し上げます。", 32)

    y = 400
    for text, size in (
        (place.name + (f" {place.branch}" if place.branch else ""), 40),
        (f"〒{place.postcode}", 30),
        (place.address, 30),
        (f"TEL {place.phone}", 30),
        (f"登録番号 {place.registration_number}", 32),
    ):
        put(right, y, text, size, "ra")
        y += size + 18
    put(left, 520, "ご請求金額", 40)
    put(left + 240, 506, f"¥{bill.total:,}-", 60, bold=True)
    put(left + 620, 530, "(税込)", 30)
    pen.line((left, 590, 800, 590), fill=255, width=5)

    y = 720
    columns = (left, 860, 1010, 1190, right)
    pen.rectangle((left, y, right, y + 60), fill=60)
    for x, text, anchor in (
        (left + 20, "品目", "la"),
        (960, "数量", "ra"),
        (1150, "単価", "ra"),
        (right - 20, "金額", "ra"),
    ):
        put(x, y + 10, text, 32, anchor, True)
    for row in range(10):
        y += 60
        pen.line((left, y + 60, right, y + 60), fill=120, width=2)
        if row < len(items):
            item = items[row]
            put(left + 20, y + 10, item.name, 30)
            put(960, y + 10, f"{item.quantity}", 32, "ra")
            put(1150, y + 10, f"{item.amount // item.quantity:,}", 32, "ra")
            put(right - 20, y + 10, f"{item.amount:,}", 32, "ra")
    for x in columns:
        pen.line((x, 720, x, y + 60), fill=120, width=2)
    y += 90
    put(1150, y, "小計", 34, "ra")
    put(right - 20, y, f"{bill.subtotal:,}円", 34, "ra")
    for line in bill.taxes:
        y += 56
        put(1150, y, f"{line.rate}%対象 {line.amount:,}円  消費税", 32, "ra")
        put(right - 20, y, f"{line.tax:,}円", 34, "ra")
    y += 66
    put(1150, y, "合計", 42, "ra", True)
    put(right - 20, y, f"{bill.total:,}円", 44, "ra", True)
    y += 110
    put(left, y, "お支払期限 翌月末日  お振込先は別紙をご覧ください。", 30)
    seal = stamps.company_seal(place.name, 150, rng)
    red = Image.new("L", SIZE, 0)
    red.paste(seal, (right - 150, y - 20))
    return blocks.Printed(
        ((ink, (34, 34, 40)), (red, stamps.VERMILION)),
        blocks.truth(
            "invoice",
            place,
            when,
            bill.total,
            bill.taxes,
            kind=Kind.INVOICE,
            items=items,
            clock=False,
            addressee=addressee,
            category="other",
        ),
        "plain",
    )
