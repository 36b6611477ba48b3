"""Taxi: a narrow slip of the meter with fare, surcharges, car number and the tax inside."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Item


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "taxi"), style(rng)
    fare = 500 + 100 * rng.randint(0, 12) + 80 * rng.randint(0, 25)
    items = [Item("運賃", 1, fare, 10)]
    if rng.random() < 0.25:
        items.append(Item("迎車料金", 1, 300, 10))
    if rng.random() < 0.2:
        items.append(Item("高速代等", 1, rng.choice((320, 580, 950, 1320)), 10))
    bill = Bill(tuple(items), inclusive=True)
    paid = settle(rng, bill.total)
    slip = Slip(rng.choice((24, 26, 28)), leading=1.32)

    slip.display(rng.choice(("領 収 書", "領　収　書", "領 収 証")), 74, bold=True)
    slip.gap(6)
    slip.text(rng.choice(("ご乗車ありがとうございます", "毎度ご乗車ありがとうございます")), "center", size=0.85)
    slip.rule("line")
    slip.pair("日付" if rng.random() < 0.5 else "乗車日", look.date(when.date()))
    slip.pair("時刻", f"{when:%H:%M}")
    slip.pair("車番", f"{rng.randint(1, 999)}")
    slip.gap(12)
    for item in items:
        slip.pair(item.name, look.yen(item.amount))
    slip.rule("line")
    slip.pair(
        "合計" if len(items) > 1 else rng.choice(("合計", "領収金額", "お支払額")),
        look.yen(bill.total),
        tall=2,
        bold=True,
    )
    tax = bill.taxes[0]
    slip.text(f"(10%対象 {look.yen(tax.amount)})", "right", size=0.9)
    slip.text(f"(内消費税等 {look.yen(tax.tax)})", "right", size=0.9)
    slip.gap(8)
    blocks.settled(slip, paid, bill.total, look)
    slip.rule("line")
    slip.text("上記の通り領収致しました", size=0.9)
    slip.gap(10)
    slip.display(place.name, 58, "left", bold=True)
    if place.company and rng.random() < 0.7:
        slip.text(place.company, size=0.95)
    slip.text(f"登録番号 {place.registration_number}", size=0.95)
    slip.text(f"TEL {place.phone}")
    return blocks.thermal(
        slip,
        blocks.truth("taxi", place, when, bill.total, bill.taxes, paid=paid, items=tuple(items), category="travel"),
    )
