"""Why a claim is right although a rule has found something: the applicant's reasons, then it is submitted."""

from __future__ import annotations

from handlers.actions import Action
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.policies import gate
from handlers.screen import claim_of, hand_in
from handlers.turn import Turn


def _check(asked: Asked, values: Values) -> Wrong:
    asked.claim()
    return {key: Refusal("Please write the reason in a few words.") for key, text in values.items() if not text.strip()}


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    gate.give_reasons(turn, claim, dict(values))
    hand_in(turn, claim, action.version)


FORMS = {"reasons": FormKind(_check, _answer)}
