"""The steps of a claim as they open, pass, close, and open again when a decision is taken back.

In a step of mode ``any`` one approval is enough. In one of mode ``all`` each of its places must approve; the seats of
one place (same ``position``) are as good as each other. Only rows change here; which transition of the claim goes
along with it is said by :func:`act_of_approval` and :func:`act_of_undoing` before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set

from sqlalchemy.orm import Session

from handlers.approvals import seats
from storage.models import ApprovalStep, Claim, Decision, Seat

DECIDED_BEFORE = "Everybody of this step has decided before."


def act_of_approval(session: Session, claim: Claim, decider: seats.Decider) -> str:
    """``sign`` while other places of the step must still agree, ``pass`` where another step follows, or ``approve``."""
    step, out = decider.seat.step, {*seats.decided(session, claim), decider.member.id}
    rest = [group for group in places(step) if decider.seat not in group and not _agreed(group)]
    if any(_can_be_asked(group, out) for group in rest):
        return "sign"
    return "pass" if _next(session, claim, out) is not None else "approve"


def approve(session: Session, claim: Claim, seat: Seat, act: str, *, now: dt.datetime) -> None:
    """Fill a seat; if that passes its step, the next one opens. The decision is on record already."""
    step = seat.step
    seat.state = "approved"
    closed = step.seats if act != "sign" else next(group for group in places(step) if seat in group)
    for other in closed:
        other.state = "void" if other.state == "open" else other.state
    if act != "sign":
        step.state, step.closed_at = "passed", now
        _open_next(session, claim, now)
    session.flush()


def close(session: Session, claim: Claim, *, now: dt.datetime) -> None:
    """Nobody is asked any more: sent back, rejected or withdrawn."""
    for step in seats.steps(session, claim):
        if step.state in ("open", "ahead"):
            step.state, step.closed_at = "void", now
            for seat in step.seats:
                seat.state = "void" if seat.state == "open" else seat.state
    session.flush()


def act_of_undoing(session: Session, claim: Claim, decision: Decision) -> str:
    """``step_back`` where an earlier step stays passed, else ``undo``."""
    others = (step for step in seats.steps(session, claim) if step.id != decision.step_id)
    return "step_back" if any(step.state == "passed" for step in others) else "undo"


def reopen(session: Session, claim: Claim, decision: Decision) -> None:
    """The steps as they were before this decision, the last of the submission."""
    own = session.get_one(ApprovalStep, decision.step_id)
    owner = decision.for_member_id or decision.member_id
    for seat in own.seats:
        if seat.member_id == owner and seat.state == "approved":
            seat.state = "open"
    own.state, own.closed_at = "open", None
    _fill_again(own)
    for step in seats.steps(session, claim):
        if step.position > own.position and step.seats:
            step.state, step.opened_at, step.closed_at = "ahead", None, None
            step.notes = [note for note in step.notes if note["text"] != DECIDED_BEFORE]
            _fill_again(step)
    session.flush()


def settle(session: Session, claim: Claim, *, now: dt.datetime) -> bool:
    """After seats were emptied from outside: an open step with nobody left to ask ends, and the next one opens.

    True when the step passed by those who had agreed before; a step that nobody decided is skipped.
    """
    current = seats.open_step(session, claim)
    if current is None or any(seat.state == "open" for seat in current.seats):
        return False
    agreed = _agreed(current.seats)
    current.state, current.closed_at = "passed" if agreed else "skipped", now
    _open_next(session, claim, now)
    session.flush()
    return agreed


def places(step: ApprovalStep) -> list[list[Seat]]:
    """The seats by place; in a step of mode ``any`` all of them are one place."""
    found: dict[int, list[Seat]] = {}
    for seat in step.seats:
        found.setdefault(seat.position if step.mode == "all" else 0, []).append(seat)
    return list(found.values())


def _agreed(group: list[Seat]) -> bool:
    return any(seat.state == "approved" for seat in group)


def _can_be_asked(group: list[Seat], out: Set[str]) -> bool:
    """Whether somebody of the place has not decided in this submission yet."""
    return any(seat.state == "open" and seat.member_id not in out for seat in group)


def _fill_again(step: ApprovalStep) -> None:
    for group in places(step):
        if not _agreed(group):
            for seat in group:
                seat.state = "open" if seat.state == "void" else seat.state


def _next(session: Session, claim: Claim, out: Set[str]) -> ApprovalStep | None:
    ahead = (step for step in seats.steps(session, claim) if step.state == "ahead")
    return next((step for step in ahead if _can_be_asked(step.seats, out)), None)


def _open_next(session: Session, claim: Claim, now: dt.datetime) -> None:
    """Open the next step in which somebody can be asked; those before it are skipped: its people decided already."""
    following = _next(session, claim, seats.decided(session, claim))
    for step in seats.steps(session, claim):
        if step.state == "ahead" and (following is None or step.position < following.position):
            step.state, step.notes = "skipped", [*step.notes, {"text": DECIDED_BEFORE, "values": {}}]
    if following is not None:
        following.state, following.opened_at = "open", now
