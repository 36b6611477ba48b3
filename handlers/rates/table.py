"""The table of exchange rates: yen for one unit of a currency on a day, with its source.

An expense is converted at the rate of its day; where that day has none (banks publish none on days off) at the newest
one before it, as the Corporation Tax Basic Circular 13の2-1-2, note 3, has it. Which rate that is (TTM, TTS, a card
company's) is the organisation's choice, followed consistently; the table only keeps what it is told, and by whom.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import money
from handlers.errors import Refusal
from storage import audit
from storage.models import ExchangeRate

HOME = "JPY"
FAR_OFF = 10  # times the rate before: rather a slip of the finger
MOST_DECIMALS = 8
LARGEST = Decimal(1_000_000)
LONGEST_SOURCE = 100


@dataclass(frozen=True)
class Terms:
    """How an organisation converts. ``days``: how much older than the expense a rate may be. ``down``: part of a yen
    is dropped; otherwise half a yen and more is rounded up."""

    days: int = 7
    down: bool = False


@dataclass(frozen=True)
class Quote:
    """One line of the table, understood. ``rate``: yen for one unit."""

    currency: str
    day: dt.date
    rate: Decimal
    source: str = ""


# --- looking up and converting ----------------------------------------------------------------------------------------


def newest(session: Session, currency: str, day: dt.date, terms: Terms) -> ExchangeRate | None:
    """The rate that counts for an expense of ``day``: the newest not after it and not too old; None without one."""
    asked = select(ExchangeRate).where(
        ExchangeRate.currency == currency,
        ExchangeRate.day <= day,
        ExchangeRate.day >= day - dt.timedelta(days=terms.days),
    )
    return session.scalars(asked.order_by(ExchangeRate.day.desc()).limit(1)).first()


def in_yen(amount: int, currency: str, rate: Decimal, terms: Terms) -> int:
    """Whole yen of ``amount`` minor units: 4520 US cents × 155.32 → 7020. Half a yen counts as one, unless ``down``."""
    exact = Decimal(amount).scaleb(-money.digits(currency)) * rate
    return int(exact.to_integral_value(ROUND_DOWN if terms.down else ROUND_HALF_UP))


def shown(rate: Decimal | str) -> str:
    """``155.32``: without zeros that say nothing, never as a power of ten."""
    return f"{Decimal(rate).normalize():,f}"


# --- keeping ----------------------------------------------------------------------------------------------------------


def parse_rate(text: str) -> Decimal:
    """``155.32``, ``１５５．３２円``; ``10.85/100`` is a rate of a hundred units. :class:`Refusal` when it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("円").removeprefix("¥")
    found = re.fullmatch(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(\.\d{1,8})?(?:円?/(1|10|100|1000|10000))?", plain)
    rate = Decimal(found[1].replace(",", "") + (found[2] or "")) / Decimal(found[3] or 1) if found else Decimal(0)
    if rate <= 0 or rate >= LARGEST or rate != round(rate, MOST_DECIMALS):
        raise Refusal("A rate is yen for one unit, above 0, for example 155.32. Of a hundred units: 10.85/100.")
    return rate


def parse_currency(text: str) -> str:
    """The code of a currency that is not our own; :class:`Refusal` otherwise."""
    currency = money.find_currency(text)
    if currency == HOME:
        raise Refusal("Yen need no rate.")
    return currency


def check_day(day: dt.date, today: dt.date) -> None:
    """Rates are of days that have come. Raises :class:`Refusal`."""
    if day > today:
        raise Refusal("This day has not come yet. A rate is of today or before.")


def far_off(session: Session, quote: Quote) -> ExchangeRate | None:
    """The rate nearest before (or else after) that this one is more than ten times off; None when it is in the usual
    range, or the first of its currency."""
    same = select(ExchangeRate).where(ExchangeRate.currency == quote.currency, ExchangeRate.day != quote.day)
    before = same.where(ExchangeRate.day < quote.day).order_by(ExchangeRate.day.desc()).limit(1)
    near = session.scalars(before).first() or session.scalars(same.order_by(ExchangeRate.day).limit(1)).first()
    if near is None:
        return None
    times = quote.rate / Decimal(near.rate)
    return near if times > FAR_OFF or times * FAR_OFF < 1 else None


def save(session: Session, quote: Quote, *, by: str, now: dt.datetime) -> str:
    """Add or correct one line of the table: ``new``, ``changed`` or ``same``. Audited."""
    text, source = f"{quote.rate.normalize():f}", quote.source.strip()[:LONGEST_SOURCE]
    row = session.scalars(select(ExchangeRate).filter_by(currency=quote.currency, day=quote.day)).first()
    if row is not None and (row.rate, row.source) == (text, source):
        return "same"
    before = row.rate if row is not None else None
    if row is None:
        row = ExchangeRate(currency=quote.currency, day=quote.day)
        session.add(row)
    row.rate, row.source, row.imported_by, row.imported_at = text, source, by, now
    session.flush()
    audit.record(
        session,
        actor=by,
        action="rate.set",
        subject=f"rate:{quote.currency}:{quote.day.isoformat()}",
        data={"rate": text, "source": source, "before": before},
    )
    return "new" if before is None else "changed"
