"""The commands: ``/keihi WORD …`` in Slack, the same words as text in LINE and the local chat.

One :class:`Command` each, registered below; a command is for everybody or for a role, which is checked at every use.
What a command needs from outside (profiles, quotas) is gathered before its transaction opens.
"""

from __future__ import annotations

import shlex
import unicodedata

import structlog

from handlers import cards, people
from handlers.chat import Card, Commanded, Incoming, Said
from handlers.commands import (
    advances,
    budgets,
    claims,
    delegates,
    duplicates,
    fares,
    health,
    lane,
    learned,
    links,
    members,
    new,
    paid,
    policies,
    posts,
    rates,
    reminders,
    routes,
    together,
    travel,
    trips,
)
from handlers.commands.base import Command, Gathered
from handlers.errors import NotAllowed, PlatformError, Refusal
from handlers.services import Services
from handlers.turn import Turn
from storage.db import EVERY_ORGANIZATION

log = structlog.get_logger()

__all__ = ["COMMANDS", "Gathered", "gather", "help_for", "is_command", "run"]


def _help(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    turn.tell(help_for(turn))


HELP = Command("help", ("ヘルプ", "使い方"), "help", "What the bot can do, and the commands.", _help)

COMMANDS: tuple[Command, ...] = (
    HELP,
    *claims.COMMANDS,
    *together.COMMANDS,
    *budgets.COMMANDS,
    *delegates.COMMANDS,
    *duplicates.COMMANDS,
    *lane.COMMANDS,
    *learned.COMMANDS,
    *links.COMMANDS,
    *members.COMMANDS,
    *new.COMMANDS,
    *posts.COMMANDS,
    *routes.COMMANDS,
    *paid.COMMANDS,
    *advances.COMMANDS,
    *policies.COMMANDS,
    *rates.COMMANDS,
    *reminders.COMMANDS,
    *travel.COMMANDS,
    *fares.COMMANDS,
    *trips.COMMANDS,
    *health.COMMANDS,
)
# Phones type curly quotes by themselves.
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})
_BY_WORD = {word: command for command in COMMANDS for word in (command.name, *command.words)}


def split(text: str) -> list[str]:
    """Words of a command line; quotes keep a name with a space together. A stray quote is a mere character."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).strip()
    for prefix in ("/keihi", "keihi", "/経費", "経費"):
        if plain.lower() == prefix or plain.lower().startswith(prefix + " "):
            plain = plain[len(prefix) :].strip()
            break
    try:
        return shlex.split(plain)
    except ValueError:
        return plain.split()


def is_command(text: str) -> bool:
    """Whether a plain message is a command: it begins with our name, or is nothing but a command's word."""
    words = split(text)
    named = len(words) < len(unicodedata.normalize("NFKC", text).split())
    return named or (len(words) == 1 and words[0].lower() in _BY_WORD)


def run(turn: Turn, text: str, gathered: Gathered) -> None:
    """Carry out a command line. Raises :class:`Refusal` for an unknown word or one that is not the person's to use."""
    words = split(text) or ["help"]
    command = _BY_WORD.get(words[0].lower())
    if command is None:
        raise Refusal("I do not know the command “{word}”. “/keihi help” lists all commands.", word=words[0][:40])
    if not command.is_for(turn.member.roles):
        role = " / ".join(command.needs())
        raise NotAllowed("Only people with the role “{role}” can use this command.", role=role)
    command.run(turn, words[1:], gathered)


def gather(services: Services, incoming: Incoming) -> Gathered:
    """What the command in this act wants to know from the platforms. Failures leave a gap, never an error."""
    act = incoming.act
    text = act.text if isinstance(act, Commanded) else act.text if isinstance(act, Said) and not act.files else ""
    words = split(text)
    command = _BY_WORD.get(words[0].lower()) if words else None
    if command is None or command.gather is None or not (isinstance(act, Commanded) or is_command(text)):
        return {}
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        identity = people.identity_of(session, incoming.sender)
        if identity is None or not command.is_for(identity.member.roles):
            return {}
    try:
        return command.gather(services, incoming, words[1:])
    except PlatformError as error:
        log.info("a platform did not answer", command=command.name, error=str(error))
        return {}


def help_for(turn: Turn) -> Card:
    """Examples, and the commands that this person may use."""
    roles = set(turn.member.roles)
    mine = [c for c in COMMANDS if c.is_for(roles)]
    japanese = turn.view.locale != "en"
    listed = [
        (f"/keihi {turn.t(c.usage)}", turn.t(c.what) + (f"（{c.words[0]}）" if japanese and c.words else ""))
        for c in mine
    ]
    return cards.help_card(turn.view, listed, admin="admin" in roles)
