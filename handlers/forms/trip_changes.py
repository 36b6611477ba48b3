"""What a person changes in a request: its days, places and advance, or one line of its estimate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from handlers import claims, money
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms import trip_choices as choices
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.notes.drafts import COVERS, MODE_LABELS, chosen, kilometres
from handlers.screen import claim_of, put
from handlers.travel.places import prefecture_of
from handlers.travel.trips import at_home, is_package, is_private
from handlers.trips import answers, asking, requests, written
from handlers.trips.requests import LONGEST, PLACE
from handlers.turn import Turn, View
from storage.models import Claim, Trip

EDIT, LINE = "trip_edit", "trip_line"
LONGEST_TEXT = 2000

# --- its days, places and advance -------------------------------------------------------------------------------------


def edit_form(view: View, claim: Claim, expense_id: str) -> Form:
    """The trip as a whole; with the id of a line, that line."""
    trip = requests.trip_of(claim)
    assert trip is not None
    if expense_id:
        return _line_form(view, claim, trip, expense_id)
    km = str((trip.options or {}).get("distance_km") or "")
    return Form(
        token=view.token(EDIT, claim.id, claim.version),
        title=view.t("Edit #{number}", number=claim.number),
        submit=view.t("Save"),
        inputs=(
            Input("destination", view.t("Where the trip goes"), value=trip.destination, required=True),
            Input("starts", view.t("First day"), "date", value=trip.starts.isoformat(), required=True),
            Input("ends", view.t("Last day"), "date", value=trip.ends.isoformat(), required=True),
            Input("purpose", view.t("Purpose"), "long_text", value=claim.purpose, max_length=LONGEST),
            Input("prefecture", view.t("Prefecture"), value=trip.prefecture),
            Input("distance_km", view.t("Kilometres to the destination, one way"), value=km),
            Input("advance", view.t("Advance wanted"), "amount", value=money.plain(claim.advance)),
            Input(
                "rides",
                view.t("Rides"),
                "long_text",
                value=written.rides(trip.legs, trip.ends),
                hint=view.t("One ride a line: 11/20 東京→福島 新幹線 8,950円"),
                max_length=LONGEST_TEXT,
            ),
            Input(
                "stays",
                view.t("Nights by place"),
                "long_text",
                value=written.stays(trip.lodging),
                hint=view.t("One stay a line: 1泊 実家・知人宅, 2泊 パック 35,000円, 1泊 ホテル青葉 朝食込"),
                max_length=LONGEST_TEXT,
            ),
        ),
    )


def _check_edit(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    trip = requests.trip_of(claim)
    assert trip is not None
    if "destination" in values and not values["destination"].strip():
        return {"destination": Refusal("Please say where the trip goes.")}
    try:
        columns = _columns(claim, trip, values, asked.today)
    except _WrongInput as wrong:
        return {wrong.name: wrong.refusal}
    moved = columns.get("starts", trip.starts), columns.get("ends", trip.ends)
    return answers.upside_down(*moved, asked.today) if moved != (trip.starts, trip.ends) else {}


class _WrongInput(Exception):
    def __init__(self, name: str, refusal: Refusal) -> None:
        super().__init__(name)
        self.name, self.refusal = name, refusal


def _columns(claim: Claim, trip: Trip, values: Values, today: dt.date) -> dict[str, Any]:
    """The columns that the answers change. Raises :class:`_WrongInput`."""
    columns: dict[str, Any] = {}
    for name in ("starts", "ends"):
        if values.get(name, "").strip():
            columns[name] = _read(name, lambda text: answers.day(text, today), values)
    if "purpose" in values:
        columns["purpose"] = values["purpose"].strip()[:LONGEST]
    if "distance_km" in values:
        km = _read("distance_km", lambda text: kilometres(text.strip()) if text.strip() else None, values)
        columns["options"] = {**(trip.options or {}), "distance_km": km}
    if "advance" in values:
        columns["advance"] = _read("advance", lambda text: answers.advance(claim, text), values)
    columns |= _moved(trip, columns.get("starts", trip.starts), columns.get("ends", trip.ends))
    columns |= _written(trip, values)
    if "destination" in values and values["destination"].strip() != trip.destination:
        columns |= _elsewhere(trip, values["destination"].strip()[:PLACE], columns.get("legs", trip.legs))
    said = values.get("prefecture", trip.prefecture).strip()
    if "prefecture" in values and said != trip.prefecture:
        columns["prefecture"] = _read("prefecture", answers.prefecture, values)
    return columns


def _read(name: str, read: Callable[[str], Any], values: Values) -> Any:
    try:
        return read(values[name])
    except Refusal as refusal:
        raise _WrongInput(name, refusal) from refusal


def _moved(trip: Trip, starts: dt.date, ends: dt.date) -> dict[str, Any]:
    """Rides and nights follow the days: what was on the first or the last day is on it again."""
    if (starts, ends) == (trip.starts, trip.ends):
        return {}
    days = {trip.ends.isoformat(): ends.isoformat(), trip.starts.isoformat(): starts.isoformat()}
    legs = [{**leg, "date": days.get(leg.get("date") or "", leg.get("date"))} for leg in trip.legs]
    nights = max(0, (ends - starts).days)
    columns: dict[str, Any] = {"legs": legs, "nights": nights}
    if nights != trip.nights:
        one = len(trip.lodging) == 1 and nights
        columns["lodging"] = [{**trip.lodging[0], "nights": nights}] if one else trip.lodging if nights else []
    return columns


def _written(trip: Trip, values: Values) -> dict[str, Any]:
    """Rides and nights as they were written over; a text that was not touched changes nothing."""
    columns: dict[str, Any] = {}
    now = {"rides": written.rides(trip.legs, trip.ends), "stays": written.stays(trip.lodging)}
    if values.get("rides", now["rides"]).split() != now["rides"].split():
        columns["legs"] = _read("rides", lambda text: written.read_rides(text, trip.legs, trip.ends), values)
    if values.get("stays", now["stays"]).split() != now["stays"].split():
        columns["lodging"] = _read("stays", lambda text: written.read_stays(text, trip.lodging), values)
    return columns


def _elsewhere(trip: Trip, destination: str, legs: list[Any]) -> dict[str, Any]:
    """Rides to the old destination lead to the new one; what they cost is not known any more."""
    changed = [
        {**leg, "to": destination, "amount": None, "covers": ""} if leg.get("to") == trip.destination else leg
        for leg in legs
    ]
    return {"destination": destination, "prefecture": prefecture_of(destination) or "", "legs": changed}


def _answer_edit(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    trip = requests.trip_of(claim)
    assert trip is not None
    columns = _columns(claim, trip, values, turn.today)
    answers.carry_out(turn, claim, columns, version=action.version)
    put(turn, claim)


# --- one line ---------------------------------------------------------------------------------------------------------


def _line_form(view: View, claim: Claim, trip: Trip, expense_id: str) -> Form:
    line = claims.line(claim, expense_id)
    part, _, number = str(line.basis.get("ref") or "").partition(".")
    inputs: tuple[Input, ...]
    if part == "legs":
        inputs = _leg_inputs(view, trip.legs[int(number)])
    elif part == "lodging":
        stay = trip.lodging[int(number)] if int(number) < len(trip.lodging) else {}
        inputs = _stay_inputs(view, trip, stay)
    else:
        inputs = (Input("amount", view.t("Expected amount"), "amount", value=money.plain(line.amount), required=True),)
    title = f"#{claim.number} {line.payee}"
    return Form(view.token(LINE, claim.id, claim.version, line.id), title[:60], view.t("Save"), inputs)


def _stay_inputs(view: View, trip: Trip, stay: Mapping[str, Any]) -> tuple[Input, ...]:
    fare = Input("fare", view.t(asking.QUESTIONS["fare"]), "amount", value=_figure(stay.get("fare")))
    return (
        Input("amount", view.t("Price of the lodging"), "amount", value=_figure(stay.get("amount"))),
        choices.choice(view, "kind", view.t("Where the night is"), choices.KINDS, _now("kind", stay)),
        Input("place", view.t("Name of the lodging"), value=stay.get("place") or ""),
        Input("prefecture", view.t("Prefecture"), value=stay.get("prefecture") or trip.prefecture),
        choices.choice(view, "meals", view.t("Meals in the price"), choices.MEALS, _now("meals", stay)),
        choices.choice(
            view, "separable", view.t("Meals shown apart in the price"), choices.YES_NO, _now("separable", stay)
        ),
        Input("over_reason", view.t(asking.QUESTIONS["over_reason"]), value=stay.get("over_reason") or ""),
        *((fare,) if is_package(stay) else ()),
        choices.choice(view, "paid_by", view.t("Who pays for it"), choices.PAYERS, _now("paid_by", stay)),
    )


def _leg_inputs(view: View, leg: Mapping[str, Any]) -> tuple[Input, ...]:
    modes = tuple((code, view.t(label)) for code, label in MODE_LABELS.items())
    covers = tuple((code, view.t(label)) for code, label in COVERS.items())
    return (
        Input("from", view.t("From where"), value=leg.get("from") or "", max_length=PLACE),
        Input("to", view.t("To where"), value=leg.get("to") or "", max_length=PLACE),
        Input("mode", view.t("Means of travel"), "choice", value=leg.get("mode") or "", options=modes),
        Input("amount", view.t("Expected amount"), "amount", value=_figure(leg.get("amount"))),
        *(
            (Input("covers", view.t("What the amount stands for"), "choice", leg.get("covers") or "", covers),)
            if leg.get("round_trip")
            else ()
        ),
        *((Input("km", view.t("Kilometres"), value=str(leg.get("km") or "")),) if leg.get("mode") == "car" else ()),
        *(
            (choices.choice(view, "km_covers", view.t(asking.QUESTIONS["km_covers"]), COVERS, _now("km_covers", leg)),)
            if leg.get("mode") == "car" and leg.get("round_trip")
            else ()
        ),
        Input("reason", view.t("Why this means of travel"), value=leg.get("reason") or "", max_length=PLACE),
        choices.choice(view, "from_home", view.t("Begins or ends at home"), choices.YES_NO, _now("from_home", leg)),
        Input("office_amount", view.t(asking.QUESTIONS["office_amount"]), "amount", _figure(leg.get("office_amount"))),
        choices.choice(view, "paid_by", view.t("Who pays for it"), choices.PAYERS, _now("paid_by", leg)),
    )


def _now(name: str, row: Mapping[str, Any]) -> str:
    """What a choice shows before it is changed."""
    if name == "kind":
        return "private" if is_private(row) else str(row.get("kind") or choices.LODGING)
    if name == "from_home":
        return "yes" if at_home(row) else "no"
    if name == "separable":
        return "yes" if row.get(name) else "no"
    if name == "paid_by":
        return str(row.get(name) or "traveler")
    if name == "km_covers":
        return str(row.get("km_covers") or row.get("covers") or "")
    meals = row.get("meals")
    count = meals if isinstance(meals, int) else len(meals or ())
    return str(min(2, count))


def _figure(amount: Any) -> str:
    return "" if amount is None else str(amount)


def _check_line(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    trip = requests.trip_of(claim)
    assert trip is not None
    for name, _text in values.items():
        try:
            _line_answer(claim, trip, asked.action.extra, {name: values[name]})
        except Refusal as refusal:
            return {name: refusal}
    return {}


def _line_answer(claim: Claim, trip: Trip, expense_id: str, values: Values) -> asking.Answer:
    """What the answers about one line change, one after the other; an emptied field is emptied in the trip."""
    line = claims.line(claim, expense_id)
    ref, key = str(line.basis.get("ref") or ""), str(line.basis.get("key"))
    if not ref:
        amount = money.parse(values.get("amount", ""))
        computed = requests.item_of(line)
        if computed is not None and not line.basis.get("open") and amount > computed.amount:
            raise Refusal("The travel rules give {amount}; it cannot be more.", amount=money.show(computed.amount))
        return asking.Answer(typed={key: amount})
    part, _, number = ref.partition(".")
    columns: dict[str, Any] = {"legs": list(trip.legs), "lodging": [dict(stay) for stay in trip.lodging]}
    if int(number) >= len(columns[part]):
        columns[part].append({"nights": max(1, trip.nights)})
    row = dict(columns[part][int(number)])
    for name, text in values.items():
        said = text.strip()
        if said != (_now(name, row) if name in _CHOICES else _figure(row.get(name))):
            row |= _entry(name, said)
            row |= {"covers": ""} if part == "legs" and name == "amount" and "covers" not in values else {}
    columns[part][int(number)] = row
    return asking.Answer({part: columns[part]})


def _entry(name: str, said: str) -> dict[str, Any]:
    if name in _CHOICES:
        return {name: _CHOICES[name](said)}
    if not said:
        return {name: None}
    if name == "amount":
        return {"amount": money.parse(said), "currency": "JPY"}
    if name in ("fare", "office_amount"):
        return {name: money.parse(said)}
    if name == "mode":
        return {"mode": chosen(said, MODE_LABELS)}
    if name == "covers":
        return {"covers": chosen(said, COVERS)}
    if name == "km":
        return {"km": kilometres(said)}
    return {name: asking.a_prefecture(said) if name == "prefecture" else said[:PLACE]}


_CHOICES: dict[str, Callable[[str], Any]] = {
    "kind": choices.kind,
    "meals": choices.meals,
    "separable": choices.yes,
    "from_home": choices.yes,
    "paid_by": choices.payer,
    "km_covers": lambda said: chosen(said, COVERS) if said else "",
}


def _answer_line(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    trip = requests.trip_of(claim)
    assert trip is not None
    answer = _line_answer(claim, trip, action.extra, values)
    answers.carry_out(turn, claim, answer.columns, version=action.version, typed=answer.typed)
    put(turn, claim)


FORMS = {EDIT: FormKind(_check_edit, _answer_edit), LINE: FormKind(_check_line, _answer_line)}
