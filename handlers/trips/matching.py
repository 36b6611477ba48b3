"""Which of the rides that were said a receipt or row pays for: by amount, by places or by day.

What fits several is left to the person; a price that looks like that of both ways is taken so, and the card says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.policies.words import speaks_of
from handlers.travel.places import municipality as plain
from handlers.trips import evidence
from storage.models import Expense, Trip


def assign(trip: Trip, of_trip: Sequence[Expense]) -> None:
    """Let receipts and rows that have no ride yet take theirs, where only one fits.

    Those that fit exactly go first. What was only taken to be of both ways is looked at anew each time: its amount may
    have been corrected, or a ticket of the way back have come.
    """
    said = evidence.said_legs(trip)
    for line in of_trip:
        evidence.give_back_guess(line)
    waiting = [line for line in of_trip if _wants_ride(line)]
    for line in waiting:
        found = _match(line, said, evidence.open_legs(trip, of_trip))
        if found:
            evidence.take(line, found, said)
    for line in waiting:
        if "legs" not in line.basis and not evidence.has_journey(line):
            found = _guess(line, said, evidence.open_legs(trip, of_trip))
            if found:
                evidence.take(line, found, said)
            if len(found) > 1:
                line.basis = {**line.basis, evidence.GUESSED: True}


def _wants_ride(line: Expense) -> bool:
    if "legs" in line.basis or line.category != evidence.TRAVEL:
        return False
    # A typed fare that waits for its receipt is the ride itself: it must not take it, and go with it.
    if line.basis.get("key") or (line.kind == "note" and not evidence.has_journey(line)):
        return False
    return not evidence.is_lodging(line) and not any(evidence.no_ride(name) for name in evidence.names(line))


def _match(line: Expense, said: Sequence[Mapping[str, Any]], free: Sequence[int]) -> list[int]:
    family, amount = _family(line), evidence.paid(line)
    fitting = [n for n in free if _fits(family, said[n])]
    if evidence.has_journey(line):
        ends = {plain(line.journey.get("from") or ""), plain(line.journey.get("to") or "")}
        same = [n for n in fitting if ends == {plain(said[n].get("from") or ""), plain(said[n].get("to") or "")}]
        of_day = [n for n in same if said[n].get("date") == evidence.iso(line.date)]
        return same[:2] if line.journey.get("round_trip") else (of_day or same)[:1]
    equal = [n for n in fitting if amount is not None and _total(said[n]) == amount]
    of_day = [n for n in equal if said[n].get("date") == evidence.iso(line.date)]
    if equal:
        return (of_day or equal)[:1]
    for first in fitting:
        for second in fitting:
            both = (_total(said[first]) or 0) + (_total(said[second]) or 0)
            if first < second and both == amount and evidence.there_and_back(said[first], said[second]):
                return [first, second]
    return []


def _guess(line: Expense, said: Sequence[Mapping[str, Any]], free: Sequence[int]) -> list[int]:
    """The ride of the receipt's day; with the way back where the price is nearer to that of both ways.

    A price that has changed since the request must not be paid beside the estimate of a way that it contains.
    """
    family, amount, day = _family(line), evidence.paid(line), evidence.iso(line.date)
    fitting = [n for n in free if _fits(family, said[n])]
    both = [
        [first, second]
        for first in fitting
        for second in fitting
        if first < second and day in (said[first].get("date"), said[second].get("date"))
        if evidence.there_and_back(said[first], said[second])
        and _is_of_both(amount, _total(said[first]), _total(said[second]))
    ]
    if both and family and family not in evidence.HIRED:  # a taxi is paid ride by ride, whatever it costs
        return both[0] if len(both) == 1 else []
    alone = [n for n in fitting if said[n].get("date") == day]
    return alone if len(alone) == 1 and family else []


def _is_of_both(amount: int | None, there: int | None, back: int | None) -> bool:
    """From halfway between one way and both, up to half as much again as both."""
    if not amount or not there or not back:
        return False
    return 2 * amount >= 2 * max(there, back) + min(there, back) and 2 * amount <= 3 * (there + back)


def _family(line: Expense) -> str:
    mode = (line.journey or {}).get("mode")
    if mode:
        return evidence.FAMILIES.get(mode, str(mode))
    return next(
        (family for family, words in evidence.WORDS.items() if any(speaks_of(n, words) for n in evidence.names(line))),
        "",
    )


def _fits(family: str, leg: Mapping[str, Any]) -> bool:
    mode = str(leg.get("mode") or "train")
    return (
        mode not in ("walk", "car")
        and not leg.get("packed")
        and (not family or evidence.FAMILIES.get(mode, mode) == family)
    )


def _total(leg: Mapping[str, Any]) -> int | None:
    amount = leg.get("amount")
    if amount is None or leg.get("currency", "JPY") != "JPY":
        return None
    doubled = leg.get("round_trip") and (leg.get("covers") or "one_way") == "one_way"
    return int(amount) * (2 if doubled else 1)
