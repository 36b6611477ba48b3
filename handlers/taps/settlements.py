"""Buttons of a trip's settlement: make it, what belongs to it and what does not, call the trip off."""

from __future__ import annotations

from collections.abc import Iterable

from handlers import albums, approvals, claims, dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.errors import Refusal
from handlers.forms import calling_off
from handlers.forms import settlement_lines as line_forms
from handlers.forms import settlements as forms
from handlers.screen import claim_of, put
from handlers.trips import cancelling, chat, gathering, settlement
from handlers.turn import Turn
from storage.models import Claim, Trip


def _settle(turn: Turn, action: Action, _tap: Tapped) -> None:
    settle(turn, claim_of(turn, action))


def settle(turn: Turn, request: Claim) -> None:
    """Make the settlement of an approved request and show it."""
    claim, touched = settlement.make(
        turn.session,
        turn.organization,
        request,
        by=turn.member,
        today=turn.today,
        now=turn.services.clock(),
        locale=turn.view.locale,
    )
    _quietly(turn, [request, *touched])
    put(turn, claim)


def _keep(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    zone = turn.organization.zone
    gathering.keep_out(turn.session, claim, action.extra, by=turn.member, version=action.version, zone=zone)
    put(turn, claim)


def _add(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    into = turn.session.get(Claim, action.extra)
    if into is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    gathering.add(turn.session, turn.organization, claim, into, by=turn.member, version=action.version)
    _quietly(turn, [claim])
    put(turn, into)


def _decline(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    line = claims.line(claim, action.extra)
    zone = turn.organization.zone
    settlement.decline(turn.session, claim, line, by=turn.member, version=action.version, zone=zone)
    put(turn, claim)


def _mine(turn: Turn, action: Action) -> tuple[Claim, Trip]:
    """The traveller's own settlement as it was drawn, and its trip."""
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    trip = settlement.trip_of(turn.session, claim)
    if trip is None or claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    return claim, trip


def _facts(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim, trip = _mine(turn, action)
    dialogues.ask(turn, forms.facts_form(turn.view, claim, trip))


def _stay(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim, trip = _mine(turn, action)
    line = claims.line(claim, action.extra)
    dialogues.ask(turn, line_forms.stay_form(turn.view, turn.session, claim, trip, line))


def _ride(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim, trip = _mine(turn, action)
    dialogues.ask(turn, line_forms.ride_form(turn.view, claim, trip, claims.line(claim, action.extra)))


def _way(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim, trip = _mine(turn, action)
    dialogues.ask(turn, line_forms.way_form(turn.view, claim, trip, claims.line(claim, action.extra)))


def _complete(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim, _ = _mine(turn, action)
    if not chat.ask_next(turn, claim, also_left=True):
        raise Refusal("Nothing is missing in #{number} any more.", number=claim.number)


def _cancel(turn: Turn, action: Action, _tap: Tapped) -> None:
    request = claim_of(turn, action)
    cancelling.may_cancel(turn.session, request, by=turn.member)
    if turn.capabilities.has_forms:
        dialogues.ask(turn, calling_off.cancel_form(turn.view, request))
    else:
        dialogues.ask(turn, calling_off.reason_form(turn.view, request))


def _quietly(turn: Turn, touched: Iterable[Claim]) -> None:
    """Cards of what changed along the way are brought up to date where they stand."""
    for claim in touched:
        approvals.refresh(turn.session, turn.services, turn.organization, claim)
        albums.refresh(turn.session, turn.services, turn.organization, claim)


TAPS = {
    "trip_settle": _settle,
    "trip_keep": _keep,
    "trip_add": _add,
    "trip_decline": _decline,
    "trip_facts": _facts,
    "trip_stay": _stay,
    "trip_ride": _ride,
    "trip_way": _way,
    "trip_lacks": _complete,
    "trip_cancel": _cancel,
}
