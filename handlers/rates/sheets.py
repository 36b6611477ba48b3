"""Exchange rates as CSV, the same columns in and out: currency, day, rate, per, source.

``per`` is the number of units that the rate stands for (100 where a bank quotes a hundred won); 1 when left out. All
lines of a file or none. 通貨, 日付, 換算率, 単位 and 出典 are understood as well.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from handlers.errors import Refusal, SheetWrong
from handlers.rates.table import Quote, check_day, far_off, parse_currency, parse_rate, save, shown
from handlers.travel import tables
from storage.models import ExchangeRate

COLUMNS: tables.Columns = {
    "currency": ("currency", "通貨"),
    "day": ("day", "date", "日付"),
    "rate": ("rate", "換算率", "相場"),
    "per": ("per", "単位"),
    "source": ("source", "出典"),
}


def understand(raw: bytes, *, today: dt.date) -> list[tuple[int, Quote]]:
    """(line, rate) of a file (UTF-8 or Shift_JIS). :class:`SheetWrong` names every bad line."""
    try:
        rows = tables.rows(raw, COLUMNS, ("currency", "day", "rate"))
    except Refusal as refusal:
        raise SheetWrong([str(refusal)]) from refusal
    found: list[tuple[int, Quote]] = []
    wrong: list[str] = []
    seen: dict[tuple[str, dt.date], int] = {}
    for number, cells in rows:
        if not any(cells.values()):
            continue
        try:
            quote = _quote(cells, today)
        except Refusal as refusal:
            wrong.append(f"line {number}: {refusal}")
            continue
        first = seen.setdefault((quote.currency, quote.day), number)
        if first != number:
            wrong.append(f"line {number}: {quote.currency} of {quote.day} stands in line {first} already")
        found.append((number, quote))
    if wrong:
        raise SheetWrong(wrong)
    return found


def _quote(cells: Mapping[str, str], today: dt.date) -> Quote:
    currency = parse_currency(cells.get("currency", ""))
    day = tables.day_or_none(cells.get("day", ""))
    if day is None:
        raise Refusal("Please enter a date, for example 2026-11-20.")
    check_day(day, today)
    per = cells.get("per", "")
    rate = parse_rate(f"{cells.get('rate', '')}/{per}" if per else cells.get("rate", ""))
    source = cells.get("source", "")
    return Quote(currency, day, rate, source[1:] if source.startswith("'") else source)


def store(
    session: Session, quotes: Iterable[tuple[int, Quote]], *, by: str, now: dt.datetime, anyway: bool = False
) -> dict[str, int]:
    """How many are ``new``, ``changed`` and the ``same``. :class:`SheetWrong` for rates more than ten times off their
    neighbours, unless ``anyway``."""
    counts = {"new": 0, "changed": 0, "same": 0}
    wrong: list[str] = []
    for number, quote in sorted(quotes, key=lambda one: one[1].day):
        near = None if anyway else far_off(session, quote)
        if near is not None:
            wrong.append(
                f"line {number}: {shown(quote.rate)} is more than ten times off {quote.currency} "
                f"{shown(near.rate)} of {near.day} (--anyway takes it)"
            )
            continue
        counts[save(session, quote, by=by, now=now)] += 1
    if wrong:
        raise SheetWrong(wrong)
    return counts


def written(rows: Iterable[ExchangeRate]) -> str:
    """The table as CSV that :func:`understand` takes back."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for row in rows:
        lines.writerow([row.currency, row.day.isoformat(), row.rate, 1, _safe(row.source)])
    return out.getvalue()


def _safe(text: str) -> str:
    """What a spreadsheet would take for a formula is quoted."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
