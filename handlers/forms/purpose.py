"""The purpose of a claim of several receipts, said once for all of them."""

from __future__ import annotations

from handlers import claims
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of, put
from handlers.turn import Turn, View
from storage.models import Claim

LONGEST = 200


def purpose_form(view: View, claim: Claim) -> Form:
    """One question, with the purpose as it is."""
    return Form(
        token=view.token("purpose_all", claim.id, claim.version),
        title=view.t("Purpose of #{number}", number=claim.number),
        submit=view.t("Save"),
        inputs=(
            Input(
                "purpose",
                view.t("Purpose"),
                "long_text",
                value=claim.purpose,
                hint=view.t("Why, with whom"),
                max_length=LONGEST,
            ),
        ),
    )


def _check(asked: Asked, _values: Values) -> Wrong:
    asked.claim()
    return {}


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    parsed = {"purpose": values.get("purpose", "").strip()[:LONGEST]}
    zone = turn.organization.zone
    claims.correct(turn.session, claim, by=turn.member, version=action.version, parsed=parsed, zone=zone)
    put(turn, claim)


FORMS = {"purpose_all": FormKind(_check, _answer)}
