"""What waits for one person, as lists, reminders and the approval of several at once see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers import claims, policies
from handlers.approvals import seats
from handlers.approvals.sending import refresh
from handlers.lane import verdicts
from handlers.services import Services
from storage.models import Claim, Member, Organization

MOST = 20  # approved by one tap
MOST_JUDGED = 2 * MOST  # claims of a list that the rules are asked about: what is shown, and as many to fill up


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


@dataclass(frozen=True)
class Judged:
    """A list whose clean ones the rules have just been asked about; ``found``: those that were clean until now."""

    entries: list[Entry]
    found: list[Claim]


def judged(session: Session, services: Services, organization: Organization, waiting: Sequence[Entry]) -> Judged:
    """The rules once more for what looks clean, from the top, until one tap has enough. What they find is kept.

    A claim that was handed in clean may have a finding by now: a limit was set, the same receipt came again. One with
    a finding needs a look whatever else is found, so nobody is asked about it here.
    """
    today = seats.today(services, organization)
    clean, asked, entries, found = 0, 0, [], []
    for entry in waiting:
        if not entry.clean or clean == MOST or asked == MOST_JUDGED:
            entries.append(replace(entry, clean=False))
            continue
        asked += 1
        if judge(session, services, organization, entry.claim, today):
            found.append(entry.claim)
            entries.append(replace(entry, clean=False))
        else:
            clean += 1
            entries.append(entry)
    return Judged(entries, found)


def judge(
    session: Session, services: Services, organization: Organization, claim: Claim, today: date
) -> list[policies.Finding]:
    """What the rules say of a waiting claim now; every copy of its card that can change shows it."""
    before = claim.findings
    found = policies.keep(session, organization, claim, today)
    if claim.findings != before:
        refresh(session, services, organization, claim)
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
