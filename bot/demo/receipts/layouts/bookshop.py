"""Bookshop and stationer: one rate, prices with tax, a sober head on the left and a note about returns."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.wares import basket


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "bookshop"), style(rng)
    items = basket(rng, "bookshop", 1, 5)
    bill = Bill(items, inclusive=True)
    paid = settle(rng, bill.total)
    slip = Slip(rng.choice((34, 36, 40)), face=rng.choice(("serif", "sans")))

    slip.display(place.name, 76, "left", face="serif", bold=rng.random() < 0.4)
    slip.text(f"{place.branch or ''}  Tel.{place.phone}".strip())
    slip.text(place.address, size=0.85)
    if place.company:
        slip.text(place.company, size=0.9)
    slip.text(look.number(place.registration_number))
    slip.rule("double")
    slip.pair(look.stamp(when), f"No.{rng.randint(1, 99999):05d}")
    slip.gap(10)
    for item in items:
        slip.text(item.name)
        slip.pair(f"{rng.randrange(10**13):013d}  {item.quantity}点", look.yen(item.amount), size=0.95)
    slip.rule("line")
    slip.pair("お買上点数", f"{sum(item.quantity for item in items)}点")
    blocks.total(slip, bill.total, look)
    blocks.taxes(slip, bill, look, rng)
    blocks.settled(slip, paid, bill.total, look)
    slip.rule("line")
    slip.text("返品・交換は本票をご持参のうえ7日以内にお申し出ください。", size=0.8)
    return blocks.thermal(
        slip, blocks.truth("bookshop", place, when, bill.total, bill.taxes, paid=paid, items=items, category="supplies")
    )
