"""What a tap or a form does: each button's act by its name, from the modules below.

A module has a table ``TAPS`` of its own; two modules may not use the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers import actions, dialogues, forms
from handlers.actions import Action
from handlers.chat import FormSent, Tapped
from handlers.errors import Refusal
from handlers.taps import advances as advance_taps
from handlers.taps import approvals, attendees, budgets, claims, comments, lists, settlements, trips, waiting
from handlers.taps import by_hand as hand_taps
from handlers.taps import lane as lane_taps
from handlers.taps import missing as missing_taps
from handlers.taps import notes as note_taps
from handlers.taps import rates as rate_taps
from handlers.taps import split as divided
from handlers.taps import together as together_taps
from handlers.turn import Turn

Tap = Callable[[Turn, Action, Tapped], None]


def tapped(turn: Turn, tap: Tapped) -> None:
    """Do what the button says. Raises :class:`Refusal` where the person may not, or where it is too late."""
    action = actions.read(turn.services.keys, tap.token)
    handler = TAPS.get(action.name)
    if handler is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    if action.name not in ("field", "stop"):
        dialogues.end(turn)
    handler(turn, action, tap)


def form_sent(turn: Turn, sent: FormSent) -> None:
    """Carry out a form that was filled in; what is wrong with it is refused once more."""
    wrong = forms.problems(turn.session, turn.services, turn.organization, sent)
    if wrong:
        raise next(iter(wrong.values()))
    forms.carry_out(turn, sent)


def answer_in_dialogue(turn: Turn, sent: FormSent) -> None:
    """The same where a form is asked question by question: a wrong answer is asked again."""
    wrong = forms.problems(turn.session, turn.services, turn.organization, sent)
    if wrong:
        dialogues.ask_again(turn, forms.sentence(turn.view.locale, next(iter(wrong.values()))))
        return
    dialogues.end(turn)
    form_sent(turn, sent)


def _field(turn: Turn, action: Action, tap: Tapped) -> None:
    sent = dialogues.chosen(turn, action.extra, tap.value)
    if sent is not None:
        answer_in_dialogue(turn, sent)


def _stop(turn: Turn, _action: Action, _tap: Tapped) -> None:
    dialogues.end(turn)
    turn.tell(turn.t("Stopped. Nothing was changed."))


def _gather(*tables: Mapping[str, Tap]) -> dict[str, Tap]:
    """One table of all; the same name twice is a mistake of ours, found at the start."""
    gathered: dict[str, Tap] = {}
    for table in tables:
        twice = gathered.keys() & table.keys()
        if twice:
            raise ValueError(f"taps are registered twice: {', '.join(sorted(twice))}")
        gathered |= table
    return gathered


TAPS = _gather(
    {"field": _field, "stop": _stop},
    claims.TAPS,
    approvals.TAPS,
    comments.TAPS,
    waiting.TAPS,
    budgets.TAPS,
    lists.TAPS,
    note_taps.TAPS,
    lane_taps.TAPS,
    divided.TAPS,
    settlements.TAPS,
    attendees.TAPS,
    advance_taps.TAPS,
    trips.TAPS,
    rate_taps.TAPS,
    hand_taps.TAPS,
    missing_taps.TAPS,
    together_taps.TAPS,
)
