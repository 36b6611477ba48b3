"""What other claims of the organisation say, asked in small queries by day, person and issuer.

A rule never learns whose the other claims are: it gets sums, counts and amounts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from handlers.amounts import yen_column
from storage.models import Claim, CommuterPass, Expense, StatementRow

COUNTS = ("submitted", "in_approval", "approved", "exported", "paid")  # handed in and not refused
MOST = 500  # amounts looked at for what is usual: the newest


@dataclass(frozen=True)
class Row:
    """A row of a card or IC statement. ``kind``: card or ic."""

    id: str
    kind: str
    date: dt.date
    payee: str
    origin: str
    destination: str
    amount: int


@dataclass(frozen=True)
class History:
    """The organisation's other claims, seen from the claim ``claim_id`` of ``member_id``.

    ``session`` is open for the organisation, for rules that need a question of their own.
    """

    session: Session = field(repr=False)
    claim_id: str
    member_id: str

    def spent(self, first: dt.date, last: dt.date, categories: Sequence[str] = ()) -> int:
        """Yen that this person claimed elsewhere for days of this span, both included."""
        asked = select(func.coalesce(func.sum(yen_column()), 0)).join(Claim, Expense.claim_id == Claim.id)
        asked = asked.where(
            Claim.member_id == self.member_id,
            Claim.id != self.claim_id,
            Claim.kind == "expense",
            Claim.state.in_(COUNTS),
            Expense.date.between(first, last),
        )
        if categories:
            asked = asked.where(Expense.category.in_(categories))
        return int(self.session.scalar(asked) or 0)

    def amounts(
        self, since: dt.date, *, category: str = "", issuer: tuple[str, str] | None = None, mine: bool = False
    ) -> list[int]:
        """Yen of each expense since a day: of a category, of an issuer (registration number, name), of this person."""
        asked = select(yen_column()).join(Claim, Expense.claim_id == Claim.id)
        asked = asked.where(Claim.id != self.claim_id, Claim.state.in_(COUNTS), Expense.date >= since)
        asked = asked.where(Expense.kind != "estimate", yen_column().is_not(None))
        if category:
            asked = asked.where(Expense.category == category)
        if issuer is not None:
            asked = asked.where(_issued_by(*issuer))
        if mine:
            asked = asked.where(Claim.member_id == self.member_id)
        return [int(n) for n in self.session.scalars(asked.order_by(Expense.date.desc()).limit(MOST)) if n is not None]

    def same_issuer(self, date: dt.date, issuer: tuple[str, str], category: str = "") -> list[int]:
        """Yen of this person's other receipts of that day at that issuer, drafts that live included; of a category."""
        asked = select(func.sum(yen_column())).join(Claim, Expense.claim_id == Claim.id)
        asked = asked.where(
            Claim.member_id == self.member_id,
            Claim.id != self.claim_id,
            Claim.state.in_(("draft", "returned", *COUNTS)),
            Expense.kind.in_(("receipt", "note")),
            Expense.date == date,
            _issued_by(*issuer),
        )
        if category:
            asked = asked.where(Expense.category == category)
        asked = asked.group_by(func.coalesce(Expense.receipt_id, Expense.id), Expense.receipt_part)
        return [int(n) for n in self.session.scalars(asked) if n is not None]

    def allowances(self, first: dt.date, last: dt.date) -> list[str]:
        """Kinds of the amounts that the travel rules computed for these days in this person's other claims."""
        asked = select(Expense.basis).join(Claim, Expense.claim_id == Claim.id)
        asked = asked.where(
            Claim.member_id == self.member_id,
            Claim.id != self.claim_id,
            Claim.state.in_(COUNTS),
            Expense.kind == "allowance",
            Expense.date.between(first, last),
        )
        return [str((basis or {}).get("kind", "")) for basis in self.session.scalars(asked)]

    def homes(self, on: dt.date) -> frozenset[str]:
        """The stations where this person's commuter passes of that day begin."""
        asked = select(CommuterPass).where(CommuterPass.member_id == self.member_id, CommuterPass.valid_from <= on)
        asked = asked.where(or_(CommuterPass.valid_to.is_(None), CommuterPass.valid_to >= on))
        return frozenset(str(row.stations[0]) for row in self.session.scalars(asked) if row.stations)

    def rows(self, first: dt.date, last: dt.date, kind: str = "") -> list[Row]:
        """This person's statement rows of the span, oldest first."""
        asked = select(StatementRow).where(
            StatementRow.member_id == self.member_id, StatementRow.date.between(first, last)
        )
        if kind:
            asked = asked.where(StatementRow.kind == kind)
        found = self.session.scalars(asked.order_by(StatementRow.date, StatementRow.key))
        return [Row(r.id, r.kind, r.date, r.payee, r.origin, r.destination, r.amount) for r in found]


def _issued_by(registration_number: str, payee: str) -> ColumnElement[bool]:
    """The same number; or, where one of the two has none, the same name."""
    by_name = and_(Expense.payee == payee, Expense.payee != "")
    if not registration_number:
        return by_name
    return or_(Expense.registration_number == registration_number, and_(by_name, Expense.registration_number == ""))
