"""An expense of a day on which nobody works (``handlers.calendar``), unless it belongs to a trip of that day."""

from __future__ import annotations

from collections.abc import Iterable

from handlers import calendar
from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, day


class _DateDayOff:
    name = "date-day-off"
    title = "Weekend or holiday"
    what = "An expense is of a weekend or a holiday."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("category", "category", "", "The category; empty: all.", ("科目",), selects=True),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        only = parameters.text("category")
        for line in case.lines:
            if line.date is None or line.kind not in ("receipt", "note") or only not in ("", line.category):
                continue
            if case.trip is not None and case.trip.starts <= line.date <= case.trip.ends:
                continue
            if calendar.is_business_day(line.date):
                continue
            name = calendar.holiday(line.date)
            if name:
                values = {"day": day(line.date), "kind": name}
                yield Finding(self.name, "{day} was no working day ({kind}).", values, line.id)
            else:
                text = "{day} was a Saturday." if line.date.weekday() == 5 else "{day} was a Sunday."
                yield Finding(self.name, text, {"day": day(line.date)}, line.id)


DATE_DAY_OFF = _DateDayOff()
