"""Tobacco is nobody's expense but the smoker's."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength
from handlers.policies.words import bought, goods_parameters, table

WORDS, UNLESS = table("tobacco")


class _Tobacco:
    name = "tobacco"
    title = "Tobacco"
    what = "There is tobacco among the goods."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = goods_parameters(WORDS, UNLESS, allowed=[])

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line, values in bought(case, parameters):
            yield Finding(self.name, "Tobacco on the receipt: {items} ({amount}).", values, line.id)


TOBACCO = _Tobacco()
