"""A claim as rules look at it: rows of the database turned into the frozen facts of ``handlers.policies.base``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import amounts, attendees
from handlers.claims.life import EDITABLE
from handlers.errors import Refusal
from handlers.policies.base import Attendee, Case, Limit, Line, Person, Seen, TripFacts
from handlers.policies.history import History
from storage.models import ApprovalStep, Claim, Expense, LaneRule, Member, Organization, Seat, Trip

ALLOWED = ("approved", "exported", "paid")  # a request that somebody has agreed to


def case_of(session: Session, organization: Organization, claim: Claim, today: dt.date) -> Case:
    """The facts of ``claim`` on ``today`` (the organisation's day)."""
    zone = ZoneInfo(organization.zone)
    lines = tuple(line_of(expense, zone) for expense in claim.expenses)
    submitted = claim.submitted_at.astimezone(zone).date() if claim.submitted_at else None
    return Case(
        claim_id=claim.id,
        kind=claim.kind,
        purpose=claim.purpose,
        day=submitted or today,
        member=_person(claim.member),
        lines=lines,
        claim_lines=lines,
        history=History(session, claim.id, claim.member_id),
        approvers=_approvers(session, claim, today),
        trip=_trip(session, claim),
        caps=_caps(session),
    )


def line_of(expense: Expense, zone: ZoneInfo) -> Line:
    """One expense as rules see it; days are those of ``zone``."""
    receipt = expense.receipt
    return Line(
        id=expense.id,
        kind=expense.kind or "receipt",
        payee=expense.payee or "",
        date=expense.date,
        amount=expense.amount,
        currency=expense.currency or "JPY",
        claimed=amounts.yen(expense),
        taxes=tuple(amounts.taxes(expense)),
        registration_number=expense.registration_number or "",
        category=expense.category or "misc",
        payment_method=expense.payment_method or "",
        description=expense.description or "",
        attendees=tuple(_attendee(row) for row in attendees.named(expense.attendees or ())),
        persons=expense.attendees_count or len(expense.attendees or ()) or None,
        missing_receipt=expense.missing_receipt or "",
        journey=expense.journey or {},
        basis=expense.basis or {},
        receipt_id=expense.receipt_id or "",
        receipt_part=expense.receipt_part or 0,
        sha256=(receipt.sha256 or "") if receipt else "",
        arrived=receipt.arrived_at.astimezone(zone).date() if receipt else None,
        seen=_seen(expense),
        doubts=tuple(expense.doubts or ()),
    )


def _seen(expense: Expense) -> Seen:
    if expense.receipt is None or (expense.receipt_part or 0) >= len(expense.receipt.readings or ()):
        return Seen()
    reading = expense.receipt.readings[expense.receipt_part or 0]
    if not isinstance(reading, dict):
        return Seen()
    items = _value(reading, "items") or ()
    return Seen(
        kind=_value(reading, "kind") or "",
        issuer=_value(reading, "issuer") or "",
        items=tuple((str(item["name"]), int(item["amount"])) for item in items),
        flags=tuple(str(flag) for flag in reading.get("flags") or ()),
        text="\n".join(str(line.get("text", "")) for line in reading.get("lines") or ()),
        persons=_value(reading, "persons"),
        tip=_value(reading, "tip"),
        service_charge=_value(reading, "service_charge"),
    )


def _value(reading: Mapping[str, Any], name: str) -> Any:
    found = reading.get(name)
    return found.get("value") if isinstance(found, dict) else None


def _attendee(row: Any) -> Attendee:
    if not isinstance(row, dict):
        return Attendee(str(row))
    return Attendee(str(row.get("name", "")), str(row.get("company", "")), str(row.get("relation", "")))


def _person(member: Member) -> Person:
    return Person(member.id, member.name, member.email or "", member.department, member.grade)


def _approvers(session: Session, claim: Claim, today: dt.date) -> tuple[Person, ...]:
    """Who has a seat in this round; before there are seats, who would get one; the supervisor where no way is found."""
    seated = (
        select(Member)
        .join(Seat, Seat.member_id == Member.id)
        .join(ApprovalStep, Seat.step_id == ApprovalStep.id)
        .where(Seat.claim_id == claim.id, ApprovalStep.round == claim.round, Seat.state.in_(("open", "approved")))
    )
    found: list[Member] = []
    if claim.state not in EDITABLE:  # a draft that came back still has the seats of its last submission
        found = list(session.scalars(seated.order_by(ApprovalStep.position, Seat.position)).unique())
    if not found:
        found = _expected(session, claim, today)
    if not found and claim.member.manager_id:
        supervisor = session.get(Member, claim.member.manager_id)
        found = [supervisor] if supervisor is not None and supervisor.active else []
    return tuple(_person(member) for member in found)


def _expected(session: Session, claim: Claim, today: dt.date) -> list[Member]:
    """The people of the way that the claim would go, in order; nobody where it has none yet."""
    from handlers.approvals import routes  # approvals themselves ask the rules: at the top it would be a circle

    try:
        steps = routes.plan(session, claim.member, routes.facts_of(session, claim, today))
    except Refusal:  # the card and the submission say what is missing
        return []
    members = (member for step in steps for place in step.places for member in place.members)
    return list({member.id: member for member in members}.values())


def _caps(session: Session) -> tuple[Limit, ...]:
    """Up to which amounts a claim may pass without an approver (``handlers.lane``)."""
    open_lanes = session.scalars(select(LaneRule).filter_by(state="active"))
    return tuple(Limit(row.max_amount, frozenset(row.categories)) for row in open_lanes)


def _trip(session: Session, claim: Claim) -> TripFacts | None:
    trip = session.get(Trip, claim.trip_id) if claim.trip_id else None
    if trip is None:
        return None
    computed = tuple(row for row in trip.computed or () if isinstance(row, dict))
    request = session.get(Claim, claim.request_id) if claim.request_id else None
    requested = request is not None and request.state in ALLOWED
    return TripFacts(trip.id, trip.starts, trip.ends, trip.nights, trip.destination, computed, requested, _km(trip))


def _km(trip: Trip) -> int | None:
    """Kilometres one way: as they were said, else those of the longest ride."""
    rides = [leg.get("km") for leg in trip.legs or () if isinstance(leg, dict)]
    said = [(trip.options or {}).get("distance_km") or None, *rides]
    return max((int(float(km)) for km in said if km), default=None)
