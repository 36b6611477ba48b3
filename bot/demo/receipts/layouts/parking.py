"""Car park machine: entry, exit, duration, fee."""

from datetime import datetime, timedelta
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Item


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "parking"), style(rng)
    minutes = min(rng.randint(12, 460), when.hour * 60 + when.minute)
    unit = rng.choice((100, 200, 300))
    fee = max(unit, unit * -(-minutes // 30))
    items = (Item("駐車料金", 1, fee, 10),)
    bill = Bill(items, inclusive=True)
    paid = settle(rng, bill.total)
    entered = when - timedelta(minutes=minutes)
    slip = Slip(rng.choice((26, 28, 30)))

    slip.display(rng.choice(("領 収 証", "領収書", "駐車場領収書")), 66, bold=True)
    slip.gap(6)
    slip.display(place.name, 70, bold=True)
    if place.branch:
        slip.text(f"{place.branch}駐車場", "center")
    slip.gap(10)
    slip.rule("star" if rng.random() < 0.4 else "line")
    slip.pair(rng.choice(("入庫", "入庫日時", "入場")), f"{look.date(entered.date())} {entered:%H:%M}")
    slip.pair(rng.choice(("出庫", "精算日時", "出場")), f"{look.date(when.date())} {when:%H:%M}")
    slip.pair("駐車時間", f"{minutes // 60}時間{minutes % 60:02d}分")
    slip.pair("車室番号", f"{rng.randint(1, 48)}")
    slip.rule("dash")
    slip.pair("駐車料金", look.yen(fee))
    slip.pair(rng.choice(("合計", "合計金額", "領収額")), look.yen(fee), tall=2, bold=True)
    tax = bill.taxes[0]
    slip.pair("10%対象", look.yen(tax.amount), size=0.95)
    slip.pair("(内消費税", f"{look.yen(tax.tax)})", size=0.95)
    blocks.settled(slip, paid, fee, look)
    slip.rule("dash")
    if place.company:
        slip.text(place.company, size=0.95)
    slip.text(look.number(place.registration_number), size=0.95)
    slip.text(f"お問合せ {place.phone}", size=0.95)
    slip.text("ご利用ありがとうございました", "center", size=0.9)
    return blocks.thermal(
        slip, blocks.truth("parking", place, when, fee, bill.taxes, paid=paid, items=items, category="travel")
    )
