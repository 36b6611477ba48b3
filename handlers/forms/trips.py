"""A new request, and one question about it by itself. What can be changed in it: ``trip_changes``.

Where there are no forms a new trip is asked question by question: what was answered travels in the token of the next
question, until the request can be drafted.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from handlers import claims, dialogues
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms import trip_changes
from handlers.forms import trip_choices as choices
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.forms.settlement_lines import own, recorded
from handlers.notes.drafts import LATER, MODE_LABELS, chosen
from handlers.screen import claim_of, put
from handlers.texts import LOCALES, t
from handlers.travel.places import prefecture_of
from handlers.trips import answers, asking, chat, lacking, requests
from handlers.trips.requests import LONGEST, PLACE, Plan
from handlers.turn import Turn, View

NEW = "trip_new"
NEEDED = ("destination", "starts", "ends", "purpose")  # in the order in which they are asked


# --- a new request ----------------------------------------------------------------------------------------------------


def new_form(turn: Turn, known: Mapping[str, str] | None = None) -> Form:
    """All questions where there are forms, else the next that a request cannot be without."""
    view, known = turn.view, known or {}
    inputs = _new_inputs(view, requests.usual_origin(turn.session, turn.member))
    if not turn.capabilities.has_forms:
        wanted = next(name for name in NEEDED if name not in known)
        inputs = tuple(question for question in inputs if question.name == wanted)
    token = view.token(NEW, extra=json.dumps(dict(known), ensure_ascii=False))
    return Form(token, view.t("A new trip request"), view.t("Draft request"), inputs)


def _new_inputs(view: View, origin: str) -> tuple[Input, ...]:
    modes = tuple((code, view.t(label)) for code, label in MODE_LABELS.items())
    return (
        Input("destination", view.t("Where the trip goes"), required=True, max_length=PLACE),
        Input("starts", view.t("First day"), "date", required=True),
        Input("ends", view.t("Last day"), "date", required=True),
        Input("purpose", view.t("Purpose"), "long_text", required=True, max_length=LONGEST),
        Input("from", view.t("From where"), value=origin, max_length=PLACE),
        Input("mode", view.t("Means of travel"), "choice", options=modes),
        Input("fare", view.t("Fare, there and back"), "amount", hint=view.t("Empty: as known from earlier journeys.")),
        Input("lodging", view.t("Price of the lodging"), "amount", hint=view.t("Empty: the cap of the travel rules.")),
        choices.choice(view, "kind", view.t("Where the night is"), choices.KINDS, choices.LODGING),
        Input("prefecture", view.t("Prefecture"), hint=view.t("Empty: as the destination says.")),
        Input("advance", view.t("Advance wanted"), "amount", hint=view.t("Empty: none.")),
    )


def _check_new(asked: Asked, values: Values) -> Wrong:
    known = {**_known(asked.action), **values}
    wrong = {name: Refusal("Please fill this in.") for name in NEEDED if name in values and not values[name].strip()}
    return {**_problems(known, asked.today), **wrong}


def _problems(said: Mapping[str, str], today: dt.date) -> Wrong:
    """What is wrong with the days and figures of a new request, by input."""
    wrong: Wrong = {}
    days: dict[str, dt.date] = {}
    for name in ("starts", "ends"):
        try:
            days |= {name: answers.day(said[name], today)} if said.get(name, "").strip() else {}
        except Refusal as refusal:
            wrong[name] = refusal
    wrong |= answers.upside_down(days.get("starts"), days.get("ends"), today)
    for name in ("fare", "lodging", "advance"):
        try:
            answers.yen(said.get(name, ""))
        except Refusal as refusal:
            wrong[name] = refusal
    for name, read in (("prefecture", answers.prefecture), ("kind", choices.kind)):
        try:
            read(said.get(name, ""))
        except Refusal as refusal:
            wrong[name] = refusal
    return wrong


def _answer_new(turn: Turn, action: Action, values: Values) -> None:
    known = {**_known(action), **values}
    if not turn.capabilities.has_forms and any(name not in known for name in NEEDED):
        dialogues.converse(turn, new_form(turn, known))
        return
    lacking = _check_new(Asked(turn.session, turn.services, turn.organization, action), known)
    if lacking:
        raise next(iter(lacking.values()))
    plan = _plan(turn, known)
    now, locale = turn.services.clock(), turn.view.locale
    claim = requests.draft(turn.session, turn.organization, turn.member, plan, now, locale)
    put(turn, claim)
    chat.ask_next(turn, claim)


def _known(action: Action) -> dict[str, str]:
    found = json.loads(action.extra or "{}")
    return {str(name): str(text) for name, text in found.items()}


def _plan(turn: Turn, said: Mapping[str, str]) -> Plan:
    starts, ends = answers.day(said["starts"], turn.today), answers.day(said["ends"], turn.today)
    destination, fare = said["destination"].strip()[:PLACE], answers.yen(said.get("fare", ""))
    price, nights = answers.yen(said.get("lodging", "")), (ends - starts).days
    kind = choices.kind(said.get("kind", "")) if nights else ""
    packed = kind == "package"  # then the fare is the ordinary one, and the price that of both
    leg: dict[str, Any] = {
        "date": starts.isoformat(),
        "from": said.get("from", "").strip()[:PLACE] or None,
        "to": destination,
        "mode": chosen(said["mode"], MODE_LABELS) if said.get("mode", "").strip() else None,
        "amount": None if packed else fare,
        "currency": "JPY",
        "round_trip": True,
        "covers": "round_trip" if fare is not None and not packed else "",
        "km": None,
        "via": [],
        **({"packed": True} if packed else {}),
    }
    stay: dict[str, Any] = {"nights": nights, "place": None, "amount": price, "currency": "JPY", "meals": None}
    stay |= {"kind": kind} if kind else {}
    stay |= {"fare": fare} if packed and fare is not None else {}
    lodging = (stay,) if nights else ()
    return Plan(
        starts=starts,
        ends=ends,
        purpose=said["purpose"].strip(),
        destination=destination,
        prefecture=answers.prefecture(said.get("prefecture", "")) or prefecture_of(destination) or "",
        legs=(leg,),
        lodging=lodging,
        advance=answers.yen(said.get("advance", "")),
    )


# --- one question by itself -------------------------------------------------------------------------------------------


def _said(values: Values) -> str:
    """The answer; “Later”, in any language, is none."""
    text = next(iter(values.values()), "").strip()
    return "" if text in {t(locale, LATER) for locale in LOCALES} else text


def _check_ask(asked: Asked, values: Values) -> Wrong:
    claim, path = asked.claim(), asked.action.extra
    trip = requests.trip_of(claim)
    assert trip is not None
    try:
        if claim.kind == requests.KIND:
            asking.understand(trip, path, _said(values))
        else:
            lacking.understand(path, _said(values))
    except Refusal as refusal:
        return {next(iter(values), ""): refusal}
    return {}


def _answer_ask(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    if claim.kind != requests.KIND:
        _answer_settlement(turn, action, values)
        return
    trip = requests.trip_of(claim)
    assert trip is not None
    answer = asking.understand(trip, action.extra, _said(values))
    answers.carry_out(turn, claim, answer.columns, version=action.version, typed=answer.typed)
    more = bool(asking.questions(claim, trip))
    put(turn, claim, quietly=more)
    chat.ask_next(turn, claim)


def _answer_settlement(turn: Turn, action: Action, values: Values) -> None:
    """The same of a settlement; its card asks for what is missing then."""
    claim, trip = own(turn, action)
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    lacking.answer(claim, trip, action.extra, lacking.understand(action.extra, _said(values)))
    recorded(turn, claim, [asking.name_of(action.extra)])
    put(turn, claim)


FORMS = {
    NEW: FormKind(_check_new, _answer_new),
    chat.FORM: FormKind(_check_ask, _answer_ask),
    **trip_changes.FORMS,
}
