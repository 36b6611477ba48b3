"""The buttons of a request: a new one, what is missing in it, and that it is none."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers import claims, dialogues, notes
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.errors import Refusal
from handlers.forms.trips import new_form
from handlers.notes import chat as note_chat
from handlers.notes import drafts
from handlers.screen import claim_of, put
from handlers.trips import chat, requests
from handlers.turn import Turn
from storage.models import Claim


def _own_draft(turn: Turn, action: Action) -> Claim:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    return claim


def _new(turn: Turn, _action: Action, _tap: Tapped) -> None:
    dialogues.ask(turn, new_form(turn))


def _complete(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = _own_draft(turn, action)
    if not chat.ask_next(turn, claim, also_left=True):
        raise Refusal("Nothing is missing in #{number} any more.", number=claim.number)


def _expense(turn: Turn, action: Action, _tap: Tapped) -> None:
    """What was written is paid already, or shall be claimed alone: the note becomes an ordinary draft."""
    claim = _own_draft(turn, action)
    trip = requests.trip_of(claim)
    written = claim.created_at.astimezone(ZoneInfo(turn.organization.zone)).date()
    reading = notes.read(trip.note, written) if trip is not None and trip.note else notes.Reading()
    if trip is None or not drafts.has_lines(reading):
        raise Refusal("This request was not made of a note. Please send the receipts instead.")
    claims.cancel(turn.session, claim, by=turn.member, version=action.version, zone=turn.organization.zone)
    requests.given_up(claim, turn.services.clock())
    put(turn, claim, quietly=True)
    note_chat.paid(turn, reading, trip.note)


TAPS = {"trip_new": _new, "trip_complete": _complete, "trip_expense": _expense}
