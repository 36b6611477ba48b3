"""Exchange rates by form: the one an administrator was asked for, one sent once more, and the one on a statement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import select

from handlers import claims, dialogues
from handlers.actions import Action
from handlers.cards import rates as cards
from handlers.chat import Form, Input
from handlers.dates import show_day
from handlers.errors import NotAllowed, Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.policies.rate_missing import terms
from handlers.rates import declared, lines, newest, wanted
from handlers.rates.table import Quote, check_day, far_off, parse_currency, parse_rate, save, shown
from handlers.screen import claim_of, put
from handlers.turn import Turn, View
from storage import audit
from storage.models import Claim, ExchangeRate, Expense

LONGEST = 200


# --- the table --------------------------------------------------------------------------------------------------------


def rate_form(view: View, currency: str, day: dt.date) -> Form:
    """One question, so that it is one message where there are no forms: the rate, and after it its source."""
    shown_day = show_day(day, view.locale)
    return Form(
        token=view.token("rate", currency, 0, day.isoformat()),
        title=view.t("Exchange rate of {currency}", currency=currency),
        submit=view.t("Save"),
        inputs=(
            Input(
                "rate",
                view.t("Yen for one unit"),
                required=True,
                hint=view.t(
                    "{currency}, {day}. The rate and where it is from, for example: 155.32 TTM",
                    currency=currency,
                    day=shown_day,
                ),
            ),
        ),
    )


def once_more(view: View, quote: Quote, near: ExchangeRate) -> Form:
    """A rate more than ten times off the one before is only taken when it is sent again."""
    values = f"{quote.day.isoformat()}|{quote.rate}|{quote.source}"
    hint = view.t(
        "{rate} is more than ten times off the rate of {day} ({near}). Send it once more if it is right.",
        rate=shown(quote.rate),
        day=show_day(near.day, view.locale),
        near=shown(near.rate),
    )
    return Form(
        token=view.token("rate_again", quote.currency, 0, values),
        title=view.t("Exchange rate of {currency}", currency=quote.currency),
        submit=view.t("Save"),
        inputs=(Input("rate", view.t("The rate once more"), required=True, hint=hint),),
    )


def register(turn: Turn, quote: Quote) -> None:
    """Keep a rate, reckon the drafts that it concerns, and say what came of it. Administrators only."""
    if wanted.ADMIN not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role=wanted.ADMIN)
    same = select(ExchangeRate).filter_by(currency=quote.currency, day=quote.day)
    old = turn.session.scalars(same).first()
    before = old.rate if old is not None and Decimal(old.rate) != quote.rate else ""
    wanted.drafts(turn.session, [quote.currency])  # locked before the audit chain is
    save(turn.session, quote, by=turn.member.id, now=turn.services.clock())
    going_on = wanted.arrived(turn.session, turn.services, turn.organization, [quote.currency], turn.today)
    turn.tell(cards.kept(turn.view, turn.session.scalars(same).one(), before, going_on))


def _meant(action: Action, values: Values, today: dt.date) -> Quote:
    rate, _, source = values.get("rate", "").strip().partition(" ")
    quote = Quote(parse_currency(action.subject), dt.date.fromisoformat(action.extra), parse_rate(rate), source)
    check_day(quote.day, today)
    return quote


def _check_rate(asked: Asked, values: Values) -> Wrong:
    try:
        _meant(asked.action, values, asked.today)
    except Refusal as refusal:
        return {"rate": refusal}
    return {}


def _answer_rate(turn: Turn, action: Action, values: Values) -> None:
    quote = _meant(action, values, turn.today)
    near = far_off(turn.session, quote)
    if near is not None:
        dialogues.converse(turn, once_more(turn.view, quote, near))
    else:
        register(turn, quote)


def _promised(action: Action) -> Quote:
    day, rate, source = action.extra.split("|", 2)
    return Quote(action.subject, dt.date.fromisoformat(day), Decimal(rate), source)


def _check_again(asked: Asked, values: Values) -> Wrong:
    try:
        if parse_rate(values.get("rate", "").strip().partition(" ")[0]) != _promised(asked.action).rate:
            raise Refusal("This is another rate than before. Please send the same, or stop and begin anew.")
    except Refusal as refusal:
        return {"rate": refusal}
    return {}


def _answer_again(turn: Turn, action: Action, _values: Values) -> None:
    register(turn, _promised(action))


# --- the statement's rate ---------------------------------------------------------------------------------------------


def own_rate_form(view: View, claim: Claim, expense: Expense) -> Form:
    """The rate and why, in one answer; empty goes back to the table's."""
    own = declared(expense)
    return Form(
        token=view.token("own_rate", claim.id, claim.version, expense.id),
        title=view.t("Rate on my statement"),
        submit=view.t("Save"),
        inputs=(
            Input(
                "rate",
                view.t("Yen for one unit on my statement"),
                value=f"{own['rate']} {own['reason']}" if own else "",
                hint=view.t("The rate and where it stands, for example: 156.20 November bill. Empty: the table's."),
            ),
        ),
    )


def _own(text: str) -> tuple[Decimal | None, str]:
    rate, _, reason = text.strip().partition(" ")
    if not rate:
        return None, ""
    if not reason.strip():
        parse_rate(rate)
        raise Refusal("Please write behind the rate where it stands, for example: 156.20 November bill.")
    return parse_rate(rate), reason.strip()[:LONGEST]


def _check_own(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    expense = claims.line(claim, asked.action.extra)
    try:
        rate, _ = _own(values.get("rate", ""))
        if rate is not None:
            _comparable(asked, claim, expense, rate)
    except Refusal as refusal:
        return {"rate": refusal}
    return {}


def _comparable(asked: Asked, claim: Claim, expense: Expense, rate: Decimal) -> None:
    """A statement's rate is near the table's where there is one."""
    day = lines.day_of(claim, expense, asked.today)
    row = newest(asked.session, expense.currency, day, terms(asked.session, day)) if day is not None else None
    if row is not None and not Decimal(row.rate) * Decimal("0.8") <= rate <= Decimal(row.rate) * Decimal("1.2"):
        raise Refusal("This is more than a fifth off the rate of the table ({rate}).", rate=shown(row.rate))


def _answer_own(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    rate, reason = _own(values.get("rate", ""))
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    expense = claims.line(claim, action.extra)
    lines.declare(expense, rate, reason)
    turn.session.flush()
    data = {"fields": ["rate"], "rate": f"{rate:f}" if rate is not None else "", "reason": reason}
    audit.record(turn.session, actor=turn.member.id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)
    put(turn, claim)


FORMS = {
    "rate": FormKind(_check_rate, _answer_rate),
    "rate_again": FormKind(_check_again, _answer_again),
    "own_rate": FormKind(_check_own, _answer_own),
}
