"""The button that opens the form of an expense without a photo."""

from __future__ import annotations

from handlers import dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.forms.by_hand import new_form
from handlers.turn import Turn


def _new(turn: Turn, _action: Action, _tap: Tapped) -> None:
    dialogues.ask(turn, new_form(turn))


TAPS = {"new": _new}
