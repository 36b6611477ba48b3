"""One receipt split into lines, a share of it kept private, and all of it put together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import amounts, shares
from handlers.claims.acts import line, own
from handlers.claims.life import step
from handlers.claims.purchases import AMOUNTS, SHARED, SPLIT, lines_of, whole_of
from handlers.errors import Refusal
from handlers.shares import Piece, Pool
from storage import audit
from storage.models import Claim, Expense, Member, StatementRow

MOST = 20  # lines of one receipt
KINDS = ("receipt", "note", "statement")  # allowances and estimates are computed, not bought
KEPT = (
    *("amount", "taxes", "category", "category_reason", "payment_method", "description"),
    *("private_amount", "home_amount", "doubts", "corrected"),
)
COPIED = (
    *("receipt_id", "receipt_part", "kind", "payee", "date", "currency", "registration_number"),
    *("category", "category_reason", "payment_method", "description", "attendees", "attendees_count"),
    *("missing_receipt", "rate", "rate_day", "rate_source", "journey"),
)


def divisible(expense: Expense) -> int:
    """The amount that can be divided. :class:`Refusal` where it is not known for sure, or nothing was bought."""
    if expense.kind not in KINDS:
        raise Refusal("This line was computed; it cannot be divided.")
    if (expense.basis or {}).get("capped"):
        raise Refusal("The travel rules limit this line; it cannot be divided.")
    if expense.amount is None or set(AMOUNTS).intersection(expense.doubts):
        raise Refusal("Please check the total and the tax of this receipt first, with “Edit”.")
    return expense.amount


def pools(expense: Expense) -> tuple[Pool, ...]:
    """What is taxed at which rate, where a person is to say of which of them a share is: nothing for a single one."""
    found = shares.pools(expense.amount or 0, expense.taxes)
    return found if len(found) > 1 else ()


def pieces(expense: Expense) -> tuple[Piece, ...]:
    """The receipt by tax rate; nothing where it has one, or does not tell them apart."""
    return shares.by_rate(expense.amount or 0, expense.taxes)


def check(expense: Expense, amount: int, rate: str) -> None:
    """:class:`Refusal` where no such share can be cut off the expense."""
    whole = divisible(expense)
    if amount <= 0:
        raise Refusal("Please enter an amount above zero.")
    if amount >= whole:
        raise Refusal("It must be less than the whole amount.")
    told = pools(expense)
    if told:
        pool = next((pool for pool in told if pool.rate == rate), None)
        if pool is None:
            raise Refusal("Please choose one of the suggestions.")
        if amount > pool.gross:
            raise Refusal("That is more than this receipt has at that rate.")


# --- acts -------------------------------------------------------------------------------------------------------------


def by_rate(session: Session, claim: Claim, expense_id: str, *, by: Member, version: int, zone: str) -> list[Expense]:
    """A line for each tax rate; returns them."""
    expense = _begin(session, claim, expense_id, by=by, version=version, zone=zone)
    _undivided(expense)
    found = pieces(expense)
    if not found:
        raise Refusal("This receipt does not say its total by tax rate. Please divide it by amount.")
    return _divide(session, claim, expense, found, by=by, how="rates")


def by_amount(
    session: Session,
    claim: Claim,
    expense_id: str,
    *,
    by: Member,
    version: int,
    zone: str,
    amount: int,
    rate: str = "",
    category: str = "",
    description: str = "",
) -> Expense:
    """A part of ``amount`` becomes a line of its own, which is returned; the rest stays."""
    expense = _begin(session, claim, expense_id, by=by, version=version, zone=zone)
    check(expense, amount, rate)
    _undivided(expense)
    found = shares.cut(expense.amount or 0, expense.taxes, amount, rate)
    part = _divide(session, claim, expense, found, by=by, how="amount")[-1]
    if category and category != part.category:
        part.category, part.category_reason = category, ""
        part.doubts = [name for name in part.doubts if name != "category"]
    part.description = description or part.description
    session.flush()
    return part


def keep_private(
    session: Session,
    claim: Claim,
    expense_id: str,
    *,
    by: Member,
    version: int,
    zone: str,
    amount: int,
    rate: str = "",
) -> None:
    """``amount`` of the expense is not claimed, nor the tax on it; it replaces an earlier private share."""
    expense = _begin(session, claim, expense_id, by=by, version=version, zone=zone)
    check(expense, amount, rate)
    _set_private(expense, amount, rate if pools(expense) else "")
    _recorded(session, claim, expense, by, "claim.private_share", private=amount)


def claim_all(session: Session, claim: Claim, expense_id: str, *, by: Member, version: int, zone: str) -> None:
    """The private share is taken back: everything is claimed."""
    expense = _begin(session, claim, expense_id, by=by, version=version, zone=zone)
    divisible(expense)
    if not expense.private_amount:
        raise Refusal("There is no private share in it any more.")
    _set_private(expense, 0, "")
    _recorded(session, claim, expense, by, "claim.private_share", private=0)


def join(session: Session, claim: Claim, expense_id: str, *, by: Member, version: int, zone: str) -> Expense:
    """The lines of a receipt become what was split, as it was then; the first of them is returned.

    What was corrected since of the receipt itself (its issuer, its day) stays.
    """
    expense = _begin(session, claim, expense_id, by=by, version=version, zone=zone)
    whole = whole_of(expense)
    if not whole:
        raise Refusal("This receipt is not split any more.")
    first, *others = lines_of(expense)
    for other in others:
        rows = session.scalars(select(StatementRow).filter_by(expense_id=other.id))
        for row in rows:
            row.expense_id = first.id
        session.delete(other)
    shared = {name: [n for n in getattr(first, name) if n in SHARED] for name in ("doubts", "corrected")}
    for name in KEPT:
        setattr(first, name, whole[name])
    first.doubts = [name for name in whole["doubts"] if name not in SHARED or name in shared["doubts"]]
    first.corrected = sorted({*whole["corrected"], *shared["corrected"]})
    basis = {name: value for name, value in first.basis.items() if name not in (SPLIT, amounts.PRIVATE_RATE)}
    first.basis, first.split = basis, 0
    session.flush()
    session.refresh(claim)
    _in_order(session, claim, claim.expenses)
    _recorded(session, claim, first, by, "claim.joined", lines=len(others) + 1)
    return first


# --- how --------------------------------------------------------------------------------------------------------------


def _begin(session: Session, claim: Claim, expense_id: str, *, by: Member, version: int, zone: str) -> Expense:
    own(claim, by)
    step(session, claim, "correct", version=version, zone=zone)
    return line(claim, expense_id)


def _undivided(expense: Expense) -> None:
    divisible(expense)
    if expense.private_amount:
        raise Refusal("Please take back the private share first.")


def _divide(
    session: Session, claim: Claim, expense: Expense, found: Sequence[Piece], *, by: Member, how: str
) -> list[Expense]:
    """The expense becomes the first piece; the others are new lines right after it."""
    mates = lines_of(expense)
    if len(mates) + len(found) - 1 > MOST:
        raise Refusal("A receipt can have {most} lines at most.", most=MOST)
    first = mates[0]
    if not first.split:
        kept = {name: getattr(first, name) for name in KEPT}
        first.basis, first.split = {**first.basis, SPLIT: {"of": first.id, "whole": kept}}, 1
    made = [expense]
    last = max(mate.split for mate in mates)
    homes = _homes(expense, found)
    for number, piece in enumerate(found[1:], 1):
        copied: dict[str, Any] = {name: getattr(expense, name) for name in COPIED}
        part = Expense(claim_id=claim.id, split=last + number, basis={SPLIT: {"of": first.id}}, **copied)
        part.amount, part.taxes, part.home_amount = piece.amount, list(piece.taxes), homes[number]
        part.doubts, part.corrected = list(expense.doubts), []
        part.position = len(claim.expenses) + number
        session.add(part)
        made.append(part)
    expense.amount, expense.taxes, expense.home_amount = found[0].amount, list(found[0].taxes), homes[0]
    place = claim.expenses.index(expense)
    _in_order(session, claim, [*claim.expenses[:place], *made, *claim.expenses[place + 1 :]])
    _recorded(session, claim, expense, by, "claim.split", lines=len(made), how=how)
    return made


def _homes(expense: Expense, found: Sequence[Piece]) -> list[int | None]:
    """The claimed yen of each piece; together those of the expense."""
    home = expense.home_amount
    if home is None:
        return [None] * len(found)
    others = [shares.proportion(home, piece.amount, expense.amount or 1) for piece in found[1:]]
    return [home - sum(others), *others]


def _set_private(expense: Expense, amount: int, rate: str) -> None:
    before = amounts.claimed(expense)
    expense.private_amount = amount
    basis = {name: value for name, value in expense.basis.items() if name != amounts.PRIVATE_RATE}
    expense.basis = basis | ({amounts.PRIVATE_RATE: rate} if rate else {})
    after = amounts.claimed(expense)
    if expense.home_amount is not None and before and after is not None:
        expense.home_amount = shares.proportion(expense.home_amount, after, before)


def _in_order(session: Session, claim: Claim, expenses: Sequence[Expense]) -> None:
    for position, expense in enumerate(expenses):
        expense.position = position
    session.flush()
    session.refresh(claim)


def _recorded(session: Session, claim: Claim, expense: Expense, by: Member, action: str, **data: Any) -> None:
    told = {"number": claim.number, "expense": expense.id, **data}
    audit.record(session, actor=by.id, action=action, subject=f"claim:{claim.id}", data=told)
