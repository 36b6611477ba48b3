"""What accountants mark of an advance, and the list of open ones."""

from __future__ import annotations

from handlers import commands
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.commands.advances import give_back, pay
from handlers.screen import claim_of
from handlers.turn import Turn


def _paid(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    pay(turn, claim)
    turn.tell(turn.t("Done: the advance of #{number} is marked as paid.", number=claim.number), tone="good")


def _returned(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    give_back(turn, claim)
    turn.tell(
        turn.t("Done: the rest of the advance of #{number} is marked as given back.", number=claim.number), tone="good"
    )


def _list(turn: Turn, _action: Action, _tap: Tapped) -> None:
    commands.run(turn, "advance", {})


TAPS = {"advance_paid": _paid, "advance_returned": _returned, "advances": _list}
