"""What a trip is expected to cost, line by line.

Fares, kilometres, lodging and allowances are what the travel rules in use give, each with its paragraph and inputs.
Without rules they are what was typed and the fares that are known. What nobody knows has no amount: it is asked, never
guessed. The lines have names of their own (``key``), so that a line stays the same one when the trip changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from handlers import money
from handlers.notes.drafts import way
from handlers.texts import t
from handlers.travel import Item, compute, context_of, facts_of, given
from handlers.travel.facts import Facts, Stay
from handlers.travel.pack import Grade, Pack
from handlers.travel.places import english
from handlers.travel.trips import lodging_of
from handlers.trips import naming
from storage.models import Member, Trip

TRAVEL = "travel_transport"
# Fares at cost and nothing else: what holds where an organisation uses no travel rules.
NO_RULES = Pack(name="none", title="", effective_from=date.min, grades=(Grade(name="general", label=""),))


@dataclass(frozen=True)
class Part:
    """A line of an estimate. ``amount``: minor units of ``currency``; None while it is not known.

    ``ref`` names the part of the trip that it is of (``legs.0``, ``lodging.1``), ``open`` what is to be asked, as a
    path (``legs.0.amount``); ``item`` is what the travel rules gave; ``payer`` how it will be paid, if that was said.
    """

    key: str
    what: str
    day: date
    amount: int | None
    currency: str = "JPY"
    category: str = TRAVEL
    ref: str = ""
    open: str = ""
    item: Item | None = None
    payer: str = ""
    journey: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Estimate:
    """``pack`` is empty where no travel rules are in use."""

    pack: str
    parts: tuple[Part, ...]


def of(session: Session, trip: Trip, member: Member, locale: str) -> Estimate:
    """The lines of a trip as it is now; at least one, so that there is something to ask."""
    result, facts = given(session, trip, member, estimate=True), facts_of(trip, estimate=True)
    items = result.items if result.pack else compute(facts, NO_RULES, context_of(session, member))
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    parts = [
        *_rides(trip, facts, by_kind.get("transport", []), locale),
        *_drives(trip, by_kind.get("car", []), locale),
        *_stays(trip, facts, by_kind.get("lodging", []), locale),
        *_packages(trip, facts, by_kind.get("package", []), locale),
        *_others(trip, by_kind, locale),
        *_extras(trip),
    ]
    if not parts:
        parts.append(Part("other.0", t(locale, "Expected costs"), trip.starts, None, open="lines.other.0"))
    return Estimate(result.pack.name if result.pack else "", tuple(parts))


def _rides(trip: Trip, facts: Facts, items: Sequence[Item], locale: str) -> Iterator[Part]:
    """A line for each ride that is paid for."""
    for item in items:
        number = int(item.inputs["leg"])
        leg = trip.legs[number]
        amount, currency = _of_item(item), "JPY"
        if amount is None:
            amount, currency = _typed(leg, 1 + bool(leg.get("round_trip") and leg.get("covers") == "one_way"))
        asked = item.asked if item.asked.startswith("legs.") and (amount is None or ".amount" not in item.asked) else ""
        yield Part(
            key=f"transport.{number}",
            what=way(leg, locale),
            day=facts.legs[number].day or trip.starts,
            amount=amount,
            currency=currency,
            ref=f"legs.{number}",
            open=asked,
            item=item,
            payer=leg.get("payer") or "",
            journey=_journey(leg),
        )


def _drives(trip: Trip, items: Sequence[Item], locale: str) -> Iterator[Part]:
    """A line for each amount of a private car; one of several rides is that of none of them alone."""
    for number, item in enumerate(items):
        legs = [int(one) for one in item.inputs["legs"]]
        ref = f"legs.{legs[0]}" if len(legs) == 1 else ""
        leg = trip.legs[legs[0]] if ref else {"mode": "car"}
        day = item.inputs.get("day")
        yield Part(
            key=f"car.{number}",
            what=naming.drive(leg, locale),
            day=date.fromisoformat(day) if day else trip.starts,
            amount=_of_item(item),
            ref=ref,
            open=item.asked if item.asked.startswith("legs.") else "",
            item=item,
            payer=leg.get("payer") or "",
            journey=_journey(leg),
        )


def _stays(trip: Trip, facts: Facts, items: Sequence[Item], locale: str) -> Iterator[Part]:
    """A line for each stay that costs something. Rules that do not know lodging pay what was typed."""
    judged = {item.inputs["stay"]: item for item in items}
    paid = [
        (number, stay)
        for number, stay in enumerate(facts.stays)
        if stay.nights > 0 and not stay.private and stay.paid_by != "host"
    ]
    for number, stay in paid:
        item, at = judged.get(number), lodging_of(trip, f"stays.{number}")
        typed, currency = _typed(trip.lodging[at]) if at < len(trip.lodging) else (None, "JPY")
        known = item is not None and item.confidence != "unknown" and currency == "JPY"
        asked = item.asked if item is not None and item.asked.startswith("stays.") else ""
        if known and asked.endswith(".amount"):
            asked = ""  # before the trip the cap counts
        if not known and typed is None and (not asked or asked in (trip.options or {}).get("left", ())):
            asked = f"stays.{number}.amount"
        yield Part(
            key=f"lodging.{number}",
            what=_stay_name(stay, locale),
            day=trip.starts,
            amount=item.amount if known and item is not None else typed,
            currency=currency,
            ref=f"lodging.{at}",
            open=asked,
            item=item,
            payer=str(trip.lodging[at].get("payer") or "") if at < len(trip.lodging) else "",
        )


def _packages(trip: Trip, facts: Facts, items: Sequence[Item], locale: str) -> Iterator[Part]:
    """A line for each package, up to its cap. Rules that do not know packages pay what was typed."""
    judged = {item.inputs["package"]: item for item in items}
    for number, package in enumerate(facts.packages):
        if package.paid_by == "host":
            continue
        item, at = judged.get(number), lodging_of(trip, f"packages.{number}")
        known = item is not None and item.confidence != "unknown"
        asked = f"packages.{number}.amount" if package.amount is None else ""
        if item is not None and item.asked.endswith((".fare", ".prefecture")):
            asked = item.asked
        yield Part(
            key=f"package.{number}",
            what=t(locale, "Package"),
            day=trip.starts,
            amount=item.amount if known and item is not None else package.amount,
            ref=f"lodging.{at}" if at < len(trip.lodging) else "",
            open=asked,
            item=item,
            payer=str(trip.lodging[at].get("payer") or "") if at < len(trip.lodging) else "",
        )


def _others(trip: Trip, by_kind: Mapping[str, list[Item]], locale: str) -> Iterator[Part]:
    """Allowances; one that the rules do not pay for this trip makes no line."""
    for kind in ("lodging_allowance", "daily"):
        for number, item in enumerate(by_kind.get(kind, [])):
            if not item.amount and not item.asked:
                continue
            key = f"{kind}.{number}"
            unknown = item.asked.startswith(("daily.", "lodging_allowance"))
            yield Part(
                key=key,
                what=_allowance_name(item, locale),
                day=trip.starts,
                amount=None if unknown else item.amount,
                open=f"lines.{key}" if unknown else item.asked if item.asked == "distance_km" else "",
                item=item,
            )


def _extras(trip: Trip) -> Iterator[Part]:
    """Other things that a note expects: a fee, parking."""
    for number, thing in enumerate((trip.options or {}).get("extras", ())):
        amount, currency = _typed(thing)
        key = f"extra.{number}"
        day = thing.get("date")
        yield Part(
            key=key,
            what=thing.get("what") or "",
            day=date.fromisoformat(day) if day else trip.starts,
            amount=amount,
            currency=currency,
            category=thing.get("category") or TRAVEL,
            open="" if amount is not None else f"lines.{key}",
            payer=thing.get("payer") or "",
        )


def _of_item(item: Item) -> int | None:
    """The item's amount, None where what it is of is not known."""
    return None if item.asked.endswith((".amount", ".km")) else item.amount


def _typed(part: Mapping[str, Any], times: int = 1) -> tuple[int | None, str]:
    """The figure as it was written, in minor units, and its currency."""
    currency = part.get("currency") or "JPY"
    amount = part.get("amount")
    if amount is None:
        return None, currency
    return int(Decimal(str(amount)).scaleb(money.digits(currency))) * times, currency


def _journey(leg: Mapping[str, Any]) -> dict[str, Any]:
    return {name: leg.get(name) for name in ("from", "to", "via", "mode", "round_trip", "km")}


def _stay_name(stay: Stay, locale: str) -> str:
    where = stay.place or (english(stay.prefecture) if locale == "en" else stay.prefecture)
    name = f"{t(locale, 'Lodging')} {where}".strip()
    return t(locale, "{name}, {nights} nights", name=name, nights=stay.nights) if stay.nights > 1 else name


def _allowance_name(item: Item, locale: str) -> str:
    if item.kind == "daily":
        return str(item.inputs["label_en" if locale == "en" else "label"])
    return t(locale, "Lodging allowance")
