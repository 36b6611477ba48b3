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
from storage.models import Claim, Expense, Member, Organization

BETWEEN = " / "  # of purposes, where drafts had several
LONGEST = 200  # characters of a purpose


def merge(session: Session, drafts: Sequence[Claim], *, by: Member, zone: str) -> Claim:
    """Move the expenses of several drafts into the first, to be submitted together; the others end and point to it.

    Nothing that was said is lost: of several purposes each stays with its lines, and reasons that were given for a line
    go along. :class:`Refusal` where one of them is not the person's own, or no draft any more.
    """
    first, *others = drafts
    own(first, by)
    purpose = _one_purpose(drafts)
    for other in others:
        own(other, by)
        lines = list(other.expenses)
        said = {key: text for key, text in (other.reasons or {}).items() if any(line.id in key for line in lines)}
        first.reasons = {**said, **(first.reasons or {})}
        for expense in lines:
            expense.claim_id, expense.position = first.id, len(first.expenses)
            session.flush()
            session.refresh(first)
        step(session, other, "cancel", version=other.version, zone=zone)
        session.refresh(other)
        audit.record(
            session, actor=by.id, action="claim.merged", subject=f"claim:{other.id}", data={"into": first.number}
        )
    step(session, first, "correct", version=first.version, zone=zone)
    first.purpose = purpose
    session.flush()
    session.refresh(first)
    data = {"number": first.number, "from": [other.number for other in others]}
    audit.record(session, actor=by.id, action="claim.merged", subject=f"claim:{first.id}", data=data)
    return first


def _one_purpose(drafts: Sequence[Claim]) -> str:
    """The purpose of all; where they have several, each line keeps the one it came with as its own."""
    purposes = list(dict.fromkeys(draft.purpose for draft in drafts if draft.purpose))
    if len(purposes) < 2:
        return purposes[0] if purposes else ""
    for draft in drafts:
        for expense in draft.expenses:
            expense.description = expense.description or draft.purpose
    return BETWEEN.join(purposes)[:LONGEST]


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
    lines = lines_of(expense)
    purpose = _takes_along(claim, lines)
    draft = Claim(number=next_number(session, organization), member_id=by.id, purpose=purpose, created_at=now)
    session.add(draft)
    session.flush()
    for position, part in enumerate(lines):
        part.claim_id, part.position = draft.id, position
    session.flush()
    session.refresh(claim)
    session.refresh(draft)
    audit.record(
        session, actor=by.id, action="claim.divided", subject=f"claim:{claim.id}", data={"number": draft.number}
    )
    return draft


def _takes_along(claim: Claim, lines: Sequence[Expense]) -> str:
    """The purpose of what is taken out: the one it came with, which the rest then has no more; else the claim's."""
    purposes, own_one = claim.purpose.split(BETWEEN), lines[0].description
    if len(purposes) < 2 or own_one not in purposes:
        return claim.purpose
    rest = {line.description for line in claim.expenses if line not in lines}
    claim.purpose = BETWEEN.join(purpose for purpose in purposes if purpose != own_one or purpose in rest)
    for line_taken in lines:
        line_taken.description = "" if line_taken.description == own_one else line_taken.description
    return own_one
