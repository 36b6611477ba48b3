"""What became of the claims that were drawn, and which claims carry an earlier draw along.

Called wherever a claim changes its state (``claims.life``); knows nothing but rows.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, object_session

from storage.models import Claim, LaneDecision, Seat

PASSED, AUDITED, UPHELD, OVERTURNED = "passed", "audited", "upheld", "overturned"
VERDICTS = {
    "submitted": AUDITED,
    "in_approval": AUDITED,
    "approved": UPHELD,
    "exported": UPHELD,
    "paid": UPHELD,
    "returned": OVERTURNED,
    "rejected": OVERTURNED,
}
DRAWN = "drawn"  # the entry of ``LaneDecision.checks`` that says a person looks at it
LINES = "lines"  # the entry of ``LaneDecision.checks`` that tells the claim's receipts again


def follow(session: Session, claim: Claim) -> None:
    """After a step of a claim that was drawn: upheld, overturned, or waiting again when that was taken back."""
    row = of_round(session, claim)
    if row is not None and row.state != PASSED and claim.state in VERDICTS:
        row.state = VERDICTS[claim.state]


def of_round(session: Session, claim: Claim) -> LaneDecision | None:
    """What the lane said of the claim's present submission."""
    if not claim.round:
        return None
    return session.scalars(select(LaneDecision).filter_by(claim_id=claim.id, round=claim.round)).first()


def latest(session: Session, claim: Claim) -> LaneDecision | None:
    """What the lane said of the claim last, of this submission or an earlier one."""
    query = select(LaneDecision).filter_by(claim_id=claim.id).order_by(LaneDecision.round.desc())
    return session.scalars(query.limit(1)).first()


def waits_for_audit(claim: Claim) -> bool:
    """Whether it waits for a person only because it was drawn: nobody approves it without a look."""
    session = object_session(claim)
    row = of_round(session, claim) if session is not None else None
    return row is not None and row.state == AUDITED


def passed_since(session: Session, member_id: str, since: datetime) -> int:
    """How many claims passed that this person would have been asked about."""
    query = (
        select(func.count(func.distinct(LaneDecision.id)))
        .join(Seat, Seat.claim_id == LaneDecision.claim_id)
        .where(LaneDecision.state == PASSED, LaneDecision.at > since, Seat.member_id == member_id)
    )
    return session.scalar(query) or 0


# --- a draw is carried along ------------------------------------------------------------------------------------------


def keys_of(claim: Claim) -> list[str]:
    """By what its receipts are known again: their bytes, and the facts that nobody can change and stay in the lane."""
    found: list[str] = []
    for expense in claim.expenses:
        if expense.receipt is not None and expense.receipt.sha256:
            found.append(f"file:{expense.receipt.sha256}")
        if expense.date is not None and expense.amount is not None:
            found.append(f"facts:{expense.date.isoformat()}:{expense.amount}:{expense.currency}")
    return found


def carried(session: Session, claim: Claim) -> str:
    """Id of the claim with whose draw this one goes; empty when it has a draw of its own.

    A receipt that was drawn stays drawn, in whichever of its owner's claims it comes again: taken back and handed in
    anew, deleted and sent once more, photographed again, put together with others or taken out.
    """
    query = (
        select(LaneDecision)
        .join(Claim, Claim.id == LaneDecision.claim_id)
        .where(
            Claim.member_id == claim.member_id,
            or_(LaneDecision.claim_id == claim.id, LaneDecision.state.in_((AUDITED, OVERTURNED))),
        )
        .order_by(LaneDecision.at, LaneDecision.id)
    )
    mine = set(keys_of(claim))
    for row in session.scalars(query):
        known = next((check["keys"] for check in row.checks if check["name"] == LINES), ())
        if row.claim_id == claim.id or mine & set(known):
            return row.claim_id
    return ""
