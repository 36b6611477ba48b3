"""Lists of claims, and the help."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cards import payers
from handlers.cards.labels import STATE_LABELS
from handlers.cards.names import called
from handlers.cards.parts import sums
from handlers.chat import Button, Card, Choice, Note, Row
from handlers.turn import View
from storage.models import Claim

EXAMPLES = (
    "Example: a photo with the words “Meeting at Bandai town hall”. The words become the purpose.",
    "Example: “/keihi claims” lists your claims.",
)
ADMIN_EXAMPLE = "Example: “/keihi add Hana-Sato hana@example.jp manager=ken@example.jp”"


def help_card(view: View, commands: Sequence[tuple[str, str]], *, admin: bool) -> Card:
    """What the bot understands, with examples. ``commands``: (words, what they do) of the administrator."""
    return Card(
        title=view.t("Send me a photo of a receipt"),
        lead=view.t("I read it and prepare the claim; you tap “Submit”. Photos, albums, PDF and HEIC are fine."),
        rows=tuple(Row(title=words, detail=what) for words, what in commands),
        notes=tuple(Note(view.t(example)) for example in (*EXAMPLES, *((ADMIN_EXAMPLE,) if admin else ()))),
        choices=(Choice(view.t("My claims"), token=view.token("mine")),),
    )


def claim_list(
    view: View, title: str, claims: Sequence[Claim], *, approver: bool = False, buttons: tuple[Button, ...] = ()
) -> Card:
    """Claims as lines, each to be opened; ``buttons``: what can be done with several of them."""
    rows = []
    for claim in claims:
        who = claim.member.name if approver else view.t(STATE_LABELS[claim.state][0])
        rows.append(
            Row(
                title=f"#{claim.number} {called(view, claim)}",
                detail=" · ".join(part for part in (who, payers.brief(view, claim)) if part),
                value=sums([claim]),
                button=Button(view.t("Open"), view.token("open", claim.id)),
            )
        )
    head = title if rows else view.t("There is nothing here at the moment.")
    return Card(title=head, rows=tuple(rows), buttons=buttons)
