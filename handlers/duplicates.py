"""The same bytes twice: which claims hold a receipt already, and which of them may hold it again.

Only a live claim blocks. A claim that was rejected or deleted has ended, and its receipt may be claimed anew; a
rejection is then remembered on the new expense, for its applicant and its approver to read.
"""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from handlers.claims import ENDED
from storage.models import Claim, Expense, Receipt


def blocking(session: Session, receipt: Receipt) -> Claim | None:
    """The first live claim with the same bytes; None when there is none, or when a part of the photo is free again."""
    others = session.scalars(_others(receipt).order_by(Claim.number)).all()
    live = [expense for expense in others if expense.claim.state not in ENDED]
    free = {expense.receipt_part for expense in others} - {expense.receipt_part for expense in live}
    return live[0].claim if live and not free else None


def held_parts(session: Session, receipt: Receipt) -> set[int]:
    """Numbers of the receipts on this photo that a live claim holds: a photo of three may have one rejected."""
    return set(
        session.scalars(_others(receipt).where(Claim.state.not_in(ENDED)).with_only_columns(Expense.receipt_part))
    )


def last_rejected(session: Session, receipt: Receipt, part: int) -> Claim | None:
    """The claim in which the same receipt was rejected last."""
    rejected = _others(receipt).where(Expense.receipt_part == part, Claim.state == "rejected")
    found = session.scalars(rejected.order_by(Claim.decided_at.desc()).limit(1)).first()
    return found.claim if found else None


def _others(receipt: Receipt) -> Select[Expense]:
    """Expenses of other receipts with the same bytes."""
    return (
        select(Expense)
        .join(Claim, Expense.claim_id == Claim.id)
        .join(Receipt, Receipt.id == Expense.receipt_id)
        .where(Receipt.sha256 == receipt.sha256, Receipt.id != receipt.id)
    )
