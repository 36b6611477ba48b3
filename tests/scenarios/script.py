"""The language of dialogues: somebody does or sees something.

    worker.sends(receipt("喫茶ひかり", 1040)),
    worker.sees("Draft", "喫茶ひかり", "¥1,040"),
    worker.taps("Submit"),
    supervisor.taps("Approve"),
    worker.sees("Approved by {who} ({when})", supervisor.name),

A word is a sentence of the catalogue (looked for in the person's language, its braces standing for anything) or text as
it is; a tuple of words is any one of them. `{worker}`, `{supervisor}`, … stand for people's names, `{worker.email}` for
their addresses, and `{code}` for what was noted under that name.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.demo.receipts.numbers import FICTIONAL_BODY, check_digit
from tests.fakes.plain_engine import Format, paper
from tests.fakes.seen import Attachment
from tests.scenarios.days import DAY, printed

Verb = Literal["says", "sends", "sees", "never_sees", "taps", "fills", "keeps", "notes", "does", "reads", "waits"]
Place = Literal["slack", "line", "web"]
Word = str | tuple[str, ...]


@dataclass(frozen=True)
class Step:
    who: str
    verb: Verb
    what: Any
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = [f.lines[:1] or f.name for f in self.what] if self.verb == "sends" else self.what
        return f"{self.who} {self.verb} {shown!r}"


@dataclass(frozen=True)
class Actor:
    """Somebody in the story. Roles: worker, supervisor, administrator, colleague, newcomer."""

    role: str

    @property
    def name(self) -> str:
        """The person's name, wherever it is looked for."""
        return "{" + self.role + "}"

    def says(self, text: str) -> Step:
        return Step(self.role, "says", text)

    def commands(self, text: str) -> Step:
        """`/keihi …` where there are slash commands, `経費 …` as a message elsewhere."""
        return Step(self.role, "says", text, {"command": True})

    def sends(self, *files: Paper, note: str = "", **how: Any) -> Step:
        """`how` goes to the platform's phone where it knows the word (LINE: shuffled, bundled, old_android, …)."""
        return Step(self.role, "sends", files, {"note": note, "how": how})

    def sees(
        self,
        *words: Word,
        buttons: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
        picture: bool = False,
        times: int = 0,
    ) -> Step:
        """A message with all these words and buttons and none of the words in `without`; exactly `times` if given."""
        options = {"buttons": buttons, "without": without, "picture": picture, "times": times}
        return Step(self.role, "sees", words, options)

    def never_sees(self, *words: Word) -> Step:
        """No message has all these words, now and at the end of the story."""
        return Step(self.role, "never_sees", words)

    def sees_nothing_yet(self, *words: Word) -> Step:
        """No message has all these words at this moment."""
        return Step(self.role, "never_sees", words, {"yet": True})

    def taps(self, label: str, *, on: tuple[Word, ...] = (), kept: str = "", value: str = "") -> Step:
        """The newest button of this label (on a message with these words; on the message kept under this name)."""
        return Step(self.role, "taps", label, {"on": on, "kept": kept, "value": value})

    def fills(self, values: Mapping[str, str], *, refused: str = "") -> Step:
        """Answer the form that the last tap opened: a modal, a sheet, or question by question.

        With `refused`, the form is not taken and says so; it is then left.
        """
        return Step(self.role, "fills", dict(values), {"refused": refused})

    def keeps(self, name: str, *words: Word) -> Step:
        """Remember the message with these words as it looks now, for a tap that comes too late."""
        return Step(self.role, "keeps", words, {"name": name})

    def notes(self, name: str, pattern: str) -> Step:
        """Write down what this pattern finds on the newest message that has it; later `{name}` stands for it."""
        return Step(self.role, "notes", pattern, {"name": name})

    def reads(self, locale: str) -> Step:
        """From now on the person's phone is expected to speak this language."""
        return Step(self.role, "reads", locale)

    def waits(self) -> Step:
        """Until the bot has nothing more to do."""
        return Step(self.role, "waits", "")

    def does(self, act: str, *arguments: Any) -> Step:
        """Something only some platforms have, by the name of the phone's method (unsend, block, follow, …)."""
        return Step(self.role, "does", act, {"arguments": arguments})


worker = Actor("worker")
supervisor = Actor("supervisor")
administrator = Actor("administrator")
colleague = Actor("colleague")
newcomer = Actor("newcomer")


@dataclass(frozen=True)
class Dialogue:
    """`on` names the casts it is played with: everybody on one platform, or applicant and supervisor apart."""

    title: str
    steps: tuple[Step, ...]
    on: tuple[str, ...] = ("slack", "line", "web")


def dialogue(title: str, *steps: Step, on: tuple[str, ...] = ("slack", "line", "web")) -> Dialogue:
    return Dialogue(title, steps, on)


CASTS: dict[str, dict[str, Place]] = {
    "slack": {"": "slack"},
    "line": {"": "line"},
    "web": {"": "web"},
    "line to slack": {"": "slack", "worker": "line", "colleague": "line"},
    "slack to line": {"": "line", "worker": "slack", "colleague": "slack"},
}
EVERYWHERE = tuple(CASTS)
CHATS = ("slack", "line")


@dataclass(frozen=True, eq=False)
class Paper:
    """A file that is made anew for every performance; the same object twice in a story is the same file twice.

    `lines` stand on a receipt picture, after them a slip number of its own; `make` makes something else of the number.
    """

    lines: tuple[str, ...] = ()
    form: Format = "PNG"
    name: str = ""
    media_type: str = ""
    make: Callable[[int], bytes] | None = None
    save: Mapping[str, Any] = field(default_factory=dict)

    def made(self, number: int) -> Attachment:
        end = {"HEIF": "heic", "JPEG": "jpg"}.get(self.form, self.form.lower())
        kind = {"PDF": "application/pdf", "HEIF": "image/heic"}.get(self.form, f"image/{self.form.lower()}")
        slip = 100_003 + number * 78_787 % 900_000  # of two papers in a row hardly a digit is the same
        drawn = (*self.lines, f"伝票番号 {slip}")
        data = self.make(number) if self.make else paper(*drawn, form=self.form, **self.save)
        return Attachment(self.name or f"receipt-{number}.{end}", data, self.media_type or kind)


def number_of(payee: str) -> str:
    """A valid registration number that only this shop has: what is learned of one shop says nothing of another."""
    body = f"{FICTIONAL_BODY}{zlib.crc32(payee.encode()) % 10**8:08}"
    return f"T{check_digit(body)}{body}"


def receipt(
    payee: str = "喫茶ひかり",
    total: int | None = 1040,
    *,
    day: str = printed(DAY),
    lines: tuple[str, ...] = (),
    registration: str | None = None,
    form: Format = "PNG",
    **save: Any,
) -> Paper:
    """A receipt of so many yen, 10 % tax in it; each shop has its own registration number unless one is given."""
    text = [payee, "東京都架空区ひかり町1-2-3", *([day] if day else []), *lines]
    if total is not None:
        text += [f"合計 ¥{total:,}", f"(内消費税等10% ¥{total * 10 // 110:,})", "現金払い"]
    number = number_of(payee) if registration is None else registration
    if number:
        text.append(f"登録番号 {number}")
    return Paper(tuple(text), form, save=save)
