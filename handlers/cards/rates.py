"""Foreign currency on cards: an expense's yen with rate, day and source; the table; what administrators are asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers import amounts, money, rates
from handlers.chat import Button, Card, Field, Note, Row
from handlers.claims import EDITABLE
from handlers.dates import show_day
from handlers.rates.table import shown
from handlers.turn import View
from storage.models import Claim, ExchangeRate, Expense

EXAMPLE = "/keihi rate USD 2026-11-20 155.32 source=TTM"


def fields(view: View, expense: Expense) -> list[Field]:
    """``US$45.20 × 155.32（11/20、出典 …）＝ ¥7,020``; nothing for yen."""
    claimed = amounts.claimed(expense)
    if not rates.foreign(expense) or claimed is None:
        return []
    if expense.home_amount is None or expense.rate_day is None:
        return [Field(view.t("In yen"), view.t("no exchange rate yet"), doubted=True)]
    own = rates.declared(expense) if expense.rate_source == rates.DECLARED else None
    amount = money.show(claimed, expense.currency)
    figures = {"amount": amount, "rate": shown(expense.rate), "yen": money.show(expense.home_amount)}
    if own is not None:
        text = view.t("{amount} × {rate} (declared by the applicant) = {yen}", **figures)
        return [Field(view.t("In yen"), text, doubted=True)]
    day = f"{expense.rate_day.month}/{expense.rate_day.day}"
    text = view.t("{amount} × {rate} ({day}, source: {source}) = {yen}", day=day, source=expense.rate_source, **figures)
    return [Field(view.t("In yen"), text)]


def value(expense: Expense) -> str:
    """What a line of a list says of the amount: yen first, the original behind it."""
    original = money.show(amounts.claimed(expense), expense.currency)
    if not rates.foreign(expense) or expense.home_amount is None:
        return original
    return f"{money.show(expense.home_amount)} ({original})"


def buttons(view: View, claim: Claim, expense: Expense) -> tuple[Button, ...]:
    """The way to give the rate on the card's statement instead of the table's."""
    if claim.state not in EDITABLE or not rates.foreign(expense) or expense.amount is None:
        return ()
    token = view.token("own_rate", claim.id, claim.version, expense.id)
    return (Button(view.t("Rate on my statement"), token, opens_form=True),)


# --- for administrators -----------------------------------------------------------------------------------------------


def wanted(view: View, currency: str, day: dt.date, row: ExchangeRate | None) -> Card:
    """Which rate is wanted; once it is there, that it is."""
    shown_day = show_day(day, view.locale)
    if row is not None:
        return Card(
            title=view.t("The exchange rate of {currency} for {day} is there.", currency=currency, day=shown_day),
            tone="good",
            fields=(Field(currency, _rate(view, row)),),
        )
    return Card(
        title=view.t("An exchange rate is wanted: {currency}, {day}", currency=currency, day=shown_day),
        tone="doubt",
        lead=view.t("A draft cannot be submitted without it. It is reckoned again as soon as the rate is there."),
        buttons=(
            Button(
                view.t("Enter the rate"),
                view.token("rate", currency, 0, day.isoformat()),
                "primary",
                opens_form=True,
            ),
        ),
    )


def table(view: View, title: str, rows: Sequence[ExchangeRate], *, more: int = 0) -> Card:
    """Lines of the table, newest first."""
    return Card(
        title=title,
        rows=tuple(
            Row(row.currency, " · ".join(x for x in (show_day(row.day, view.locale), row.source) if x), shown(row.rate))
            for row in rows
        ),
        notes=(Note(view.t("Example: {example}", example=EXAMPLE)),),
        footer=view.t("and {count} more", count=more) if more > 0 else "",
        private=True,
    )


def kept(view: View, row: ExchangeRate, before: str, going_on: int) -> Card:
    """A rate was registered or corrected, and what that set going."""
    notes = (
        [Note(view.t("It was {rate} before. Claims that are submitted keep it.", rate=shown(before)))] if before else []
    )
    if going_on:
        notes.append(Note(view.t("Drafts that can be submitted now: {count}", count=going_on), "good"))
    return Card(
        title=view.t("The exchange rate is registered."),
        tone="good",
        fields=(Field(row.currency, _rate(view, row)),),
        notes=tuple(notes),
        private=True,
    )


def _rate(view: View, row: ExchangeRate) -> str:
    return " · ".join(part for part in (shown(row.rate), show_day(row.day, view.locale), row.source) if part)
