"""Meals and gifts for others say who took part: names with company and relation, and how many.

A receipt counts as a whole, into however many lines of the category it was split. Built in are two rows: entertainment
of any amount, and meals of a meeting that one person could not have eaten within the limit by head.

Source: what is to be kept for meals, enforcement rules of the Act on Special Measures Concerning Taxation art. 21-18-4.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, category, yen


class _AttendeesMissing:
    name = "attendees-missing"
    title = "No attendees"
    what = "An expense with guests does not say who they were."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("category", "category", "entertainment", "The category.", ("科目",), selects=True),
        Parameter("min", "yen", 1, "From this amount on (yen).", ("金額",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        told: set[str] = set()
        for line in case.lines:
            if line.category != parameters.text("category") or line.attendees or line.kind not in ("receipt", "note"):
                continue
            bought = case.bought(line)
            if bought is None or bought < parameters.number("min") or line.purchase in told:
                continue
            told.add(line.purchase)
            values = {"category": category(line.category), "amount": yen(bought)}
            yield Finding(self.name, "{category} {amount}: who took part is missing.", values, line.id)


ATTENDEES_MISSING = _AttendeesMissing()
