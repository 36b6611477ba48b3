"""An expense entered by hand, without a photo: one form, or one question after the other where there are no forms.

Nothing is drafted before the last answer, so that stopping on the way leaves nothing behind; what was answered so far
travels in the question's own token. What may be typed is what corrections understand.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from handlers import categories, corrections, dialogues, money, taxes
from handlers.actions import Action
from handlers.cards import FIELD_LABELS
from handlers.chat import Form, Input
from handlers.claims.drafts import next_number
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.notes.drafts import KIND, LATER
from handlers.screen import put
from handlers.texts import LOCALES, t
from handlers.turn import Turn
from storage import audit
from storage.models import Claim, Expense

NEEDED = ("date", "payee", "amount")
STEPS = (*NEEDED, "category", "purpose")  # what is asked one by one; the rest has “Edit”
CHOICES = ("category", "payment_method")
TAX_RATES = {"10": "10%", "8": "8%", "0": "Exempt"}
BY_HAND = "by_hand"  # in Expense.basis


def new_form(turn: Turn) -> Form:
    """Everything at once; where there are no forms, the first question."""
    if not turn.capabilities.has_forms:
        return _question(turn, {})
    view, words = turn.view, turn.t
    return Form(
        token=view.token("new"),
        title=words("Expense without a photo"),
        submit=words("Save"),
        inputs=(
            Input("date", words("Date"), "date", value=turn.today.isoformat(), required=True),
            Input("payee", words("Payee"), required=True),
            Input("amount", words("Total"), "amount", required=True),
            Input(
                "currency",
                words("Currency"),
                value=money.USUAL[0],
                options=tuple((code, code) for code in money.USUAL),
                hint="JPY, USD, EUR …",
                max_length=40,
            ),
            Input("category", words("Category"), "choice", options=categories.options(view.locale)),
            Input(
                "tax_rate",
                words("Tax rate"),
                "choice",
                options=tuple((rate, words(label)) for rate, label in TAX_RATES.items()),
                hint=words("The tax within the total is reckoned from it."),
            ),
            Input("purpose", words("Purpose"), "long_text", hint=words("Why, with whom")),
            Input("payment_method", words("Paid by"), "choice", options=categories.payment_options(view.locale)),
        ),
    )


def _question(turn: Turn, said: Mapping[str, str]) -> Form:
    """The next of :data:`STEPS`; what is not needed may be left for later."""
    name = next(name for name in STEPS if name not in said)
    later = ("", turn.t(LATER))
    label = turn.t(FIELD_LABELS[name])
    if name == "date":
        asked = Input(name, label, "date", value=turn.today.isoformat(), required=True)
    elif name == "category":
        asked = Input(name, label, "choice", options=(later, *categories.options(turn.view.locale)))
    elif name == "purpose":
        asked = Input(name, label, options=(later,), hint=turn.t("Why, with whom"))
    elif name == "amount":
        asked = Input(name, label, required=True, hint=turn.t("For example 1280; in another currency: 45.20 USD"))
    else:
        asked = Input(name, label, required=True)
    title = turn.t("Expense without a photo")
    return Form(turn.view.token("new", extra=json.dumps(said)), title, turn.t("Save"), (asked,))


# --- answers ----------------------------------------------------------------------------------------------------------


def _known(action: Action) -> dict[str, str]:
    return {str(name): str(text) for name, text in json.loads(action.extra or "{}").items()}


def _blank() -> Expense:
    return Expense(amount=None, currency=money.USUAL[0], taxes=[], basis={})


def _typed(values: Values) -> dict[str, str]:
    """The answers without those that were left out; an amount with its currency becomes both."""
    left_out = {t(locale, LATER) for locale in LOCALES}
    typed = {name: "" if text.strip() in left_out else text.strip() for name, text in values.items()}
    typed = {name: text for name, text in typed.items() if text or name not in (*CHOICES, "currency", "tax_rate")}
    plain = unicodedata.normalize("NFKC", typed.get("amount", ""))
    found = re.fullmatch(r"\s*([^\d\s]*)\s*(\d[\d.,]*)\s*([^\d]*)", plain)
    sign = (found[1] or found[3]).strip() if found else ""
    if found and sign and "currency" not in typed:
        typed |= {"amount": found[2], "currency": sign}
    return typed


def _understood(values: Values, asked: Asked | Turn) -> tuple[dict[str, Any], Wrong]:
    """Columns of the expense (and the claim's purpose), and what is wrong by question."""
    typed = _typed(values)
    rate = typed.pop("tax_rate", "")
    blank = {name: Refusal("Please fill this in.") for name in NEEDED if name in typed and not typed[name]}
    correction = corrections.understand(
        {name: text for name, text in typed.items() if name not in blank}, _blank(), today=asked.today
    )
    made, wrong = dict(correction.values), {**correction.wrong, **blank}
    if rate and "amount" in made:
        try:
            made["taxes"] = [taxes.within(made["amount"], _rate(rate), made.get("currency", money.USUAL[0]))]
        except Refusal as refusal:
            wrong["tax_rate"] = refusal
    if "currency" in wrong and "currency" not in values:
        wrong["amount"] = wrong.pop("currency")  # it was written behind the amount
    return made, wrong


def _rate(text: str) -> str:
    for rate, label in TAX_RATES.items():
        if text in (rate, label, *(t(locale, label) for locale in LOCALES)):
            return rate
    raise Refusal("Please choose one of the suggestions.")


def _check(asked: Asked, values: Values) -> Wrong:
    return _understood(values, asked)[1]


def _answer(turn: Turn, action: Action, values: Values) -> None:
    said = {**_known(action), **values}
    if not turn.capabilities.has_forms and any(name not in said for name in STEPS):
        dialogues.converse(turn, _question(turn, said))
        return
    made, wrong = _understood(said, turn)
    lacking = [name for name in NEEDED if made.get(name) in (None, "")]
    if wrong or lacking:
        raise next(iter(wrong.values()), Refusal("Please fill this in."))
    put(turn, _draft(turn, made))


def _draft(turn: Turn, made: dict[str, Any]) -> Claim:
    purpose = made.pop("purpose", "")
    number = next_number(turn.session, turn.organization)
    claim = Claim(number=number, member_id=turn.member.id, purpose=purpose, created_at=turn.services.clock())
    turn.session.add(claim)
    turn.session.flush()
    columns = {"category": "misc", "currency": money.USUAL[0], "taxes": [], **made}
    turn.session.add(Expense(claim_id=claim.id, kind=KIND, basis={BY_HAND: True}, doubts=[], corrected=[], **columns))
    turn.session.flush()
    turn.session.refresh(claim)
    data = {"number": number, "by_hand": True}
    audit.record(turn.session, actor=turn.member.id, action="claim.drafted", subject=f"claim:{claim.id}", data=data)
    return claim


FORMS = {"new": FormKind(_check, _answer)}
