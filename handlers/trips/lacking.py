"""What a settlement still lacks under the travel rules, as paths into its trip, and what an answer makes of them.

``legs.1.reason`` (a taxi), ``legs.0.office_amount`` (a start from home), ``legs.0.km_covers``, ``packages.0.fare``:
what :class:`handlers.travel.Item` asks for. An answer goes to where the ride or the night is known from: its line, or
what was said of the trip beside the lines. What a typed line does not say is asked by its note.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import money
from handlers.notes.drafts import COVERS, KIND, chosen, kilometres
from handlers.travel.trips import lodging_of
from handlers.trips import evidence
from handlers.trips.asking import a_prefecture
from handlers.trips.requests import LONGEST
from storage.models import Claim, Expense, Trip

OF_RIDE = ("reason", "office_amount", "km_covers", "covers", "km")
OF_STAY = ("fare", "prefecture")
BY_NOTE = ("km_covers", "covers", "km")  # asked by the note of a typed line


def questions(claim: Claim, trip: Trip, *, also_left: bool = False) -> list[str]:
    """What to ask: first the reasons without which a ride is not paid, then as the card has it.

    ``also_left``: with what the person left for later.
    """
    left = () if also_left else (trip.options or {}).get("left", ())
    asked = [*_without_reason(trip), *(str(item.get("asked") or "") for item in trip.computed)]
    by_id = {line.id: line for line in claim.expenses}
    declined = evidence.declined(trip)
    return [
        path
        for path in dict.fromkeys(asked)
        if path
        and path not in left
        and _can_ask(trip, path, by_id)
        and f"transport:{_said(trip, path)}" not in declined
    ]


def _without_reason(trip: Trip) -> list[str]:
    """Rides that the rules pay only with a reason, and that have none."""
    return [
        f"legs.{item['inputs']['leg']}.reason"
        for item in trip.computed
        if item["kind"] == "transport" and item["inputs"].get("reason") == "" and "leg" in item["inputs"]
    ]


def _can_ask(trip: Trip, path: str, by_id: Mapping[str, Expense]) -> bool:
    if path == "distance_km":
        return True
    part, _, rest = path.partition(".")
    name = rest.partition(".")[2]
    if part == "legs" and name in OF_RIDE:
        line = by_id.get(str(_leg(trip, path).get("expense_id") or ""))
        return line is None or line.kind != KIND or name not in BY_NOTE
    return part in ("stays", "packages") and name in OF_STAY


def line_of(claim: Claim, trip: Trip, path: str) -> Expense | None:
    """The line that a path is about; None where it is about what has no line."""
    ids: list[str] = []
    if path.startswith("legs."):
        ids = [str(_leg(trip, path).get("expense_id") or "")]
        key = f"transport:{_leg(trip, path).get('said')}"
        ids += [line.id for line in claim.expenses if line.basis.get("key") == key]
    elif path.startswith(("stays.", "packages.")):
        ids = [str(one) for one in _stay(trip, path).get("expense_ids") or ()]
    return next((line for line in claim.expenses if line.id in ids), None)


def understand(path: str, text: str) -> Any:
    """What an answer means, None for an empty one (later). :class:`Refusal` when it means nothing."""
    said, name = text.strip(), path.rpartition(".")[2]
    if not said:
        return None
    if name in ("office_amount", "fare"):
        return money.parse(said)
    if name in ("covers", "km_covers"):
        return chosen(said, COVERS)
    if name in ("km", "distance_km"):
        return kilometres(said)
    return a_prefecture(said) if name == "prefecture" else said[:LONGEST]


def answer(claim: Claim, trip: Trip, path: str, value: Any) -> None:
    """Carry an understood answer out; what follows from it is computed when the card is drawn (``lines.follow``)."""
    name, options = path.rpartition(".")[2], dict(trip.options or {})
    if value is None:
        trip.options = {**options, "left": sorted({*options.get("left", ()), path})}
        return
    if path == "distance_km":
        trip.options = {**options, "distance_km": value}
        return
    part = "ride" if path.startswith("legs.") else "stay"
    line = line_of(claim, trip, path)
    if line is not None and not line.basis.get("key"):
        line.basis = {**line.basis, part: {**line.basis.get(part, {}), name: value}}
        return
    said = {"legs": evidence.said_legs(trip), "lodging": evidence.said_stays(trip)}
    if part == "ride":
        number = _said(trip, path)
        if number is not None and number < len(said["legs"]):
            more = {"km_covers": "one_way"} if name == "km" else {}
            said["legs"][number] |= {name: value, **more}
    else:
        at = next((n for n, stay in enumerate(said["lodging"]) if _same(stay, _stay(trip, path))), None)
        if at is None:
            trip.prefecture = str(value) if name == "prefecture" else trip.prefecture
            return
        said["lodging"][at][name] = value
    trip.options = {**options, "said": {**options.get("said", {}), **said}}


def _leg(trip: Trip, path: str) -> Mapping[str, Any]:
    number = int(path.split(".")[1])
    return trip.legs[number] if number < len(trip.legs) else {}


def _said(trip: Trip, path: str) -> int | None:
    """The number of the ride among those that were said, if it is one of them."""
    found = _leg(trip, path).get("said") if path.startswith("legs.") else None
    return int(found) if found is not None else None


def _stay(trip: Trip, path: str) -> Mapping[str, Any]:
    at = lodging_of(trip, path)
    return trip.lodging[at] if at < len(trip.lodging) else {}


def _same(said: Mapping[str, Any], stay: Mapping[str, Any]) -> bool:
    """Whether nights without a line are those that were said: the price and the nights may have followed since."""
    names = ("kind", "place", "prefecture")
    return all(said.get(name) == stay.get(name) for name in names)
