"""Somebody leaves: whoever takes over sits down in their seats, so that no claim waits for nobody."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import claims
from handlers.approvals import seats, steps
from handlers.errors import Refusal
from storage import audit
from storage.models import ApprovalStep, Claim, Member, Seat


def held(session: Session, leaver: Member) -> list[Seat]:
    """The leaver's seats in claims that wait: where they are asked now, and where they will be."""
    query = (
        select(Seat)
        .join(ApprovalStep, Seat.step_id == ApprovalStep.id)
        .join(Claim, Seat.claim_id == Claim.id)
        .where(
            Seat.member_id == leaver.id,
            Seat.state == "open",
            ApprovalStep.state.in_(("open", "ahead")),
            ApprovalStep.round == Claim.round,
            Claim.state.in_(claims.WAITING),
        )
        .order_by(Claim.number)
    )
    return list(session.scalars(query))


def take_seat(
    session: Session, seat: Seat, successor: Member, above: Member | None, *, by: Member, now: dt.datetime, zone: str
) -> Claim:
    """Put ``successor`` in a leaver's seat; ``above`` where the claim is the successor's own. Audited.

    A successor with another seat in the claim decides once, in the later one. Raises :class:`Refusal` when they have
    decided already, or would decide their own claim.
    """
    claim = session.get_one(Claim, seat.claim_id)
    heir = successor if claim.member_id != successor.id else above
    if heir is None or heir.id == claim.member_id:
        raise Refusal("{name} has claims of their own to be decided. Please name somebody else.", name=successor.name)
    if heir.id in seats.decided(session, claim):
        text = "{name} has decided claim #{number} already. Please name somebody else, or wait for its last decision."
        raise Refusal(text, name=heir.name, number=claim.number)
    own = [s for step in seats.steps(session, claim) for s in step.seats if s.member_id == heir.id]
    other = next((s for s in own if s.state == "open" and s.step.state in ("open", "ahead")), None)
    if other is None:
        seat.member_id = heir.id
    elif other.step.position > seat.step.position or other.step_id == seat.step_id:
        seat.state = "skipped"
    else:
        other.state, seat.member_id = "skipped", heir.id
    session.flush()
    session.refresh(seat, ["member"])
    if steps.settle(session, claim, now=now):
        claims.step(session, claim, "pass", version=claim.version, zone=zone)
    data = {"number": claim.number, "approver": heir.id}
    audit.record(session, actor=by.id, action="claim.reassigned", subject=f"claim:{claim.id}", data=data)
    return claim
