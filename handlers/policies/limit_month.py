"""What a person claims for a calendar month, in a category or in all, stays under a limit; other claims count along."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable

from handlers.policies import sums
from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength


class _LimitMonth:
    name = "limit-month"
    title = "Over the limit of the month"
    what = "What a person claims for one month is over the limit."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = sums.PARAMETERS

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        text = "{category} in {month}: {total} in all, {over} over the monthly limit of {limit}."
        for excess in sums.over(case, parameters, _month):
            month = f"{excess.span[0]:%Y-%m}"
            key = ":".join((self.name, excess.only, month))
            yield Finding(self.name, text, {**excess.values, "month": month}, excess.line.id, key)


def _month(date: dt.date) -> sums.Span:
    return date.replace(day=1), date.replace(day=calendar.monthrange(date.year, date.month)[1])


LIMIT_MONTH = _LimitMonth()
