"""An expense is claimed within some days of its date; what belongs to a trip, of the trip's end."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, day


class _Late:
    name = "late"
    title = "Late"
    what = "An expense is claimed many days after it was made."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("days", "number", 60, "Days within which it must be claimed.", ("日数",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        limit = parameters.number("days")
        if case.kind == "request":
            return
        for line in case.lines:
            if line.date is None or line.kind == "allowance":
                continue
            since = line.date
            if case.trip is not None and case.trip.starts <= line.date <= case.trip.ends:
                since = case.trip.ends
            days = (case.day - since).days
            if days > limit:
                values = {"day": day(since), "days": days, "limit": limit}
                yield Finding(self.name, "{days} days have passed since {day}; {limit} are allowed.", values, line.id)


LATE = _Late()
