"""A trip that is asked for before it begins (出張伺い): a claim of kind ``request`` with the lines of its estimate.

It lives as every claim does: rules, route, seats and budget are those of :mod:`handlers.claims`. Nothing is paid on it
but an advance; it goes on reserving its budget until it is settled or called off (:mod:`handlers.budgets.holding`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from handlers import claims
from handlers.claims.drafts import next_number
from handlers.notes.reading import Leg, Lodging, Reading, as_json
from handlers.travel import Item
from handlers.travel.places import prefecture_of
from handlers.trips import estimate, spoken
from storage import audit
from storage.models import Claim, Expense, Member, Organization, Trip

KIND = "request"
LINE = "estimate"
LONGEST = 200
PLACE = 60
_ITEM = tuple(field.name for field in fields(Item))


@dataclass(frozen=True)
class Plan:
    """A trip as somebody means it. ``legs``, ``lodging``, ``extras`` are as :class:`Trip` keeps them (and a reading's
    JSON); ``nights`` None: as many as lie between the days. ``advance``: yen wanted beforehand."""

    starts: dt.date
    ends: dt.date
    purpose: str = ""
    nights: int | None = None
    destination: str = ""
    prefecture: str = ""
    legs: tuple[Mapping[str, Any], ...] = ()
    lodging: tuple[Mapping[str, Any], ...] = ()
    extras: tuple[Mapping[str, Any], ...] = ()
    advance: int | None = None
    note: str = ""


def lies_ahead(reading: Reading, today: dt.date) -> bool:
    """Whether a note tells of a trip that has not begun."""
    return reading.kind == "trip" and reading.start is not None and reading.start > today


def of_reading(reading: Reading, text: str) -> Plan:
    """The plan that a note tells, once it says a first day."""
    assert reading.start is not None
    said = as_json(reading)
    legs = [row | _beside(leg) for row, leg in zip(said["legs"], reading.legs, strict=True)]
    lodging = [row | _of_stay(stay) for row, stay in zip(said["lodging"], reading.lodging, strict=True)]
    legs, lodging = spoken.of_plan(text, legs, lodging, reading.nights)
    destination = _destination(reading)
    place = next((stay.place for stay in reading.lodging if stay.place), None)
    return Plan(
        starts=reading.start,
        ends=reading.end or reading.start,
        purpose=reading.purpose or "",
        nights=reading.nights,
        destination=destination or place or "",
        prefecture=prefecture_of(destination) or prefecture_of(place or "") or "",
        legs=tuple(legs),
        lodging=tuple(lodging),
        extras=tuple(row | {"payer": item.payer} for row, item in zip(said["expenses"], reading.expenses, strict=True)),
        note=text[:500],
    )


def _beside(leg: Leg) -> dict[str, Any]:
    """What a reading's JSON leaves out; a figure beside a way that has kilometres is theirs, too."""
    made = {"covers": leg.covers, "via": list(leg.via), "payer": leg.payer}
    return made | ({"km_covers": leg.covers} if leg.km is not None else {})


def _of_stay(stay: Lodging) -> dict[str, Any]:
    found = prefecture_of(stay.place or "")
    return {"currency": stay.currency, "payer": stay.payer} | ({"prefecture": found} if found else {})


def _destination(reading: Reading) -> str:
    """Where the last ride leads that does not lead back to where the first began."""
    begins = next((leg.origin for leg in reading.legs if leg.origin), None)
    ahead = [leg.destination for leg in reading.legs if leg.destination and leg.destination != begins]
    return ahead[-1] if ahead else ""


def draft(
    session: Session, organization: Organization, member: Member, plan: Plan, now: dt.datetime, locale: str
) -> Claim:
    """A draft of a request with its trip and the lines of its estimate."""
    number = next_number(session, organization)
    trip = Trip(
        member_id=member.id,
        purpose=plan.purpose[:LONGEST],
        note=plan.note,
        starts=plan.starts,
        ends=plan.ends,
        nights=(plan.ends - plan.starts).days if plan.nights is None else plan.nights,
        destination=plan.destination[:PLACE],
        prefecture=plan.prefecture,
        legs=[dict(leg) for leg in plan.legs],
        lodging=[dict(stay) for stay in plan.lodging],
        options={"extras": [dict(thing) for thing in plan.extras]},
        created_at=now,
    )
    session.add(trip)
    session.flush()
    claim = Claim(
        number=number,
        kind=KIND,
        member_id=member.id,
        trip_id=trip.id,
        purpose=trip.purpose,
        advance=plan.advance,
        created_at=now,
    )
    session.add(claim)
    session.flush()
    session.refresh(claim)
    lay(session, claim, trip, locale)
    data = {"number": claim.number, "kind": KIND, "trip": trip.id}
    audit.record(session, actor=member.id, action="claim.drafted", subject=f"claim:{claim.id}", data=data)
    return claim


def lay(session: Session, claim: Claim, trip: Trip, locale: str) -> None:
    """Make the lines of the claim those of the trip as it is now; a line that stays keeps its row.

    What the person typed over a line (``basis["typed"]``) stays, up to what the travel rules give for an allowance.
    """
    found = estimate.of(session, trip, claim.member, locale)
    kept = {str(line.basis.get("key")): line for line in claim.expenses}
    for position, part in enumerate(found.parts):
        line = kept.pop(part.key, None)
        if line is None:
            line = Expense(claim_id=claim.id, kind=LINE, taxes=[], corrected=[], basis={})
            session.add(line)
        typed = (line.basis or {}).get("typed")
        _fill(line, part, position, typed)
    for line in kept.values():
        session.delete(line)
    trip.pack = found.pack
    trip.computed = [part.item.as_json() for part in found.parts if part.item is not None]
    session.flush()
    session.refresh(claim)


def _fill(line: Expense, part: estimate.Part, position: int, typed: int | None) -> None:
    amount = part.amount
    if typed is not None:
        bounded = part.item is not None and part.amount is not None
        amount = min(typed, part.amount or 0) if bounded else typed
    line.position = position
    line.payee = part.what[:LONGEST]
    line.date = part.day
    line.amount = amount
    line.currency = part.currency
    line.category = part.category
    line.payment_method = part.payer
    line.journey = dict(part.journey)
    line.basis = {
        **(part.item.as_json() if part.item is not None else {}),
        "key": part.key,
        "ref": part.ref,
        "open": part.open if amount is None or not part.open.startswith("lines.") else "",
        **({"typed": typed} if typed is not None else {}),
    }
    line.doubts = ["amount"] if amount is None or part.open.endswith("covers") else []


def item_of(line: Expense) -> Item | None:
    """What the travel rules gave for a line (its paragraph and inputs); None for one that was only typed."""
    basis = line.basis or {}
    return Item(**{name: basis[name] for name in _ITEM}) if all(name in basis for name in _ITEM) else None


def trip_of(claim: Claim) -> Trip | None:
    """The trip that a claim is of."""
    session = object_session(claim)
    return session.get(Trip, claim.trip_id) if session is not None and claim.trip_id else None


def change(
    session: Session,
    claim: Claim,
    columns: Mapping[str, Any],
    *,
    by: Member,
    version: int,
    zone: str,
    locale: str,
    typed: Mapping[str, int] | None = None,
) -> None:
    """Set columns of the trip (``purpose`` and ``advance`` are the claim's, too) and reckon its lines anew.

    ``typed``: amounts by the key of a line. Raises :class:`Refusal` when the claim is not as it was, or not theirs.
    """
    claims.own(claim, by)
    claims.step(session, claim, "correct", version=version, zone=zone)
    trip = session.get_one(Trip, claim.trip_id)
    for name, value in columns.items():
        if name == "advance":
            claim.advance = value
            continue
        setattr(trip, name, value)
        if name == "purpose":
            claim.purpose = value
    for line in claim.expenses:
        key = str(line.basis.get("key"))
        if typed and key in typed:
            line.basis = {**line.basis, "typed": typed[key]}
    session.flush()
    lay(session, claim, trip, locale)
    data = {"fields": sorted({*columns, *(typed or ())})}
    audit.record(session, actor=by.id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)


def overlapping(session: Session, claim: Claim, trip: Trip) -> list[Claim]:
    """Other living requests of the same traveller for some of the same days, by number."""
    others = (
        select(Claim)
        .join(Trip, Claim.trip_id == Trip.id)
        .where(Claim.kind == KIND, Claim.member_id == claim.member_id, Claim.id != claim.id)
        .where(Claim.state.not_in(claims.ENDED), Trip.cancelled_at.is_(None))
        .where(Trip.starts <= trip.ends, Trip.ends >= trip.starts)
    )
    return list(session.scalars(others.order_by(Claim.number)))


def usual_origin(session: Session, member: Member) -> str:
    """Where the traveller's latest request began."""
    latest = select(Trip).filter_by(member_id=member.id).order_by(Trip.created_at.desc())
    trip = session.scalars(latest.limit(1)).first()
    return str(trip.legs[0].get("from") or "") if trip is not None and trip.legs else ""


def given_up(claim: Claim, now: dt.datetime) -> None:
    """The request was deleted: its trip does not take place."""
    trip = trip_of(claim) if claim.kind == KIND else None
    if trip is not None:
        trip.cancelled_at = now
