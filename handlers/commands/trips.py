"""``trip``: my trips, and a new request. ``request``: the form alone."""

from __future__ import annotations

from sqlalchemy import select

from handlers import dialogues
from handlers.cards.trips import Journey, invitation, trip_list
from handlers.commands.base import Command, Gathered
from handlers.errors import Refusal
from handlers.forms.trips import new_form
from handlers.notes import chat as notes
from handlers.trips.requests import KIND
from handlers.turn import Turn
from storage.models import Claim, Trip

LATEST = 10
NEW = ("new", "新規", "申請", "伺い")


def _trip(turn: Turn, words: list[str], gathered: Gathered) -> None:
    if not words:
        _list(turn)
    elif words[0].lower() in NEW:
        _request(turn, words[1:], gathered)
    else:
        raise Refusal("Please write it like this: /keihi trip, or /keihi trip new")


def _list(turn: Turn) -> None:
    live = select(Claim).where(Claim.member_id == turn.member.id, Claim.state != "cancelled")
    mine = select(Trip).where(Trip.id.in_(live.with_only_columns(Claim.trip_id).where(Claim.trip_id.is_not(None))))
    trips = turn.session.scalars(mine.order_by(Trip.starts.desc(), Trip.created_at.desc()).limit(LATEST)).all()
    of_trips = turn.session.scalars(live.where(Claim.trip_id.in_([trip.id for trip in trips])).order_by(Claim.number))
    asked: dict[str, Claim] = {}
    settled: dict[str, Claim] = {}
    for claim in of_trips:
        if claim.trip_id and not (claim.kind != KIND and claim.state == "rejected"):
            (asked if claim.kind == KIND else settled)[claim.trip_id] = claim
    found = [Journey(trip, asked.get(trip.id), settled.get(trip.id)) for trip in trips]
    turn.tell(trip_list(turn.view, [one for one in found if one.request or one.settlement], turn.today))


def _request(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    """A form where there are forms; what is written behind the word is a note."""
    if words and notes.received(turn, " ".join(words)):
        return
    if turn.capabilities.has_forms:  # a form opens only on the tap of a button that is known to open one
        turn.tell(invitation(turn.view))
    else:
        dialogues.ask(turn, new_form(turn))


COMMANDS = (
    Command("trip", ("出張", "出張一覧"), "trip [new]", "My trips, and what each of them waits for.", _trip),
    Command("request", ("出張申請", "出張伺い"), "request [NOTE]", "Ask for a trip before it begins.", _request),
)
