"""``duplicates``: suspected duplicates across people, both sides of each, for accountants and administrators."""

from __future__ import annotations

from handlers import suspicions
from handlers.cards.duplicates import KEEP_BOOKS
from handlers.cards.suspicions import suspicions as listed
from handlers.commands.base import Command, Gathered
from handlers.turn import Turn


def _duplicates(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    turn.tell(listed(turn.view, suspicions.every(turn.session)))


COMMANDS = (
    Command(
        "duplicates",
        ("重複", "重複一覧"),
        "duplicates",
        "Suspected duplicates, with both sides.",
        _duplicates,
        roles=tuple(sorted(KEEP_BOOKS)),
    ),
)
