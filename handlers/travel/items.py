"""What a pack gives for a trip: items of yen, each with its paragraph and what it was computed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from handlers.travel.facts import Payer
from handlers.travel.pack import SURE, Confidence


@dataclass(frozen=True)
class Item:
    """One amount (yen, never negative) and why.

    ``kind``: transport, car, lodging, lodging_allowance, daily, package, cancellation. ``inputs`` are JSON values
    from which :func:`handlers.travel.sentences.say` tells it. ``asked`` names what must still be known (the amount is
    then what holds without it). ``over``: yen beyond the cap, which want a reason. ``to``: who is paid.
    """

    kind: str
    amount: int
    paragraph: str
    confidence: Confidence
    inputs: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    over: int = 0
    to: Payer = "traveler"

    def as_json(self) -> dict[str, Any]:
        """As ``Trip.computed`` and ``Expense.basis`` keep it."""
        return {
            "kind": self.kind,
            "amount": self.amount,
            "paragraph": self.paragraph,
            "confidence": self.confidence,
            "inputs": self.inputs,
            "asked": self.asked,
            "over": self.over,
            "to": self.to,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Item:
        return cls(**kept)

    @property
    def sure(self) -> bool:
        return self.confidence in SURE


def total(items: Iterable[Item]) -> int:
    """Yen of all items, whoever is paid."""
    return sum(item.amount for item in items)


def payable(items: Iterable[Item]) -> int:
    """Yen for the traveller: without what an agency is paid directly."""
    return sum(item.amount for item in items if item.to == "traveler")
