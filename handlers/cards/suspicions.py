"""Suspected duplicates, for those who keep the books: both sides of each, one under the other."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import money
from handlers.cards import rates as foreign
from handlers.cards.labels import STATE_LABELS
from handlers.chat import Button, Card, Row
from handlers.dates import show_day, show_moment
from handlers.suspicions import Refused, Suspicion
from handlers.turn import View
from storage.models import Expense, StatementRow

SHOWN = 8  # pairs


def suspicions(view: View, found: Sequence[Suspicion]) -> Card:
    """The newest of them; for one pair of eyes alone."""
    if not found:
        return Card(title=view.t("No duplicate is suspected at the moment."), private=True)
    rows: list[Row] = []
    for place, suspicion in enumerate(found[:SHOWN], 1):
        rows += _pair(view, place, suspicion)
    more = len(found) - SHOWN
    return Card(
        title=view.t("Suspected duplicates: {count}", count=len(found)),
        tone="doubt",
        lead=view.t("Each number is one pair. Open both, and ask or send back where it is one purchase."),
        rows=tuple(rows),
        footer=view.t("and {count} more", count=more) if more > 0 else "",
        private=True,
    )


def _pair(view: View, place: int, suspicion: Suspicion) -> list[Row]:
    other = suspicion.other
    first = _line(view, f"{place}. ", suspicion.line, view.t(suspicion.what))
    if isinstance(other, Refused):
        when = show_moment(other.at, view.zone)
        detail = view.t("sent the same file on {when}; it became no draft", when=when)
        return [first, Row(title=f"{place}. {other.member.name}", detail=detail)]
    if isinstance(other, StatementRow):
        day = show_day(other.date, view.locale)
        detail = " · ".join((day, view.t("Row of a card's statement")))
        return [first, Row(f"{place}. {other.payee}", detail, money.show(other.amount, other.currency))]
    return [first, _line(view, f"{place}. ", other)]


def _line(view: View, place: str, line: Expense, what: str = "") -> Row:
    claim = line.claim
    parts = (what, show_day(line.date, view.locale), line.payee, view.t(STATE_LABELS[claim.state][0]))
    return Row(
        title=f"{place}#{claim.number} {claim.member.name}",
        detail=" · ".join(part for part in parts if part),
        value=foreign.value(line),
        button=Button(view.t("Open #{number}", number=claim.number), view.token("open", claim.id)),
    )
