"""Open suspicions of duplicates, for those who keep the books: both sides of each, whoever they belong to.

A suspicion is open while both of its sides may still be paid. What the rules found stands on the claims
(``handlers.policies.duplicates``); a second copy of the same bytes became no draft, but its receipt stands in the
store as refused, with whose it was and when it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session, joinedload

from handlers import policies
from handlers.policies.duplicates import DUPLICATE_FACTS, DUPLICATE_PICTURE, DUPLICATE_STATEMENT
from storage.models import Claim, Expense, Receipt, StatementRow
from storage.models.people import Member

CLOSED = ("rejected", "cancelled", "paid")
RULES = {rule.name: rule.title for rule in (DUPLICATE_PICTURE, DUPLICATE_FACTS, DUPLICATE_STATEMENT)}
SAME_FILE = "The same file"


@dataclass(frozen=True)
class Refused:
    """A second copy that became no draft: who sent it, and when."""

    member: Member
    at: datetime


@dataclass(frozen=True)
class Suspicion:
    """``what`` is a msgid. ``line`` is suspected to repeat ``other``: a line of a claim, a row of a statement, or a
    copy that was refused."""

    what: str
    line: Expense
    other: Expense | StatementRow | Refused
    since: datetime


def every(session: Session) -> list[Suspicion]:
    """All that are open, the newest first."""
    found = [*_by_rules(session), *_refused(session)]
    return sorted(found, key=lambda suspicion: suspicion.since, reverse=True)


# --- what the rules found ---------------------------------------------------------------------------------------------


def _by_rules(session: Session) -> Iterator[Suspicion]:
    """Each pair once, by its strongest rule, whichever of the two was told."""
    told = (
        select(Claim)
        .where(Claim.state.not_in(CLOSED), cast(Claim.findings, String).like("%duplicate-%"))
        .order_by(Claim.number.desc())
    )
    known: set[frozenset[str]] = set()
    for claim in session.scalars(told):
        lines = {line.id: line for line in claim.expenses}
        for finding in policies.findings(claim):
            line = lines.get(finding.expense_id)
            if finding.rule not in RULES or line is None:
                continue
            for other in _others(session, finding):
                pair = frozenset((line.id, other.id))
                if pair not in known:
                    known.add(pair)
                    yield Suspicion(RULES[finding.rule], line, other, _since(line))


def _others(session: Session, finding: policies.Finding) -> Sequence[Expense | StatementRow]:
    if finding.rule == DUPLICATE_STATEMENT.name:
        row = session.get(StatementRow, finding.key.rpartition(":")[2])
        return [row] if row is not None else []
    ids = str(finding.values.get("others", "")).split(",")
    live = select(Expense).join(Claim, Expense.claim_id == Claim.id).where(Expense.id.in_(ids))
    return session.scalars(live.where(Claim.state.not_in(CLOSED)).order_by(Claim.number)).all()


def _since(line: Expense) -> datetime:
    return line.receipt.arrived_at if line.receipt is not None else line.claim.created_at


# --- the same bytes a second time -------------------------------------------------------------------------------------


def _refused(session: Session) -> Iterator[Suspicion]:
    """Copies that somebody sent of what another person's open claim holds. One's own second copy is a slip."""
    copies = select(Receipt).where(Receipt.failure == "duplicate", Receipt.sha256.is_not(None))
    for receipt in session.scalars(copies.order_by(Receipt.arrived_at.desc())):
        held = (
            select(Expense)
            .join(Claim, Expense.claim_id == Claim.id)
            .join(Receipt, Receipt.id == Expense.receipt_id)
            .where(Receipt.sha256 == receipt.sha256, Claim.member_id != receipt.member_id)
            .where(Claim.state.not_in(CLOSED), Expense.split <= 1)
            .options(joinedload(Expense.claim))
        )
        line = session.scalars(held.order_by(Claim.number, Expense.position).limit(1)).first()
        if line is not None:
            sender = session.get_one(Member, receipt.member_id)
            yield Suspicion(SAME_FILE, line, Refused(sender, receipt.arrived_at), receipt.arrived_at)
