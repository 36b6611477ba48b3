"""The rules of amounts: one, how many times, and several of the same (the grammar stands in ``grammar``)."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.notes import words
from handlers.notes.cursor import Cursor, Phrase
from handlers.notes.signs import Token, glued
from handlers.notes.stays import for_each_night

JOINERS = ("+", "と", "&", "and")
_ENDS = (
    None,
    "newline",
    "comma",
    "days",
    "total",
    "people",
    "payer",
    "filler",
    "purpose",
)  # an amount's own clause ends
_CASES = re.compile(r"(?P<what>.*?)(?P<n>\d{1,2})件")


class Amounts(Cursor):
    """What begins with an amount, and how many things were paid."""

    # figures = figure { ("と" | "+" | "、") figure }
    def figures(self, first: Token) -> None:
        """980円と1,260円, 500円、800円、300円: of the same thing, or of as many as were named."""
        made = [self._figure(first)]
        while self._another():
            comma = self.take().sort == "comma"
            made.append(replace(self._figure(self.take()), further=True, apart=comma))
        self.add(replace(made[0], series=len(made)))
        for phrase in made[1:]:
            if phrase.apart:
                self.add(Phrase("comma", text="、"))
            self.add(phrase)

    def _another(self) -> bool:
        """Whether an amount follows that nothing but a joining word parts from this one."""
        if self.sort(1) != "money" or self.tokens[self.at - 1].text.startswith("@"):
            return False
        joiner = self.tokens[self.at]
        if joiner.sort == "comma":  # not 980円、1,260円 バス: there the bus follows its price
            return joiner.text in "、," and self.sort(2) in _ENDS
        return joiner.sort in ("filler", "particle", "and") and joiner.text.lower() in JOINERS

    # figure = money ["×" n]
    def _figure(self, token: Token) -> Phrase:
        times, each_night = 1, token.text.startswith("@")
        while self.sort() == "particle" and not self._another():
            self.at += 1
        if self.sort() == "times":
            following = self.take()
            each_night = for_each_night(following)
            times = 1 if each_night else int(following.value or 1)
            if not each_night and "泊" in following.text:
                self.add(Phrase("nights", value=following.value, strong=True))
            elif not each_night and following.text.rstrip("分").endswith(("名", "人")):  # 会費5,000円×4名
                self.add(Phrase("people", value=following.value))
        if self.sort() == "filler" and self.tokens[self.at].text.lower() == "each":  # 2 nights 9,800 yen each
            self.at += 1
            each_night = True
        return Phrase(
            "money",
            text=token.text,
            value=token.value,
            times=times,
            code=token.code,
            strong=token.sort == "money",
            each_night=each_night,
        )

    # cases = [word] n "件"
    def cases(self) -> bool:
        """2件。980円と1,260円, 領収書2件: so many things were paid, whatever they are."""
        found = _CASES.fullmatch(self.tokens[self.at].text) if self.sort() == "word" else None
        if found is None or (found["what"] and not found["what"].endswith(words.NEVER_BOUGHT)):
            return False
        self.at += 1
        if self.sort() == "filler" and glued(self.tokens[self.at - 1], self.tokens[self.at]):  # 2件です
            self.at += 1
        return self.add(Phrase("cases", text=found[0], times=int(found["n"])))
