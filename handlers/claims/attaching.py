"""A photo that comes later for a line that was typed: found, and put on that line instead of a draft of its own."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, object_session

from handlers.claims.acts import own
from handlers.claims.life import EDITABLE, step
from handlers.errors import Refusal
from storage import audit
from storage.models import Claim, Expense, Member

ABOUT = dt.timedelta(days=3)  # people mistake the day of what they type from memory
ATTACHED = "attached_to"  # in Expense.basis of the draft that the photo had made: the claim it is on now
KINDS = ("receipt", "note")
FILLED = ("registration_number", "taxes", "payment_method", "date")  # taken from the photo where the line has none


def line_for(claim: Claim) -> Expense | None:
    """The applicant's own line without a receipt that this draft of one photo may belong to: same amount, about the
    same day; None when there is none."""
    session = object_session(claim)
    if session is None or claim.state not in EDITABLE or len(claim.expenses) != 1:
        return None
    photo = claim.expenses[0]
    if photo.receipt_id is None or photo.amount is None:
        return None
    asked = (
        select(Expense)
        .join(Claim, Expense.claim_id == Claim.id)
        .where(
            Claim.member_id == claim.member_id,
            Claim.id != claim.id,
            Claim.kind == "expense",
            Claim.state.in_(EDITABLE),
            Expense.receipt_id.is_(None),
            Expense.kind.in_(KINDS),
            Expense.amount == photo.amount,
            Expense.currency == photo.currency,
        )
    )
    if photo.date is not None:
        near = Expense.date.between(photo.date - ABOUT, photo.date + ABOUT)
        asked = asked.where(or_(Expense.date.is_(None), near))
    return session.scalars(asked.order_by(Claim.number.desc(), Expense.position).limit(1)).first()


def attach(session: Session, claim: Claim, line: Expense, *, by: Member, version: int, zone: str) -> None:
    """Put the photo of ``claim`` on ``line`` of another claim; the draft that the photo had made ends.

    What a person typed stays; the photo fills what they left open. :class:`Refusal` where either has changed.
    """
    own(claim, by)
    own(line.claim, by)
    found = line_for(claim)
    step(session, claim, "cancel", version=version, zone=zone)
    if found is None or line.receipt_id is not None or line.claim.state not in EDITABLE:
        raise Refusal("That line has changed since. Please use its newest card.")
    step(session, line.claim, "correct", version=line.claim.version, zone=zone)
    photo = claim.expenses[0]
    receipt_id, part = photo.receipt_id, photo.receipt_part
    photo.receipt_id, photo.receipt_part = None, 0
    photo.basis = {**(photo.basis or {}), ATTACHED: line.claim.number}
    session.flush()
    line.receipt_id, line.receipt_part, line.missing_receipt = receipt_id, part, ""
    for name in FILLED:
        if not getattr(line, name):
            setattr(line, name, getattr(photo, name))
    session.flush()
    session.refresh(line)
    data = {"number": line.claim.number, "from": claim.number, "receipt": line.receipt.sha256 if line.receipt else None}
    audit.record(session, actor=by.id, action="claim.receipt_attached", subject=f"claim:{line.claim_id}", data=data)
