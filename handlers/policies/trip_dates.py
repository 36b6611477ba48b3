"""What is claimed for a trip is dated within it; fares and lodging may be paid before it begins."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, day

TRAVEL = "travel_transport"


class _TripDates:
    name = "trip-dates"
    title = "Outside the trip"
    what = "An expense is not of the days of its trip."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = (
        Parameter("slack", "number", 0, "Days before and after the trip that still count as its own.", ("余裕",)),
        Parameter("prepaid", "flag", True, "Fares and lodging may be paid before the trip.", ("前払い",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        if case.trip is None or case.kind == "request":
            return
        slack = parameters.number("slack")
        for line in case.lines:
            if line.date is None or line.kind not in ("receipt", "note", "statement"):
                continue
            early, tardy = (case.trip.starts - line.date).days, (line.date - case.trip.ends).days
            if early > 0 and parameters.flag("prepaid") and line.category == TRAVEL:
                continue
            if max(early, tardy) <= slack:
                continue
            values = {"day": day(line.date), "starts": day(case.trip.starts), "ends": day(case.trip.ends)}
            yield Finding(self.name, "{day} is not within the trip ({starts} – {ends}).", values, line.id)


TRIP_DATES = _TripDates()
