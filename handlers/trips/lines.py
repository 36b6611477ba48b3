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

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import claims, travel
from handlers.notes import drafts as notes
from handlers.texts import t
from handlers.travel import Item
from handlers.travel.parts.transport import BY_OTHER_RULES
from handlers.travel.places import prefecture_of
from handlers.trips import evidence
from storage import audit
from storage.models import Claim, Expense, Organization, Trip

ALLOWANCE = "allowance"
FIXED = ("lodging_allowance", "daily", "car", "package")  # less may be claimed than the rules give, not more
FAR_MODES = ("shinkansen", "air", "ship")
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
    trip = trip_of(session, claim) or _noted(session, claim)
    if trip is None or trip.cancelled_at is not None:
        return False
    before = _seen(claim)
    of_trip = evidence.lines(claim, trip)
    evidence.assign(trip, of_trip)
    trip.legs, trip.lodging = evidence.legs(trip, of_trip), evidence.stays(trip, of_trip)
    given = travel.given(session, trip, claim.member)
    trip.pack, trip.computed = given.pack.name if given.pack else "", [item.as_json() for item in given.items]
    by_id = {line.id: line for line in of_trip}
    wanted = list(_wanted(trip, given.items, by_id, locale) if given.pack else _typed(trip, locale))
    if given.pack is None:
        for line in of_trip:
            _judge(line, None)
    _bring(session, claim, trip, wanted)
    session.flush()
    session.refresh(claim)
    if _seen(claim) == before:
        return False
    claims.step(session, claim, "correct", version=claim.version, zone=organization.zone)
    data = {"fields": ["trip"], "pack": trip.pack}
    audit.record(session, actor=claim.member_id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)
    return True


def _seen(claim: Claim) -> list[tuple[Any, ...]]:
    return [(e.id, e.amount, e.private_amount, e.payee, e.date, e.journey, e.basis) for e in claim.expenses]


def _wanted(trip: Trip, items: Sequence[Item], by_id: dict[str, Expense], locale: str) -> Iterator[Wanted]:
    """The computed lines; on the way every priced line is judged by its item."""
    rides = [leg for leg in trip.legs if leg.get("mode") not in BY_OTHER_RULES and leg.get("paid_by") != "host"]
    cars = [leg for leg in trip.legs if leg.get("mode") == "car" and leg.get("paid_by") != "host"]
    numbers: dict[str, int] = {}
    for item in items:
        number = numbers.get(item.kind, 0)
        numbers[item.kind] = number + 1
        if item.kind == "transport":
            leg = rides[number]
            line = by_id.get(leg.get("expense_id", ""))
            if line is not None:
                _judge(line, item)
            else:
                yield _of_leg(trip, leg, item, locale)
        elif item.kind == "car":
            own = [by_id[i] for leg in _cars_of(item, number, cars) if (i := leg.get("expense_id", "")) in by_id]
            if own:
                _judge(own[0], item)
                for line in own[1:]:
                    _pay_nothing(line)
            else:
                yield _computed(trip, f"car:{number}", item, t(locale, "Private car"))
        elif item.kind == "lodging":
            ids = trip.lodging[number].get("expense_ids", ()) if number < len(trip.lodging) else ()
            priced = [by_id[i] for i in ids if i in by_id]
            if priced:
                _judge_stay(priced, item)
        elif item.kind == "daily":
            label = item.inputs.get("label_en" if locale == "en" else "label") or ""
            yield _computed(trip, "daily", item, str(label))
        else:
            label = {"lodging_allowance": "Lodging allowance", "package": "Package"}[item.kind]
            yield _computed(trip, f"{item.kind}:{number}", item, t(locale, label))


def _cars_of(item: Item, number: int, cars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The legs that one item of a private car is about."""
    unit = item.inputs.get("unit", "leg")
    if unit == "trip":
        return list(cars)
    if unit == "day":
        return [leg for leg in cars if leg.get("date") in (item.inputs.get("day"), None)]
    return [cars[number]] if number < len(cars) else []


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
            _cap(line, 0, item.as_json(), by_pack=known)
            return
    paid = evidence.paid(line)
    sure = item is not None and not item.asked.endswith((".amount", ".covers", ".km", ".office_amount"))
    over = max(0, paid - item.amount) if item is not None and sure and paid is not None else 0
    _cap(line, over, item.as_json() if item is not None else None)


def _judge_stay(priced: Sequence[Expense], item: Item) -> None:
    """The price of the nights against the cap; what is over is taken off the dearest line first."""
    total = sum(evidence.paid(line) or 0 for line in priced)
    over = max(0, total - item.amount) if "cap" in item.inputs and "actual" in item.inputs else 0
    for line in sorted(priced, key=lambda one: -(evidence.paid(one) or 0)):
        share = min(over, evidence.paid(line) or 0)
        over -= share
        _cap(line, share, item.as_json() if line is max(priced, key=lambda one: evidence.paid(one) or 0) else None)


def _pay_nothing(line: Expense) -> None:
    """A ride whose kilometres count with another line's."""
    line.amount = 0 if line.amount is None or line.basis.get("by_pack") else line.amount
    line.doubts = [name for name in line.doubts if name != "amount"]
    _cap(line, line.amount or 0, None, by_pack=line.amount == 0)


def _cap(line: Expense, over: int, item: dict[str, Any] | None, *, by_pack: bool = False) -> None:
    before, private = evidence.capped(line), line.private_amount or 0
    own = private - before if private >= before else private
    line.private_amount = own + over
    if line.home_amount is not None:
        line.home_amount += private - own - over
    kept = {name: value for name, value in line.basis.items() if name not in ("item", "capped", "by_pack")}
    new: dict[str, Any] = {"item": item} if item is not None else {}
    new |= {"capped": over} if over else {}
    line.basis = {**kept, **new, **({"by_pack": True} if by_pack else {})}


def let_go(line: Expense) -> None:
    """The line leaves its settlement: what the travel rules said of it goes."""
    _cap(line, 0, None)
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


# --- a trip that a note tells of --------------------------------------------------------------------------------------


def _noted(session: Session, claim: Claim) -> Trip | None:
    """The trip that a draft of a note tells of, made at the first look; None for errands in town."""
    told = [e for e in claim.expenses if e.kind == notes.KIND and e.basis.get("trip") and not e.basis.get("of_trip")]
    days = [e.date for e in told if e.date]
    if claim.kind != "expense" or not told or not days or not _leaves_town(told):
        return None
    if _asked_for(session, claim, min(days), max(days)):
        return None  # it is gathered for the settlement of that request
    first = told[0].basis
    starts = dt.date.fromisoformat(first["start"]) if first.get("start") else min(days)
    ends = dt.date.fromisoformat(first["end"]) if first.get("end") else max(days)
    goals = [str((e.journey or {}).get("to") or "") for e in told if e.basis.get("part") == "leg"]
    known = next((goal for goal in goals if prefecture_of(goal)), "")
    trip = Trip(
        member_id=claim.member_id,
        purpose=claim.purpose,
        note=str(first.get("note", "")),
        starts=min(starts, *days),
        ends=max(ends, *days),
        nights=int(first.get("nights") or 0),
        destination=known or next((goal for goal in goals if goal), ""),
        prefecture=prefecture_of(known) or "",
        options={"said": {"legs": [], "lodging": []}},
        created_at=claim.created_at,
    )
    session.add(trip)
    session.flush()
    claim.trip_id = trip.id
    for line in told:
        line.basis = {**line.basis, "of_trip": trip.id}
    session.flush()
    return trip


def _asked_for(session: Session, claim: Claim, first: dt.date, last: dt.date) -> bool:
    """Whether these days are of a trip whose request is approved."""
    found = select(Trip.id).join(Claim, Claim.trip_id == Trip.id)
    found = found.where(Claim.member_id == claim.member_id, Claim.kind == "request", Claim.state == "approved")
    found = found.where(Trip.cancelled_at.is_(None), Trip.starts <= first, Trip.ends >= last)
    return session.scalars(found.limit(1)).first() is not None


def _leaves_town(told: Sequence[Expense]) -> bool:
    """Whether it is a trip for which travel rules give anything beside the fares."""
    if any(e.basis.get("part") == "lodging" or int(e.basis.get("nights") or 0) for e in told):
        return True
    if "出張" in str(told[0].basis.get("note", "")) or len({e.date for e in told if e.date}) > 1:
        return True
    journeys = [e.journey or {} for e in told if e.basis.get("part") == "leg"]
    return any(j.get("mode") in FAR_MODES or _crosses(j) for j in journeys)


def _crosses(journey: dict[str, Any]) -> bool:
    begin, end = (prefecture_of(str(journey.get(name) or "")) for name in ("from", "to"))
    return begin is not None and end is not None and begin != end
