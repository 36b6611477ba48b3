"""What a receipt says: the value that leaves this package.

Everything is frozen and goes to JSON and back without loss. Money is in minor units of the reading's currency (yen has
none, so 1,040 yen is ``1040``; 9.31 euro is ``931``). Boxes are pixels of the *upright* page: the picture as its EXIF
orientation shows it, then turned clockwise by ``Page.turned`` degrees.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Generic, Literal, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

Kind = Literal["receipt", "ryoshusho", "card_slip", "ticket", "invoice", "other"]


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in px of the upright page; ``page`` counts from 0."""

    left: int
    top: int
    right: int
    bottom: int
    page: int = 0


@dataclass(frozen=True)
class Line:
    """One piece of text as the engine saw it; ``score`` 0..1 is the engine's own confidence."""

    text: str
    score: float
    box: Box


@dataclass(frozen=True)
class Field(Generic[T]):
    """One fact. ``confidence`` 0..1; ``evidence`` says in a few words which text or which arithmetic it rests on."""

    value: T | None = None
    confidence: float = 0.0
    box: Box | None = None
    evidence: tuple[str, ...] = ()
    doubted: bool = False


@dataclass(frozen=True)
class TaxLine:
    """The tax of one rate. ``rate`` in per cent (0 = exempt). ``net`` is without and ``gross`` with the tax.

    ``inclusive`` tells how the receipt printed its amounts (内税 true, 外税 false, None when it does not say).
    """

    rate: Decimal
    tax: int | None = None
    net: int | None = None
    gross: int | None = None
    inclusive: bool | None = None


@dataclass(frozen=True)
class Item:
    """One line of goods; ``amount`` in minor units as printed, ``reduced`` when it carries the reduced-rate mark."""

    name: str
    amount: int
    quantity: int = 1
    reduced: bool = False
    box: Box | None = None


@dataclass(frozen=True)
class Payment:
    """``method``: cash, card, ic, qr, points, credit (invoice to be paid) or other; ``brand`` as a short name."""

    method: str
    brand: str = ""
    last_four: str = ""


@dataclass(frozen=True)
class Category:
    """``code`` from ocr/categories.csv, the company account and the municipal 節 beside it."""

    code: str
    account: str
    setsu: str = ""


@dataclass(frozen=True)
class Verdict:
    """One judgement on the picture, e.g. ``too_dark``; ``measure`` is the number behind it, for the log and tests."""

    code: str
    measure: float = 0.0


@dataclass(frozen=True)
class Page:
    """Size in px of the upright page that boxes refer to; ``turned`` degrees clockwise beyond EXIF."""

    width: int
    height: int
    turned: int = 0
    dpi: int | None = None
    source: Literal["picture", "pdf_text", "pdf_picture"] = "picture"


@dataclass(frozen=True)
class Reading:
    """One receipt. A field that was not found has ``value`` None; issuer, date and total are then doubted."""

    kind: Field[Kind]
    issuer: Field[str]
    date: Field[dt.date]
    total: Field[int]
    currency: Field[str]
    branch: Field[str] = field(default_factory=Field)
    time: Field[dt.time] = field(default_factory=Field)
    taxes: Field[tuple[TaxLine, ...]] = field(default_factory=Field)
    registration_number: Field[str] = field(default_factory=Field)
    phone: Field[str] = field(default_factory=Field)
    payment: Field[Payment] = field(default_factory=Field)
    paid: Field[int] = field(default_factory=Field)
    change: Field[int] = field(default_factory=Field)
    tip: Field[int] = field(default_factory=Field)
    service_charge: Field[int] = field(default_factory=Field)
    persons: Field[int] = field(default_factory=Field)
    addressee: Field[str] = field(default_factory=Field)
    description: Field[str] = field(default_factory=Field)
    items: Field[tuple[Item, ...]] = field(default_factory=Field)
    category: Field[Category] = field(default_factory=Field)
    lines: tuple[Line, ...] = ()
    pages: tuple[Page, ...] = ()
    engine: str = ""
    quality: tuple[Verdict, ...] = ()
    flags: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def doubts(self) -> tuple[str, ...]:
        """Names of the fields that a person should look at."""
        return tuple(name for name in FIELD_NAMES if getattr(self, name).doubted)

    @property
    def text(self) -> str:
        """All text, one engine line a line, top to bottom."""
        return "\n".join(line.text for line in self.lines)

    def to_json(self) -> str:
        return _adapter().dump_json(self).decode()

    @staticmethod
    def from_json(text: str | bytes) -> Reading:
        """The reading that ``to_json`` wrote. Raises ValueError on anything else."""
        return _adapter().validate_json(text)


FIELD_NAMES: tuple[str, ...] = (
    "kind",
    "issuer",
    "branch",
    "date",
    "time",
    "total",
    "currency",
    "taxes",
    "registration_number",
    "phone",
    "payment",
    "paid",
    "change",
    "tip",
    "service_charge",
    "persons",
    "addressee",
    "description",
    "items",
    "category",
)


MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}


def minor_digits(currency: str) -> int:
    """Digits after the point in ``currency`` (ISO 4217): 0 for yen, 2 unless listed."""
    return MINOR_DIGITS.get(currency, 2)


def major(amount: int, currency: str) -> Decimal:
    """``amount`` minor units as a decimal of major units."""
    return Decimal(amount).scaleb(-minor_digits(currency))


@cache
def _adapter() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)
