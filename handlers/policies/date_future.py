"""An expense is not dated after the day on which it is claimed; requests are of the future by their nature."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, day


class _DateFuture:
    name = "date-future"
    title = "Date in the future"
    what = "The date of an expense is still to come."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        if case.kind == "request":
            return
        for line in case.lines:
            if line.date is not None and line.date > case.day:
                yield Finding(self.name, "{day} is still to come.", {"day": day(line.date)}, line.id)


DATE_FUTURE = _DateFuture()
