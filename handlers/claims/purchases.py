"""Lines that one receipt was split into: which belong together, and what they have in common.

The first of them is the expense that was split and keeps what it was (``basis["split"]["whole"]``), so that the lines
can be put together again as they were read. All lines of a receipt stay in one claim. ``Expense.split`` is 0 for a
receipt that is whole, then 1, 2, …
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.errors import Refusal
from storage.models import Claim, Expense

SPLIT = "split"  # in Expense.basis: {of: id of the first line, whole: the first line before it was split}
SHARED = ("payee", "date", "registration_number")  # they are the receipt's, and the same on each of its lines
AMOUNTS = ("amount", "currency", "taxes")


def key(expense: Expense) -> str:
    """The same for all lines of one receipt."""
    if expense.receipt_id:
        return f"{expense.receipt_id}:{expense.receipt_part or 0}"
    return str(((expense.basis or {}).get(SPLIT) or {}).get("of") or expense.id)


def lines_of(expense: Expense) -> list[Expense]:
    """The lines of the expense's receipt in their order; the expense alone where it is whole."""
    if not expense.split:
        return [expense]
    wanted = key(expense)
    return sorted((e for e in expense.claim.expenses if key(e) == wanted), key=lambda e: e.split)


def whole_of(expense: Expense) -> Mapping[str, Any]:
    """What the receipt was before it was split; empty where it is whole."""
    first = lines_of(expense)[0]
    whole: Mapping[str, Any] = ((first.basis or {}).get(SPLIT) or {}).get("whole") or {}
    return whole


def whole_amount(expense: Expense) -> int | None:
    """What the whole receipt is about."""
    if not expense.split:
        return expense.amount
    return sum(line.amount or 0 for line in lines_of(expense))


def receipts(claim: Claim) -> int:
    """How many receipts, or typed expenses, a claim has, however many lines they were split into."""
    return len({key(expense) for expense in claim.expenses})


def may_correct(expense: Expense, parsed: Mapping[str, Any]) -> None:
    """:class:`Refusal` for new amounts of a line whose receipt is split: the lines would not add up any more."""
    if expense.split and any(name in parsed and parsed[name] != getattr(expense, name) for name in AMOUNTS):
        raise Refusal("This is one line of a receipt. Put the receipt together again to correct its amounts.")


def spread(expense: Expense, corrected: Iterable[str], seen: Iterable[str]) -> None:
    """What was corrected or confirmed of the receipt itself holds for each of its lines."""
    names, confirmed = set(SHARED).intersection(corrected), set(SHARED).intersection(seen)
    for line in lines_of(expense):
        for name in names:
            setattr(line, name, getattr(expense, name))
        line.doubts = [name for name in line.doubts if name not in confirmed]
        line.corrected = sorted({*line.corrected, *names})
