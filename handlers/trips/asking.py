"""What a request does not say yet, as paths into its trip, and what an answer makes of them.

``destination``, ``legs.0.from``, ``legs.0.amount``, ``stays.0.prefecture``, ``packages.0.fare``, ``lines.daily.0``,
``purpose``: the paths of :class:`handlers.travel.Item` and of a note's questions. What the travel rules give without
an answer is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers import money
from handlers.errors import Refusal
from handlers.notes.drafts import COVERS, LABELS, MODE_LABELS, chosen, kilometres
from handlers.travel.places import prefecture_of
from handlers.travel.trips import lodging_of
from handlers.trips.requests import LONGEST, PLACE, trip_of
from storage.models import Claim, Expense, Trip

QUESTIONS = {
    **LABELS,
    "amount": "Expected amount",
    "return": "The way back",
    "destination": "Where the trip goes",
    "prefecture": "In which prefecture",
    "km": "Kilometres, one way",
    "km_covers": "What the kilometres stand for",
    "fare": "Ordinary fare without the package, both ways",
    "distance_km": "Kilometres to the destination, one way",
    "reason": "Why this means of travel",
    "over_reason": "Why the lodging costs more than the cap",
    "office_amount": "Fare of one way from the office",
}
BACK = {"yes": "There and back, at the same fare", "no": "One way only"}
_BACK_WORDS = {
    "往復": "yes",
    "往復です": "yes",
    "同じ": "yes",
    "round trip": "yes",
    "片道": "no",
    "片道です": "no",
    "one way": "no",
}
_RETURNS = ("shinkansen", "train", "bus", "air", "ship", "car")  # a single taxi is often one way


@dataclass(frozen=True)
class Answer:
    """What an answer changes: columns of the trip, and amounts typed for a line by its key."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, int] = field(default_factory=dict)


def questions(claim: Claim, trip: Trip, *, also_left: bool = False) -> list[str]:
    """What to ask, most important first; ``also_left``: with what the person left for later."""
    asked = ["destination"] if not trip.destination else []
    for number, leg in enumerate(trip.legs):
        if not leg.get("packed"):  # its price is the package's
            asked += [f"legs.{number}.{name}" for name in ("from", "to", "mode") if not leg.get(name)]
    if _may_return(trip):
        asked.append("legs.0.return")
    asked += [str(line.basis["open"]) for line in claim.expenses if line.basis.get("open")]
    if not claim.purpose:
        asked.append("purpose")
    left = () if also_left else (trip.options or {}).get("left", ())
    return [path for path in dict.fromkeys(asked) if path not in left]


def _may_return(trip: Trip) -> bool:
    """One ride there, and not a word of how one comes back."""
    if len(trip.legs) != 1 or (trip.options or {}).get("one_way"):
        return False
    leg = trip.legs[0]
    return not leg.get("round_trip") and not leg.get("packed") and leg.get("mode") in _RETURNS


def name_of(path: str) -> str:
    """The field that a path asks for: ``legs.0.amount`` → ``amount``, ``lines.daily.0`` → ``amount``."""
    return "amount" if path.startswith("lines.") else path.rpartition(".")[2]


def line_of(claim: Claim, path: str) -> Expense | None:
    """The line that a path is about."""
    if path.startswith("lines."):
        key = path.removeprefix("lines.")
        return next((line for line in claim.expenses if line.basis.get("key") == key), None)
    ref, trip = path.rpartition(".")[0], trip_of(claim)
    if ref.startswith(("stays.", "packages.")) and trip is not None:
        ref = f"lodging.{lodging_of(trip, path)}"
    return next((line for line in claim.expenses if ref and line.basis.get("ref") == ref), None)


def understand(trip: Trip, path: str, text: str) -> Answer:
    """What an answer changes; an empty one leaves the question for later. :class:`Refusal` when it means nothing."""
    said = text.strip()
    options = dict(trip.options or {})
    if not said:
        return Answer({"options": {**options, "left": sorted({*options.get("left", ()), path})}})
    if path == "purpose":
        return Answer({"purpose": said[:LONGEST]})
    if path == "destination":
        return Answer({"destination": said[:PLACE], "prefecture": prefecture_of(said) or ""})
    if path == "distance_km":
        return Answer({"options": {**options, "distance_km": kilometres(said)}})
    if path.startswith("lines."):
        return Answer(typed={path.removeprefix("lines."): money.parse(said)})
    part, number, name = path.split(".")
    if part == "legs":
        return _of_leg(trip, int(number), name, said)
    return _of_stay(trip, lodging_of(trip, path), name, said)


def _of_leg(trip: Trip, number: int, name: str, said: str) -> Answer:
    leg = dict(trip.legs[number])
    columns: dict[str, Any] = {}
    if name == "return":
        if chosen(_BACK_WORDS.get(said.lower(), said), BACK) == "no":
            return Answer({"options": {**(trip.options or {}), "one_way": True}})
        leg |= {"round_trip": True, "covers": "one_way"}
    elif name == "mode":
        leg["mode"] = chosen(said, MODE_LABELS)
    elif name in ("covers", "km_covers"):
        leg[name] = chosen(said, COVERS)
    elif name == "amount":
        leg |= {"amount": money.parse(said), "currency": "JPY", "covers": ""}
    elif name == "office_amount":
        leg["office_amount"] = money.parse(said)
    elif name == "km":
        leg |= {"km": kilometres(said), "km_covers": "one_way"}
    else:  # from, to, reason
        leg[name] = said[:PLACE]
    if name == "to" and not trip.destination:
        columns = {"destination": said[:PLACE], "prefecture": prefecture_of(said) or ""}
    return Answer({**columns, "legs": [*trip.legs[:number], leg, *trip.legs[number + 1 :]]})


def _of_stay(trip: Trip, number: int, name: str, said: str) -> Answer:
    lodging = [dict(stay) for stay in trip.lodging]
    if number >= len(lodging):  # nights of which nothing was said yet
        lodging.append({"nights": max(1, trip.nights - sum(int(stay.get("nights") or 1) for stay in lodging))})
    columns: dict[str, Any] = {}
    if name == "prefecture":
        found = a_prefecture(said)
        lodging[number]["prefecture"] = found
        columns = {} if trip.prefecture else {"prefecture": found}
    elif name == "amount":
        lodging[number] |= {"amount": money.parse(said), "currency": "JPY"}
    elif name == "fare":
        lodging[number]["fare"] = money.parse(said)
    else:  # over_reason, place
        lodging[number][name] = said[:LONGEST]
    return Answer({**columns, "lodging": lodging})


def a_prefecture(said: str) -> str:
    """The prefecture that was meant; :class:`Refusal` when the words do not tell."""
    found = prefecture_of(said)
    if found is None:
        raise Refusal("Please write the prefecture, for example 福島県.")
    return found
