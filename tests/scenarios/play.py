"""Plays a dialogue: each step on the phone of the one who does or sees it, each sentence in their language."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.texts import catalogue
from handlers.texts import t as translate
from tests.fakes.seen import Attachment, Seen
from tests.fakes.waiting import wait_until
from tests.scenarios.script import Dialogue, Paper, Step, Word
from tests.scenarios.stage import SECONDS, Hands

SLIPS = itertools.count(1001)
ACTS = ("says", "sends", "taps", "fills", "does")
PLACEHOLDER = re.compile(r"\{\w+\}")


@dataclass
class Player:
    """Somebody on the stage. `locale` is the language their phone speaks."""

    name: str
    hands: Hands
    locale: str = "ja"
    email: str = ""
    known: frozenset[tuple[str, str]] = frozenset()

    @property
    def messages(self) -> list[Seen]:
        """What stood on the phone before this story began is not looked at, unless it has changed."""
        found: list[Seen] = self.hands.phone.messages()
        return [m for m in found if (m.ref, m.text) not in self.known]

    def begin(self) -> None:
        self.known = frozenset((m.ref, m.text) for m in self.hands.phone.messages())


@dataclass
class Play:
    """One performance; further dialogues go on where the last one ended.

    `seconds` is how long the bot may take for anything. Before another person acts, the bot has come to rest: people
    in a dialogue act one after the other, and where a card cannot change (LINE), no sight tells that it is stale.
    """

    cast: Mapping[str, Player]
    seconds: float = SECONDS
    kept: dict[str, Seen] = field(default_factory=dict)
    never: list[Step] = field(default_factory=list)
    made: dict[Paper, Attachment] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    idle: Callable[[], bool] = lambda: True
    begun: bool = False
    acted: str = ""

    def play(self, dialogue: Dialogue) -> None:
        if not self.begun:
            self.begun = True
            for player in self.cast.values():
                player.begin()
        for number, step in enumerate(dialogue.steps, 1):
            try:
                self._step(step)
            except (AssertionError, LookupError) as error:
                where = f"“{dialogue.title}”, step {number}: {step}"
                raise AssertionError(f"{where}\n{error}\n\n{self.screens()}") from error
        for step in self.never:
            self._never(step)

    def screens(self) -> str:
        """What stands on everybody's phone, for the report of a failure."""
        lines = []
        for role, player in self.cast.items():
            lines.append(f"--- {role} ({player.name}, {player.hands.place})")
            for seen in player.messages[-8:]:
                mark = ">" if seen.mine else ("*" if seen.edited else " ")
                text = seen.text.replace("\n", " / ")[:400]
                picture = " [picture]" if seen.pictures else ""
                lines.append(f"  {mark} {text}{picture}  {list(seen.buttons)} {list(seen.choices)}")
        return "\n".join(lines)

    # --- one step -----------------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> None:
        player = self.cast[step.who]
        verbs: dict[str, Callable[[Player, Step], None]] = {
            "says": self._says,
            "sends": self._sends,
            "sees": self._sees,
            "taps": self._taps,
            "fills": self._fills,
            "keeps": self._keeps,
            "notes": self._notes,
            "does": self._does,
            "reads": self._reads,
            "waits": self._waits,
        }
        if step.verb == "never_sees":
            self._never(step)
            self.never += [] if step.options.get("yet") else [step]
            return
        if step.verb in ACTS:
            if self.acted not in ("", step.who):
                self._waits(player, step)
            self.acted = step.who
        verbs[step.verb](player, step)

    def _says(self, player: Player, step: Step) -> None:
        text = self._named(str(step.what))
        if step.options.get("command"):
            player.hands.command(text)
        else:
            player.hands.phone.say(text)

    def _sends(self, player: Player, step: Step) -> None:
        for paper in step.what:
            if paper not in self.made:
                self.made[paper] = paper.made(next(SLIPS))
        files = tuple(self.made[paper] for paper in step.what)
        player.hands.send(files, step.options["note"], step.options["how"])

    def _sees(self, player: Player, step: Step) -> None:
        times = step.options["times"]

        def found() -> bool:
            messages = [m for m in player.messages if not m.mine and self._shows(player, m, step)]
            return len(messages) == times if times else bool(messages)

        wait_until(found, self.seconds, what=lambda: f"{player.name} does not see it")

    def _shows(self, player: Player, message: Seen, step: Step) -> bool:
        options = step.options
        return (
            self._all(player, message, step.what)
            and all(self._button(player, message, b) for b in options["buttons"])
            and not any(self._pattern(player, w).search(message.text) for w in options["without"])
            and (bool(message.pictures) or not options["picture"])
        )

    def _all(self, player: Player, message: Seen, words: Sequence[Word]) -> bool:
        return all(self._says_one_of(player, message, word) for word in words)

    def _says_one_of(self, player: Player, message: Seen, word: Word) -> bool:
        ways = word if isinstance(word, tuple) else (word,)
        return any(self._pattern(player, way).search(message.text) for way in ways)

    def _never(self, step: Step) -> None:
        player = self.cast[step.who]
        wrong = [m for m in player.messages if not m.mine and self._all(player, m, step.what)]
        assert not wrong, f"{player.name} sees what must not be seen: {wrong[0].text}"

    def _taps(self, player: Player, step: Step) -> None:
        label, options = str(step.what), step.options
        if options["kept"]:
            message: Seen | None = self.kept[options["kept"]]
        else:

            def newest() -> Seen | None:
                found = (m for m in reversed(player.messages) if not m.mine and self._button(player, m, label))
                return next((m for m in found if self._all(player, m, options["on"])), None)

            message = wait_until(newest, self.seconds, what=f"{player.name} has no button {label}")
        assert message is not None
        player.hands.phone.tap(message, self._button(player, message, label), options["value"])

    def _fills(self, player: Player, step: Step) -> None:
        refused = player.hands.fill(step.what, lambda text: self._label(player, text))
        wanted = step.options["refused"]
        if wanted:
            assert self._pattern(player, wanted).search(refused), f"refused with {refused!r}"
        else:
            assert not refused, f"the form was refused: {refused}"

    def _keeps(self, player: Player, step: Step) -> None:
        def found() -> Seen | None:
            return next((m for m in reversed(player.messages) if not m.mine and self._all(player, m, step.what)), None)

        message = wait_until(found, self.seconds, what=f"{player.name} has nothing to keep")
        assert message is not None
        self.kept[step.options["name"]] = message

    def _notes(self, player: Player, step: Step) -> None:
        pattern = re.compile(str(step.what))

        def found() -> re.Match[str] | None:
            texts = (m.text for m in reversed(player.messages) if not m.mine)
            return next((match for match in map(pattern.search, texts) if match), None)

        match = wait_until(found, self.seconds, what=f"{player.name} has nothing to note")
        assert match is not None
        self.noted[step.options["name"]] = match[0]

    def _reads(self, player: Player, step: Step) -> None:
        player.locale = str(step.what)

    def _waits(self, player: Player, step: Step) -> None:
        wait_until(self.idle, self.seconds, what="the bot does not come to rest")

    def _does(self, player: Player, step: Step) -> None:
        getattr(player.hands.phone, str(step.what))(*step.options["arguments"])

    # --- words --------------------------------------------------------------------------------------------------------

    def _named(self, text: str) -> str:
        for role, player in self.cast.items():
            text = text.replace("{" + role + "}", player.name).replace("{" + role + ".email}", player.email)
        for name, value in self.noted.items():
            text = text.replace("{" + name + "}", value)
        return text

    def _label(self, player: Player, text: str) -> str:
        return translate(player.locale, self._named(text)) if text else text

    def _button(self, player: Player, message: Seen, label: str) -> str:
        """The button or choice as it is labelled on this message; empty when it has none of the kind."""
        pattern = self._pattern(player, label)
        return next((found for found in message.buttons + message.choices if pattern.fullmatch(found)), "")

    def _pattern(self, player: Player, word: str) -> re.Pattern[str]:
        """A catalogue sentence in the player's language with anything in its braces; other text as it is."""
        text = self._named(catalogue(player.locale).get(word, word))
        return re.compile(r"[\s\S]+?".join(re.escape(part) for part in PLACEHOLDER.split(text)))
