"""A night in a hotel is claimed while the person's IC rows show that they slept at home.

Home is where the commuter pass begins. A receipt is dated on arrival or on departure, so that the night before its day
and the night after come into question, of a trip only those within it; it is found when the person went home on each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, day
from handlers.policies.words import speaks_of

ONE_DAY = dt.timedelta(days=1)
LODGING = ["ホテル", "旅館", "宿泊", "民宿", "室料", "ゲストハウス", "HOTEL", "INN", "HOSTEL", "RYOKAN"]


class _HotelAndHome:
    name = "hotel-and-home"
    title = "Hotel and journey home"
    what = "A hotel is claimed for a night on which the IC rows show a journey home."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = (
        Parameter("words", "words", LODGING, "Words that are looked for, by comma.", ("言葉",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            if line.date is None or not _lodging(line, parameters.words("words")):
                continue
            nights = [night for night in (line.date - ONE_DAY, line.date) if _within(case, night)]
            homes = case.history.homes(line.date)
            if not nights or not homes:
                continue
            stations = [_slept_at_home(case, night, homes) for night in nights]
            if all(stations):
                values = {"payee": line.payee, "day": day(nights[-1]), "station": stations[-1]}
                yield Finding(
                    self.name,
                    "{payee} is claimed, but the IC rows show a journey home on {day} ({station}).",
                    values,
                    line.id,
                )


def _lodging(line: Line, words: tuple[str, ...]) -> bool:
    if line.kind not in ("receipt", "note", "statement") or line.category != "travel_transport":
        return False
    names = (line.payee, line.description, *(name for name, _ in line.seen.items))
    return any(speaks_of(name, words) for name in names)


def _within(case: Case, night: dt.date) -> bool:
    return case.trip is None or case.trip.starts <= night < case.trip.ends


def _slept_at_home(case: Case, night: dt.date, homes: frozenset[str]) -> str:
    """The home station they came back to that evening; empty when the rows do not prove it."""
    rows = case.history.rows(night, night, kind="ic")
    back = [row.destination for row in rows if row.destination in homes]
    if not back or len(back) < sum(row.origin in homes for row in rows):
        return ""
    after = case.history.rows(night + ONE_DAY, night + ONE_DAY, kind="ic")
    return back[-1] if not after or any(row.origin in homes for row in after) else ""


HOTEL_AND_HOME = _HotelAndHome()
