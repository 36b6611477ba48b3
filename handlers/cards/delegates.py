"""Who stands in for whom: asked for, told, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from handlers.cards.waiting import waiting_list
from handlers.chat import Button, Card, Note, Row
from handlers.dates import show_day
from handlers.turn import View
from storage.models import Delegation, Member

if TYPE_CHECKING:  # only its shape: approvals themselves draw these cards
    from handlers.approvals.waiting import Entry


def days(view: View, starts: date, ends: date) -> str:
    """One day, or the first and the last."""
    first = show_day(starts, view.locale)
    return first if starts == ends else f"{first} – {show_day(ends, view.locale)}"


def delegation(view: View, row: Delegation, *, own: int, away: Delegation | None) -> Card:
    """What was arranged, to who asked for it."""
    notes = [Note(view.t("{name} may go on deciding, too.", name=row.principal.name))]
    if own:
        text = view.t("{count} claims of {name}'s own wait for {principal} alone.", count=own, **_names(row))
        notes.append(Note(text, "doubt"))
    if away is not None:
        text = view.t("{name} is away, too: {days}", name=row.delegate.name, days=days(view, away.starts, away.ends))
        notes.append(Note(text, "doubt"))
    return Card(
        title=view.t("{name} decides for {principal}: {days}", days=_days(view, row), **_names(row)),
        tone="good",
        notes=tuple(notes),
        buttons=(_end(view, row),),
        private=True,
    )


def appointed(view: View, row: Delegation, *, by: Member, waiting: Sequence[Entry] = ()) -> Card:
    """The news to the other of the two; to a delegate whose days have begun with what waits already."""
    title = view.t("{name} decides for {principal}: {days}", days=_days(view, row), **_names(row))
    return Card(
        title=title,
        lead=view.t("Arranged by {who}.", who=by.name),
        rows=waiting_list(view, title, waiting).rows,
        notes=(Note(_recorded(view, row)),) if view.member_id == row.delegate_id else (),
        buttons=(_end(view, row),),
    )


def standing_in(view: View, row: Delegation, waiting: Sequence[Entry]) -> Card:
    """The delegate's first day, with what waits already."""
    title = view.t("You decide for {principal}: {days}", principal=row.principal.name, days=_days(view, row))
    rows = waiting_list(view, title, waiting).rows
    return Card(title=title, rows=rows, notes=(Note(_recorded(view, row)),), buttons=(_end(view, row),))


def delegation_ended(view: View, row: Delegation) -> Card:
    return Card(title=view.t("{name} does not decide for {principal} any more.", **_names(row)))


def delegations(view: View, rows: Sequence[Delegation]) -> Card:
    """Everybody who stands in for the reader, and for whom the reader stands in."""
    return Card(
        title=view.t("Delegates"),
        rows=tuple(
            Row(
                title=view.t("{name} for {principal}", **_names(row)),
                detail=_days(view, row),
                button=_end(view, row),
            )
            for row in rows
        ),
        private=True,
    )


def _names(row: Delegation) -> dict[str, str]:
    return {"name": row.delegate.name, "principal": row.principal.name}


def _days(view: View, row: Delegation) -> str:
    return days(view, row.starts, row.ends)


def _recorded(view: View, row: Delegation) -> str:
    return view.t("Each decision is recorded as yours for {principal}.", principal=row.principal.name)


def _end(view: View, row: Delegation) -> Button:
    return Button(view.t("End"), view.token("undelegate", row.id))
