"""The lines of a settlement follow the facts of its trip.

Whenever the card of one that may still change is drawn anew, ``follow`` takes the rides and nights from the lines, asks
the travel rules, and brings the computed lines and the caps of the priced ones up to date. What a person typed or
corrected stays. A computed line keeps ``basis`` = the item with ``key`` and ``trip_id``; a priced one keeps the item
that judged it as ``basis["item"]`` and what is not paid of it as ``basis["capped"]``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from handlers import claims, travel
from handlers.notes import drafts as notes
from handlers.texts import t
from handlers.travel import Item
from handlers.travel.trips import lodging_of
from handlers.trips import commuting, evidence, fares, matching, naming, noted
from storage import audit
from storage.models import Claim, Expense, Organization, Trip

ALLOWANCE = "allowance"
FIXED = ("lodging_allowance", "daily", "car", "package")  # less may be claimed than the rules give, not more
WITH_RECEIPT = ("taxi", "rental_car", "air")  # a typed price of these still wants its receipt


def trip_of(session: Session, claim: Claim) -> Trip | None:
    """The trip that this claim settles; None for requests and for claims of no trip."""
    return session.get(Trip, claim.trip_id) if claim.kind == "expense" and claim.trip_id else None


@dataclass(frozen=True)
class Wanted:
    """A line that the travel rules give, or that was typed for a ride nobody paid otherwise."""

    key: str
    kind: str
    amount: int | None
    payee: str
    basis: dict[str, Any]
    journey: dict[str, Any]
    date: dt.date | None = None


def follow(session: Session, organization: Organization, claim: Claim, *, locale: str) -> bool:
    """Bring the lines of a settlement that may still change up to date; True when something changed.

    A change steps the claim's version, so that no older card can be submitted for what it does not show.
    """
    if claim.kind != "expense" or claim.state not in claims.EDITABLE:
        return False
    before = _seen(claim)
    trip = trip_of(session, claim) or noted.trip_of(session, claim, locale)
    if trip is None:
        fares.fill(session, claim)
        commuting.judge(session, claim)
    elif trip.cancelled_at is None:
        _lay(session, claim, trip, locale)
    session.flush()
    session.refresh(claim)
    if _seen(claim) == before:
        return False
    claims.step(session, claim, "correct", version=claim.version, zone=organization.zone)
    data = {"fields": ["trip"], "pack": trip.pack if trip is not None else ""}
    audit.record(session, actor=claim.member_id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)
    return True


def _lay(session: Session, claim: Claim, trip: Trip, locale: str) -> None:
    """The trip as its lines tell it, and the lines as the travel rules give them for it."""
    of_trip = evidence.lines(claim, trip)
    matching.assign(trip, of_trip)
    trip.legs, trip.lodging = evidence.legs(trip, of_trip), evidence.stays(trip, of_trip)
    given = travel.given(session, trip, claim.member)
    trip.pack, trip.computed = given.pack.name if given.pack else "", [item.as_json() for item in given.items]
    by_id = {line.id: line for line in of_trip}
    wanted = list(_wanted(trip, given.items, by_id, locale) if given.pack else _typed(trip, locale))
    if given.pack is None:
        for line in of_trip:
            _judge(line, None)
        fares.fill(session, claim)
        commuting.judge(session, claim)
    _bring(session, claim, trip, wanted)


def _seen(claim: Claim) -> list[tuple[Any, ...]]:
    return [(e.id, e.amount, e.private_amount, e.payee, e.date, e.journey, e.basis) for e in claim.expenses]


def _wanted(trip: Trip, items: Sequence[Item], by_id: dict[str, Expense], locale: str) -> Iterator[Wanted]:
    """The computed lines; on the way every priced line is judged by its item."""
    numbers: dict[str, int] = {}
    for item in items:
        number = numbers.get(item.kind, 0)
        numbers[item.kind] = number + 1
        if item.kind == "transport":
            leg = trip.legs[item.inputs["leg"]]
            line = by_id.get(leg.get("expense_id", ""))
            if line is not None:
                _judge(line, item)
            else:
                yield _of_leg(trip, leg, item, locale)
        elif item.kind == "car":
            legs = [trip.legs[n] for n in item.inputs["legs"]]
            own = [by_id[i] for leg in legs if (i := leg.get("expense_id", "")) in by_id]
            for leg, line in zip(legs, own, strict=False):
                if line.kind == notes.KIND and "payee" not in line.corrected:
                    line.payee = naming.drive(leg, locale)[:200]
            if own:
                _judge(own[0], item)
                for line in own[1:]:
                    _pay_nothing(line)
            else:
                label = naming.drive(legs[0], locale) if len(legs) == 1 else t(locale, "Private car")
                yield _computed(trip, f"car:{number}", item, label)
        elif item.kind in ("lodging", "package"):
            part = "stays" if item.kind == "lodging" else "packages"
            at = lodging_of(trip, f"{part}.{item.inputs['stay' if part == 'stays' else 'package']}")
            ids = trip.lodging[at].get("expense_ids", ()) if at < len(trip.lodging) else ()
            priced = [by_id[i] for i in ids if i in by_id]
            if priced:
                _judge_stay(priced, item)
            elif item.kind == "package" and at >= len(trip.lodging):
                yield _computed(trip, f"package:{number}", item, t(locale, "Package"))
        elif item.kind == "daily":
            label = item.inputs.get("label_en" if locale == "en" else "label") or ""
            yield _computed(trip, "daily", item, str(label))
        else:
            yield _computed(trip, f"{item.kind}:{number}", item, t(locale, "Lodging allowance"))


def _of_leg(trip: Trip, leg: dict[str, Any], item: Item, locale: str) -> Wanted:
    unknown = item.asked.endswith(".amount")
    basis = {**item.as_json(), "trip_id": trip.id, "key": f"transport:{leg['said']}"}
    kind = "note" if leg.get("mode") in WITH_RECEIPT else ALLOWANCE
    day = dt.date.fromisoformat(leg["date"]) if leg.get("date") else trip.starts
    journey = {name: leg.get(name) for name in ("from", "to", "via", "mode", "round_trip", "km")}
    return Wanted(basis["key"], kind, None if unknown else item.amount, notes.way(leg, locale), basis, journey, day)


def _computed(trip: Trip, key: str, item: Item, label: str) -> Wanted:
    amount = None if item.asked.endswith((".amount", ".km")) else item.amount
    return Wanted(key, ALLOWANCE, amount, label, {**item.as_json(), "trip_id": trip.id, "key": key}, {}, trip.starts)


def _typed(trip: Trip, locale: str) -> Iterator[Wanted]:
    """Without travel rules: the rides that were said with a price, as they were typed."""
    for leg in trip.legs:
        if "said" not in leg or leg.get("amount") is None or leg.get("currency", "JPY") != "JPY":
            continue
        if leg.get("packed") or leg.get("paid_by") == "host":
            continue
        ways = 2 if leg.get("round_trip") and leg.get("covers") == "one_way" else 1
        key = f"transport:{leg['said']}"
        day = dt.date.fromisoformat(leg["date"]) if leg.get("date") else trip.starts
        kind = "note" if leg.get("mode") in WITH_RECEIPT else ALLOWANCE
        journey = {name: leg.get(name) for name in ("from", "to", "via", "mode", "round_trip", "km")}
        basis = {"kind": "transport", "trip_id": trip.id, "key": key}
        yield Wanted(key, kind, int(leg["amount"]) * ways, notes.way(leg, locale), basis, journey, day)


# --- priced lines -----------------------------------------------------------------------------------------------------


def _judge(line: Expense, item: Item | None) -> None:
    """What the item says of a priced line: yen that are not paid of it, or its amount where none was typed."""
    if item is not None and (line.amount is None or line.basis.get("by_pack")):
        known = not item.asked.endswith((".amount", ".km"))
        typed = "amount" in line.corrected
        if not typed:
            line.amount = item.amount if known else None
            line.doubts = [name for name in line.doubts if name != "amount"] + ([] if known else ["amount"])
            evidence.cap(line, 0, item.as_json(), by_pack=known)
            return
    paid = evidence.paid(line)
    sure = item is not None and not item.asked.endswith((".amount", ".covers", ".km", ".km_covers", ".office_amount"))
    over = max(0, paid - item.amount) if item is not None and sure and paid is not None else 0
    evidence.cap(line, over, item.as_json() if item is not None else None)


def _judge_stay(priced: Sequence[Expense], item: Item) -> None:
    """The price of the nights against the cap; what is over is taken off the dearest line first."""
    total = sum(evidence.paid(line) or 0 for line in priced)
    over = max(0, total - item.amount) if "cap" in item.inputs and "actual" in item.inputs else 0
    for line in sorted(priced, key=lambda one: -(evidence.paid(one) or 0)):
        share = min(over, evidence.paid(line) or 0)
        over -= share
        evidence.cap(
            line, share, item.as_json() if line is max(priced, key=lambda one: evidence.paid(one) or 0) else None
        )


def _pay_nothing(line: Expense) -> None:
    """A ride whose kilometres count with another line's."""
    line.amount = 0 if line.amount is None or line.basis.get("by_pack") else line.amount
    line.doubts = [name for name in line.doubts if name != "amount"]
    evidence.cap(line, line.amount or 0, None, by_pack=line.amount == 0)


def let_go(line: Expense) -> None:
    """The line leaves its settlement: what the travel rules said of it goes."""
    evidence.cap(line, 0, None)
    evidence.give_back_guess(line)
    gone = ("legs", "why", "of_trip")
    line.basis = {name: value for name, value in line.basis.items() if name not in gone}


# --- computed lines ---------------------------------------------------------------------------------------------------


def is_computed(line: Expense) -> bool:
    """A line that stands on the claim because the travel rules, or the request, say so."""
    return bool(line.basis.get("key") and line.basis.get("trip_id"))


def _bring(session: Session, claim: Claim, trip: Trip, wanted: Sequence[Wanted]) -> None:
    """Add, change and remove computed lines. One of no yen is left out, unless something is still asked of it."""
    gone = evidence.declined(trip)
    keep = {w.key: w for w in wanted if w.key not in gone and (w.amount != 0 or w.basis.get("asked"))}
    for line in list(claim.expenses):
        if is_computed(line) and line.basis["trip_id"] == trip.id:
            want = keep.pop(line.basis["key"], None)
            if want is None:
                session.delete(line)
            else:
                _update(line, want)
    position = max((line.position for line in claim.expenses), default=-1)
    for want in keep.values():
        position += 1
        line = Expense(claim_id=claim.id, position=position, taxes=[], doubts=[], corrected=[], currency="JPY")
        line.category = evidence.TRAVEL
        _update(line, want)
        session.add(line)


def _update(line: Expense, want: Wanted) -> None:
    corrected = line.corrected or []
    line.kind, line.basis, line.journey = want.kind, want.basis, want.journey
    if "amount" not in corrected:
        line.amount = want.amount
        line.doubts = [] if want.amount is not None else ["amount"]
    elif want.basis.get("kind") in FIXED and want.amount is not None:
        line.amount = min(line.amount or 0, want.amount)
    if "payee" not in corrected:
        line.payee = want.payee[:200]
    if "date" not in corrected:
        line.date = want.date
