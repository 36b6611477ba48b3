"""Railway: the ticket machine's receipt, and the slip of an IC card charge (money moved, nothing bought)."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import Bill, settle
from bot.demo.receipts.numbers import digits
from bot.demo.receipts.shops import STATIONS, shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Item, Kind, Payment


def ticket(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "rail"), style(rng)
    start, end = rng.sample(STATIONS, 2)
    seats = rng.choice((1, 1, 1, 2))
    items = [Item("乗車券", seats, seats * 10 * rng.randint(19, 640), 10)]
    if rng.random() < 0.5:
        items.append(Item("特急券", seats, seats * 10 * rng.randint(66, 320), 10))
    bill = Bill(tuple(items), inclusive=True)
    paid = settle(rng, bill.total, only=(Payment.CASH, Payment.CREDIT))
    slip = Slip(rng.choice((32, 34)), leading=1.24)

    slip.display("領　収　書", 74, face=rng.choice(("sans", "serif")), bold=True)
    slip.text("きっぷ類 (乗車券類)" if rng.random() < 0.5 else "自動券売機", "center", size=0.9)
    slip.rule("line")
    slip.pair("発行日時", look.stamp(when))
    slip.text(f"{start} → {end}" if rng.random() < 0.5 else f"区間 {start}～{end}", "center", size=1.2)
    slip.gap(6)
    for item in items:
        slip.pair(f"{item.name} {item.quantity}枚", look.yen(item.amount))
    slip.rule("dash")
    slip.pair(rng.choice(("合計", "領収額", "合計金額")), look.yen(bill.total), size=1.5, bold=True)
    tax = bill.taxes[0]
    slip.text(f"(10%対象 {look.yen(tax.amount)} 内消費税額 {look.yen(tax.tax)})", "right", size=0.85)
    blocks.settled(slip, paid, bill.total, look)
    slip.rule("line")
    slip.text("上記金額を領収いたしました。", size=0.9)
    slip.gap(4)
    slip.display(place.name, 54, "right", bold=True)
    if place.branch:
        slip.text(f"{place.branch} {rng.choice('ABC')}{rng.randint(1, 30):02d}発行", "right", size=0.9)
    slip.text(f"登録番号 {place.registration_number}", "right", size=0.9)
    slip.text(f"No.{digits(rng, 6)}", "right", size=0.8)
    return blocks.thermal(
        slip,
        blocks.truth(
            "train",
            place,
            when,
            bill.total,
            bill.taxes,
            kind=Kind.TRANSIT,
            paid=paid,
            items=tuple(items),
            phone=False,
            category="travel",
        ),
    )


def charge(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "rail"), style(rng)
    amount = rng.choice((1000, 2000, 3000, 5000, 10000))
    before = rng.randint(4, 2600)
    paid = settle(rng, amount, only=(Payment.CASH,))
    slip = Slip(rng.choice((28, 30)), leading=1.28)

    slip.display("領　収　書", 70, bold=True)
    slip.text("ICカードチャージ", "center", size=1.1)
    slip.rule("line")
    slip.pair("取扱日時" if rng.random() < 0.5 else "日時", look.stamp(when))
    slip.pair("カード番号", f"********{digits(rng, 4)}")
    slip.rule("dash")
    slip.pair("チャージ前残額", look.yen(before), size=0.95)
    slip.pair("チャージ金額", look.yen(amount), tall=1.8, bold=True)
    slip.pair("チャージ後残額", look.yen(before + amount), size=0.95)
    slip.rule("dash")
    slip.pair("現金投入額", look.yen(paid.paid or amount))
    slip.pair("おつり", look.yen(paid.change or 0))
    slip.rule("line")
    slip.display(place.name, 50, "right")
    if place.branch:
        slip.text(place.branch, "right", size=0.9)
    slip.text(f"機番 {rng.randint(1, 40):02d}  No.{digits(rng, 5)}", "right", size=0.85)
    return blocks.thermal(
        slip,
        blocks.truth(
            "ic_charge",
            place,
            when,
            amount,
            (),
            kind=Kind.IC_CHARGE,
            paid=paid,
            number=False,
            phone=False,
            category="travel",
        ),
    )
