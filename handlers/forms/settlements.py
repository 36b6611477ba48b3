"""The form of a trip's settlement: its days, and the rides and nights that no line pays for."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from handlers import claims
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.dates import parse_day
from handlers.errors import Refusal
from handlers.forms import settlement_lines
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.forms.settlement_lines import LONGEST_STAY, own, prefecture
from handlers.screen import put
from handlers.travel.places import prefecture_of
from handlers.trips import evidence, settlement, written
from handlers.turn import Turn, View
from storage import audit
from storage.models import Claim, Trip

LONGEST_TEXT = 2000


def facts_form(view: View, claim: Claim, trip: Trip) -> Form:
    """The trip as it was: what changes here is computed anew."""
    rides, stays = written.rides(_rides_now(trip), trip.ends), written.stays(evidence.said_stays(trip))
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
                max_length=LONGEST_TEXT,
            ),
            Input(
                "stays",
                view.t("Nights without a receipt"),
                "long_text",
                value=stays,
                hint=view.t("One stay a line: 1泊 実家・知人宅, 2泊 パック 35,000円, 1泊 ホテル青葉 朝食込"),
                max_length=LONGEST_TEXT,
            ),
        ),
    )


def _rides_now(trip: Trip) -> list[dict[str, Any]]:
    """The rides that no line pays for: those that the form shows."""
    return [leg for leg in trip.legs if "said" in leg]


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
        return {name: prefecture(said)}
    if name == "distance_km":
        return {name: _km(said) if said else None}
    if name == "rides":
        return {name: written.read_rides(said, _rides_now(trip), trip.ends)}
    if name == "stays":
        return {name: written.read_stays(said, evidence.said_stays(trip))}
    return {}


def _km(said: str) -> str:
    found = re.fullmatch(r"(\d{1,4}(?:\.\d)?)\s*(?:km|キロ)?", unicodedata.normalize("NFKC", said).lower())
    if found is None:
        raise Refusal("Please enter the kilometres in figures, for example 34.")
    return found[1]


def _answer_facts(turn: Turn, action: Action, values: Values) -> None:
    claim, trip = own(turn, action)
    made, _ = _facts(trip, values, turn.today)
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    options = dict(trip.options or {})
    if "distance_km" in made:
        options["distance_km"] = made.pop("distance_km")
    rides, stays = made.pop("rides", None), made.pop("stays", None)
    if rides is not None and values["rides"].split() != written.rides(_rides_now(trip), trip.ends).split():
        options = _with_rides(claim, trip, options, rides)
    if stays is not None and values["stays"].split() != written.stays(evidence.said_stays(trip)).split():
        options = {**options, "said": {"legs": [], **options.get("said", {}), "lodging": stays}}
    before = {name: str(getattr(trip, name)) for name in made}
    for name, value in made.items():
        setattr(trip, name, value)
    if "destination" in made and "prefecture" not in values:
        trip.prefecture = prefecture_of(trip.destination) or trip.prefecture
    trip.options = options
    changed = sorted(name for name in made if before[name] != str(getattr(trip, name)))
    data = {"fields": changed + ["rides"] * (rides is not None) + ["stays"] * (stays is not None)}
    audit.record(turn.session, actor=turn.member.id, action="trip.corrected", subject=f"claim:{claim.id}", data=data)
    put(turn, claim)


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


FORMS = {"trip_facts": FormKind(_check_facts, _answer_facts), **settlement_lines.FORMS}
