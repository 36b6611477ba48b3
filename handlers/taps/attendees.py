"""The button “Attendees” of a draft."""

from __future__ import annotations

from handlers import claims, dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.forms.attendees import attendees_form
from handlers.screen import claim_of
from handlers.turn import Turn


def _attendees(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    expense = claims.line(claim, action.extra)
    whole = turn.capabilities.has_forms
    dialogues.ask(turn, attendees_form(turn.view, turn.session, claim, expense, whole=whole))


TAPS = {"attendees": _attendees}
