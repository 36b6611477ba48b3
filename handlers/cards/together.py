"""Drafts that go together: the list to agree to, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlers import categories
from handlers.approvals import bulk
from handlers.cards.names import called
from handlers.cards.parts import sums
from handlers.cards.waiting import OWNER
from handlers.chat import Button, Card, Field, Note, Row
from handlers.dates import show_day
from handlers.turn import View
from storage.models import Claim

if TYPE_CHECKING:  # only its shape
    from handlers.together import Outlook

LEAST = 2


def offer(view: View, drafts: Sequence[Claim], out: Sequence[str], outlook: Outlook | None) -> Card:
    """What would go together, what stays out and why; ``outlook``: what would stand on the claim of all."""
    rows = tuple(_row(view, claim) for claim in drafts)
    left = tuple(Note(line, "doubt") for line in out)
    if len(drafts) < LEAST or outlook is None:
        text = "There are no two drafts that can go together." if not drafts else "Only one draft is ready to go."
        return Card(title=view.t(text), tone="doubt" if out else "plain", rows=rows, notes=left)
    packed, owner = bulk.pack(drafts), view.member_id[:OWNER]
    buttons: tuple[Button, ...] = (
        Button(view.t("Only put together"), view.token("together_merge", owner, extra=packed)),
    )
    if not outlook.stopped:
        submit = Button(view.t("Submit together"), view.token("together_submit", owner, extra=packed), "primary")
        buttons = (submit, *buttons)
    return Card(
        title=view.t("{count} drafts can go together as #{number}", count=len(drafts), number=drafts[0].number),
        fields=(Field(view.t("Total"), sums(drafts), emphasis=True),),
        rows=rows,
        notes=(*outlook.notes, *left),
        buttons=buttons,
    )


def stale(view: View, changed: Sequence[str]) -> Card:
    """A list that is not what it was: what happened to whom; nothing was done."""
    return Card(
        title=view.t("The list has changed since. Nothing was put together."),
        tone="doubt",
        notes=tuple(Note(line, "doubt") for line in changed),
        buttons=(list_button(view),),
    )


def list_button(view: View) -> Button:
    """To the list as it is now."""
    return Button(view.t("Submit together"), view.token("together"))


def merged(view: View, claim: Claim, numbers: Sequence[int]) -> str:
    """Where the drafts are now."""
    went = ", ".join(f"#{number}" for number in numbers)
    return view.t("{numbers} are in #{number} now.", numbers=went, number=claim.number)


def submitted(view: View, claim: Claim, count: int) -> Card:
    """The answer where the claim's own card, perhaps far up, has changed in place."""
    return Card(
        title=view.t("{count} drafts were submitted together as #{number}.", count=count, number=claim.number),
        tone="good",
        lead=f"{view.t('Total')} {sums([claim])}",
        buttons=(Button(view.t("Open"), view.token("open", claim.id)),),
    )


def _row(view: View, claim: Claim) -> Row:
    days = sorted({line.date for line in claim.expenses if line.date is not None})
    parts = [show_day(days[0], view.locale)] if days else []
    parts += [f"– {show_day(days[-1], view.locale)}"] if len(days) > 1 else []
    kinds = dict.fromkeys(categories.label(view.locale, line.category or "misc") for line in claim.expenses)
    return Row(
        title=f"#{claim.number} {called(view, claim)}",
        detail=" · ".join(part for part in (" ".join(parts), "・".join(kinds), claim.purpose[:60]) if part),
        value=sums([claim]),
        button=Button(view.t("Open"), view.token("open", claim.id)),
    )
