"""Correcting one expense of a draft: every field of it, and the claim's purpose."""

from __future__ import annotations

from handlers import categories, claims, corrections, money, taxes
from handlers.actions import Action
from handlers.cards import FIELD_LABELS
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of, put
from handlers.turn import Turn, View
from storage.models import Claim, Expense

REQUIRED = ("payee", "date", "amount", "currency")
CHOICES = ("category", "payment_method", "tax_included")


def edit_form(view: View, claim: Claim, e: Expense) -> Form:
    """Every field of one expense of a draft, and the purpose."""
    t = view.t
    own_taxes = (
        Input(
            f"tax_{rate}",
            t(FIELD_LABELS[f"tax_{rate}"]),
            "amount",
            value=money.plain(taxes.tax_of(e.taxes, rate), e.currency),
        )
        for rate in taxes.own_rates(e.currency)
    )
    amounts = (
        Input("amount", t("Total"), "amount", value=money.plain(e.amount, e.currency), required=True),
        Input(
            "currency",
            t("Currency"),
            value=e.currency,
            options=tuple((code, code) for code in money.USUAL),
            required=True,
            hint="JPY, USD, EUR …",
            max_length=40,
        ),
        *own_taxes,
        Input(
            "other_taxes",
            t("Other taxes") if taxes.own_rates(e.currency) else t("Tax"),
            "long_text",
            value=taxes.others_text(e.taxes, e.currency),
            hint=t("One rate a line, with its tax: 20% 186. Exempt: 0% and the amount."),
        ),
        Input(
            "tax_included",
            t("Tax in the prices"),
            "choice",
            value=taxes.inclusion(e.taxes),
            options=tuple((code, t(label)) for code, label in taxes.INCLUSION.items()),
        ),
    )
    what_for = Input("description", t("Purpose of this line"), value=e.description, hint=t("Why, with whom"))
    return Form(
        token=view.token("edit", claim.id, claim.version, e.id),
        title=t("Edit #{number}", number=claim.number),
        submit=t("Save"),
        inputs=(
            Input("payee", t("Payee"), value=e.payee, required=True),
            Input("date", t("Date"), "date", value=e.date.isoformat() if e.date else "", required=True),
            *(() if e.split else amounts),
            Input("registration_number", t("Registration no."), value=e.registration_number, hint="T1234567890123"),
            Input("category", t("Category"), "choice", value=e.category, options=categories.options(view.locale)),
            Input(
                "payment_method",
                t("Paid by"),
                "choice",
                value=e.payment_method,
                options=categories.payment_options(view.locale),
            ),
            *((what_for,) if e.split or e.description else ()),
            Input("purpose", t("Purpose"), "long_text", value=claim.purpose, hint=t("Why, with whom")),
        ),
    )


def _check(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    blank = {name: Refusal("Please fill this in.") for name in REQUIRED if name in values and not values[name].strip()}
    filled = {name: text for name, text in values.items() if name not in blank}
    expense = claims.line(claim, asked.action.extra)
    return {**corrections.understand(_chosen(filled), expense, today=asked.today).wrong, **blank}


def _chosen(values: Values) -> dict[str, str]:
    """An unanswered choice is no choice."""
    return {name: text for name, text in values.items() if text or name not in CHOICES}


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    expense = claims.line(claim, action.extra)
    correction = corrections.understand(_chosen(values), expense, today=turn.today)
    claims.correct(
        turn.session,
        claim,
        by=turn.member,
        version=action.version,
        parsed=correction.values,
        confirmed=correction.confirmed,
        zone=turn.organization.zone,
        expense_id=action.extra,
    )
    put(turn, claim)


FORMS = {"edit": FormKind(_check, _answer)}
