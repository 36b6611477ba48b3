"""A receipt claimed as paid out of one's pocket that the organisation's card has paid already.

The row of the card's statement is the person's own, of the same amount and about the same day: banks date a purchase up
to two days later. A row that already belongs to another expense was claimed with that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, day
from handlers.policies.duplicates import same
from storage.models import Claim, Expense, StatementRow

BEFORE, AFTER = dt.timedelta(0), dt.timedelta(2)
CARD = ("card", "corporate_card", "statement")


class _DuplicateStatement:
    name = "duplicate-statement"
    title = "Paid by the organisation's card"
    what = "The card statement already has this payment."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        session = case.history.session
        for line in case.papers():
            if line.date is None or line.amount is None or line.kind not in ("receipt", "note"):
                continue
            rows = session.scalars(
                select(StatementRow)
                .where(
                    StatementRow.member_id == case.member.id,
                    StatementRow.kind == "card",
                    StatementRow.amount == line.amount,
                    StatementRow.currency == line.currency,
                    StatementRow.date.between(line.date - BEFORE, line.date + AFTER),
                )
                .order_by(StatementRow.date, StatementRow.key)
            ).all()
            row = _first(case, line, rows)
            if row is None:
                continue
            yield Finding(
                self.name,
                "The organisation's card paid this already ({day}, {payee}). Was it paid by card?",
                {"day": day(row.date), "payee": row.payee[:40]},
                line.id,
                key=f"{self.name}:{line.id}:{row.id}",
            )


def _first(case: Case, line: Line, rows: Sequence[StatementRow]) -> StatementRow | None:
    """The first row that says the payment was made already."""
    session = case.history.session
    for row in rows:
        if row.expense_id == line.id or not _may_name(row.payee, line.payee):
            continue
        if row.expense_id is None:
            if line.payment_method in CARD:
                continue  # that row is what this receipt is for
            return row
        taken = session.get(Expense, row.expense_id)
        claim = session.get(Claim, taken.claim_id) if taken else None
        if claim is not None and claim.state not in ("rejected", "cancelled"):
            return row
    return None


def _may_name(on_statement: str, payee: str) -> bool:
    """Statements write kana or Latin letters where a receipt has kanji: only names of one script speak against."""
    return same.named(on_statement, payee) != "other" or _script(on_statement) != _script(payee)


def _script(name: str) -> str:
    folded = same.folded(name)
    if any("\u4e00" <= letter <= "\u9fff" for letter in folded):
        return "kanji"
    return "kana" if any("\u3040" <= letter <= "\u30ff" for letter in folded) else "latin"


DUPLICATE_STATEMENT = _DuplicateStatement()
