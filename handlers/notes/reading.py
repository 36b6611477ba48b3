"""What a note says: frozen values that travel, and the JSON object that scripts read.

Amounts are major units as written (``Decimal``: 8950 yen, 18.50 dollars). A figure beside a round trip is kept as it is
written; ``Leg.covers`` tells whether it stands for one way or for both, or that the note does not say. ``payer`` is the
organisation's own way of paying (``handlers.categories``) where the note names one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["trip", "expense", "unknown"]
Mode = Literal["shinkansen", "train", "bus", "air", "ship", "taxi", "car", "rental_car", "walk"]
MODES: tuple[Mode, ...] = ("shinkansen", "train", "bus", "air", "ship", "taxi", "car", "rental_car", "walk")
Covers = Literal["", "one_way", "round_trip"]


@dataclass(frozen=True)
class Leg:
    """One ride. ``via`` names the places it goes by; ``computed`` the fields that were concluded, not written."""

    date: date | None = None
    origin: str | None = None
    destination: str | None = None
    mode: Mode | None = None
    amount: Decimal | None = None
    currency: str = "JPY"
    round_trip: bool = False
    km: Decimal | None = None
    covers: Covers = ""
    via: tuple[str, ...] = ()
    computed: frozenset[str] = frozenset()
    payer: str = ""

    @property
    def total(self) -> Decimal | None:
        """What the whole ride costs, there and back; None while the note leaves that open."""
        if self.amount is None or not self.round_trip or self.covers == "round_trip":
            return self.amount
        return self.amount * 2 if self.covers == "one_way" else None


@dataclass(frozen=True)
class Lodging:
    """A stay; ``amount`` is for all its nights. ``meals``: which of breakfast and dinner; None: not said."""

    nights: int = 1
    place: str | None = None
    amount: Decimal | None = None
    currency: str = "JPY"
    meals: tuple[str, ...] | None = None
    payer: str = ""


@dataclass(frozen=True)
class Item:
    """One thing that was paid. ``category`` is a code of the table of categories."""

    date: date | None
    what: str | None
    category: str
    amount: Decimal | None
    currency: str = "JPY"
    payer: str = ""


@dataclass(frozen=True)
class Reading:
    """A note, read. ``computed`` names what follows from other words (the end from the nights); ``listed`` is the list
    of people as written, for ``parties``, which knows their companies; ``questions`` the fields that are missing, as
    dotted paths (``legs.0.from``), most important first."""

    kind: Kind = "unknown"
    start: date | None = None
    end: date | None = None
    nights: int = 0
    purpose: str | None = None
    legs: tuple[Leg, ...] = ()
    lodging: tuple[Lodging, ...] = ()
    expenses: tuple[Item, ...] = ()
    attendees: tuple[str, ...] = ()
    attendees_count: int | None = None
    listed: str = ""
    questions: tuple[str, ...] = ()
    computed: frozenset[str] = frozenset()

    @property
    def has_amount(self) -> bool:
        parts: tuple[Leg | Lodging | Item, ...] = (*self.legs, *self.lodging, *self.expenses)
        return any(part.amount is not None for part in parts)

    def asked(self) -> Reading:
        """The same with ``questions`` as its fields leave them open."""
        return replace(self, questions=tuple(_questions(self)))


def _questions(reading: Reading) -> list[str]:
    if reading.kind == "unknown":
        return []
    asked: list[str] = []
    if reading.kind == "trip":
        asked += ["start"] * (reading.start is None) + ["purpose"] * (reading.purpose is None)
        for number, leg in enumerate(reading.legs):
            asked += [f"legs.{number}.{name}" for name in _open(leg)]
        asked += [f"lodging.{n}.amount" for n, stay in enumerate(reading.lodging) if stay.amount is None]
        asked += ["lodging"] * (reading.nights > 0 and not reading.lodging)
    for number, item in enumerate(reading.expenses):
        open_fields = {"date": item.date, "what": item.what, "amount": item.amount}
        asked += [f"expenses.{number}.{name}" for name, value in open_fields.items() if value is None]
    if reading.kind == "expense" and any(item.category in ("meeting", "entertainment") for item in reading.expenses):
        asked += ["purpose"] * (reading.purpose is None)
        asked += ["attendees"] * (not reading.attendees and reading.attendees_count is None)
    return asked


def _open(leg: Leg) -> list[str]:
    places = {"from": leg.origin, "to": leg.destination, "mode": leg.mode}
    asked = [name for name, value in places.items() if value is None]
    if leg.amount is None and leg.mode == "car":
        asked += ["km"] * (leg.km is None)
    elif leg.amount is None and leg.mode not in (None, "walk"):
        asked.append("amount")
    return asked


def as_json(reading: Reading) -> dict[str, Any]:
    """Plain data: dates as ISO text, amounts and kilometres as numbers, what is not known as null."""
    return {
        "kind": reading.kind,
        "start": _iso(reading.start),
        "end": _iso(reading.end),
        "nights": reading.nights,
        "purpose": reading.purpose,
        "legs": [
            {
                "date": _iso(leg.date),
                "from": leg.origin,
                "to": leg.destination,
                "mode": leg.mode,
                "amount": _number(leg.amount),
                "currency": leg.currency,
                "round_trip": leg.round_trip,
                "km": _number(leg.km),
            }
            for leg in reading.legs
        ],
        "lodging": [
            {
                "nights": stay.nights,
                "place": stay.place,
                "amount": _number(stay.amount),
                "meals": None if stay.meals is None else list(stay.meals),
            }
            for stay in reading.lodging
        ],
        "expenses": [
            {
                "date": _iso(item.date),
                "what": item.what,
                "category": item.category,
                "amount": _number(item.amount),
                "currency": item.currency,
            }
            for item in reading.expenses
        ],
        "attendees": list(reading.attendees),
        "attendees_count": reading.attendees_count,
        "questions": list(reading.questions),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
