"""Buttons that open something: a claim, one of its lines, a list."""

from __future__ import annotations

from handlers import cards, claims, commands, opening
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.commands.learned import forget_tapped
from handlers.screen import claim_of, may_see
from handlers.turn import Turn


def _open(turn: Turn, action: Action, _tap: Tapped) -> None:
    opening.show(turn, claim_of(turn, action))


def _line(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    mine = may_see(turn, claim)
    turn.tell(cards.line_card(turn.view, claim, claims.line(claim, action.extra), mine=mine))


def _mine(turn: Turn, _action: Action, _tap: Tapped) -> None:
    commands.run(turn, "claims", {})


def _waiting(turn: Turn, _action: Action, _tap: Tapped) -> None:
    commands.run(turn, "waiting", {})


def _retry(turn: Turn, _action: Action, _tap: Tapped) -> None:
    commands.run(turn, "retry", {})


TAPS = {
    "open": _open,
    "line": _line,
    "mine": _mine,
    "waiting": _waiting,
    "retry": _retry,
    "forget": forget_tapped,
}
