"""What most layouts share: the head of a slip, its lines, its taxes and how it was paid."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Literal

from PIL import Image

from bot.demo.receipts.money import Bill, Settled
from bot.demo.receipts.shops import Shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import Style
from bot.demo.receipts.truth import Item, Kind, Payment, TaxLine, Truth

Colour = tuple[int, int, int]
Stock = Literal["thermal", "form", "plain", "ticket"]
THERMAL_INK: Colour = (38, 36, 44)


@dataclass(frozen=True)
class Printed:
    """Ink layers (mode L, 255 full ink) in their colours, on one kind of paper, and what they say."""

    layers: tuple[tuple[Image.Image, Colour], ...]
    truth: Truth
    stock: Stock = "thermal"


def thermal(slip: Slip, truth: Truth) -> Printed:
    return Printed(((slip.ink(), THERMAL_INK),), truth)


def head(slip: Slip, shop: Shop, rng: Random, *, sign: int = 84, number: str | None = None) -> None:
    """Sign, company, address, phone and, when given, the registration number."""
    slip.display(
        shop.name,
        sign,
        bold=rng.random() < 0.5,
        face=rng.choice(("sans", "sans", "serif")),
        track=rng.choice((0, 0, 6)),
    )
    if shop.branch:
        slip.text(shop.branch, "center")
    if shop.company and rng.random() < 0.6:
        slip.text(shop.company, "center", size=0.9)
    if rng.random() < 0.75:
        if rng.random() < 0.4:
            slip.text(f"〒{shop.postcode}", "center", size=0.85)
        slip.text(shop.address, "center", size=0.85)
    slip.text(rng.choice(("TEL {}", "TEL:{}", "電話 {}", "電話番号:{}", "℡ {}")).format(shop.phone), "center")
    if number:
        slip.text(number, "center")


def lines(slip: Slip, items: tuple[Item, ...], look: Style, *, mark: bool = True, unit_line: bool = False) -> None:
    """One line an item; the reduced-rate mark behind the amount or before the name, as tills do."""
    before = look.reduced_mark == "軽"
    for item in items:
        flag = look.reduced_mark if mark and item.reduced else ""
        name = f"{flag}{item.name}" if before else item.name
        amount = look.yen(item.amount) + ("" if before else flag or (" " if mark else ""))
        if item.quantity == 1:
            slip.pair(name, amount)
        elif unit_line:
            slip.text(name)
            slip.pair(f"  {look.yen(item.amount // item.quantity)} x {item.quantity}点", amount)
        else:
            slip.pair(f"{name} x{item.quantity}", amount)


def taxes(slip: Slip, bill: Bill, look: Style, rng: Random) -> None:
    """The sums by rate. Every amount and tax of the truth is printed here."""
    form = rng.randrange(3)
    for line in bill.taxes:
        amount, tax = look.yen(line.amount), look.yen(line.tax)
        star = f"{look.reduced_mark} " if line.rate == 8 and rng.random() < 0.3 else ""
        if line.inclusive and form == 0:
            slip.text(f"({star}{line.rate}%対象 {amount} 内消費税 {tax})", "right", size=0.9)
        elif line.inclusive:
            slip.pair(f"{star}{line.rate}%対象", amount, indent=2)
            slip.pair(rng.choice(("(内消費税等", "(内税額", "(うち消費税")) + f" {line.rate}%", f"{tax})", indent=2)
        elif form == 0:
            slip.pair(f"{star}外税{line.rate}%対象額", amount)
            slip.pair(f"外税{line.rate}%", tax)
        else:
            slip.pair(f"({star}{line.rate}%対象", f"{amount})", indent=1)
            slip.pair(f"消費税等{line.rate}%", tax, indent=1)


def total(slip: Slip, amount: int, look: Style) -> None:
    if look.tall_total:
        slip.pair(look.total_label, look.yen(amount), tall=2, bold=True)
    else:
        slip.pair(look.total_label, look.yen(amount), size=1.45, bold=True)


def settled(slip: Slip, paid: Settled, amount: int, look: Style) -> None:
    """Paid and change, or the card, IC or code and the amount taken."""
    if paid.payment is Payment.CASH:
        slip.pair(paid.label, look.yen(paid.paid or amount))
        slip.pair("お釣り" if look.comma else "おつり", look.yen(paid.change or 0))
        return
    slip.pair(paid.label, look.yen(amount))
    if paid.last4:
        slip.text(f"  カード番号 ************{paid.last4}")


def truth(
    layout: str,
    shop: Shop,
    when: datetime,
    amount: int,
    bill_taxes: tuple[TaxLine, ...],
    *,
    kind: Kind = Kind.RECEIPT,
    paid: Settled | None = None,
    items: tuple[Item, ...] = (),
    number: bool = True,
    phone: bool = True,
    clock: bool = True,
    branch: bool = True,
    category: str | None = None,
    persons: int | None = None,
    service_charge: int | None = None,
    addressee: str | None = None,
    purpose: str | None = None,
) -> Truth:
    """The truth of a Japanese layout; the switches say which of the shop's numbers it printed."""
    cash = paid is not None and paid.payment is Payment.CASH
    return Truth(
        kind=kind,
        layout=layout,
        issuer=shop.name,
        also=(shop.company,) if shop.company else (),
        branch=shop.branch if branch else None,
        date=when.date(),
        time=when.time().replace(second=0, microsecond=0) if clock else None,
        total=amount,
        currency="JPY",
        taxes=bill_taxes,
        registration_number=shop.registration_number if number else None,
        phone=shop.phone if phone else None,
        payment=paid.payment if paid else None,
        items=items,
        card_last4=paid.last4 if paid else None,
        paid=paid.paid if paid and cash else None,
        change=paid.change if paid and cash else None,
        persons=persons,
        service_charge=service_charge,
        addressee=addressee,
        purpose=purpose,
        category=category,
    )
