"""What the applicant does with a claim: correct it, hand it in, take it back, give it up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy.orm import Session

from handlers import learning
from handlers.claims import purchases
from handlers.claims.facts import facts, submitted
from handlers.claims.life import EDITABLE, current, step
from handlers.errors import NotAllowed, Refusal
from storage import audit
from storage.models import Claim, Expense, Member


def own(claim: Claim, member: Member) -> None:
    """Only the applicant may go on."""
    if claim.member_id != member.id:
        raise NotAllowed("Only {name} can do this: it is their claim.", name=claim.member.name)


def line(claim: Claim, expense_id: str) -> Expense:
    """The expense of this id, the first when none is named; :class:`Refusal` when it left the claim."""
    if not expense_id:
        return claim.expenses[0]
    found = next((expense for expense in claim.expenses if expense.id == expense_id), None)
    if found is None:
        raise Refusal("This receipt is not in the claim any more.")
    return found


def correct(
    session: Session,
    claim: Claim,
    *,
    by: Member,
    version: int,
    parsed: Mapping[str, Any],
    zone: str,
    expense_id: str = "",
    confirmed: Set[str] | None = None,
) -> None:
    """Change fields of one expense of the claim, or its purpose; what a person answered is doubted no more.

    ``confirmed`` names what they answered where that is not all of ``parsed``.
    """
    own(claim, by)
    step(session, claim, "correct", version=version, zone=zone)
    expense = line(claim, expense_id)
    purchases.may_correct(expense, parsed)
    before: dict[str, str] = {}
    for name, value in parsed.items():
        if name == "purpose":
            old: Any = claim.purpose
            claim.purpose = value
        else:
            old = getattr(expense, name)
            setattr(expense, name, value)
        if old != value:
            before[name] = str(old)
    # every field that the person left in the form they have seen: it is confirmed
    seen = parsed.keys() if confirmed is None else confirmed
    expense.doubts = [name for name in expense.doubts if name not in seen]
    expense.corrected = sorted({*expense.corrected, *before})
    purchases.spread(expense, before, seen)
    session.flush()
    audit.record(
        session, actor=by.id, action="claim.corrected", subject=f"claim:{claim.id}", data={"fields": sorted(before)}
    )


def missing(claim: Claim) -> list[str]:
    """Names of fields without which a claim cannot be submitted."""
    return [
        name
        for expense in claim.expenses
        for name in ("payee", "date", "amount")
        if getattr(expense, name) in (None, "")
    ]


def rides_without_reason(claim: Claim) -> list[str]:
    """Names of rides that the travel rules pay only with a reason (a taxi), and that have none."""
    items = [(e, e.basis.get("item") or e.basis) for e in claim.expenses if e.basis]
    return [
        e.payee
        for e, item in items
        if item.get("kind") == "transport" and (item.get("inputs") or {}).get("reason") == ""
    ]


def submit(session: Session, claim: Claim, *, by: Member, version: int, now: dt.datetime, zone: str) -> None:
    """Hand the claim in; before whom it then comes is its route's to say (``handlers.approvals.routes``)."""
    own(claim, by)
    if claim.state in EDITABLE:
        lacking = missing(claim)
        if lacking:
            raise Refusal("Something is still missing: {fields}. Please fill it in with “Edit”.", fields=tuple(lacking))
        rides = rides_without_reason(claim)
        if rides:
            raise Refusal("{ride}: the travel rules pay it only with a reason. Please give it.", ride=rides[0])
    snapshot = {"version": version + 1, "now": submitted(claim), "before": claim.submitted_facts.get("now", {})}
    changes = {"submitted_at": now, "round": claim.round + 1, "submitted_facts": snapshot}
    step(session, claim, "submit", version=version, zone=zone, **changes)
    learning.teach(session, claim, by=by, now=now)
    audit.record(
        session,
        actor=by.id,
        action="claim.submitted",
        subject=f"claim:{claim.id}",
        data={"number": claim.number, "version": claim.version, **facts(claim)},
    )


def cancel(session: Session, claim: Claim, *, by: Member, version: int, zone: str) -> None:
    """Give a draft up. Its receipt stays in the store as evidence of what was sent."""
    own(claim, by)
    step(session, claim, "cancel", version=version, zone=zone)
    audit.record(session, actor=by.id, action="claim.cancelled", subject=f"claim:{claim.id}")


def withdraw(session: Session, claim: Claim, *, by: Member, version: int, zone: str) -> None:
    """Take a submitted claim back before the last decision."""
    own(claim, by)
    step(session, claim, "withdraw", version=current(claim, version), zone=zone, submitted_at=None)
    audit.record(session, actor=by.id, action="claim.withdrawn", subject=f"claim:{claim.id}")


def mark(session: Session, claim: Claim, act: str, *, by: Member, zone: str) -> None:
    """``export`` or ``pay``: what the accountant has done with an approved claim."""
    step(session, claim, act, version=claim.version, zone=zone)
    data = {"number": claim.number, **facts(claim)}
    audit.record(session, actor=by.id, action=f"claim.{claim.state}", subject=f"claim:{claim.id}", data=data)
