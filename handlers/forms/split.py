"""How a receipt is divided: the amount of a part, or of the private share, and what belongs to it.

Where there are forms everything is asked at once; elsewhere question by question, with what was answered in the token.
Nothing is changed before the last answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers import categories, claims, dialogues, money
from handlers.actions import Action
from handlers.cards import split as cards
from handlers.chat import Form, Input
from handlers.claims import split
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of, put
from handlers.texts import LOCALES
from handlers.turn import Turn, View
from storage.models import Claim, Expense

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "split_part": ("rate", "amount", "category", "description"),
    "private": ("rate", "amount"),
}
CARRIED = ("rate", "amount", "category")  # answers that travel in the token until the last one has come
LONGEST = 200


@dataclass(frozen=True)
class Share:
    """What the answers mean so far; None: not answered yet. ``amount`` in minor units."""

    rate: str | None = None
    amount: int | None = None
    category: str | None = None
    description: str | None = None


def share_form(view: View, claim: Claim, expense: Expense, act: str, share: Share, *, at_once: bool) -> Form:
    """The questions of ``act`` that are still open: all of them, or the next one."""
    title = view.t("Private share of {payee}" if act == "private" else "A part of {payee}", payee=expense.payee[:40])
    inputs = [_input(view, expense, name, at_once=at_once) for name in _open(expense, act, share)]
    given = ":".join("" if (value := getattr(share, name)) is None else str(value) for name in CARRIED)
    return Form(
        token=view.token(act, claim.id, claim.version, f"{expense.id}:{given}"),
        title=title,
        submit=view.t("Divide") if act != "private" else view.t("Save"),
        inputs=tuple(inputs if at_once else inputs[:1]),
    )


def _open(expense: Expense, act: str, share: Share) -> list[str]:
    """Questions without an answer; the rate is asked only where there are several."""
    names = [name for name in QUESTIONS[act] if getattr(share, name) is None]
    return [name for name in names if name != "rate" or split.pools(expense)]


def _input(view: View, expense: Expense, name: str, *, at_once: bool) -> Input:
    whole = money.show(expense.amount, expense.currency)
    if name == "rate":
        options = _rates(view, expense)
        return Input("rate", view.t("Of which rate"), "choice", options=options, required=True)
    if name == "amount":
        hint = view.t("Less than {whole}, with tax.", whole=whole)
        return Input("amount", view.t("Amount"), "amount", required=True, hint=hint)
    if name == "category":
        options = categories.options(view.locale)
        return Input("category", view.t("Category"), "choice", value=expense.category, options=options, required=True)
    nothing = () if at_once else (("", view.t(dialogues.EMPTY)),)
    label, hint = view.t("Purpose of this line"), view.t("Why, with whom")
    return Input("description", label, "text", options=nothing, hint=hint, max_length=LONGEST)


def _rates(view: View, expense: Expense) -> tuple[tuple[str, str], ...]:
    return tuple(
        (pool.rate or cards.UNTAXED, f"{cards.rate_name(view, pool.rate)} {money.show(pool.gross, expense.currency)}")
        for pool in split.pools(expense)
    )


# --- answers ----------------------------------------------------------------------------------------------------------


def _given(claim: Claim, action: Action) -> tuple[Expense, Share]:
    """The line, and what was answered before."""
    expense_id, *texts = action.extra.split(":")
    rate, amount, category = (*texts, "", "", "")[:3]
    return claims.line(claim, expense_id), Share(rate or None, int(amount) if amount else None, category or None)


def _understand(asked: Asked | Turn, expense: Expense, before: Share, values: Values) -> tuple[Share, Wrong]:
    """The answers so far, and what is wrong with the new ones."""
    found = {name: getattr(before, name) for name in QUESTIONS["split_part"]}
    wrong: Wrong = {}
    for name in found:
        if name not in values:
            continue
        try:
            found[name] = _meant(asked, expense, name, values[name])
        except Refusal as refusal:
            wrong[name] = refusal
    share = Share(**found)
    if not wrong and share.amount is not None and (share.rate is not None or not split.pools(expense)):
        try:
            split.check(expense, share.amount, _rate(share))
        except Refusal as refusal:
            wrong["amount"] = refusal
    return share, wrong


def _meant(asked: Asked | Turn, expense: Expense, name: str, text: str) -> str | int:
    if name == "amount":
        return money.parse(text, expense.currency)
    if name == "category":
        return categories.find(text) if text else expense.category
    if name == "description":
        return text.strip()[:LONGEST]
    for locale in LOCALES:
        view = View(asked.services, locale, asked.organization.zone)
        for code, label in _rates(view, expense):
            if text.strip() in (code, label, label.split(" ")[0]):
                return code
    raise Refusal("Please choose one of the suggestions.")


def _rate(share: Share) -> str:
    return "" if share.rate in (None, cards.UNTAXED) else str(share.rate)


def _check(asked: Asked, values: Values) -> Wrong:
    expense, before = _given(asked.claim(), asked.action)
    return _understand(asked, expense, before, values)[1]


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    expense, before = _given(claim, action)
    share, _ = _understand(turn, expense, before, values)
    if _open(expense, action.name, share):
        dialogues.converse(turn, share_form(turn.view, claim, expense, action.name, share, at_once=False))
        return
    if share.amount is None:
        raise Refusal("Please fill this in.")
    session, zone = turn.session, turn.organization.zone
    if action.name == "private":
        split.keep_private(
            session,
            claim,
            expense.id,
            by=turn.member,
            version=action.version,
            zone=zone,
            amount=share.amount,
            rate=_rate(share),
        )
    else:
        split.by_amount(
            session,
            claim,
            expense.id,
            by=turn.member,
            version=action.version,
            zone=zone,
            amount=share.amount,
            rate=_rate(share),
            category=share.category or "",
            description=share.description or "",
        )
    put(turn, claim)


FORMS = {name: FormKind(_check, _answer) for name in QUESTIONS}
