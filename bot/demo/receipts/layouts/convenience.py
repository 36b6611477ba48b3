"""Convenience store: a sign on a bar, 領収証 as heading, prices with tax, 軽 marks."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.wares import basket


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "convenience"), style(rng)
    items = basket(rng, "convenience", 2, 6)
    bill = Bill(items, inclusive=True)
    paid = settle(rng, bill.total)
    slip = Slip(rng.choice((32, 32, 36)))

    if rng.random() < 0.5:
        slip.band(place.name, 1.5)
        slip.text(place.branch or "", "center")
    else:
        slip.display(place.name, 92, bold=True)
        slip.text(place.branch or "")
    slip.text(place.address, size=0.9)
    slip.text(f"電話:{place.phone}")
    slip.text(look.number(place.registration_number))
    slip.gap(10)
    slip.text(look.stamp(when))
    slip.text(f"レジ#{rng.randint(1, 4)}  責No.{rng.randint(1, 99):03d}", size=0.9)
    slip.gap(18)
    slip.display(rng.choice(("領 収 証", "領収書", "【領収証】")), 60)
    slip.gap(10)
    blocks.lines(slip, items, look)
    slip.gap(8)
    slip.rule("line")
    blocks.total(slip, bill.total, look)
    blocks.taxes(slip, bill, look, rng)
    slip.rule("line")
    blocks.settled(slip, paid, bill.total, look)
    slip.gap()
    slip.text(
        {"軽": "「軽」は軽減税率対象です。"}.get(look.reduced_mark, f"「{look.reduced_mark}」は軽減税率対象です。"),
        size=0.9,
    )
    return blocks.thermal(
        slip,
        blocks.truth(
            "convenience", place, when, bill.total, bill.taxes, paid=paid, items=items, category="convenience"
        ),
    )
