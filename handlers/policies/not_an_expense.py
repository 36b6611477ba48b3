"""Gift cards and top-ups are money in another form: what is later paid with them is the expense.

Top-ups of IC cards are never claimed, only the journeys (rules of classification, charge rows). The way out on a mixed
receipt is to leave their amount unclaimed as the private share.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, money, yen
from handlers.policies.words import goods, named, table

CLEARING = "clearing"
WORDS, UNLESS = table("not_an_expense")


class _NotAnExpense:
    name = "not-an-expense"
    title = "Gift card or top-up"
    what = "Gift cards and top-ups are no expense."
    strength: Strength = "stop"
    parameters: tuple[Parameter, ...] = (
        Parameter("words", "words", WORDS, "Words that are looked for, by comma.", ("言葉",)),
        Parameter("unless", "words", UNLESS, "Words that make an item harmless, by comma.", ("除く",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            found = goods(line, parameters.words("words"), parameters.words("unless"))
            worth = sum(amount for _, amount in found)
            private = (line.amount or 0) - line.claimed if line.claimed is not None and line.currency == "JPY" else 0
            if found and private < worth:
                values = {"items": named(found), "amount": money(worth, line.currency)}
                yield Finding(
                    self.name,
                    "Gift cards and top-ups are no expense: {items} ({amount}). Please claim what was paid with them.",
                    values,
                    line.id,
                )
            elif not found and line.category == CLEARING and line.claimed:
                yield Finding(
                    self.name,
                    "A top-up of {amount} is no expense. Please claim what was paid with it.",
                    {"amount": yen(line.claimed)},
                    line.id,
                )


NOT_AN_EXPENSE = _NotAnExpense()
