"""The screens of receipts that were sent together: a count while they are read, then one list."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import categories
from handlers.cards import findings
from handlers.cards import rates as foreign
from handlers.cards.labels import STATE_LABELS
from handlers.cards.parts import sums
from handlers.cards.receipts import failure
from handlers.chat import Button, Card, Row
from handlers.claims import purchases
from handlers.dates import show_day
from handlers.turn import View
from storage.models import Album, Claim, Expense, Receipt


def progress(view: View, done: int, total: int | None) -> Card:
    if total is None:
        return Card(title=view.t("Receiving your photos…"))
    return Card(title=view.t("Reading {total} receipts…", total=total), lead=f"{done} / {total}")


def receipt_list(view: View, album: Album, claims: Sequence[Claim], lines: Sequence[Expense | Receipt]) -> Card:
    """One list at the end of an album: a line a receipt, one tap for all that need no look.

    ``lines`` is what became of the photos, in their order: expenses of the claims, and receipts that failed.
    """
    rows = tuple(
        _row(view, line.claim, line) if isinstance(line, Expense) else _unread_row(view, line) for line in lines
    )
    clean = [c for c in claims if c.state == "draft" and not any(e.doubts for e in c.expenses)]
    clean = [c for c in clean if not findings.blocked(c) and not c.trip_id]
    drafts = [c for c in claims if c.state == "draft"]
    buttons: tuple[Button, ...] = ()
    if clean:
        label = view.t("Submit {count} together", count=len(clean))
        buttons = (Button(label, view.token("submit_album", album.id), "primary"),)
    to_check = len(drafts) - len(clean)
    return Card(
        title=view.t(
            "{count} receipts are read", count=len({purchases.key(e) for e in lines if isinstance(e, Expense)})
        ),
        lead=view.t("{count} of them want a look (⚠).", count=to_check) if to_check else "",
        rows=rows,
        buttons=buttons,
        footer=f"{view.t('Total')} {total}" if (total := sums(claims)) else "",
    )


def _row(view: View, claim: Claim, expense: Expense) -> Row:
    day = show_day(expense.date, view.locale)
    status = "" if claim.state == "draft" else view.t(STATE_LABELS[claim.state][0])
    return Row(
        title=expense.payee or view.t("Payee unknown"),
        detail=" · ".join(x for x in (day, categories.label(view.locale, expense.category or "misc"), status) if x),
        value=foreign.value(expense),
        doubted=bool(expense.doubts) and claim.state == "draft",
        button=Button(view.t("Open"), view.token("open", claim.id)) if claim.state != "cancelled" else None,
    )


def _unread_row(view: View, receipt: Receipt) -> Row:
    return Row(title=view.t("Not readable"), detail=_first_sentence(failure(view, receipt).title), doubted=True)


def _first_sentence(text: str) -> str:
    for stop in ("。", ". "):
        if stop in text:
            return text.split(stop)[0] + stop.strip()
    return text
