"""What a rendered receipt says: the answer that a reader of its picture should find.

Only what is printed stands here. A field that a layout does not print is None or empty, so that a reader is never
asked for something that cannot be seen.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Kind(StrEnum):
    """The kind of document, in the words of the trade."""

    RECEIPT = "receipt"
    RYOSHUSHO = "ryoshusho"
    CARD_SLIP = "card_slip"
    TRANSIT = "transit"
    IC_CHARGE = "ic_charge"
    INVOICE = "invoice"


class Payment(StrEnum):
    CASH = "cash"
    CREDIT = "credit"
    IC = "ic"
    QR = "qr"


@dataclass(frozen=True)
class Item:
    """One printed line: `amount` for all of `quantity`, in minor units, inclusive or exclusive as printed."""

    name: str
    quantity: int
    amount: int
    rate: int

    @property
    def reduced(self) -> bool:
        return self.rate == 8


@dataclass(frozen=True)
class TaxLine:
    """Tax of one rate (per cent): `amount` as printed (with the tax in it when `inclusive`) and `tax`, minor units."""

    rate: int
    amount: int
    tax: int
    inclusive: bool


@dataclass(frozen=True)
class Truth:
    """Everything printed. Money in minor units of `currency` (yen has none)."""

    kind: Kind
    layout: str
    issuer: str
    also: tuple[str, ...]
    """Other printed names of the same issuer: the company behind the shop, its Latin form."""
    branch: str | None
    date: date
    time: time | None
    total: int
    currency: str
    taxes: tuple[TaxLine, ...]
    registration_number: str | None
    phone: str | None
    payment: Payment | None
    items: tuple[Item, ...]
    card_last4: str | None = None
    paid: int | None = None
    change: int | None = None
    persons: int | None = None
    service_charge: int | None = None
    tip: int | None = None
    addressee: str | None = None
    purpose: str | None = None
    category: str | None = None

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.taxes)
