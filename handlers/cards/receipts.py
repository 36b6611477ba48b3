"""The screens of a receipt that is being read, cannot be read, or came twice."""

from __future__ import annotations

from handlers.cards.labels import FAILURES
from handlers.cards.parts import picture
from handlers.chat import Button, Card
from handlers.turn import View
from storage.models import Claim, Receipt


def reading(view: View) -> Card:
    """The first sign of life where a card can be replaced."""
    return Card(title=view.t("Reading your receipt…"))


def failure(view: View, receipt: Receipt) -> Card:
    limits = view.services.limits
    text = view.t(
        FAILURES.get(receipt.failure, FAILURES["internal_error"]),
        megabytes=limits.file_bytes // 1_000_000,
        megapixels=limits.pixels // 1_000_000,
    )
    by_hand = (Button(view.t("Enter by hand"), view.token("manual", receipt.id)),) if receipt.sha256 else ()
    return Card(title=text, tone="doubt", picture=picture(view, receipt), buttons=by_hand)


def duplicate(view: View, first: Claim | None, when: str) -> Card:
    """A second copy: to its owner with the way to the first, to anybody else without a word of whose it is."""
    if first is None:
        return Card(title=view.t("The same receipt is already in another claim."), tone="doubt")
    return Card(
        title=view.t("You sent this receipt before: it is claim #{number} ({when}).", number=first.number, when=when),
        tone="doubt",
        buttons=(Button(view.t("Open"), view.token("open", first.id)),),
    )
