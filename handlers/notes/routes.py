"""The rules of ways: routes and destinations (the grammar stands in ``grammar``)."""

from __future__ import annotations

from handlers.notes import words
from handlers.notes.cursor import Cursor, Phrase, act_of, split_act, words_known
from handlers.notes.lexer import Token, glued

VERBS_OF_PURPOSE = frozenset(words.SIGNS["verbs_of_purpose"])


class Routes(Cursor):
    """``route`` and ``destination``: each is true when it took tokens, else it leaves them where they were."""

    # route = place link … | place "から" … | "from" place "to" place | place "to" place
    def route(self) -> bool:
        start = self.at
        for rule in (self.linked, self.from_to):
            if rule():
                return True
            self.at = start
        return False

    def linked(self) -> bool:
        first = self.place(wide=True)
        if first is None or self.sort() not in ("arrow", "dash", "ride"):
            return False
        places, modes, both = [first], [], False
        while True:
            mode = ""
            here = self.at
            while self.sort() == "ride" and self.sort(1) in ("arrow", "dash"):
                mode = self.take().code
            link = self.tokens[self.at] if self.sort() in ("arrow", "dash") else None
            if link is None:
                self.at = here
                break
            self.at += 1
            while self.sort() == "ride" and (self.sort(1) in ("arrow", "dash") or self._link_follows()):
                mode = self.take().code
                self.skip("arrow", "dash")
            if link.sort == "dash" and not self._dash_links(link):
                self.at = here
                break
            following = self.place(wide=True)
            if following is None:
                self.at = here
                break
            both = both or link.code == "round"
            places.append(following)
            modes.append(mode)
        if len(places) < 2:
            return False
        return self._routed(places, modes, both)

    def _link_follows(self) -> bool:
        return False

    def _dash_links(self, link: Token) -> bool:
        """A dash joins places when both sides are Japanese words, known, or written large."""
        after = self.tokens[self.at] if self.at < len(self.tokens) else None
        before = next((t for t in reversed(self.tokens[: self.at]) if t.end <= link.start), None)
        if after is None or before is None or after.sort != "word":
            return False
        return all(not t.text.isascii() or t.text[0].isupper() for t in (before, after))

    def _routed(self, places: list[str], modes: list[str], both: bool) -> bool:
        via: list[str] = []
        if self.sort() == "via":  # 東京→郡山経由→会津若松, Tokyo to Sendai via Fukushima
            after_dash = self.sort(1) in ("arrow", "dash", "until", "particle", "toward")
            japanese = self.take().text == "経由"
            if japanese and after_dash and self.sort(1) == "word":
                self.at += 1
                last = self.place(wide=True)
                via.append(places.pop())
                places.append(last or via[-1])
            elif japanese:
                via.append(places.pop())
                modes = modes[: len(places) - 1]
                if len(places) < 2:
                    places.append(via.pop())
                    modes = [""]
            elif self.sort() == "word":
                via.append(self.place(wide=True) or "")
        last_place, act = split_act(places[-1], keep_whole=False)
        if act and last_place:
            places[-1] = last_place
        self.skip("until", "toward")
        self.add(Phrase("route", places=tuple(places), modes=tuple(modes), via=tuple(via)))
        if both:
            self.add(Phrase("round"))
        if act and last_place:
            self.add(Phrase("purpose", text=act))
        return True

    def from_to(self) -> bool:
        english = self.sort() == "from" and self.tokens[self.at].text.isascii() and self.skip("from")
        first = self.place(wide=True)
        if first is None:
            return False
        if english or self.sort() == "to":
            return self._english(first, english)
        if self.sort() != "from":
            return False
        self.at += 1
        self.skip("particle", "comma")
        modes = [self.take().code] if self.sort() == "ride" and self.sort(1) in ("particle", "word") else []
        if modes:
            self.skip("particle")
        via: list[str] = []
        here = self.at
        second = self.place(wide=True)
        while second is not None and self.sort() == "via":
            self.at += 1
            self.skip("particle", "toward", "comma")
            via.append(second)
            second = self.place(wide=True)
        if second is None or (act_of(second) and self.sort() not in ("until", "toward") and not via):
            self.at = here
            if (first and self.tokens[here - 1].sort == "ride") or self.sort() == "ride":
                return self.add(Phrase("route", places=(first, None), modes=tuple(modes) or ("",)))
            if second is None or not words_known(first):
                return False
            second = self.place(wide=True)
        return (
            self._routed([first, *([second] if second else [])], [*(modes or [""])], False)
            if not via
            else self._by(first, second, modes, via)
        )

    def _by(self, first: str, second: str | None, modes: list[str], via: list[str]) -> bool:
        self.skip("until", "toward")
        places = (first, second or via.pop())
        return self.add(Phrase("route", places=places, modes=tuple(modes) or ("",), via=tuple(via)))

    def _english(self, first: str, said_from: bool) -> bool:
        if self.sort() == "to" and self.sort(1) in ("word", "filler"):
            self.at += 1
            self.skip("filler")
            if self.sort() == "word" and self.tokens[self.at].text.lower() not in VERBS_OF_PURPOSE:
                second = self.place(wide=True)
                return self._routed([first, second or ""], [""], False)
            return False
        if said_from and self.sort() in ("money", "comma", "days", "newline", "figure", None):
            return self.add(Phrase("route", places=(first, None), modes=("",)))
        return False

    # destination = marker place | place … "出張" | place "往復" | place "まで" | "to" place
    def destination(self) -> bool:
        start = self.at
        if self.skip("destination") or (self.sort() == "to" and self.skip("to")):
            self.skip("filler")
            verb = self.sort() == "word" and self.tokens[self.at].text.lower() in VERBS_OF_PURPOSE
            place = None if verb else self.place(wide=True)
            if place is not None and not (act_of(place) and self.tokens[start].sort == "to"):
                self.skip("until", "toward")
                return self.add(Phrase("destination", places=(place,), strong=self.tokens[start].sort == "to"))
        elif (place := self.place(wide=True)) is not None and self._leads_there(place):
            stem, act = split_act(place, keep_whole=False)
            if act and not stem:
                self.at = start
                return False
            aim = self.sort() in ("trip", "day_trip", "days", "nights")
            return self.add(Phrase("destination", places=(place,), strong=not aim))
        self.at = start
        return False

    def _leads_there(self, place: str) -> bool:
        """Whether what follows makes the word a destination; eats the connector."""
        ahead = 0
        while self.sort(ahead) in ("day_trip", "round", "days", "particle", "nights") and ahead < 3:
            ahead += 1
        trip = self.sort(ahead) == "trip"
        if self.sort() == "round" and not act_of(place):
            return True
        if self.sort() in ("trip", "day_trip") or (trip and self.sort() != "particle"):
            return not act_of(place)
        if self.sort() == "until":
            self.at += 1
            return True
        if (
            self.sort() == "filler"
            and self.tokens[self.at].text == "行き"
            and glued(self.tokens[self.at - 1], self.tokens[self.at])
        ):
            self.at += 1
            self.skip("particle")
            return True
        if self.sort() == "toward" and self.sort(1) in ("trip", "ride", "days", "day_trip"):
            self.at += 1
            return True
        return False
