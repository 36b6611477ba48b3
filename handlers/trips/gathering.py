"""What belongs to a trip by its day: drafts of the traveller, and rows of their cards that nobody has claimed yet.

Everything of the days between departure and return is taken, and says why: by its day, or by a place on it that is the
trip's. What the person keeps out stays out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from handlers import claims
from handlers.notes import drafts as notes
from handlers.travel.places import municipality as plain
from handlers.trips import evidence
from ocr.classify import classify
from storage import audit
from storage.models import Claim, Expense, Member, Organization, StatementRow, Trip

TYPED = ("part", "stay_nights", "meals", "covers", "stay", "ride")  # what a typed line knows beside its columns
NEAR = dt.timedelta(2)  # days by which a card's statement dates a purchase later than its receipt


def gather(session: Session, organization: Organization, claim: Claim, trip: Trip, *, locale: str) -> list[Claim]:
    """Take everything of the trip's days into its settlement; the drafts that something was taken from."""
    touched = []
    for line in candidates(session, claim.member_id, trip):
        touched.append(take_in(session, organization, claim, trip, line))
    for row in free_rows(session, claim.member_id, trip):
        _claim_row(session, claim, trip, row, locale)
    session.flush()
    session.refresh(claim)
    return list(dict.fromkeys(touched))


def candidates(session: Session, member_id: str, trip: Trip) -> list[Expense]:
    """Lines of the member's drafts that are of the trip's days, in the order of their days."""
    found = (
        select(Expense)
        .join(Claim, Expense.claim_id == Claim.id)
        .where(Claim.member_id == member_id, Claim.state == "draft", Claim.kind == "expense", Claim.trip_id.is_(None))
        .where(Expense.kind.in_(evidence.KINDS), Expense.date.between(trip.starts, trip.ends))
    )
    rows = session.scalars(found.order_by(Expense.date, Claim.number, Expense.position))
    return [line for line in rows if kept_out(line) != trip.id]


def kept_out(line: Expense) -> str:
    """The id of the trip that the person keeps this line out of."""
    return str(line.basis.get("kept_out") or "")


def why(line: Expense, trip: Trip) -> dict[str, str]:
    """Why a line is the trip's: {"place": …} where its place stands on it, else {"day": ISO day}."""
    prefecture = evidence.place_of(line)
    if prefecture and prefecture == trip.prefecture:
        return {"place": prefecture}
    goal = plain(trip.destination)
    if len(goal) > 1 and goal in evidence.text_of(line):
        return {"place": trip.destination}
    return {"day": line.date.isoformat() if line.date else ""}


def take_in(session: Session, organization: Organization, claim: Claim, trip: Trip, line: Expense) -> Claim:
    """Move a line of a draft into the settlement; a draft that is empty then ends. Returns that draft."""
    source, zone = line.claim, organization.zone
    line.basis = {
        **{name: value for name, value in line.basis.items() if name != "kept_out"},
        "of_trip": trip.id,
        "why": why(line, trip),
    }
    line.claim_id, line.position = claim.id, max((e.position for e in claim.expenses), default=-1) + 1
    session.flush()
    session.refresh(source)
    session.refresh(claim)
    subject, into = f"claim:{source.id}", {"into": claim.number}
    if source.expenses:
        claims.step(session, source, "correct", version=source.version, zone=zone)
        audit.record(session, actor=claim.member_id, action="claim.divided", subject=subject, data=into)
    else:
        claims.step(session, source, "cancel", version=source.version, zone=zone)
        audit.record(session, actor=claim.member_id, action="claim.merged", subject=subject, data=into)
    claim.purpose = claim.purpose or source.purpose
    return source


# --- rows of statements -----------------------------------------------------------------------------------------------


def free_rows(session: Session, member_id: str, trip: Trip) -> list[StatementRow]:
    """Rows of the trip's days that no living claim has, and whose payment no receipt of the person tells of.

    Of an IC card only journeys: what was bought with it is the person's to say.
    """
    taken = select(Expense.id).join(Claim, Expense.claim_id == Claim.id).where(Claim.state.not_in(claims.ENDED))
    found = (
        select(StatementRow)
        .filter_by(member_id=member_id)
        .where(StatementRow.date.between(trip.starts, trip.ends), StatementRow.amount > 0)
        .where(or_(StatementRow.expense_id.is_(None), StatementRow.expense_id.not_in(taken)))
    )
    rows = session.scalars(found.order_by(StatementRow.date, StatementRow.key))
    return [row for row in rows if _is_journey(row) or (row.kind != "ic" and not _has_receipt(session, row))]


def _is_journey(row: StatementRow) -> bool:
    return row.kind == "ic" and bool(row.origin and row.destination)


def _has_receipt(session: Session, row: StatementRow) -> bool:
    same = (
        select(Expense.id)
        .join(Claim, Expense.claim_id == Claim.id)
        .where(Claim.member_id == row.member_id, Claim.state.not_in(claims.ENDED), Expense.kind.in_(evidence.KINDS))
        .where(Expense.amount == row.amount, Expense.currency == row.currency)
        .where(Expense.date.between(row.date - NEAR, row.date))
    )
    return session.scalars(same.limit(1)).first() is not None


def _claim_row(session: Session, claim: Claim, trip: Trip, row: StatementRow, locale: str) -> None:
    journey = {"from": row.origin, "to": row.destination, "via": [], "mode": "train", "round_trip": False, "km": None}
    ride = _is_journey(row)
    line = Expense(
        claim_id=claim.id,
        kind="statement",
        position=max((e.position for e in claim.expenses), default=-1) + 1,
        payee=notes.way(journey, locale) if ride else row.payee,
        date=row.date,
        amount=row.amount,
        currency=row.currency,
        category=evidence.TRAVEL if ride else classify(row.payee, "").category.code,
        payment_method="ic" if row.kind == "ic" else "corporate_card",
        journey=journey if ride else {},
        taxes=[],
        doubts=[],
        corrected=[],
    )
    session.add(line)
    session.flush()
    session.refresh(line)
    line.basis = {"of_trip": trip.id, "why": why(line, trip)}
    row.expense_id = line.id
    session.flush()
    session.refresh(claim)


# --- a receipt that comes while a trip runs, or after it --------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """Where a draft belongs by its day: a trip, and the settlement that it can be put into (None: not made yet)."""

    trip: Trip
    settlement: Claim | None
    kept_out: bool


def offer(session: Session, claim: Claim) -> Offer | None:
    """The trip of this draft's owner that its days are in, if it can still be settled; None where there is none."""
    days = [line.date for line in claim.expenses if line.date is not None and line.kind in evidence.KINDS]
    if claim.state != "draft" or claim.kind != "expense" or claim.trip_id or not days:
        return None
    if len(days) < len(claim.expenses):
        return None
    first, last = min(days), max(days)
    rows = session.execute(
        select(Claim, Trip)
        .join(Trip, Claim.trip_id == Trip.id)
        .where(Claim.member_id == claim.member_id, Trip.cancelled_at.is_(None))
        .where(Trip.starts <= first, Trip.ends >= last, Claim.state.not_in(claims.ENDED))
        .order_by(Claim.number)
    ).all()
    out = kept_out(claim.expenses[0])
    settling = {trip.id: found for found, trip in rows if found.kind == "expense"}
    for found, trip in rows:
        made = settling.get(trip.id)
        if made is not None and made.state in claims.EDITABLE:
            return Offer(trip, made, out == trip.id)
        if made is None and found.kind == "request" and found.state == "approved":
            return Offer(trip, None, out == trip.id)
    return None


def keep_out(session: Session, claim: Claim, trip_id: str, *, by: Member, version: int, zone: str) -> None:
    """Leave a draft out of a trip's settlement; an empty ``trip_id`` lets it in again."""
    claims.own(claim, by)
    claims.step(session, claim, "correct", version=version, zone=zone)
    for line in claim.expenses:
        kept = {name: value for name, value in line.basis.items() if name != "kept_out"}
        line.basis = {**kept, **({"kept_out": trip_id} if trip_id else {})}
    session.flush()


def add(session: Session, organization: Organization, claim: Claim, into: Claim, *, by: Member, version: int) -> Trip:
    """Put a draft's lines into a settlement that exists already. :class:`Refusal` where either has moved on."""
    claims.own(claim, by)
    claims.own(into, by)
    found = offer(session, claim)
    if claim.version != version or found is None or found.settlement is None or found.settlement.id != into.id:
        raise claims.stale(session, claim, organization.zone)
    for line in list(claim.expenses):
        same = _typed_twin(into, line)
        take_in(session, organization, into, found.trip, line)
        if same is not None:
            _replace(session, same, line)
    claims.step(session, into, "correct", version=into.version, zone=organization.zone)
    session.refresh(into)
    return found.trip


def _typed_twin(into: Claim, line: Expense) -> Expense | None:
    """The typed line whose receipt this is: the same amount and currency, and nothing speaks against the day."""
    if line.kind != "receipt":
        return None
    for typed in into.expenses:
        same = typed.kind == "note" and typed.amount == line.amount and typed.currency == line.currency
        part = typed.basis.get("part")
        if same and part and (typed.date == line.date or (part == "lodging" and typed.category == line.category)):
            return typed
    return None


def _replace(session: Session, typed: Expense, line: Expense) -> None:
    """The receipt stands for what was typed before it came, and keeps what only the typing said."""
    line.journey = line.journey or typed.journey
    said: dict[str, Any] = {name: value for name, value in typed.basis.items() if name in TYPED}
    line.basis = {**line.basis, **said}
    line.position, line.category = typed.position, typed.category
    session.delete(typed)
    session.flush()
