"""Forms of a trip's settlement: its days and rides, the nights of one price, and the ride of a receipt."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from handlers import claims, notes, travel
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.dates import parse_day
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.notes.drafts import MODE_LABELS, way
from handlers.screen import claim_of, put
from handlers.texts import LOCALES, t
from handlers.travel.places import prefecture_of, prefectures
from handlers.trips import evidence, settlement
from handlers.turn import Turn, View
from storage import audit
from storage.models import Claim, Expense, Trip

LONGEST_STAY = 366
MEALS = {"0": "None", "1": "One meal", "2": "Two meals"}
ALONE = "none"  # a receipt that pays for none of the rides that were said


# --- days and rides ---------------------------------------------------------------------------------------------------


def facts_form(view: View, claim: Claim, trip: Trip) -> Form:
    """The trip as it was: what changes here is computed anew."""
    rides = "\n".join(_ride_text(leg) for leg in trip.legs if "said" in leg)
    km = (trip.options or {}).get("distance_km")
    return Form(
        token=view.token("trip_facts", claim.id, claim.version),
        title=view.t("The trip of #{number}", number=claim.number),
        submit=view.t("Save"),
        inputs=(
            Input("starts", view.t("Departure"), "date", value=trip.starts.isoformat(), required=True),
            Input("ends", view.t("Return"), "date", value=trip.ends.isoformat(), required=True),
            Input("nights", view.t("Nights"), value=str(trip.nights), required=True),
            Input("destination", view.t("Destination"), value=trip.destination, required=True),
            Input("prefecture", view.t("Prefecture"), value=trip.prefecture, hint=view.t("for example 福島県")),
            Input("distance_km", view.t("Kilometres, one way"), value=str(km) if km is not None else ""),
            Input(
                "rides",
                view.t("Rides without a receipt"),
                "long_text",
                value=rides,
                hint=view.t("One ride a line: 11/20 東京→福島 新幹線 8,950円"),
                max_length=1000,
            ),
        ),
    )


def _ride_text(leg: Mapping[str, Any]) -> str:
    day = f"{int(leg['date'][5:7])}/{int(leg['date'][8:])} " if leg.get("date") else ""
    amount = f" {leg['amount']}円" if leg.get("amount") is not None else ""
    ways = " 往復" if leg.get("round_trip") else ""
    mode = t("ja", MODE_LABELS[leg["mode"]]) if leg.get("mode") in MODE_LABELS else ""
    return f"{day}{leg.get('from') or '?'}→{leg.get('to') or '?'} {mode}{amount}{ways}".strip()


def _check_facts(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    trip = settlement.trip_of(asked.session, claim)
    return _facts(trip, values, asked.today)[1] if trip is not None else {}


def _facts(trip: Trip, values: Values, today: dt.date) -> tuple[dict[str, Any], Wrong]:
    """What the answers make of the trip's facts, and what is wrong with those that mean nothing."""
    made: dict[str, Any] = {}
    wrong: Wrong = {}
    for name, said in values.items():
        try:
            made |= _fact(trip, name, said.strip(), today)
        except Refusal as refusal:
            wrong[name] = refusal
    starts, ends = made.get("starts", trip.starts), made.get("ends", trip.ends)
    nights = made.get("nights", trip.nights)
    if ends < starts:
        wrong.setdefault("ends" if "ends" in values else "starts", Refusal("The return is before the departure."))
    elif nights > (ends - starts).days:
        most = (ends - starts).days
        if "nights" in values and nights != trip.nights:
            wrong.setdefault("nights", Refusal("From departure to return there are {most} nights.", most=most))
        else:
            made["nights"] = most
    return made, wrong


def _fact(trip: Trip, name: str, said: str, today: dt.date) -> dict[str, Any]:
    if name in ("starts", "ends"):
        day = parse_day(said, today=today)
        if day > today + dt.timedelta(days=366):
            raise Refusal("That date is too far in the future.")
        return {name: day}
    if name == "nights":
        plain = unicodedata.normalize("NFKC", said).removesuffix("泊").strip()
        if not plain.isdecimal() or int(plain) > LONGEST_STAY:
            raise Refusal("Please enter the nights in figures, for example 1.")
        return {name: int(plain)}
    if name == "destination":
        if not said:
            raise Refusal("Please fill this in.")
        return {name: said[:100]}
    if name == "prefecture":
        return {name: _prefecture(said) if said else ""}
    if name == "distance_km":
        return {name: _km(said) if said else None}
    if name == "rides":
        return {name: _rides(said, trip)}
    return {}


def _prefecture(said: str) -> str:
    found = said if said in prefectures() else prefecture_of(said)
    if found is None:
        raise Refusal("Which prefecture is that? Please write it as 福島県.")
    return found


def _km(said: str) -> str:
    found = re.fullmatch(r"(\d{1,4}(?:\.\d)?)\s*(?:km|キロ)?", unicodedata.normalize("NFKC", said).lower())
    if found is None:
        raise Refusal("Please enter the kilometres in figures, for example 34.")
    return found[1]


def _rides(said: str, trip: Trip) -> list[dict[str, Any]]:
    made = []
    for text in filter(None, (line.strip() for line in said.splitlines())):
        legs = notes.read(text, trip.ends).legs
        if not legs or any(leg.origin is None or leg.destination is None for leg in legs):
            raise Refusal("“{ride}” is not understood. For example: 11/20 東京→福島 新幹線 8,950円", ride=text[:40])
        for leg in legs:
            made.append(
                {
                    "date": leg.date.isoformat() if leg.date else None,
                    "from": leg.origin,
                    "to": leg.destination,
                    "via": list(leg.via),
                    "mode": leg.mode or "train",
                    "amount": int(leg.amount) if leg.amount is not None and leg.currency == "JPY" else None,
                    "currency": leg.currency,
                    "round_trip": leg.round_trip,
                    "covers": leg.covers,
                    "km": str(leg.km) if leg.km is not None else None,
                }
            )
    return made


def _answer_facts(turn: Turn, action: Action, values: Values) -> None:
    claim, trip = _own(turn, action)
    made, _ = _facts(trip, values, turn.today)
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    options = dict(trip.options or {})
    if "distance_km" in made:
        options["distance_km"] = made.pop("distance_km")
    rides = made.pop("rides", None)
    if rides is not None and rides != _rides_now(trip):
        options = _with_rides(claim, trip, options, rides)
    before = {name: str(getattr(trip, name)) for name in made}
    for name, value in made.items():
        setattr(trip, name, value)
    if "destination" in made and "prefecture" not in values:
        trip.prefecture = prefecture_of(trip.destination) or trip.prefecture
    trip.options = options
    changed = sorted(name for name in made if before[name] != str(getattr(trip, name)))
    data = {"fields": changed + ["rides"] * (rides is not None)}
    audit.record(turn.session, actor=turn.member.id, action="trip.corrected", subject=f"claim:{claim.id}", data=data)
    put(turn, claim)


def _rides_now(trip: Trip) -> list[dict[str, Any]]:
    return _rides("\n".join(_ride_text(leg) for leg in trip.legs if "said" in leg), trip)


def _with_rides(claim: Claim, trip: Trip, options: dict[str, Any], rides: list[dict[str, Any]]) -> dict[str, Any]:
    """The rides that lines pay for stay as they are; all others are those that were written now."""
    said = evidence.said_legs(trip)
    of_trip = evidence.lines(claim, trip)
    taken = sorted({n for line in of_trip for n in line.basis.get("legs") or () if n < len(said)})
    for line in of_trip:
        if line.basis.get("legs"):
            line.basis = {**line.basis, "legs": [taken.index(n) for n in line.basis["legs"] if n in taken]}
    kept = {**options.get("said", {}), "legs": [*(said[n] for n in taken), *rides]}
    declined = [key for key in evidence.declined(trip) if not key.startswith("transport:")]
    return {**options, "said": kept, "declined": declined}


# --- the nights of one price ------------------------------------------------------------------------------------------


def stay_form(view: View, session: Session, claim: Claim, trip: Trip, line: Expense) -> Form:
    """What the cap and the allowance of these nights depend on."""
    stay: dict[str, Any] = next((s for s in trip.lodging if line.id in s.get("expense_ids", ())), {})
    reasons = travel.given(session, trip, claim.member).reasons(view.locale)
    return Form(
        token=view.token("trip_stay", claim.id, claim.version, line.id),
        title=view.t("Nights of #{number}", number=claim.number),
        submit=view.t("Save"),
        inputs=(
            Input("nights", view.t("Nights"), value=str(stay.get("nights") or 1), required=True),
            Input(
                "meals",
                view.t("Meals in the price"),
                "choice",
                value=str(min(2, int(stay.get("meals") or 0))),
                options=tuple((code, view.t(label)) for code, label in MEALS.items()),
            ),
            Input("prefecture", view.t("Prefecture"), value=str(stay.get("prefecture") or "")),
            Input(
                "over_reason",
                view.t("Why over the cap"),
                "text",
                value=str(stay.get("over_reason") or ""),
                options=tuple((reason, reason) for reason in reasons),
                hint=view.t("Needed only where the price is over the cap."),
            ),
        ),
    )


def _check_stay(asked: Asked, values: Values) -> Wrong:
    asked.claim()
    return _stay(values)[1]


def _stay(values: Values) -> tuple[dict[str, Any], Wrong]:
    made: dict[str, Any] = {}
    wrong: Wrong = {}
    for name, text in values.items():
        said = text.strip()
        try:
            if name == "nights":
                plain = unicodedata.normalize("NFKC", said).removesuffix("泊").strip()
                if not plain.isdecimal() or not 0 < int(plain) <= LONGEST_STAY:
                    raise Refusal("Please enter the nights in figures, for example 1.")
                made[name] = int(plain)
            elif name == "meals":
                made[name] = _chosen_meals(said)
            elif name == "prefecture":
                made[name] = _prefecture(said) if said else ""
            elif name == "over_reason":
                made[name] = said[:200]
        except Refusal as refusal:
            wrong[name] = refusal
    return made, wrong


def _chosen_meals(said: str) -> int:
    for code, label in MEALS.items():
        if said.lower() in {code, *(t(locale, label).lower() for locale in LOCALES)}:
            return int(code)
    raise Refusal("Please choose one of the suggestions.")


def _answer_stay(turn: Turn, action: Action, values: Values) -> None:
    claim, _ = _own(turn, action)
    line = claims.line(claim, action.extra)
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    made, _ = _stay(values)
    line.basis = {**line.basis, "stay": {**line.basis.get("stay", {}), **made}}
    _recorded(turn, claim, sorted(made))
    put(turn, claim)


# --- the ride of a receipt --------------------------------------------------------------------------------------------


def ride_form(view: View, claim: Claim, trip: Trip, line: Expense) -> Form:
    """Which of the rides that were said a receipt pays for."""
    return Form(
        token=view.token("trip_ride", claim.id, claim.version, line.id),
        title=view.t("Ride of {payee}", payee=line.payee[:20] or f"#{claim.number}"),
        submit=view.t("Save"),
        inputs=(
            Input(
                "ride",
                view.t("Ride"),
                "choice",
                value=",".join(map(str, line.basis.get("legs") or ())) or ALONE,
                options=_ride_options(view.locale, claim, trip, line),
                hint=view.t("The receipt takes the place of what was estimated for it."),
            ),
        ),
    )


def _ride_options(locale: str, claim: Claim, trip: Trip, line: Expense) -> tuple[tuple[str, str], ...]:
    said = evidence.said_legs(trip)
    others = [other for other in evidence.lines(claim, trip) if other.id != line.id]
    free = evidence.open_legs(trip, others)
    labels = {n: f"{n + 1}. {way(said[n], locale)}" for n in free}
    options = [(str(n), label) for n, label in labels.items()]
    options += [(f"{a},{b}", f"{labels[a]} + {b + 1}") for a, b in pairwise(free)]
    return (*options, (ALONE, t(locale, "None of them")))


def _check_ride(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    trip = settlement.trip_of(asked.session, claim)
    if trip is None:
        return {}
    try:
        _chosen_ride(claim, trip, claims.line(claim, asked.action.extra), values.get("ride", ""))
    except Refusal as refusal:
        return {"ride": refusal}
    return {}


def _chosen_ride(claim: Claim, trip: Trip, line: Expense, said: str) -> list[int]:
    for locale in LOCALES:
        for code, label in _ride_options(locale, claim, trip, line):
            if said.strip() in (code, label):
                return [] if code == ALONE else [int(n) for n in code.split(",")]
    raise Refusal("Please choose one of the suggestions.")


def _answer_ride(turn: Turn, action: Action, values: Values) -> None:
    claim, trip = _own(turn, action)
    line = claims.line(claim, action.extra)
    chosen = _chosen_ride(claim, trip, line, values.get("ride", ""))
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    if line.basis.get("legs"):
        line.journey = {}
    evidence.take(line, chosen, evidence.said_legs(trip))
    _recorded(turn, claim, ["ride"])
    put(turn, claim)


# --- shared -----------------------------------------------------------------------------------------------------------


def _own(turn: Turn, action: Action) -> tuple[Claim, Trip]:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    trip = settlement.trip_of(turn.session, claim)
    if trip is None or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    return claim, trip


def _recorded(turn: Turn, claim: Claim, fields: list[str]) -> None:
    data = {"fields": fields}
    audit.record(turn.session, actor=turn.member.id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)


FORMS = {
    "trip_facts": FormKind(_check_facts, _answer_facts),
    "trip_stay": FormKind(_check_stay, _answer_stay),
    "trip_ride": FormKind(_check_ride, _answer_ride),
}
