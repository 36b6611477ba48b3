"""Hotel: a receipt on plain paper with guest, nights, room charge at 10 % and the lodging tax, which bears none."""

from datetime import datetime, timedelta
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.numbers import digits
from bot.demo.receipts.shops import FAMILY_NAMES, shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Item, Payment


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "hotel"), style(rng)
    nights, persons = rng.randint(1, 3), rng.choice((1, 1, 1, 2))
    when = when.replace(hour=rng.randint(7, 10))
    items = [Item("宿泊料 (室料)", nights, nights * persons * 100 * rng.randint(62, 188), 10)]
    if rng.random() < 0.5:
        items.append(Item("朝食", nights * persons, nights * persons * rng.choice((1100, 1650, 1980)), 10))
    if rng.random() < 0.3:
        items.append(Item("売店 土産菓子", 1, rng.choice((864, 1080, 1296)), 8))
    if rng.random() < 0.5:
        items.append(Item("宿泊税", nights * persons, nights * persons * rng.choice((100, 200)), 0))
    bill = Bill(tuple(items), inclusive=True)
    paid = settle(rng, bill.total, only=(Payment.CREDIT, Payment.CASH, Payment.QR))
    guest = f"{rng.choice(FAMILY_NAMES)} 様"
    slip = Slip(46, face=rng.choice(("serif", "sans")), margin=80, leading=1.42)

    slip.gap(30)
    slip.display(place.name, 76, "left", face="serif", track=4)
    slip.text(f"{place.branch or ''} 〒{place.postcode} {place.address}".strip(), size=0.8)
    slip.text(f"TEL {place.phone}   {look.number(place.registration_number)}", size=0.85)
    slip.gap(30)
    slip.display(rng.choice(("領　収　証", "領　収　書", "ご宿泊領収書")), 66)
    slip.rule("double")
    slip.pair(f"{guest}", f"No. {digits(rng, 6)}", size=1.1)
    slip.pair("発行日", look.date(when.date()))
    slip.pair("ご宿泊", f"{look.date((when - timedelta(days=nights)).date())} より {nights}泊")
    slip.pair("お部屋", f"{rng.randint(2, 12)}{rng.randint(1, 24):02d}号室  {persons}名様")
    slip.gap(16)
    slip.rule("line")
    blocks.lines(slip, tuple(items), look, mark=any(item.reduced for item in items))
    slip.rule("line")
    slip.pair(rng.choice(("合計", "ご請求額", "合計金額")), look.yen(bill.total), size=1.5, bold=True)
    for line in bill.taxes:
        slip.text(f"{line.rate}%対象 {look.yen(line.amount)}  (内消費税 {look.yen(line.tax)})", "right", size=0.9)
    if any(item.rate == 0 for item in items):
        slip.text("宿泊税は不課税です", "right", size=0.8)
    slip.gap(10)
    blocks.settled(slip, paid, bill.total, look)
    slip.gap(20)
    slip.text("上記正に領収いたしました。ご利用ありがとうございました。", "center", size=0.85)
    if place.company:
        slip.text(place.company, "right", size=0.95)
    return blocks.Printed(
        ((slip.ink(110), (30, 32, 48)),),
        blocks.truth(
            "hotel",
            place,
            when,
            bill.total,
            bill.taxes,
            paid=paid,
            items=tuple(items),
            persons=persons,
            clock=False,
            addressee=guest,
            category="lodging",
        ),
        "plain",
    )
