"""Why there is no receipt: declared by the applicant, read by those who decide."""

from __future__ import annotations

from handlers import claims
from handlers.actions import Action
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of, put
from handlers.turn import Turn, View
from storage.models import Claim, Expense

LONGEST = 200
USUAL = ("None is issued there", "A vending machine", "It was lost", "It comes by post")


def missing_form(view: View, claim: Claim, expense: Expense) -> Form:
    """One question, with what is usual as suggestions; taken back by leaving it empty."""
    return Form(
        token=view.token("missing", claim.id, claim.version, expense.id),
        title=view.t("Why no receipt"),
        submit=view.t("Save"),
        inputs=(
            Input(
                "missing_receipt",
                view.t("Why is there no receipt?"),
                value=expense.missing_receipt,
                options=tuple((view.t(reason), view.t(reason)) for reason in USUAL),
                hint=view.t(
                    "For example: it was lost. The approver reads this. If you find the receipt, send its photo."
                ),
                max_length=LONGEST,
            ),
        ),
    )


def _check(asked: Asked, values: Values) -> Wrong:
    expense = claims.line(asked.claim(), asked.action.extra)
    if not values.get("missing_receipt", "").strip() and not expense.missing_receipt:
        return {"missing_receipt": Refusal("Please write the reason in a few words.")}
    return {}


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claims.line(claim, action.extra).receipt_id is not None:
        raise Refusal("This line has a receipt.")
    claims.correct(
        turn.session,
        claim,
        by=turn.member,
        version=action.version,
        parsed={"missing_receipt": values.get("missing_receipt", "").strip()[:LONGEST]},
        zone=turn.organization.zone,
        expense_id=action.extra,
    )
    put(turn, claim)


FORMS = {"missing": FormKind(_check, _answer)}
