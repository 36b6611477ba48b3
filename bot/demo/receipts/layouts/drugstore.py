"""Drugstore: dense, half-width kana, sums of both rates in one block, points and a coupon below the total."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.wares import basket


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "drugstore"), style(rng)
    items = basket(rng, "drugstore", 3, 8)
    bill = Bill(items, look.inclusive)
    paid = settle(rng, bill.total)
    slip = Slip(rng.choice((36, 40, 42)), leading=1.12)

    slip.band(place.name, 1.5)
    slip.pair(place.branch or "", f"TEL {place.phone}")
    slip.text(place.address, size=0.85)
    slip.pair(place.company or "", place.registration_number, size=0.9)
    slip.gap(6)
    slip.pair(look.stamp(when), f"#{rng.randint(1, 9999):04d}")
    slip.rule("equals")
    blocks.lines(slip, items, look)
    slip.rule("dash")
    slip.pair(f"小計 {sum(item.quantity for item in items)}点", look.yen(bill.subtotal))
    if not bill.inclusive:
        blocks.taxes(slip, bill, look, rng)
    blocks.total(slip, bill.total, look)
    if bill.inclusive:
        blocks.taxes(slip, bill, look, rng)
    blocks.settled(slip, paid, bill.total, look)
    slip.rule("equals")
    slip.pair("前回ポイント残高", f"{rng.randint(0, 900)}P", size=0.9)
    slip.pair("今回付与ポイント", f"{bill.total // 100}P", size=0.9)
    slip.text(f"{look.reduced_mark}=軽減税率8%対象", size=0.85)
    if rng.random() < 0.4:
        slip.rule("star")
        slip.text("次回使える 100円引クーポン", "center", bold=True)
        slip.text("1,500円以上のお買上で", "center", size=0.9)
    return blocks.thermal(
        slip,
        blocks.truth("drugstore", place, when, bill.total, bill.taxes, paid=paid, items=items, category="supplies"),
    )
