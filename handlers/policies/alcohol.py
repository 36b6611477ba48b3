"""Alcohol is bought for guests, if at all."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength
from handlers.policies.words import bought, goods_parameters, table

WORDS, UNLESS = table("alcohol")


class _Alcohol:
    name = "alcohol"
    title = "Alcohol"
    what = "There is alcohol among the goods."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = goods_parameters(WORDS, UNLESS, allowed=["entertainment"])

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line, values in bought(case, parameters):
            yield Finding(self.name, "Alcohol on the receipt: {items} ({amount}).", values, line.id)


ALCOHOL = _Alcohol()
