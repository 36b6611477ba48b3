"""What the rules of the grammar share: the phrases they make, the place in the tokens, and names of places."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from handlers.notes import words
from handlers.notes.days import Days
from handlers.notes.signs import Sign, Sort, Token, glued

Kind = Literal[
    Sign,
    "days",
    "route",
    "destination",
    "ride",
    "thing",
    "title",
    "stay",
    "nights",
    "meals",
    "money",
    "cases",
    "km",
    "people",
    "payer",
    "names",
    "purpose",
    "words",
]


@dataclass(frozen=True)
class Phrase:
    """``places`` are the stops of a route (None: not said), ``modes`` the ride between each two.

    ``strong`` marks a purpose that was named as one, an amount with its currency, nights that were counted,
    a ride that is named together with the one before it. A purpose with code ``reason`` is one for want of a better.
    ``each_night``: the figure is for one night. ``series``: so many amounts stand side by side (980円と1,260円), of
    which all but the first are ``further``, and ``apart`` where a comma stands before them.
    """

    kind: Kind
    text: str = ""
    places: tuple[str | None, ...] = ()
    modes: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    value: Decimal | None = None
    times: int = 1
    code: str = ""
    days: Days | None = None
    names: tuple[str, ...] = ()
    strong: bool = False
    each_night: bool = False
    series: int = 1
    further: bool = False
    apart: bool = False


class Cursor(ABC):
    """Reads one list of tokens once, from the left."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.made: list[Phrase] = []

    def sort(self, ahead: int = 0) -> Sort | None:
        at = self.at + ahead
        return self.tokens[at].sort if 0 <= at < len(self.tokens) else None

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def add(self, phrase: Phrase) -> bool:
        self.made.append(phrase)
        return True

    def skip(self, *sorts: Sort) -> bool:
        if self.sort() in sorts:
            self.at += 1
            return True
        return False

    @abstractmethod
    def simple(self) -> None:
        """One token that is a phrase by itself; the grammar says which."""

    def place(self, *, wide: bool = False) -> str | None:
        """A place name at the head: a word, words joined by の, or English words (``wide``: until something else)."""
        if self.sort() != "word":
            return None
        first = self.take()
        text, last = first.text, first
        if text.lower() in words.FRONTS_EN and self.sort() == "dash" and self.sort(1) == "word":  # Shin-Osaka
            last = self.tokens[self.at + 1]
            text = f"{text}-{last.text}"
            self.at += 2
        while self.sort() == "word" or (self.sort() == "particle" and self.tokens[self.at].text == "の"):
            token = self.tokens[self.at]
            if token.sort == "particle":
                after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
                if not (glued(last, token) and after and after.sort == "word" and glued(token, after)):
                    break
                if act_of(after.text):
                    break
                text, last = text + "の" + after.text, after
                self.at += 2
            elif wide and token.text.isascii() and last.text.isascii() and token.start - last.end <= 1:
                text, last = f"{text} {token.text}", token
                self.at += 1
            else:
                break
        return text

    def house(self, parts: int) -> str:
        """So many words of a house's name, and those written large behind them: Dormy Inn Hakata."""
        names = [self.take().text for _ in range(parts)]
        while self.sort() == "word" and self.tokens[self.at].text.isascii() and self.tokens[self.at].text[0].isupper():
            if self.tokens[self.at].start - self.tokens[self.at - 1].end > 1:
                break
            names.append(self.take().text)
        return " ".join(names)


def act_of(text: str) -> str:
    """The act that a Japanese word ends in, the longest."""
    return max((act for act in words.ACTS if text.endswith(act)), key=len, default="")


def has_act(text: str) -> bool:
    """Whether it says what one went to do."""
    plain = text.lower()
    japanese = any(act in text for act in words.ACTS)
    return japanese or any(word.strip(".,'") in words.ACTS_EN for word in plain.split())


def is_reason(text: str) -> bool:
    """Whether it says why one rode otherwise than usual (雨, 電車遅延, heavy rain), not what one went to do."""
    return text.endswith(words.REASONS) or text.lower().split()[-1:] in [[word] for word in words.REASONS_EN]


def split_act(text: str, *, keep_whole: bool) -> tuple[str, str]:
    """``福島打合せ`` → (``福島``, ``打合せ``); no act: (text, empty)."""
    act = act_of(text)
    return (text if keep_whole or not act else text[: len(text) - len(act)], act)


def words_known(text: str) -> bool:
    """Whether it is a place that the tables know."""
    return text in words.KNOWN_PLACES or text.lower() in words.KNOWN_PLACES_EN or text.endswith(words.PLACE_ENDS)
