"""Every error of the handlers, and how each ends.

::

    KeihiError                      something went as it must not
    ├── Refusal                     a person hears why, nothing changed
    │   └── NotAllowed              … because it is not theirs to do
    ├── PlatformError               a chat platform did not do what it was asked
    │   ├── PlatformBusy            … now; try again later (429, 5xx, no answer)
    │   └── PlatformRefused         … ever; the message becomes a dead letter
    ├── FileError                   a sent file cannot be had
    │   ├── FileTooLarge
    │   └── FileGone
    └── SheetWrong                  an imported table cannot be taken as it is

A :class:`Refusal` carries the sentence (an English msgid and its values); whoever catches it translates it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class KeihiError(Exception):
    """Root of all errors raised by handlers and platforms."""


class Refusal(KeihiError):
    """An expected "no". ``text`` is a msgid of the catalogue, ``values`` fill its braces."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values))
        self.text = text
        self.values = values


class Choices:
    """What may be chosen instead, inside a refusal: a name for each locale. As a plain string it is English."""

    def __init__(self, names: Iterable[Mapping[str, str]]) -> None:
        self.names = tuple(names)

    def in_words(self, locale: str) -> str:
        return ("、" if locale == "ja" else ", ").join(name[locale] for name in self.names)

    def __str__(self) -> str:
        return self.in_words("en")


class NotAllowed(Refusal):
    """The act belongs to somebody else."""


class PlatformError(KeihiError):
    """A chat platform failed us."""


class PlatformBusy(PlatformError):
    """Try again; not before ``retry_after`` seconds when the platform named a time.

    ``unsent``: the platform surely did nothing (it said "too many"), so the waiting message may still change or go.
    ``held``: it takes no more of what costs this month; an answer would still go.
    """

    def __init__(
        self, what: str, retry_after: float | None = None, *, unsent: bool = False, held: bool = False
    ) -> None:
        super().__init__(what)
        self.retry_after = retry_after
        self.unsent = unsent
        self.held = held


class PlatformRefused(PlatformError):
    """Trying again is useless. ``code`` is the platform's own word (``channel_not_found``, ``400``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FileError(KeihiError):
    """A file that a person sent cannot be had."""


class FileTooLarge(FileError):
    """The file is larger than the limit in the settings."""


class FileGone(FileError):
    """The file was unsent, deleted or is not shared with us."""


class SheetWrong(KeihiError):
    """A table (CSV) that an administrator imports cannot be taken; nothing of it was.

    ``lines`` say where and why, in English: they are printed on the server's terminal.
    """

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
