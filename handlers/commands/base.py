"""What a command is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.chat import Incoming
from handlers.services import Services
from handlers.turn import Turn

Gathered = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """``name`` is the English word, ``words`` further ones (Japanese); ``usage`` and ``what`` (msgids) stand in help.

    ``role``: empty for everybody. ``gather`` runs before the transaction and may talk to platforms; what it returns is
    handed to ``run(turn, words, gathered)``.
    """

    name: str
    words: tuple[str, ...]
    usage: str
    what: str
    run: Callable[[Turn, list[str], Gathered], None]
    role: str = ""
    gather: Callable[[Services, Incoming, list[str]], Gathered] | None = None
