"""The settlement of a trip (精算): a claim of what the travel rules give for what really happened, and of its receipts.

It is made of an approved request, or at once of a note that tells of a trip that is over (``lines.follow``, which also
keeps its lines up to date). It can be made once; deleting its draft gives its receipts back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import claims
from handlers.claims.drafts import next_number
from handlers.errors import Refusal
from handlers.trips import evidence, gathering
from handlers.trips.lines import follow, is_computed, let_go, trip_of
from storage import audit
from storage.models import Claim, Expense, Member, Organization, StatementRow, Trip

__all__ = [
    "begin", "decline", "dissolve", "follow", "is_computed", "let_go", "make", "may_settle", "of", "settled_by",
    "trip_of", "zone_of",
]  # fmt: skip

OVER = ("rejected", "cancelled")


def of(session: Session, request: Claim) -> Claim | None:
    """The claim that settles a request, if one lives."""
    found = select(Claim).where(Claim.request_id == request.id, Claim.state.not_in(OVER)).order_by(Claim.number)
    return session.scalars(found).first()


def settled_by(session: Session, trip: Trip) -> Claim | None:
    """The claim that settles a trip, with or without a request."""
    found = select(Claim).filter_by(trip_id=trip.id, kind="expense").where(Claim.state.not_in(OVER))
    return session.scalars(found.order_by(Claim.number)).first()


# --- making one -------------------------------------------------------------------------------------------------------


def may_settle(session: Session, request: Claim, *, by: Member, today: dt.date) -> Trip:
    """The trip of a request that can be settled now; :class:`Refusal` says why it cannot."""
    claims.own(request, by)
    trip = session.get(Trip, request.trip_id) if request.kind == "request" and request.trip_id else None
    if trip is None:
        raise Refusal("#{number} is no request for a trip.", number=request.number)
    made = of(session, request)
    if made is not None:
        raise Refusal("#{number} is settled with #{other} already.", number=request.number, other=made.number)
    if trip.cancelled_at is not None or request.state == "cancelled":
        raise Refusal("The trip of #{number} was called off.", number=request.number)
    if request.state not in ("approved", "exported", "paid"):
        raise Refusal("#{number} is not approved yet. A trip is settled after its request.", number=request.number)
    if trip.starts > today:
        day = f"{trip.starts.month}/{trip.starts.day}"
        raise Refusal("The trip begins on {day}. Settle it when it is over, or call it off.", day=day)
    return trip


def make(
    session: Session,
    organization: Organization,
    request: Claim,
    *,
    by: Member,
    today: dt.date,
    now: dt.datetime,
    locale: str,
) -> tuple[Claim, list[Claim]]:
    """The draft that settles an approved request, with what was gathered for it; and the drafts that it took from.

    :class:`Refusal` as :func:`may_settle` says, and when there is nothing to settle.
    """
    trip = may_settle(session, request, by=by, today=today)
    said = {"legs": [one for leg in trip.legs for one in _ways(leg, trip)], "lodging": trip.lodging}
    trip.options = {**(trip.options or {}), "said": said}
    claim = begin(session, organization, request, now)
    touched = gathering.gather(session, organization, claim, trip, locale=locale)
    follow(session, organization, claim, locale=locale)
    session.refresh(claim)
    if not claim.expenses:
        raise Refusal("There is nothing to settle yet. Please send the receipts of the trip first.")
    return claim, touched


def _ways(leg: Mapping[str, Any], trip: Trip) -> list[dict[str, Any]]:
    """A ride there and back as two, as tickets are bought; as it is where its amount is that of both ways."""
    whole = dict(leg)
    both = leg.get("round_trip") and leg.get("mode") not in ("car", "walk")
    if not both or (leg.get("amount") is not None and leg.get("covers") != "one_way"):
        return [whole]
    there = {**whole, "round_trip": False, "covers": "one_way"}
    via = list(reversed(leg.get("via") or ()))
    back = {**there, "from": leg.get("to"), "to": leg.get("from"), "via": via, "date": trip.ends.isoformat()}
    return [there, back]


def zone_of(organization: Organization) -> ZoneInfo:
    return ZoneInfo(organization.zone)


def begin(session: Session, organization: Organization, request: Claim, now: dt.datetime) -> Claim:
    """An empty draft that settles the request."""
    claim = Claim(
        number=next_number(session, organization),
        member_id=request.member_id,
        purpose=request.purpose,
        project=request.project,
        budget_code=request.budget_code,
        trip_id=request.trip_id,
        request_id=request.id,
        created_at=now,
    )
    session.add(claim)
    session.flush()
    session.refresh(claim)
    data = {"number": claim.number, "request": request.number}
    audit.record(session, actor=request.member_id, action="claim.drafted", subject=f"claim:{claim.id}", data=data)
    return claim


# --- not claiming a line, deleting all --------------------------------------------------------------------------------


def decline(session: Session, claim: Claim, line: Expense, *, by: Member, version: int, zone: str) -> None:
    """The person does not claim a computed line; it does not come back by itself."""
    claims.own(claim, by)
    trip = trip_of(session, claim)
    if trip is None or not is_computed(line):
        raise Refusal("This button is not valid. Please use the newest message.")
    claims.step(session, claim, "correct", version=version, zone=zone)
    key = line.basis["key"]
    trip.options = {**(trip.options or {}), "declined": sorted({*evidence.declined(trip), key})}
    data = {"fields": ["declined"], "key": key, "amount": line.amount}
    session.delete(line)
    session.flush()
    session.refresh(claim)
    audit.record(session, actor=by.id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)


def dissolve(
    session: Session, organization: Organization, claim: Claim, *, by: Member, version: int, now: dt.datetime
) -> list[Claim]:
    """Delete the draft of a settlement; the receipts in it become drafts of their own again. Returns those drafts."""
    claims.own(claim, by)
    claims.step(session, claim, "cancel", version=version, zone=organization.zone)
    audit.record(session, actor=by.id, action="claim.cancelled", subject=f"claim:{claim.id}")
    freed = []
    for line in list(claim.expenses):
        for row in session.scalars(select(StatementRow).filter_by(expense_id=line.id)):
            row.expense_id = None
        if line.receipt_id is None:
            continue
        let_go(line)
        draft = Claim(number=next_number(session, organization), member_id=by.id, purpose=claim.purpose, created_at=now)
        session.add(draft)
        session.flush()
        line.claim_id, line.position = draft.id, 0
        session.flush()
        session.refresh(draft)
        freed.append(draft)
        data = {"number": draft.number}
        audit.record(session, actor=by.id, action="claim.divided", subject=f"claim:{claim.id}", data=data)
    session.refresh(claim)
    return freed
