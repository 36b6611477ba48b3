"""A trip is asked for before it begins: a request says when it comes late, the settlement of a longer trip when there
is no approved request for it.

Which trips need one is the organisation's: from so many nights on, or so many kilometres to the destination. Built in
it is only noted; an organisation that allows no trip without a request makes it a stop.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, Value, day


class _TripRequest:
    name = "trip-request"
    title = "No trip request"
    what = "A trip was not asked for before it began."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("nights", "number", 1, "Trips of this many nights or more need a request.", ("泊数",)),
        Parameter(
            "km", "number", 0, "So do trips of this many kilometres one way; 0: whatever the distance.", ("距離",)
        ),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        trip = case.trip
        if trip is None or trip.requested:
            return
        if case.kind == "request":
            if case.day > trip.starts:
                values: dict[str, Value] = {"starts": day(trip.starts), "day": day(case.day)}
                yield Finding(self.name, "The trip began on {starts}; it is asked for on {day}.", values, key=self.name)
            return
        far = parameters.number("km")
        if trip.nights < parameters.number("nights") and not (far and trip.km is not None and trip.km >= far):
            return
        values = {"starts": day(trip.starts), "ends": day(trip.ends), "nights": trip.nights}
        text = "There is no approved request for the trip ({starts} – {ends}, nights: {nights})."
        yield Finding(self.name, text, values, key=self.name)


TRIP_REQUEST = _TripRequest()
