"""The button “Budget” of a draft."""

from __future__ import annotations

from handlers import claims, dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.forms.budget import budget_form
from handlers.screen import claim_of
from handlers.turn import Turn


def _budget(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in ("draft", "returned"):
        raise claims.stale(turn.session, claim, turn.organization.zone)
    dialogues.ask(turn, budget_form(turn.view, claim, turn.today))


TAPS = {"budget": _budget}
