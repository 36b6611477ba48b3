"""What of a journey a commuter pass already pays. The same for typed journeys and for rows of an IC card.

The stations a journey names (from, via, to) are all that is known of its way. Nothing is guessed between them: where a
fare is needed that nobody knows, the journey is paid as it was and the person is told that it may overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from handlers.travel.facts import FareOf, Section
from handlers.travel.places import municipality as plain


@dataclass(frozen=True)
class Overlap:
    """``amount``: yen of one way that is left to pay. ``section``: the pass's ends (``渋谷〜新宿``), empty if none.

    ``rest``: the stretch that is paid, when it is not all. ``unsure``: the fare of the rest is not known.
    """

    amount: int
    section: str = ""
    rest: str = ""
    unsure: bool = False


def deduct(
    path: Iterable[str], amount: int, mode: str, day: date, sections: Iterable[Section], fare: FareOf
) -> Overlap:
    """What is left of ``amount`` (yen, one way) for a journey along ``path`` on ``day``."""
    stops = [plain(stop) for stop in path]
    valid = (section for section in sections if section.holds(day) and section.carries(mode))
    found = [_along(stops, amount, mode, day, section, fare) for section in valid]
    return min((one for one in found if one.section), key=lambda one: (one.amount, one.unsure), default=Overlap(amount))


def _along(stops: list[str], amount: int, mode: str, day: date, section: Section, fare: FareOf) -> Overlap:
    stations = [plain(station) for station in section.stations]
    name = f"{stations[0]}〜{stations[-1]}"
    on = [stop in stations for stop in stops]
    if not any(on):
        return Overlap(amount)
    if all(on):
        return Overlap(0, name)
    first = next((i for i, here in enumerate(on) if not here), len(on)) - 1  # the last stop of a beginning on the pass
    last = len(on) - next(i for i, here in enumerate(reversed(on)) if not here)  # the first stop of an end on it
    known = []
    for begin in _ends(stops, first, stations, at_start=True):
        for end in _ends(stops, last, stations, at_start=False):
            quote = fare(begin, end, mode, day)
            if (begin, end) != (stops[0], stops[-1]) and quote is not None:
                known.append((quote.amount, f"{begin}→{end}"))
    if not known:
        touches = on[0] or on[-1] or any(here and there for here, there in pairwise(on))
        return Overlap(amount, name, unsure=True) if touches else Overlap(amount)
    cheapest, rest = min(known)
    return Overlap(cheapest, name, rest) if cheapest < amount else Overlap(amount)


def _ends(stops: list[str], at: int, stations: list[str], *, at_start: bool) -> Iterator[str]:
    """Where the part to be paid may begin (or end): any station of the pass, if the journey begins (ends) on it."""
    on_pass = at >= 0 if at_start else at < len(stops)
    if on_pass:
        yield from stations
    else:
        yield stops[0] if at_start else stops[-1]
