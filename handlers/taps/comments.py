"""Questions about a claim, and answers."""

from __future__ import annotations

from handlers import approvals, claims, dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.errors import Refusal
from handlers.forms.comments import words_form
from handlers.screen import claim_of
from handlers.turn import Turn


def _ask(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    approvals.may_decide(turn, claim)
    dialogues.ask(turn, words_form(turn.view, claim, "ask"))


def _answer(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if not claims.open_questions(claim):
        raise Refusal("No question about claim #{number} is open.", number=claim.number)
    dialogues.ask(turn, words_form(turn.view, claim, "answer"))


TAPS = {"ask": _ask, "answer": _answer}
