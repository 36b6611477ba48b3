"""Restaurant and izakaya: table, number of persons, cover charge, service charge; prices with or without tax."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Item
from bot.demo.receipts.wares import basket

# What every guest has one of.
FOR_EACH = ("お通し", "コース 霧", "生ビール中", "本日の定食", "天ざるそば")


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "restaurant"), style(rng)
    persons = rng.randint(1, 8)
    items = tuple(
        Item(
            item.name,
            count := persons if item.name in FOR_EACH else rng.randint(1, max(1, persons // 2)),
            item.amount * count,
            item.rate,
        )
        for item in basket(rng, "restaurant", 3, 7, many=0)
    )
    service = 0
    if rng.random() < 0.2:
        service = sum(item.amount for item in items) // 10
        items = (*items, Item("サービス料10%", 1, service, 10))
    bill = Bill(items, look.inclusive)
    paid = settle(rng, bill.total)
    slip = Slip(rng.choice((30, 32, 36)))

    blocks.head(slip, place, rng, sign=80)
    slip.text(look.number(place.registration_number), "center", size=0.95)
    slip.gap(12)
    slip.display(rng.choice(("領収書", "お会計票", "領 収 証")), 58)
    slip.rule("line")
    slip.text(look.stamp(when))
    table = f"卓番 {rng.choice('ABC')}{rng.randint(1, 20)}"
    slip.pair(table, rng.choice((f"人数 {persons}名", f"{persons}名様", f"客数:{persons}名")))
    slip.rule("dash")
    blocks.lines(slip, items, look, mark=False, unit_line=rng.random() < 0.4)
    slip.rule("dash")
    slip.pair("小計", look.yen(bill.subtotal))
    if not bill.inclusive:
        blocks.taxes(slip, bill, look, rng)
    blocks.total(slip, bill.total, look)
    if bill.inclusive:
        blocks.taxes(slip, bill, look, rng)
    slip.gap(8)
    blocks.settled(slip, paid, bill.total, look)
    slip.gap()
    slip.text("本日はご来店誠にありがとうございました", "center", size=0.85)
    return blocks.thermal(
        slip,
        blocks.truth(
            "restaurant",
            place,
            when,
            bill.total,
            bill.taxes,
            paid=paid,
            items=items,
            persons=persons,
            service_charge=service or None,
            category="meals",
        ),
    )
