"""The sums of a purchase, as a till makes them: tax once per receipt and rate, fractions of a yen cut off.

Source of the rounding rule: 消費税法施行令 70条の10 (one rounding per invoice and rate; the direction is the seller's).
"""

from dataclasses import dataclass
from random import Random

from bot.demo.receipts.truth import Item, Payment, TaxLine

# Notes and coins that people hand over for a sum: the next multiple of one of these.
HANDED = (100, 500, 1000, 1000, 5000, 10000)


@dataclass(frozen=True)
class Bill:
    """Items and what follows from them. `inclusive`: the printed prices hold the tax already."""

    items: tuple[Item, ...]
    inclusive: bool

    @property
    def subtotal(self) -> int:
        return sum(item.amount for item in self.items)

    @property
    def taxes(self) -> tuple[TaxLine, ...]:
        lines = []
        for rate in sorted({item.rate for item in self.items if item.rate}):
            amount = sum(item.amount for item in self.items if item.rate == rate)
            tax = amount * rate // (100 + rate) if self.inclusive else amount * rate // 100
            lines.append(TaxLine(rate, amount, tax, self.inclusive))
        return tuple(lines)

    @property
    def total(self) -> int:
        return self.subtotal + (0 if self.inclusive else sum(line.tax for line in self.taxes))


@dataclass(frozen=True)
class Settled:
    """How it was paid: `paid` and `change` are printed for cash only, `last4` for a card only."""

    payment: Payment
    label: str
    paid: int | None = None
    change: int | None = None
    last4: str | None = None


LABELS = {
    Payment.CREDIT: ("クレジット", "クレジットカード", "VISA", "Mastercard", "クレジット支払"),
    Payment.IC: ("交通系IC", "交通系電子マネー", "電子マネー"),
    Payment.QR: ("コード決済", "PayPay支払", "QR決済", "バーコード決済"),
}


def settle(rng: Random, total: int, *, only: tuple[Payment, ...] = tuple(Payment)) -> Settled:
    weights = {Payment.CASH: 5, Payment.CREDIT: 3, Payment.IC: 1, Payment.QR: 2}
    payment = rng.choices(only, [weights[p] for p in only])[0]
    if payment is Payment.CASH:
        step = rng.choice(HANDED)
        paid = total if rng.random() < 0.15 else -(-total // step) * step
        return Settled(payment, rng.choice(("お預り", "お預かり", "現金", "お預り金額")), paid, paid - total)
    last4 = f"{rng.randrange(10000):04d}" if payment is Payment.CREDIT else None
    return Settled(payment, rng.choice(LABELS[payment]), last4=last4)
