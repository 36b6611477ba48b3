"""What waits for somebody's decision: the list, the reminder, the question before several are approved together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.cards.names import called
from handlers.cards.parts import sums
from handlers.chat import Button, Card, Choice, Field, Note, Row
from handlers.dates import show_day, show_moment
from handlers.turn import View
from storage.models import Claim

if TYPE_CHECKING:  # only its shape: approvals themselves draw these cards
    from handlers.approvals.waiting import Entry

SHOWN = 20
LEAST_TOGETHER = 2
PURPOSE = 40  # letters of it in a list
OWNER = 8  # of the reader's id: enough to tell that a list is somebody else's


def waiting_list(
    view: View, title: str, entries: Sequence[Entry], together: Sequence[Claim] = (), found: Sequence[Claim] = ()
) -> Card:
    """Claims as lines, each to be opened; ``together`` are those that one tap may approve.

    ``found``: of which the rules found something only now.
    """
    if not entries:
        return Card(title=view.t("There is nothing here at the moment."))
    buttons: tuple[Button, ...] = ()
    if len(together) >= LEAST_TOGETHER:
        label = view.t("Approve the {count} clean ones", count=len(together))
        buttons = (Button(label, view.token("bulk"), "primary"),)
    more = len(entries) - SHOWN
    return Card(
        title=title,
        rows=tuple(_row(view, entry) for entry in entries[:SHOWN]),
        notes=_named(view, "Since they were handed in, something was found: {numbers}.", found),
        buttons=buttons,
        footer=view.t("and {count} more", count=more) if more > 0 else "",
    )


def reminder(view: View, entries: Sequence[Entry], together: Sequence[Claim] = (), found: Sequence[Claim] = ()) -> Card:
    """The one message of a day."""
    title = view.t("{count} claims wait for your decision.", count=len(entries))
    return waiting_list(view, title, entries, together, found)


def postscript(view: View, card: Card, entries: Sequence[Entry]) -> Card:
    """The same, carried along by another answer."""
    note = Note(view.t("{count} claims wait for your decision.", count=len(entries)), "doubt")
    choice = Choice(view.t("What waits for me"), token=view.token("waiting"))
    return replace(card, notes=(*card.notes, note), choices=(*card.choices, choice))


def confirm(view: View, claims: Sequence[Claim], packed: str, out: Sequence[Claim] = ()) -> Card:
    """Every claim that would be approved, and the sum; ``out``: of the same list, but somebody has to look at them."""
    label = view.t("Approve these {count}", count=len(claims))
    return Card(
        title=view.t("Approve these {count} claims?", count=len(claims)),
        fields=(Field(view.t("Total"), sums(claims), emphasis=True),),
        rows=tuple(
            Row(f"#{claim.number} {called(view, claim)}", _told(view, claim), sums([claim]), button=_open(view, claim))
            for claim in claims
        ),
        notes=(
            Note(view.t("No rule found anything to explain, and no field is in doubt.")),
            *_named(view, "These need a look and stay out: {numbers}.", out),
        ),
        buttons=(Button(label, view.token("bulk_yes", view.member_id[:OWNER], extra=packed), "primary"),),
    )


def approved_together(view: View, claims: Sequence[Claim], left_out: Sequence[str]) -> Card:
    """What became of it; ``left_out``: a sentence for every claim that stayed out."""
    if not claims:
        title = view.t("Nothing was approved.")
    else:
        numbers = ", ".join(f"#{claim.number}" for claim in claims)
        title = view.t("{count} claims approved: {numbers}", count=len(claims), numbers=numbers)
    return Card(
        title=title,
        tone="doubt" if left_out else "good",
        lead=f"{view.t('Total')} {sums(claims)}" if claims else "",
        notes=tuple(Note(text, "doubt") for text in left_out),
    )


def _named(view: View, text: str, claims: Sequence[Claim]) -> tuple[Note, ...]:
    numbers = ", ".join(f"#{claim.number}" for claim in claims)
    return (Note(view.t(text, numbers=numbers), "doubt"),) if numbers else ()


def _row(view: View, entry: Entry) -> Row:
    parts = [entry.claim.member.name]
    if entry.on_behalf is not None:
        parts.append(view.t("for {name}", name=entry.on_behalf.name))
    parts.append(view.t("since {when}", when=show_moment(entry.since, view.zone)))
    return Row(
        title=f"#{entry.claim.number} {called(view, entry.claim)}",
        detail=" · ".join(parts),
        value=sums([entry.claim]),
        doubted=not entry.clean,
        button=_open(view, entry.claim),
    )


def _told(view: View, claim: Claim) -> str:
    """Who, of which day and what for: what one has to know to approve it from a list."""
    days = [line.date for line in claim.expenses if line.date is not None]
    day = show_day(min(days), view.locale) if days else ""
    return " · ".join(part for part in (claim.member.name, day, claim.purpose[:PURPOSE]) if part)


def _open(view: View, claim: Claim) -> Button:
    return Button(view.t("Open"), view.token("open", claim.id))
