"""``rate``: the table of exchange rates, and a rate registered or corrected by hand."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from handlers import dialogues
from handlers.cards import rates as cards
from handlers.commands.base import Command, Gathered
from handlers.dates import parse_day
from handlers.errors import Refusal
from handlers.forms.rates import once_more, register
from handlers.rates.table import Quote, check_day, far_off, parse_currency, parse_rate
from handlers.turn import Turn
from storage.models import ExchangeRate

SHOWN = 20
SOURCE = ("source=", "出典=")


def _rate(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    if not words:
        _newest(turn)
        return
    currency = parse_currency(words[0])
    if len(words) == 1:
        _of(turn, currency)
        return
    quote = _understood(currency, words[1:], turn.today)
    near = far_off(turn.session, quote)
    if near is not None:
        dialogues.converse(turn, once_more(turn.view, quote, near))
    else:
        register(turn, quote)


def _understood(currency: str, words: list[str], today: dt.date) -> Quote:
    """``[DAY] RATE [source=…]``; without a day it is today's. What follows the rate is its source as well."""
    given: list[str] = []
    source: list[str] = []
    for word in words:
        key = next((key for key in SOURCE if word.lower().startswith(key)), None)
        (given if key is None and not source else source).append(word if key is None else word[len(key) :])
    if given and not _is_day(given[0], today):
        given.insert(0, today.isoformat())
    if len(given) < 2:
        raise Refusal("Please write it like this: {example}", example=cards.EXAMPLE)
    day, rate, *rest = given
    quote = Quote(currency, parse_day(day, today=today), parse_rate(rate), " ".join((*rest, *source)))
    check_day(quote.day, today)
    return quote


def _is_day(word: str, today: dt.date) -> bool:
    if "." in word and word.replace(".", "").isdigit() and word.count(".") == 1:
        return False  # 11.20 is a rate
    try:
        parse_day(word, today=today)
    except Refusal:
        return False
    return True


def _newest(turn: Turn) -> None:
    newest = select(ExchangeRate.currency, func.max(ExchangeRate.day)).group_by(ExchangeRate.currency)
    days = {currency: day for currency, day in turn.session.execute(newest)}
    rows = [
        row
        for row in turn.session.scalars(select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.day.desc()))
        if days[row.currency] == row.day
    ]
    if not rows:
        raise Refusal("There are no exchange rates yet. Example: {example}", example=cards.EXAMPLE)
    title = turn.t("The newest exchange rates: {count} currencies", count=len(rows))
    turn.tell(cards.table(turn.view, title, rows[:SHOWN], more=len(rows) - SHOWN))


def _of(turn: Turn, currency: str) -> None:
    mine = select(ExchangeRate).filter_by(currency=currency)
    rows = turn.session.scalars(mine.order_by(ExchangeRate.day.desc()).limit(SHOWN)).all()
    if not rows:
        raise Refusal("There is no exchange rate of {currency} yet.", currency=currency)
    count = turn.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    turn.tell(
        cards.table(turn.view, turn.t("Exchange rates of {currency}", currency=currency), rows, more=count - SHOWN)
    )


COMMANDS = (
    Command(
        "rate",
        ("換算率", "為替"),
        "rate [CURRENCY [DAY] RATE [source=…]]",
        "Exchange rates: list them, register one.",
        _rate,
        role="admin",
    ),
)
