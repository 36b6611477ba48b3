"""What a note says of a trip beside its rides, nights and prices: a package, a night at somebody's home, the start.

The grammar of notes reads prices and places; these words say what a price is for, or that there is none. They are
looked for in the note's own text once it is known to tell of a trip: for a request (:func:`of_plan`), and for a draft
of what was paid (:func:`of_lines`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from handlers.texts import t
from storage.models import Claim, Expense, Trip

_PACKAGE = re.compile(r"パック(?:旅行|ツアー|料金|代|プラン)?|パッケージツアー|\bpackage\b", re.IGNORECASE)
_PRIVATE = re.compile(
    r"(?:実家|知人宅|知人の家|友人宅|友人の家|親戚宅|親戚の家|親族宅|親族の家)"
    r"|(?:parents'?|friend'?s?|relatives?'?|acquaintance'?s?)\s+(?:home|house|place)",
    re.IGNORECASE,
)
_FROM_HOME = re.compile(r"自宅(?:発|から|より|を出|→|-)|\bfrom home\b", re.IGNORECASE)
_APART = re.compile(
    r"食事(?:代|料金)?(?:は|が)?別|[朝夕]食(?:代)?(?:は|が)?別|meals? (?:shown )?(?:apart|separate)", re.IGNORECASE
)
PACKED_MODES = ("shinkansen", "train", "bus", "air", "ship", None)  # what a package contains; a taxi is none of it
_HEAD = ("start", "end", "nights", "concluded")  # what the first line of a note's draft knows of the whole trip


@dataclass(frozen=True)
class Heard:
    """What the words say."""

    package: bool
    private: bool
    from_home: bool
    apart: bool


def heard(text: str) -> Heard:
    """The words in a note, whichever width they are written in."""
    plain = unicodedata.normalize("NFKC", text)
    return Heard(*(pattern.search(plain) is not None for pattern in (_PACKAGE, _PRIVATE, _FROM_HOME, _APART)))


# --- a request --------------------------------------------------------------------------------------------------------


def of_plan(
    text: str, legs: Sequence[Mapping[str, Any]], lodging: Sequence[Mapping[str, Any]], nights: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rides and nights of a plan with what the words say of them."""
    words = heard(text)
    rides, stays = [dict(leg) for leg in legs], [dict(stay) for stay in lodging]
    if words.from_home and rides:
        rides[0]["from_home"] = True
    if nights and words.package:
        rides, stays = _packed(rides, stays, nights)
    if nights and words.private:
        stays = stays or [{"nights": nights, "place": None, "amount": None, "currency": "JPY", "meals": None}]
        stays = [stay | {"kind": "private"} if stay.get("amount") is None else stay for stay in stays]
    if words.apart:
        stays = [stay | {"separable": True} for stay in stays]
    return rides, stays


def _packed(
    rides: list[dict[str, Any]], stays: list[dict[str, Any]], nights: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The price beside the rides, or beside the nights, is that of both. Unchanged where there is no such price."""
    priced = next((leg for leg in rides if leg.get("amount") is not None and leg.get("mode") in PACKED_MODES), None)
    stay = next((stay for stay in stays if stay.get("amount") is not None), None)
    if priced is None and stay is None:
        return rides, stays
    price = stay if stay is not None else priced
    assert price is not None
    package = {**(stays[0] if stays else {"place": None, "meals": None}), "nights": nights, "kind": "package"}
    package |= {"amount": price["amount"], "currency": price.get("currency") or "JPY"}
    package |= {"payer": price.get("payer") or ""}
    inside = [leg for leg in rides if leg is priced or (leg.get("amount") is None and leg.get("mode") in PACKED_MODES)]
    if stay is not None:  # a fare beside it was paid by itself
        inside = [leg for leg in inside if leg is not priced]
    alone = len(inside) == 1
    made = [
        leg | {"packed": True, "amount": None, "covers": "", "round_trip": bool(leg.get("round_trip")) or alone}
        if any(leg is one for one in inside)
        else leg
        for leg in rides
    ]
    return made, [package]


# --- a draft of what was paid -----------------------------------------------------------------------------------------


def of_lines(session: Session, claim: Claim, trip: Trip, told: Sequence[Expense], locale: str) -> None:
    """The same of the lines of a past trip: what has no price of its own leaves them and is kept with the trip."""
    words = heard(str(told[0].basis.get("note", "")))
    rides = [line for line in told if line.basis.get("part") == "leg"]
    stays = [line for line in told if line.basis.get("part") == "lodging"]
    if words.from_home and rides:
        rides[0].basis = {**rides[0].basis, "ride": {**rides[0].basis.get("ride", {}), "from_home": True}}
    gone: list[Expense] = []
    legs: list[dict[str, Any]] = []
    if trip.nights and words.package:
        gone, legs = _pack(trip, rides, stays, locale)
    lodging: list[dict[str, Any]] = []
    if trip.nights and words.private:
        homes = [line for line in stays if line.amount is None and line not in gone]
        if len(homes) < len(told):
            lodging = [_home(line) for line in homes]
            gone += homes
    if words.apart:
        for line in stays:
            line.basis = {**line.basis, "stay": {**line.basis.get("stay", {}), "separable": True}}
    if gone:
        _leave(session, claim, told, gone)
    said = (trip.options or {}).get("said", {})
    both = {"legs": [*said.get("legs", ()), *legs], "lodging": [*said.get("lodging", ()), *lodging]}
    trip.options = {**(trip.options or {}), "said": both}


def _home(line: Expense) -> dict[str, Any]:
    return {
        "nights": int(line.basis.get("stay_nights") or 1),
        "place": line.payee,
        "amount": None,
        "currency": "JPY",
        "meals": line.basis.get("meals"),
        "kind": "private",
    }


def _pack(
    trip: Trip, rides: Sequence[Expense], stays: Sequence[Expense], locale: str
) -> tuple[list[Expense], list[dict[str, Any]]]:
    """Make one line that of the package; the lines without a price that it contains, and its rides."""
    priced = next((line for line in rides if line.amount is not None and _mode(line) in PACKED_MODES), None)
    stay = next((line for line in stays if line.amount is not None), None)
    line = stay or priced
    if line is None:
        return [], []
    inside = [ride for ride in rides if ride is line or (ride.amount is None and _mode(ride) in PACKED_MODES)]
    legs = [_leg(ride, alone=len(inside) == 1) for ride in inside]
    ends = line.journey or next((ride.journey for ride in inside), {}) or {}
    way = "→".join(str(ends[name]) for name in ("from", "to") if ends.get(name))
    line.basis = {
        **{name: value for name, value in line.basis.items() if name not in ("written", "covers", "ride")},
        "part": "lodging",
        "stay_nights": trip.nights,
        "stay": {"kind": "package", "nights": trip.nights},
    }
    line.doubts = [name for name in line.doubts if name != "amount"]
    line.payee, line.journey = f"{t(locale, 'Package')} {way}".strip()[:200], {}
    gone = [one for one in (*inside, *stays) if one is not line and one.amount is None]
    return gone, legs


def _leg(line: Expense, *, alone: bool) -> dict[str, Any]:
    journey = line.journey or {}
    return {
        "date": line.date.isoformat() if line.date else None,
        "from": journey.get("from"),
        "to": journey.get("to"),
        "via": list(journey.get("via") or ()),
        "mode": journey.get("mode") or "train",
        "amount": None,
        "currency": "JPY",
        "round_trip": bool(journey.get("round_trip")) or alone,
        "covers": "",
        "km": None,
        "packed": True,
    }


def _mode(line: Expense) -> Any:
    return (line.journey or {}).get("mode")


def _leave(session: Session, claim: Claim, told: Sequence[Expense], gone: Sequence[Expense]) -> None:
    """These lines leave the draft; what the first of all knew of the trip stays with one that is left."""
    head = {name: told[0].basis[name] for name in _HEAD if name in told[0].basis}
    kept = next(line for line in told if line not in gone)
    kept.basis = {**kept.basis, **head}
    for line in gone:
        session.delete(line)
    session.flush()
    session.refresh(claim)
