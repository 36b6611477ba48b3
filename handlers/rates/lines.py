"""A claim's lines in yen: each takes its rate from the table, or keeps the one that the applicant declared.

``Expense.rate``, ``rate_day``, ``rate_source`` and ``home_amount`` are written here alone; the private share is taken
off before, so ``home_amount`` is what is claimed. A declared rate (the one on the card's statement) stands in
``Expense.basis`` with its reason and is shown to those who decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from handlers import amounts
from handlers.rates.table import HOME, Terms, in_yen, newest
from storage.models import Claim, Expense

DECLARED = "declared"  # Expense.rate_source of a rate that no table has
_KEY = "declared_rate"


def foreign(expense: Expense) -> bool:
    return (expense.currency or HOME) != HOME


def declared(expense: Expense) -> Mapping[str, str] | None:
    """{rate, reason} that the applicant declared for this currency; None without one."""
    found = (expense.basis or {}).get(_KEY)
    return found if isinstance(found, dict) and found.get("currency") == expense.currency else None


def declare(expense: Expense, rate: Decimal | None, reason: str) -> None:
    """Keep (or, with None, forget) the applicant's own rate; :func:`reckon` then makes yen of it."""
    basis: dict[str, Any] = {key: value for key, value in (expense.basis or {}).items() if key != _KEY}
    if rate is not None:
        basis[_KEY] = {"currency": expense.currency, "rate": f"{rate.normalize():f}", "reason": reason}
    expense.basis = basis


def day_of(claim: Claim, expense: Expense, today: dt.date) -> dt.date | None:
    """The day whose rate counts. Nothing is converted at a rate of days to come: estimates take today's."""
    if expense.date is None:
        return today if claim.kind == "request" else None
    return min(expense.date, today)


def reckon(session: Session, claim: Claim, today: dt.date, terms: Callable[[dt.date], Terms]) -> bool:
    """Bring every line's yen up to date with the table; whether any changed. Only for claims that may be changed."""
    changed = False
    for expense in claim.expenses:
        if not foreign(expense) and not expense.rate_source:
            continue  # yen, never converted
        before = (expense.rate, expense.rate_day, expense.rate_source, expense.home_amount)
        after = _converted(session, claim, expense, today, terms)
        if after != before:
            expense.rate, expense.rate_day, expense.rate_source, expense.home_amount = after
            changed = True
    return changed


def _converted(
    session: Session, claim: Claim, expense: Expense, today: dt.date, terms: Callable[[dt.date], Terms]
) -> tuple[str, dt.date | None, str, int | None]:
    """(rate, its day, its source, yen); empty while nothing can be said."""
    nothing = ("", None, "", None)
    claimed = amounts.claimed(expense)
    day = day_of(claim, expense, today)
    if not foreign(expense) or claimed is None or day is None:
        return nothing
    chosen = terms(day)
    own = declared(expense)
    if own is not None:
        return own["rate"], day, DECLARED, in_yen(claimed, expense.currency, Decimal(own["rate"]), chosen)
    row = newest(session, expense.currency, day, chosen)
    if row is None:
        return nothing
    return row.rate, row.day, row.source or "—", in_yen(claimed, expense.currency, Decimal(row.rate), chosen)
