"""What waits for one person, as lists, reminders and the approval of several at once see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers import claims
from handlers.approvals import seats
from handlers.lane import verdicts
from storage.models import Claim, Member


@dataclass(frozen=True)
class Entry:
    """A claim that waits: for whom the reader would decide it (None: themselves), since when, whether it is clean."""

    claim: Claim
    on_behalf: Member | None
    since: datetime
    clean: bool


def entries(session: Session, member: Member, today: date) -> list[Entry]:
    """What this person may decide today, by number."""
    found = []
    for claim in seats.waiting_for(session, member, today):
        decider = seats.decider(session, claim, member, today)
        if decider is not None:
            since = decider.seat.step.opened_at or claim.submitted_at or claim.created_at
            found.append(Entry(claim, decider.on_behalf, since, is_clean(claim)))
    return found


def is_clean(claim: Claim) -> bool:
    """Nothing about the claim asks for a look.

    The rules found nothing at all, every field was read or confirmed without doubt, no receipt of it was rejected
    before, no question is open, and it was not drawn to be looked at.
    """
    return (
        bool(claim.expenses)
        and not claim.findings
        and not any(e.doubts or e.rejected_claim_id or e.amount is None for e in claim.expenses)
        and not claims.open_questions(claim)
        and not verdicts.waits_for_audit(claim)
    )
