"""What of an expense is claimed: its amount without the private share, in its own currency and in yen.

The one place for it: cards, lists, routes, rules, budgets and whatever else adds expenses up asks here.
``Expense.amount`` stays what the receipt says, and ``Expense.taxes`` the taxes on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, case, func

from handlers import shares
from storage.models import Expense

PRIVATE_RATE = "private_rate"  # in Expense.basis: the rate at which the private share is taxed


def claimed(expense: Expense) -> int | None:
    """Minor units of the expense's currency; None while its amount is unknown."""
    return None if expense.amount is None else expense.amount - (expense.private_amount or 0)


def yen(expense: Expense) -> int | None:
    """The claimed yen; None while the amount, or the rate of a foreign currency, is unknown."""
    if expense.home_amount is not None:
        return expense.home_amount
    return claimed(expense) if expense.currency == "JPY" else None


def yen_column() -> ColumnElement[int | None]:
    """:func:`yen` in a query."""
    plain = case((Expense.currency == "JPY", Expense.amount - Expense.private_amount))
    return func.coalesce(Expense.home_amount, plain)


def total_yen(expenses: Iterable[Expense]) -> int | None:
    """The claimed yen of all; None while those of any are unknown."""
    amounts = [yen(expense) for expense in expenses]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def by_currency(expenses: Iterable[Expense]) -> dict[str, int]:
    """What is claimed in each currency, minor units; expenses without an amount are left out."""
    sums: dict[str, int] = {}
    for expense in expenses:
        amount = claimed(expense)
        if amount is not None:
            sums[expense.currency] = sums.get(expense.currency, 0) + amount
    return sums


def taxes(expense: Expense) -> list[dict[str, Any]]:
    """The taxes of what is claimed: those of the receipt without the private share's."""
    lines, private = [dict(line) for line in expense.taxes or ()], expense.private_amount or 0
    if not private or expense.amount is None or private >= expense.amount:
        return lines
    rate = str((expense.basis or {}).get(PRIVATE_RATE, ""))
    remains, _ = shares.cut(expense.amount, lines, private, rate)
    return list(remains.taxes)
