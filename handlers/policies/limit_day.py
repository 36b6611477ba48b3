"""What a person claims for one day, in a category or in all, stays under a limit; other claims count along."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies import sums
from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, day


class _LimitDay:
    name = "limit-day"
    title = "Over the limit of the day"
    what = "What a person claims for one day is over the limit."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = sums.PARAMETERS

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        text = "{category} on {day}: {total} in all, {over} over the daily limit of {limit}."
        for excess in sums.over(case, parameters, lambda date: (date, date)):
            date = excess.span[0]
            key = ":".join((self.name, excess.only, date.isoformat()))
            yield Finding(self.name, text, {**excess.values, "day": day(date)}, excess.line.id, key)


LIMIT_DAY = _LimitDay()
