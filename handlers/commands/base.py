"""What a command is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from handlers.chat import Incoming
from handlers.services import Services
from handlers.turn import Turn

Gathered = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """``name`` is the English word, ``words`` further ones (Japanese); ``usage`` and ``what`` (msgids) stand in help.

    ``role``: empty for everybody; ``roles``: any one of several. ``gather`` runs before the transaction and may talk
    to platforms; what it returns is handed to ``run(turn, words, gathered)``.
    """

    name: str
    words: tuple[str, ...]
    usage: str
    what: str
    run: Callable[[Turn, list[str], Gathered], None]
    role: str = ""
    roles: tuple[str, ...] = ()
    gather: Callable[[Services, Incoming, list[str]], Gathered] | None = None

    def needs(self) -> tuple[str, ...]:
        """The roles of which one is enough; none for everybody."""
        return (self.role,) if self.role else self.roles

    def is_for(self, roles: Iterable[str]) -> bool:
        """Whether somebody with these roles may use it."""
        needed = self.needs()
        return not needed or bool(set(needed) & set(roles))
