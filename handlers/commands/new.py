"""``new``: an expense entered by hand."""

from __future__ import annotations

from handlers import dialogues
from handlers.chat import Button, Card
from handlers.commands.base import Command, Gathered
from handlers.forms.by_hand import new_form
from handlers.notes import chat as notes
from handlers.turn import Turn


def _new(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    """A form where there are forms; what is written behind the word is a note."""
    if words and notes.received(turn, " ".join(words)):
        return
    if not turn.capabilities.has_forms:
        dialogues.ask(turn, new_form(turn))
        return
    turn.tell(  # a form opens only on the tap of a button that is known to open one
        Card(
            title=turn.t("Expense without a photo"),
            lead=turn.t("With a photo it is quicker: send me the picture of the receipt."),
            buttons=(Button(turn.t("Enter by hand"), turn.view.token("new"), "primary", opens_form=True),),
            private=True,
        )
    )


COMMANDS = (Command("new", ("経費入力", "手入力"), "new [NOTE]", "Enter an expense by hand, without a photo.", _new),)
