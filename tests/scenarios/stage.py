"""How each platform's phone is held: the few things that are done differently from place to place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.dialogues import EMPTY
from tests.fakes.line_phone import LinePhone
from tests.fakes.seen import Attachment, Seen
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.waiting import wait_until
from tests.fakes.web_phone import WebPhone

Translate = Callable[[str], str]
SECONDS = 60.0  # a limit for hanging, not a promise: the machine of a test may be a busy one


class Hands(Protocol):
    """One person's phone in a dialogue. Labels come in the person's language; `t` makes them so."""

    phone: Any
    place: str

    def command(self, text: str) -> None: ...

    def send(self, files: tuple[Attachment, ...], note: str, how: Mapping[str, Any]) -> None: ...

    def fill(self, values: Mapping[str, str], t: Translate) -> str:
        """Answer the open form and return the sentence with which it was refused; empty when it was taken."""
        ...


@dataclass
class SlackHands:
    phone: SlackPhone
    place: str = "slack"

    def command(self, text: str) -> None:
        self.phone.command(text)

    def send(self, files: tuple[Attachment, ...], note: str, how: Mapping[str, Any]) -> None:
        self.phone.send(files, note, **{k: v for k, v in how.items() if k in ("mode", "thread")})

    def fill(self, values: Mapping[str, str], t: Translate) -> str:
        modal = self.phone.modal
        wait_until(
            lambda: modal.screen and modal.screen.questions,
            SECONDS,
            what=lambda: f"the modal has no questions: {modal.screen.text if modal.screen else None}",
        )
        modal.submit({t(label): t(value) for label, value in values.items()})
        refused = " ".join(modal.errors.values())
        if refused:
            modal.close()
        else:
            assert modal.screen is None, "the modal stayed open"
        return refused


@dataclass
class WebHands:
    phone: WebPhone
    place: str = "web"

    def command(self, text: str) -> None:
        self.phone.say(f"/keihi {text}")

    def send(self, files: tuple[Attachment, ...], note: str, how: Mapping[str, Any]) -> None:
        self.phone.send(files, note)

    def fill(self, values: Mapping[str, str], t: Translate) -> str:
        self.phone.submit({t(label): t(value) for label, value in values.items()})
        return " ".join(self.phone.errors.values())


@dataclass
class LineHands:
    """There are no forms here: the bot asks which field, then its value, one tap of "Edit" for each field."""

    phone: LinePhone
    place: str = "line"
    known: tuple[str, ...] = ("shuffled", "bundled", "old_android", "state", "wait")

    def command(self, text: str) -> None:
        self.phone.say(f"経費 {text}")

    def send(self, files: tuple[Attachment, ...], note: str, how: Mapping[str, Any]) -> None:
        """There is no text beside a photo here: people see the bot at work and then type their note."""
        loading = self.phone.line.state.loading
        before = len(loading)
        self.phone.send(files, **{k: v for k, v in how.items() if k in self.known})
        if note:
            me = self.phone.user.id
            wait_until(lambda: any(chat == me for chat, _ in loading[before:]), SECONDS, what="no loading animation")
            self.phone.say(note)

    def fill(self, values: Mapping[str, str], t: Translate) -> str:
        for number, (label, value) in enumerate(values.items()):
            if number:
                self._open_again(t("Edit"))
            answer = self._correct(t(label), t(value or EMPTY), t("Please send: {field}").split("{")[0])
            stop = t("Stop")
            if stop in answer.choices:  # the question stays open: the answer was no good
                self.phone.tap(answer, stop)
                return answer.text
        return ""

    def _correct(self, label: str, value: str, please: str) -> Seen:
        """Choose the field, answer the question; the bot's answer to that."""
        menu = self._asked(label, please)
        before = len(self.phone.messages())
        if menu is None:
            question = self.phone.messages()[-1]
        elif next(a for a in menu.raw[1] if a["label"] == label)["type"] == "datetimepicker":
            self.phone.tap(menu, label, value)
            return self._newest("", before)
        else:
            self.phone.tap(menu, label)
            question = self._newest(label, before)
        before = len(self.phone.messages())
        self._answer(question, value)
        return self._newest("", before)

    def _asked(self, label: str, please: str) -> Seen | None:
        """The menu of fields; None when the form has one question, which is then asked at once."""

        def found() -> Seen | bool:
            newest = self.phone.messages()[-1]
            return newest if label in newest.choices or (please and please in newest.text) else False

        newest = wait_until(found, SECONDS, what=lambda: f"nothing asks for {label}: {self.phone.messages()[-1]}")
        assert isinstance(newest, Seen)
        return newest if label in newest.choices and please not in newest.text else None

    def _answer(self, question: Seen, value: str) -> None:
        picker = next((a for a in question.raw[1] if a["type"] == "datetimepicker"), None)
        if picker is not None:
            self.phone.act(picker, value)
        elif value in question.choices:
            self.phone.tap(question, value)
        else:
            self.phone.say(value)

    def _newest(self, word: str, after: int) -> Seen:
        def found() -> list[Seen]:
            return [m for m in self.phone.messages()[after:] if not m.mine and word in m.text]

        return wait_until(found, SECONDS, what=lambda: f"no answer; last: {self.phone.messages()[-1]}")[-1]

    def _open_again(self, label: str) -> None:
        card = wait_until(
            lambda: next((m for m in reversed(self.phone.messages()) if label in m.buttons), None), SECONDS
        )
        assert card is not None
        self.phone.tap(card, label)
