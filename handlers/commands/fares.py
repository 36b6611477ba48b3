"""``fare``: the fare table, looked up by place, and filled by a table that is pasted below the word."""

from __future__ import annotations

from handlers import money
from handlers.cards.parts import validity
from handlers.chat import Card, Commanded, Row, Said
from handlers.commands.base import Command, Gathered
from handlers.errors import Refusal
from handlers.travel import fares
from handlers.travel.sentences import MODES
from handlers.turn import Turn
from storage.models import Fare

SHOWN = 20


def _fare(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    act = turn.incoming.act
    said = act.text.strip() if isinstance(act, Commanded | Said) else ""
    _, below, table = said.partition("\n")
    if below:
        _import(turn, table)
    else:
        _look_up(turn, words)


def _import(turn: Turn, table: str) -> None:
    name = f"{turn.t('Fare table')} {turn.today.isoformat()}"  # the source of what names none
    added, changed = fares.import_csv(turn.session, table.encode(), file=name, by=turn.member.id)
    turn.tell(turn.t("Fare table: {added} added, {changed} changed.", added=added, changed=changed), tone="good")


def _look_up(turn: Turn, places: list[str]) -> None:
    found = fares.between(turn.session, *places[:2])
    if not found:
        raise Refusal(
            "No such fare is in the table. To add some, paste them below the command, the first line naming the "
            "columns: from,to,mode,amount,valid_from,source"
        )
    more = len(found) - SHOWN
    card = Card(
        title=turn.t("Fare table: {count} fares", count=len(found)),
        rows=tuple(_row(turn, fare) for fare in found[:SHOWN]),
        footer=turn.t("and {count} more", count=more) if more > 0 else "",
        private=True,
    )
    turn.tell(card)


def _row(turn: Turn, fare: Fare) -> Row:
    return Row(
        title=f"{turn.t(MODES[fare.mode])} {fare.origin} – {fare.destination}",
        detail=f"{validity(turn.view, fare.valid_from, fare.valid_to)} · {fare.source}",
        value=money.show(fare.amount),
    )


COMMANDS = (
    Command(
        "fare",
        ("運賃表",),
        "fare [PLACE [PLACE]]",
        "The fare table; a table pasted below it is taken in.",
        _fare,
        role="admin",
    ),
)
