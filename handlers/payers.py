"""Who has paid: what the person laid out is paid back, what the organisation has paid itself is not.

The one place that says so of a way of paying (the codes are those of ``handlers.categories``). A corporate card, a
corporate IC card and an invoice to the office are the organisation's own money; on account (掛け) nobody has paid yet,
and the shop's invoice goes to the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.amounts import yen
from handlers.categories import PAYMENT_WORDS
from handlers.notes.normal import normal
from storage.models import Claim

BY_OFFICE = ("corporate_card", "corporate_ic", "invoice", "credit")


def reimbursed(method: str) -> bool:
    """Whether an expense paid so is paid back to the person. What is not known counts as their own money."""
    return method not in BY_OFFICE


def said(text: str) -> str:
    """The organisation's way of paying that a note names; empty for none, and for more than one."""
    plain = normal(text).lower()
    found = [method for method, words in PAYMENT_WORDS.items() if any(word in plain for word in words)]
    return found[0] if len(found) == 1 else ""


def of_note(text: str) -> dict[str, str]:
    """The columns of an expense that a note about it changes."""
    method = said(text)
    return {"payment_method": method} if method else {}


@dataclass(frozen=True)
class Sums:
    """Yen of a claim: all that is claimed, and what the organisation has paid of it, by way of paying."""

    claimed: int
    by_office: Mapping[str, int]

    @property
    def payable(self) -> int:
        """What is paid out to the person."""
        return self.claimed - sum(self.by_office.values())


def sums(claim: Claim) -> Sums | None:
    """None while an amount, or a rate, is not known."""
    known = [(expense.payment_method or "", yen(expense)) for expense in claim.expenses]
    claimed, by_office = 0, dict[str, int]()
    for method, amount in known:
        if amount is None:
            return None
        claimed += amount
        if not reimbursed(method):
            by_office[method] = by_office.get(method, 0) + amount
    return Sums(claimed, by_office)
