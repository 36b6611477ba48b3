"""What a claim holds of its budget lines follows the state it is in.

A claim on its way to a decision reserves, an approved one consumes, any other holds nothing. An approved request (a
trip asked for beforehand) goes on reserving until the claim that settles it is approved; that claim reserves only what
it needs beyond its request.

A line's ``reserved`` and ``consumed`` change in one conditional statement that takes nothing more from a stopped line
than it has left, whoever else is at it in the same moment. The rows of ``BudgetEntry`` say what is held, so the same
change made twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import or_, select, true, update
from sqlalchemy.orm import Session

from handlers import money
from handlers.budgets import lines
from handlers.errors import Refusal
from storage.models import Budget, BudgetEntry, Claim, Organization, Trip

RESERVE, CONSUME = "reserve", "consume"
HOLDS = {"submitted": RESERVE, "in_approval": RESERVE, "approved": CONSUME, "exported": CONSUME, "paid": CONSUME}
SETTLED = tuple(state for state, kind in HOLDS.items() if kind == CONSUME)


@dataclass(frozen=True)
class Change:
    """What a claim holds of one line, reserved or consumed, now and from now on; yen."""

    claim: Claim
    line: str
    kind: str
    before: int
    after: int


def follow(session: Session, claim: Claim) -> None:
    """Make what the claim (and the request that it settles) holds agree with its state.

    Raises :class:`Refusal` when a stopped line has not enough left, or when no line can be told.
    """
    if not lines.used(session):
        return
    # What follows in this transaction is recorded in the organisation's audit chain, whose lock is this same row:
    # taken first, two claims can never wait for each other's line and row.
    session.execute(select(Organization.id).where(Organization.id == claim.organization_id).with_for_update())
    request = _request(session, claim)
    before: dict[str, int] = {}
    changes: list[Change] = []
    if request is not None:
        kind = None if _is_settled(session, request) else HOLDS.get(request.state) and RESERVE
        before = _target(session, request, kind, {})
        changes += _changes(session, request, kind, before)
    kind = HOLDS.get(claim.state)
    if claim.kind == "request":
        kind = None if _is_settled(session, claim) else kind and RESERVE
    changes += _changes(session, claim, kind, _target(session, claim, kind, before))
    _move(session, changes)


def _request(session: Session, claim: Claim) -> Claim | None:
    if not claim.request_id:
        return None
    return session.scalars(select(Claim).filter_by(id=claim.request_id).with_for_update()).one()


def _is_settled(session: Session, request: Claim) -> bool:
    """Whether the request has nothing to hold for any more: its costs are approved, or the trip is off."""
    settling = select(Claim.id).where(Claim.request_id == request.id, Claim.state.in_(SETTLED))
    if session.scalars(settling.limit(1)).first() is not None:
        return True
    trip = session.get(Trip, request.trip_id) if request.trip_id else None
    return trip is not None and trip.cancelled_at is not None


def _target(session: Session, claim: Claim, kind: str | None, before: dict[str, int]) -> dict[str, int]:
    """Yen by line that the claim shall hold from now on; ``before`` is what its request goes on holding."""
    if kind is None:
        return {}
    now = lines.held(session, claim.id, kinds=(kind,))
    if now:
        return now  # what was reckoned when it was taken stays, whatever became of the lines
    wanted = lines.shares(session, claim)
    return {
        line: rest
        for line, amount in wanted.items()
        if (rest := amount - (before.get(line, 0) if kind == RESERVE else 0)) > 0
    }


def _changes(session: Session, claim: Claim, kind: str | None, target: dict[str, int]) -> list[Change]:
    changes: list[Change] = []
    for one in (RESERVE, CONSUME):
        now = lines.held(session, claim.id, kinds=(one,))
        wanted = target if one == kind else {}
        changes += [
            Change(claim, line, one, now.get(line, 0), wanted.get(line, 0))
            for line in sorted(now.keys() | wanted.keys())
            if now.get(line, 0) != wanted.get(line, 0)
        ]
    return changes


def _move(session: Session, changes: list[Change]) -> None:
    at = datetime.now(UTC)
    moved: dict[str, dict[str, int]] = {}
    for change in changes:
        sums = moved.setdefault(change.line, {RESERVE: 0, CONSUME: 0})
        sums[change.kind] += change.after - change.before
        if change.after:
            _hold(session, change, at)
        else:
            _release(session, change, at)
    for line in sorted(moved):
        _take(session, line, moved[line][RESERVE], moved[line][CONSUME], at)


def _hold(session: Session, change: Change, at: datetime) -> None:
    claim = change.claim
    same = {"claim_id": claim.id, "budget_id": change.line, "round": claim.round, "kind": change.kind}
    entry = session.scalars(select(BudgetEntry).filter_by(**same)).first()
    if entry is None:
        session.add(BudgetEntry(**same, amount=change.after, at=at))
    else:  # taken again after it was given back in the same round
        entry.amount, entry.at, entry.released_at = change.after, at, None
    session.flush()


def _release(session: Session, change: Change, at: datetime) -> None:
    held = select(BudgetEntry).filter_by(
        claim_id=change.claim.id, budget_id=change.line, kind=change.kind, released_at=None
    )
    for entry in session.scalars(held):
        entry.released_at = at
    session.flush()


def _take(session: Session, line: str, reserve: int, consume: int, at: datetime) -> None:
    """Move one line. What gives back, or only turns reserved into consumed, always may."""
    if not reserve and not consume:
        return
    more = reserve + consume
    room = Budget.amount - Budget.reserved - Budget.consumed >= more
    changed = session.execute(
        update(Budget)
        .where(Budget.id == line, or_(Budget.stopped.is_(False), room) if more > 0 else true())
        .values(reserved=Budget.reserved + reserve, consumed=Budget.consumed + consume, updated_at=at)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE's CursorResult
        return
    row = session.scalars(select(Budget).filter_by(id=line).execution_options(populate_existing=True)).one()
    raise Refusal(
        "The budget “{line}” has {left} left and this needs {amount}. Please ask whoever manages the budget.",
        line=lines.name(row),
        left=money.show(lines.left(row)),
        amount=money.show(more),
    )
