"""The button that asks for what a note did not say, also for what was left for later."""

from __future__ import annotations

from handlers import claims
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.errors import Refusal
from handlers.notes import chat
from handlers.screen import claim_of
from handlers.turn import Turn


def _complete(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    if not chat.ask_next(turn, claim, also_left=True):
        raise Refusal("Nothing is missing in #{number} any more.", number=claim.number)


TAPS = {"note_complete": _complete}
