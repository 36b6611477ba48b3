"""Café: a drawn sign, few lines, eat-in at 10 % and sometimes beans to take home at 8 %."""

from datetime import datetime
from random import Random

from PIL import Image, ImageDraw

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.wares import basket


def cup(size: int = 190) -> Image.Image:
    """A cup with steam, as ink."""
    big = Image.new("L", (size * 2, size * 2), 0)
    pen = ImageDraw.Draw(big)
    s = size * 2 / 100
    pen.pieslice((22 * s, 18 * s, 72 * s, 88 * s), 0, 180, fill=255)
    pen.ellipse((63 * s, 52 * s, 86 * s, 74 * s), outline=255, width=round(5 * s))
    pen.rounded_rectangle((14 * s, 90 * s, 80 * s, 95 * s), radius=2 * s, fill=255)
    for x in (34, 47, 60):
        pen.arc((x * s, 22 * s, (x + 9) * s, 36 * s), 90, 270, fill=255, width=round(3 * s))
        pen.arc((x * s, 36 * s - 1.5 * s, (x + 9) * s, 49 * s), 270, 90, fill=255, width=round(3 * s))
    return big.resize((size, size), Image.Resampling.LANCZOS)


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "cafe"), style(rng)
    items = basket(rng, "cafe", 1, 4, many=0.3)
    if rng.random() < 0.35:
        items += basket(rng, "cafe_takeaway", 1, 2, many=0.1)
    bill = Bill(items, inclusive=True)
    paid = settle(rng, bill.total)
    number = rng.random() < 0.85
    slip = Slip(rng.choice((28, 30, 32)), face=rng.choice(("sans", "serif")), leading=1.3)

    if rng.random() < 0.7:
        slip.image(cup())
    slip.display(place.name, 78, face=rng.choice(("serif", "serif", "sans")), track=rng.choice((0, 4, 10)))
    if place.branch:
        slip.text(place.branch, "center")
    slip.gap(8)
    slip.text(place.address, "center", size=0.8)
    slip.text(f"TEL {place.phone}", "center", size=0.9)
    if number:
        slip.text(look.number(place.registration_number), "center", size=0.9)
    slip.gap(14)
    slip.rule(rng.choice(("dash", "double", "line")))
    slip.text(look.stamp(when))
    if rng.random() < 0.6:
        slip.text(f"テーブル {rng.randint(1, 18)}   伝票 {rng.randint(1, 9999):04d}", size=0.9)
    slip.gap(14)
    blocks.lines(slip, items, look)
    slip.gap(6)
    slip.rule("dash")
    blocks.total(slip, bill.total, look)
    blocks.taxes(slip, bill, look, rng)
    slip.gap(8)
    blocks.settled(slip, paid, bill.total, look)
    if any(item.reduced for item in items):
        slip.text(f"{look.reduced_mark} 軽減税率対象", size=0.85)
    slip.gap()
    slip.text(
        rng.choice(("またのお越しをお待ちしております", "ごゆっくりお過ごしください", "Thank you! またどうぞ")),
        "center",
        size=0.9,
    )
    return blocks.thermal(
        slip,
        blocks.truth(
            "cafe", place, when, bill.total, bill.taxes, paid=paid, items=items, number=number, category="meals"
        ),
    )
