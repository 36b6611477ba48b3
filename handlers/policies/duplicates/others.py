"""Expenses of other claims that an expense may repeat, and how a finding names them without naming a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from handlers.policies.base import Case, Line, Value
from storage.models import Claim, Expense, Receipt

ENDED = ("rejected", "cancelled")  # as handlers.claims.life, which knows the claims' whole life
WAITING = ("draft", "returned")
KINDS = ("receipt", "note", "statement")  # allowances and estimates are no payments
SHOWN = 5  # others that a finding remembers for those who keep the books


@dataclass(frozen=True)
class Other:
    """An expense elsewhere: where it stands, and what it says. ``member_id`` is whose it is."""

    id: str
    claim_id: str
    number: int
    state: str
    member_id: str
    kind: str
    payee: str
    registration_number: str
    date: dt.date | None
    amount: int | None
    category: str
    receipt_id: str
    part: int
    sha256: str
    since: dt.datetime


def of_receipts(session: Session, receipt_ids: Iterable[str]) -> list[Other]:
    """What was claimed with these receipts."""
    return _others(session, _asked().where(Expense.receipt_id.in_(list(receipt_ids))))


def near(session: Session, line: Line, days: int) -> list[Other]:
    """Expenses of about the same day, and of the same amount around it."""
    assert line.date is not None
    around, far = dt.timedelta(1), dt.timedelta(days)
    close = and_(Expense.date.between(line.date - around, line.date + around))
    equal = and_(
        or_(Expense.amount == line.amount, Expense.split == 1), Expense.date.between(line.date - far, line.date + far)
    )
    return _others(session, _asked().where(Expense.currency == line.currency, or_(close, equal)))


_part = aliased(Expense)
_whole = (  # of a receipt that was split into lines the first stands for all, with their sum
    select(func.sum(_part.amount))
    .where(
        _part.claim_id == Expense.claim_id,
        _part.receipt_id == Expense.receipt_id,
        _part.receipt_part == Expense.receipt_part,
    )
    .correlate(Expense)
    .scalar_subquery()
)
_COLUMNS: tuple[Any, ...] = (
    Expense.id,
    Expense.claim_id,
    Claim.number,
    Claim.state,
    Claim.member_id,
    Expense.kind,
    Expense.payee,
    Expense.registration_number,
    Expense.date,
    case((Expense.split == 0, Expense.amount), else_=func.coalesce(_whole, Expense.amount)).label("amount"),
    Expense.category,
    func.coalesce(Expense.receipt_id, "").label("receipt_id"),
    Expense.receipt_part.label("part"),
    func.coalesce(Receipt.sha256, "").label("sha256"),
    func.coalesce(Receipt.arrived_at, Claim.created_at).label("since"),
)


def _asked() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Claim, Expense.claim_id == Claim.id)
        .outerjoin(Receipt, Expense.receipt_id == Receipt.id)
        .where(Claim.state.not_in(ENDED), Claim.kind == "expense", Expense.kind.in_(KINDS), Expense.split <= 1)
    )


def _others(session: Session, asked: Select[Any]) -> list[Other]:
    return [Other(**row) for row in session.execute(asked).mappings()]


def counts(session: Session, case: Case, line: Line, found: Iterable[Other]) -> list[Other]:
    """Those that ``line`` may repeat, the oldest first: not itself, not a line of the same receipt, no later draft.

    Of two drafts the later one is told; what was handed in counts whenever it came.
    """
    mine = _since(session, case, line)
    return sorted(
        (
            other
            for other in found
            if other.id != line.id
            and not (line.receipt_id and other.receipt_id == line.receipt_id)
            and (other.state not in WAITING or (other.since, other.id) < mine)
        ),
        key=lambda other: (other.since, other.id),
    )


def _since(session: Session, case: Case, line: Line) -> tuple[dt.datetime, str]:
    receipt = session.get(Receipt, line.receipt_id) if line.receipt_id else None
    return (receipt.arrived_at if receipt else session.get_one(Claim, case.claim_id).created_at), line.id


def values(case: Case, found: Sequence[Other]) -> dict[str, Value]:
    """What a sentence may say of the oldest: its number, where it is the same person's own.

    ``others`` is for those who keep the books; no sentence has a place for it.
    """
    shown: dict[str, Value] = {"others": ",".join(other.id for other in found[:SHOWN])}
    return shown | {"number": found[0].number} if own(case, found[0]) else shown


def own(case: Case, other: Other) -> bool:
    return other.member_id == case.member.id


def key(rule: str, line: Line, found: Sequence[Other]) -> str:
    """A new other is a new finding, to which an old reason is no answer."""
    return f"{rule}:{line.id}:{found[0].id}"
