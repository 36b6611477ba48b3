"""Choices about rides and nights that the forms of requests and of settlements share."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.chat import Input
from handlers.notes.drafts import chosen
from handlers.turn import View

LODGING = "lodging"
KINDS = {LODGING: "Inn or hotel", "private": "Own or an acquaintance's home", "package": "Package with the transport"}
MEALS = {"0": "None", "1": "One meal", "2": "Two meals"}
YES_NO = {"no": "No", "yes": "Yes"}
PAYERS = {
    "traveler": "The traveller",
    "agency": "The organisation, to the travel agency or card firm",
    "host": "Somebody else (the host)",
}


def choice(view: View, name: str, label: str, labels: Mapping[str, str], value: str, hint: str = "") -> Input:
    """A question with these answers, each told in the person's language."""
    options = tuple((code, view.t(text)) for code, text in labels.items())
    return Input(name, label, "choice", value=value, options=options, hint=hint)


def kind(said: str) -> str:
    """The kind of a night as it is kept; empty for an inn. :class:`Refusal` for a word that is none."""
    found = chosen(said.strip(), KINDS) if said.strip() else LODGING
    return "" if found == LODGING else found


def meals(said: str) -> int:
    """How many of breakfast and supper are in the price."""
    return int(chosen(said.strip(), MEALS))


def yes(said: str) -> bool:
    """Whether the answer is yes; an empty one is no."""
    return bool(said.strip()) and chosen(said.strip(), YES_NO) == "yes"


def payer(said: str) -> str:
    """Who pays, as it is kept: empty for the traveller."""
    found = chosen(said.strip(), PAYERS) if said.strip() else "traveler"
    return "" if found == "traveler" else found
