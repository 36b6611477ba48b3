"""Forms of one line of a settlement: its nights, the ride that a receipt pays for, what else is to say of a ride."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from handlers import claims, money, travel
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms import trip_choices as choices
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.notes.drafts import way
from handlers.screen import claim_of, put
from handlers.texts import LOCALES, t
from handlers.travel.places import prefecture_of, prefectures
from handlers.travel.trips import at_home, is_private
from handlers.trips import evidence, settlement
from handlers.turn import Turn, View
from storage import audit
from storage.models import Claim, Expense, Trip

LONGEST_STAY = 366
ALONE = "none"  # a receipt that pays for none of the rides that were said


# --- the nights of one price ------------------------------------------------------------------------------------------


def stay_form(view: View, session: Session, claim: Claim, trip: Trip, line: Expense) -> Form:
    """What the cap and the allowance of these nights depend on."""
    stay: dict[str, Any] = next((s for s in trip.lodging if line.id in s.get("expense_ids", ())), {})
    reasons = travel.given(session, trip, claim.member).reasons(view.locale)
    fare = stay.get("fare")
    kind = "private" if is_private(stay) else str(stay.get("kind") or choices.LODGING)
    return Form(
        token=view.token("trip_stay", claim.id, claim.version, line.id),
        title=view.t("Nights of #{number}", number=claim.number),
        submit=view.t("Save"),
        inputs=(
            Input("nights", view.t("Nights"), value=str(stay.get("nights") or 1), required=True),
            choices.choice(view, "kind", view.t("Where the night was"), choices.KINDS, kind),
            choices.choice(
                view, "meals", view.t("Meals in the price"), choices.MEALS, str(min(2, int(stay.get("meals") or 0)))
            ),
            choices.choice(
                view,
                "separable",
                view.t("Meals shown apart in the price"),
                choices.YES_NO,
                "yes" if stay.get("separable") else "no",
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
            Input(
                "fare",
                view.t("Ordinary fare without the package, both ways"),
                "amount",
                value="" if fare is None else str(fare),
                hint=view.t("Needed only for a package."),
            ),
            choices.choice(
                view, "paid_by", view.t("Who pays for it"), choices.PAYERS, str(stay.get("paid_by") or "traveler")
            ),
        ),
    )


def _check_stay(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    made, wrong = _understood(_STAY, values)
    line = claims.line(claim, asked.action.extra)
    if made.get("kind") == "private" and (line.kind != "note" or len(claim.expenses) == 1):
        wrong["kind"] = Refusal("A night at somebody's home has no price. Take this line out instead.")
    return wrong


def nights(said: str) -> int:
    """``2`` or ``2泊``. :class:`Refusal` when it is no number of nights."""
    plain = unicodedata.normalize("NFKC", said).removesuffix("泊").strip()
    if not plain.isdecimal() or not 0 < int(plain) <= LONGEST_STAY:
        raise Refusal("Please enter the nights in figures, for example 1.")
    return int(plain)


def prefecture(said: str) -> str:
    """The prefecture that was meant; empty of an empty answer."""
    if not said:
        return ""
    found = said if said in prefectures() else prefecture_of(said)
    if found is None:
        raise Refusal("Which prefecture is that? Please write it as 福島県.")
    return found


def _figure(said: str) -> int | None:
    return money.parse(said) if said else None


_STAY: dict[str, Callable[[str], Any]] = {
    "nights": nights,
    "kind": choices.kind,
    "meals": choices.meals,
    "separable": choices.yes,
    "prefecture": prefecture,
    "over_reason": lambda said: said[:200],
    "fare": _figure,
    "paid_by": choices.payer,
}
_WAY: dict[str, Callable[[str], Any]] = {
    "reason": lambda said: said[:200],
    "from_home": choices.yes,
    "office_amount": _figure,
    "paid_by": choices.payer,
}


def _understood(readers: Mapping[str, Callable[[str], Any]], values: Values) -> tuple[dict[str, Any], Wrong]:
    made: dict[str, Any] = {}
    wrong: Wrong = {}
    for name, text in values.items():
        if name in readers:
            try:
                made[name] = readers[name](text.strip())
            except Refusal as refusal:
                wrong[name] = refusal
    return made, wrong


def _answer_stay(turn: Turn, action: Action, values: Values) -> None:
    claim, trip = own(turn, action)
    line = claims.line(claim, action.extra)
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    made, _ = _understood(_STAY, values)
    if made.get("kind") == "private":
        _at_home(turn, claim, trip, line, made)
    else:
        line.basis = {**line.basis, "stay": {**line.basis.get("stay", {}), **made}}
    recorded(turn, claim, sorted(made))
    put(turn, claim)


def _at_home(turn: Turn, claim: Claim, trip: Trip, line: Expense, made: Mapping[str, Any]) -> None:
    """A typed night without a price of its own: it leaves the lines and is kept with the trip."""
    stay = {"nights": made.get("nights") or 1, "place": line.payee, "amount": None, "meals": None, "kind": "private"}
    said = (trip.options or {}).get("said", {})
    lodging = [*evidence.said_stays(trip), stay]
    trip.options = {**(trip.options or {}), "said": {"legs": evidence.said_legs(trip), **said, "lodging": lodging}}
    turn.session.delete(line)
    turn.session.flush()
    turn.session.refresh(claim)


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
    claim, trip = own(turn, action)
    line = claims.line(claim, action.extra)
    chosen = _chosen_ride(claim, trip, line, values.get("ride", ""))
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    if line.basis.get("legs"):
        line.journey = {}
    evidence.take(line, chosen, evidence.said_legs(trip))
    recorded(turn, claim, ["ride"])
    put(turn, claim)


# --- what else is to say of a ride ------------------------------------------------------------------------------------


def way_form(view: View, claim: Claim, trip: Trip, line: Expense) -> Form:
    """Why a taxi or a rental car, where it begins, and who pays: what no ticket says."""
    leg: dict[str, Any] = next((leg for leg in trip.legs if leg.get("expense_id") == line.id), {})
    office = leg.get("office_amount")
    return Form(
        token=view.token("trip_way", claim.id, claim.version, line.id),
        title=view.t("Ride of {payee}", payee=line.payee[:20] or f"#{claim.number}"),
        submit=view.t("Save"),
        inputs=(
            Input("reason", view.t("Why this means of travel"), value=str(leg.get("reason") or ""), max_length=200),
            choices.choice(
                view,
                "from_home",
                view.t("Begins or ends at home"),
                choices.YES_NO,
                "yes" if at_home(leg) else "no",
            ),
            Input(
                "office_amount",
                view.t("Fare of one way from the office"),
                "amount",
                value="" if office is None else str(office),
                hint=view.t("Needed only for a start from home."),
            ),
            choices.choice(
                view, "paid_by", view.t("Who pays for it"), choices.PAYERS, str(leg.get("paid_by") or "traveler")
            ),
        ),
    )


def _check_way(asked: Asked, values: Values) -> Wrong:
    asked.claim()
    return _understood(_WAY, values)[1]


def _answer_way(turn: Turn, action: Action, values: Values) -> None:
    claim, _ = own(turn, action)
    line = claims.line(claim, action.extra)
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    made, _ = _understood(_WAY, values)
    line.basis = {**line.basis, "ride": {**line.basis.get("ride", {}), **made}}
    recorded(turn, claim, sorted(made))
    put(turn, claim)


# --- shared -----------------------------------------------------------------------------------------------------------


def own(turn: Turn, action: Action) -> tuple[Claim, Trip]:
    """The traveller's own settlement while it may change, and its trip."""
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    trip = settlement.trip_of(turn.session, claim)
    if trip is None or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    return claim, trip


def recorded(turn: Turn, claim: Claim, fields: list[str]) -> None:
    """A link of the audit chain: these fields were answered."""
    data = {"fields": fields}
    audit.record(turn.session, actor=turn.member.id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)


FORMS = {
    "trip_stay": FormKind(_check_stay, _answer_stay),
    "trip_ride": FormKind(_check_ride, _answer_ride),
    "trip_way": FormKind(_check_way, _answer_way),
}
