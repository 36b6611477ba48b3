"""Supermarket: many lines, both rates, reduced-rate marks, number of articles, points."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Item
from bot.demo.receipts.wares import basket


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "supermarket"), style(rng)
    items = basket(rng, "supermarket", 5, 13)
    if rng.random() < 0.3:
        items = (*items, Item("値引", 1, -rng.choice((20, 30, 50)), 8)) if items[0].rate == 8 else items
    bill = Bill(items, look.inclusive)
    paid = settle(rng, bill.total)
    slip = Slip(rng.choice((32, 36, 40)))

    blocks.head(slip, place, rng)
    slip.text(look.number(place.registration_number), "center")
    slip.gap(10)
    if rng.random() < 0.4:
        slip.text(rng.choice(("毎週火曜は野菜の日!", "毎度ありがとうございます", "ポイント5倍デー開催中")), "center")
    slip.rule(rng.choice(("dash", "line", "equals")))
    slip.pair(look.stamp(when), f"レジ{rng.randint(1, 12):02d}")
    slip.text(f"責No.{rng.randint(1, 999):03d}  取引{rng.randint(1, 9999):04d}", size=0.9)
    slip.gap(12)
    blocks.lines(slip, items, look, unit_line=rng.random() < 0.5)
    slip.rule("dash")
    count = sum(item.quantity for item in items if item.amount > 0)
    slip.pair(f"小計 ({count}点)" if rng.random() < 0.5 else "小計", look.yen(bill.subtotal))
    if not bill.inclusive:
        blocks.taxes(slip, bill, look, rng)
    blocks.total(slip, bill.total, look)
    if bill.inclusive:
        blocks.taxes(slip, bill, look, rng)
    blocks.settled(slip, paid, bill.total, look)
    slip.rule("dash")
    slip.text(
        {"軽": "「軽」は軽減税率対象商品です"}.get(look.reduced_mark, f"{look.reduced_mark}印は軽減税率(8%)適用商品"),
        size=0.9,
    )
    if rng.random() < 0.5:
        slip.pair("今回ポイント", f"{bill.total // 200}P")
        slip.pair("累計ポイント", f"{rng.randint(20, 4000)}P")
    if rng.random() < 0.5:
        slip.gap()
        slip.barcode(f"{rng.randrange(10**13):013d}")
    return blocks.thermal(
        slip,
        blocks.truth("supermarket", place, when, bill.total, bill.taxes, paid=paid, items=items, category="groceries"),
    )
