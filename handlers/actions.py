"""What a button means: a signed, opaque token that names an act, its subject and the version it was drawn for.

A token grants nothing: who taps, and what state the subject is in, is checked at the tap.
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.errors import Refusal
from handlers.keys import Keys

_SALT = "action"


@dataclass(frozen=True)
class Action:
    """``name`` is a key of the registry in ``handlers.conversation``; ``extra`` a short word (a field's name)."""

    name: str
    subject: str = ""
    version: int = 0
    extra: str = ""


def token(keys: Keys, name: str, subject: str = "", version: int = 0, extra: str = "") -> str:
    """At most about 140 characters, well under LINE's 300."""
    return keys.sign(_SALT, [name, subject, version, extra])


def read(keys: Keys, text: str) -> Action:
    """:class:`Refusal` for a token that we did not sign."""
    value = keys.unsign(_SALT, text)
    if not (isinstance(value, list) and len(value) == 4):
        raise Refusal("This button is not valid. Please use the newest message.")
    name, subject, version, extra = value
    return Action(str(name), str(subject), int(version), str(extra))
