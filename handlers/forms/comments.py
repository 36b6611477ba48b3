"""A question about a claim, or the answer to one: words that change nothing else."""

from __future__ import annotations

from handlers import claims
from handlers.actions import Action
from handlers.approvals import comments
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of
from handlers.turn import Turn, View
from storage.models import Claim


def words_form(view: View, claim: Claim, act: str) -> Form:
    """``act``: ask or answer. An answer is asked beside the questions that it answers."""
    if act == "ask":
        title, label = view.t("Ask about #{number}", number=claim.number), view.t("Question")
        hint = view.t("The applicant reads this and can answer. Nothing is decided.")
    else:
        title, label = view.t("Answer about #{number}", number=claim.number), view.t("Answer")
        hint = " / ".join(question.text for question in claims.open_questions(claim))[:150]
    return Form(
        token=view.token(act, claim.id),
        title=title,
        submit=view.t("Send"),
        inputs=(Input("words", label, "long_text", required=True, hint=hint, max_length=comments.LONGEST),),
    )


def _check(_asked: Asked, values: Values) -> Wrong:
    return {} if values.get("words", "").strip() else {"words": Refusal("Please write a few words.")}


def _ask(turn: Turn, action: Action, values: Values) -> None:
    comments.ask(turn, claim_of(turn, action), values.get("words", ""))


def _answer(turn: Turn, action: Action, values: Values) -> None:
    comments.answer(turn, claim_of(turn, action), values.get("words", ""))


FORMS = {"ask": FormKind(_check, _ask), "answer": FormKind(_check, _answer)}
