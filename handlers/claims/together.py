"""Several receipts in one claim: put together, and taken apart again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from handlers.claims.acts import line, own
from handlers.claims.drafts import next_number
from handlers.claims.life import step
from handlers.claims.purchases import lines_of, receipts
from handlers.errors import Refusal
from storage import audit
from storage.models import Claim, Member, Organization


def merge(session: Session, drafts: Sequence[Claim], *, by: Member, zone: str) -> Claim:
    """Move the expenses of several drafts into the first, to be submitted together; the others end."""
    first, *others = drafts
    own(first, by)
    for other in others:
        own(other, by)
        for expense in list(other.expenses):
            expense.claim_id, expense.position = first.id, len(first.expenses)
            session.flush()
            session.refresh(first)
        step(session, other, "cancel", version=other.version, zone=zone)
        audit.record(
            session, actor=by.id, action="claim.merged", subject=f"claim:{other.id}", data={"into": first.number}
        )
    step(session, first, "correct", version=first.version, zone=zone)
    if not first.purpose:
        first.purpose = next((other.purpose for other in others if other.purpose), "")
    session.refresh(first)
    return first


def take_out(
    session: Session,
    organization: Organization,
    claim: Claim,
    expense_id: str,
    *,
    by: Member,
    version: int,
    now: dt.datetime,
) -> Claim:
    """Give one receipt of a claim of several, with all its lines, a draft of its own again; returns that draft."""
    own(claim, by)
    if receipts(claim) < 2:
        raise Refusal("This is the only receipt of the claim.")
    step(session, claim, "correct", version=version, zone=organization.zone)
    expense = line(claim, expense_id)
    draft = Claim(number=next_number(session, organization), member_id=by.id, purpose=claim.purpose, created_at=now)
    session.add(draft)
    session.flush()
    for position, part in enumerate(lines_of(expense)):
        part.claim_id, part.position = draft.id, position
    session.flush()
    session.refresh(claim)
    session.refresh(draft)
    audit.record(
        session, actor=by.id, action="claim.divided", subject=f"claim:{claim.id}", data={"number": draft.number}
    )
    return draft
