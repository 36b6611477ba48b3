"""Tips: on the bill by themselves (``Reading.tip``) or among the goods. A service charge is none."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, money
from handlers.policies.words import goods, named, table

WORDS, UNLESS = table("tips")


class _Tips:
    name = "tips"
    title = "Tip"
    what = "There is a tip on the bill."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("words", "words", WORDS, "Words that are looked for, by comma.", ("言葉",)),
        Parameter("unless", "words", UNLESS, "Words that make an item harmless, by comma.", ("除く",)),
        Parameter("percent", "number", 0, "Up to this share of the bill (per cent) it is allowed.", ("割合",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            found = goods(line, parameters.words("words"), parameters.words("unless"))
            tip = line.seen.tip or sum(amount for _, amount in found)
            if not tip or not line.amount or tip * 100 <= parameters.number("percent") * line.amount:
                continue
            values = {"items": named(found) or "TIP", "amount": money(tip, line.currency)}
            yield Finding(self.name, "A tip is on the bill: {items} ({amount}).", values, line.id)


TIPS = _Tips()
