"""Why a claim goes back or is refused."""

from __future__ import annotations

from handlers import albums, approvals
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of
from handlers.turn import Turn, View
from storage.models import Claim


def reason_form(view: View, claim: Claim, verdict: str) -> Form:
    """Why a claim goes back or is refused."""
    title = view.t("Send back #{number}" if verdict == "return" else "Reject #{number}", number=claim.number)
    hint = view.t("The applicant reads this.")
    return Form(
        token=view.token(verdict, claim.id, claim.version),
        title=title,
        submit=view.t("Send back" if verdict == "return" else "Reject"),
        inputs=(Input("reason", view.t("Reason"), "long_text", required=True, hint=hint, max_length=500),),
    )


def _check(asked: Asked, values: Values) -> Wrong:
    asked.claim()
    if not values.get("reason", "").strip():
        return {"reason": Refusal("Please write the reason in a few words.")}
    return {}


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    approvals.decide(turn, claim, action.name, version=action.version, reason=values.get("reason", ""))
    albums.refresh(turn.session, turn.services, turn.organization, claim)


FORMS = {"return": FormKind(_check, _answer), "reject": FormKind(_check, _answer)}
