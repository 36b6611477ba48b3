"""What a person sees on a phone: the same shape for every platform, so that one dialogue can be held on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Seen:
    """One message as it stood when it was looked at.

    `text` is all visible text, line by line, without markup; `buttons` and `choices` are labels; `pictures` are what
    the client would load; `alerts` are names and groups that this message would ring. Tapping a `Seen` taps it as it
    was then, even if it has been replaced since: that is what a slow thumb does.
    """

    ref: str
    text: str
    buttons: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    private: bool = False
    edited: bool = False
    mine: bool = False
    raw: Any = field(default=None, repr=False, compare=False)

    def has(self, *words: str) -> bool:
        return all(word in self.text for word in words)


class Phone(Protocol):
    """A person's hands and eyes. An act returns when the platform has delivered it, not when the bot answered."""

    name: str

    def say(self, text: str) -> None: ...

    def send(self, files: Sequence[Attachment], text: str = "") -> None:
        """One post with these files (an album when the platform has albums), as that platform sends them."""
        ...

    def messages(self) -> list[Seen]:
        """What stands in the conversation with the bot now, oldest first."""
        ...

    def tap(self, message: Seen, label: str, value: str = "") -> None:
        """Tap a button or choice by its label; `value` is what a picker would return."""
        ...


@dataclass(frozen=True)
class Attachment:
    name: str
    data: bytes = field(repr=False)
    media_type: str = "image/jpeg"


def from_bot(messages: Sequence[Seen]) -> list[Seen]:
    return [m for m in messages if not m.mine]
