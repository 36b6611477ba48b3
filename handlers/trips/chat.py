"""What a request or a settlement lacks, asked in the chat: one question at a time, with buttons where the answers are
known."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import claims, dialogues
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.notes import drafts
from handlers.notes.drafts import COVERS, LATER, MODE_LABELS, USUAL_PLACES
from handlers.travel import given
from handlers.trips import asking, commuting, lacking, requests, settlement
from handlers.turn import Turn
from storage.models import Claim, Trip

FORM = "trip_ask"


def ask_next(turn: Turn, claim: Claim, *, also_left: bool = False) -> bool:
    """Ask the next thing that is missing; False when there is none."""
    trip = _trip_of(turn, claim)
    asked = questions(claim, trip, also_left=also_left) if trip is not None else []
    if trip is None or not asked:
        return False
    return _ask(turn, claim, trip, asked[0])


def questions(claim: Claim, trip: Trip, *, also_left: bool = False) -> list[str]:
    """What to ask of a request, or of a settlement."""
    if claim.kind == requests.KIND:
        return asking.questions(claim, trip, also_left=also_left)
    return lacking.questions(claim, trip, also_left=also_left)


def goes_on(turn: Turn, claim: Claim) -> None:
    """After a settlement was shown to its traveller: ask what the rules still want, once its note is complete."""
    mine = claim.member_id == turn.member.id and claim.state in claims.EDITABLE
    if mine and claim.kind != requests.KIND and claim.trip_id and not drafts.questions(claim):
        ask_next(turn, claim)


def asks_first(turn: Turn, claim: Claim, version: int) -> bool:
    """Before submission: whether the person is asked something first that a claim cannot be without; nothing happens
    yet then. :class:`Refusal` for a claim of which a commuter pass leaves nothing."""
    if claim.version != version or claim.state not in claims.EDITABLE or claim.member_id != turn.member.id:
        return False
    section = commuting.covering(claim)
    if section:
        text = "The commuter pass {section} covers this journey: there is nothing to claim."
        raise Refusal(text, section=section)
    trip = _trip_of(turn, claim)
    if trip is None:
        return False
    if claim.kind == requests.KIND and (claims.missing(claim) or not trip.destination):
        return ask_next(turn, claim, also_left=True)
    if not claims.rides_without_reason(claim):
        return False
    asked = [path for path in questions(claim, trip, also_left=True) if path.endswith(".reason")]
    return bool(asked) and _ask(turn, claim, trip, asked[0])


def _trip_of(turn: Turn, claim: Claim) -> Trip | None:
    if claim.kind == requests.KIND:
        return requests.trip_of(claim)
    trip = settlement.trip_of(turn.session, claim)
    return trip if trip is not None and trip.cancelled_at is None else None


def _ask(turn: Turn, claim: Claim, trip: Trip, path: str) -> bool:
    token = turn.view.token(FORM, claim.id, claim.version, path)
    title = turn.t("What is missing in #{number}", number=claim.number)
    dialogues.converse(turn, Form(token, title, turn.t("Save"), (_input(turn, claim, trip, path),)))
    return True


def _input(turn: Turn, claim: Claim, trip: Trip, path: str) -> Input:
    name = asking.name_of(path)
    label, later = turn.t(asking.QUESTIONS[name]), ("", turn.t(LATER))
    request = claim.kind == requests.KIND
    line = asking.line_of(claim, path) if request else lacking.line_of(claim, trip, path)
    whose = line.payee if line is not None else f"#{claim.number}"
    choices = {"mode": MODE_LABELS, "return": asking.BACK, "covers": COVERS, "km_covers": COVERS}.get(name)
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
