"""What the approver's buttons do."""

from __future__ import annotations

from handlers import albums, approvals, claims, dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.forms.reason import reason_form
from handlers.screen import claim_of
from handlers.turn import Turn


def _approve(turn: Turn, action: Action, _tap: Tapped) -> None:
    approvals.decide(turn, claim_of(turn, action), "approve", version=action.version, shown=action.extra)
    albums.refresh(turn.session, turn.services, turn.organization, claim_of(turn, action))


def _with_reason(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    approvals.may_decide(turn, claim)
    if claims.current(claim, action.version) != claim.version:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    dialogues.ask(turn, reason_form(turn.view, claim, action.name))


def _undo(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    approvals.undo(turn, claim, version=action.version)
    albums.refresh(turn.session, turn.services, turn.organization, claim)


TAPS = {"approve": _approve, "return": _with_reason, "reject": _with_reason, "undo": _undo}
