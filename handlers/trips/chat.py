"""What a request lacks, asked in the chat: one question at a time, with buttons where the answers are known."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import claims, dialogues
from handlers.chat import Form, Input
from handlers.notes.drafts import COVERS, LATER, MODE_LABELS, USUAL_PLACES
from handlers.travel import given
from handlers.trips import asking, requests
from handlers.turn import Turn
from storage.models import Claim, Trip

FORM = "trip_ask"


def ask_next(turn: Turn, claim: Claim, *, also_left: bool = False) -> bool:
    """Ask the next thing that is missing; False when there is none."""
    trip = requests.trip_of(claim)
    asked = asking.questions(claim, trip, also_left=also_left) if trip is not None else []
    if trip is None or not asked:
        return False
    token = turn.view.token(FORM, claim.id, claim.version, asked[0])
    title = turn.t("What is missing in #{number}", number=claim.number)
    dialogues.converse(turn, Form(token, title, turn.t("Save"), (_input(turn, claim, trip, asked[0]),)))
    return True


def asks_first(turn: Turn, claim: Claim, version: int) -> bool:
    """Before submission: whether the person is asked where it goes or for an amount first; nothing happens yet then."""
    if claim.kind != requests.KIND or claim.version != version or claim.state not in claims.EDITABLE:
        return False
    trip = requests.trip_of(claim)
    complete = not claims.missing(claim) and (trip is None or bool(trip.destination))
    if claim.member_id != turn.member.id or complete:
        return False
    return ask_next(turn, claim, also_left=True)


def _input(turn: Turn, claim: Claim, trip: Trip, path: str) -> Input:
    name = asking.name_of(path)
    label, later = turn.t(asking.QUESTIONS[name]), ("", turn.t(LATER))
    line = asking.line_of(claim, path)
    whose = line.payee if line is not None else f"#{claim.number}"
    choices = {"mode": MODE_LABELS, "return": asking.BACK, "covers": COVERS}.get(name)
    if choices is not None:
        return Input(name, label, "choice", options=(*_labels(turn, choices), later), hint=whose)
    said: tuple[str, ...] = ()
    if name in ("from", "to"):
        said = tuple(turn.t(place) for place in USUAL_PLACES)
    elif name == "over_reason":
        said = given(turn.session, trip, claim.member, estimate=True).reasons(turn.view.locale)
    return Input(name, label, "text", options=(*((word, word) for word in said), later), hint=whose)


def _labels(turn: Turn, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, turn.t(label)) for code, label in labels.items())
