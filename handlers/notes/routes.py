"""The rules of ways: routes and destinations (the grammar stands in ``grammar``)."""

from __future__ import annotations

import re

from handlers.notes import words
from handlers.notes.cursor import Cursor, Phrase, act_of, split_act, words_known
from handlers.notes.signs import Token, glued

_LEAVES = re.compile(r"(?<=[一-龠々ァ-ヶー]{2})[発着]$")
_FROM_TO = re.compile(r"(?P<from>[一-龠々ァ-ヶー]{2,8})発(?P<to>[一-龠々ァ-ヶー]{2,8}?)着?")
_THEREABOUTS = re.compile(r"の(?:ほう|方)$")
_WENT = re.compile(r"行(?:き|っ|く)|向か")
VERBS_OF_PURPOSE = frozenset(words.SIGNS["verbs_of_purpose"])


class Routes(Cursor):
    """``route`` and ``destination``: each is true when it took tokens, else it leaves them where they were."""

    # route = place link … | place "発" place ("行き" | "着") | place "から" …
    #       | "from" place "to" place | place "to" place
    def route(self) -> bool:
        start = self.at
        for rule in (self.departing, self.linked, self.from_to):
            if rule():
                return True
            self.at = start
        return False

    def departing(self) -> bool:
        """羽田発熊本行き, 東京発福島着: one word that names both ends."""
        token = self.tokens[self.at]
        ends = _FROM_TO.fullmatch(token.text) if token.sort == "word" else None
        if ends is None:
            return False
        self.at += 1
        bound = self.sort() == "filler" and self.tokens[self.at].text == "行き"
        if not (bound or token.text.endswith("着") or words_known(ends["to"])):
            return False
        self.at += 1 if bound else 0
        self.skip("particle")
        return self._routed([ends["from"], ends["to"]], [""], False)

    def linked(self) -> bool:
        onward = self.sort() == "arrow" and any(made.kind == "route" for made in self.made)
        first = "そこ" if onward else self.stop()  # 東京→福島 8,950円→会津若松 1,170円
        if first is None or self.sort() not in ("arrow", "dash", "ride"):
            return False
        places, modes, ahead, both = [first], [], [], False
        while True:
            here = self.at
            before = self._rides_before_a_link()
            link = self.tokens[self.at] if self.sort() in ("arrow", "dash") else None
            if link is None:
                self.at = here
                break
            self.at += 1
            mode = self._rides_before_a_link() or before
            self.skip("arrow", "dash")
            if link.sort == "dash" and not self._dash_links(link):
                self.at = here
                break
            following = self.stop()
            if following is None or (link.sort == "dash" and self._is_compound(link, places[-1], following)):
                self.at = here
                break
            both = both or link.code == "round"
            places.append(following)
            modes.append(mode)
            ahead.append(before)
        if len(places) < 2:
            return False
        if len(modes) > 1 and not modes[0] and all(ahead[1:]) and self.sort() == "ride":
            modes = [*modes[1:], self.take().code]  # 猪苗代~郡山(磐越西線)~東京(新幹線): behind where one arrives
        return self._routed(places, modes, both)

    def _rides_before_a_link(self) -> str:
        mode = ""
        while self.sort() == "ride" and self.sort(1) in ("arrow", "dash"):
            mode = self.take().code
        return mode

    def stop(self, *, linked: bool = False) -> str | None:
        """A place of a route: also ホテル beside an arrow, and 羽田 of 羽田発."""
        beside = linked or self.sort(1) in ("arrow", "dash") or self.sort(-1) in ("arrow", "dash")
        if self.sort() == "stay" and beside:
            large = self.tokens[self.at].text.isascii() and self.tokens[self.at].text[0].isupper()
            return self.house(1) if large else self.take().text
        place = self.place(wide=True)
        return _LEAVES.sub("", place) if place is not None else None

    def _is_compound(self, link: Token, before: str, after: str) -> bool:
        """Data-Intensive Applications: a hyphen within a word, not a way."""
        sides = {token.end for token in self.tokens}, {token.start for token in self.tokens}
        joined = link.start in sides[0] and link.end in sides[1]
        several = " " in before or " " in after
        return joined and several and not (words_known(before) or words_known(after))

    def _dash_links(self, link: Token) -> bool:
        """A dash joins places when both sides are Japanese words, known, or written large."""
        after = self.tokens[self.at] if self.at < len(self.tokens) else None
        before = next((t for t in reversed(self.tokens[: self.at]) if t.end <= link.start), None)
        if after is None or before is None or after.sort not in ("word", "stay"):
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
        if modes and self.sort() in ("arrow", "dash"):  # 駅から徒歩 東京→福島
            second = None
        if second is None or (act_of(second) and self.sort() not in ("until", "toward") and not via):
            self.at = here
            fare = self.sort() in ("round", "one_way", "money") and words_known(first)  # 羽田から往復33,000円
            if modes or fare or self.sort() == "ride":
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
        if self.sort() == "to" and self.sort(1) in ("word", "filler", "stay"):
            self.at += 1
            self.skip("filler")
            if self.sort() in ("word", "stay") and self.tokens[self.at].text.lower() not in VERBS_OF_PURPOSE:
                second = self.stop(linked=True)
                return self._routed([first, second or ""], [""], False)
            return False
        if said_from and self.sort() in ("money", "comma", "days", "newline", "figure", None):
            return self.add(Phrase("route", places=(first, None), modes=("",)))
        return False

    # destination = marker place | place … "出張" | place "往復" | place "まで" | "to" place
    def destination(self) -> bool:
        start, how = self.at, False
        if self.skip("destination") or (self.sort() == "to" and self.skip("to")):
            self.skip("filler")
            verb = self.sort() == "word" and self.tokens[self.at].text.lower() in VERBS_OF_PURPOSE
            place = None if verb else self.place(wide=True)
            if place is not None and not (act_of(place) and self.tokens[start].sort == "to"):
                self.skip("until", "toward")
                aim = self.tokens[start].sort != "to" or (bool(self.made) and self.made[-1].kind == "trip")
                return self.add(Phrase("destination", places=(place,), strong=not aim))
        elif (place := self.place(wide=True)) is not None and (
            self._leads_there(place) or (how := self._said_how(start))
        ):
            stem, act = split_act(place, keep_whole=False)
            if act and not stem:
                self.at = start
                return False
            place = _THEREABOUTS.sub("", place)
            said = self.tokens[self.at - 1].sort == "toward" and self.sort() in ("comma", "newline")
            aim = said or how or self.sort() in ("trip", "day_trip", "days", "nights")
            return self.add(Phrase("destination", places=(place,), strong=not aim))
        self.at = start
        return False

    def _said_how(self, start: int) -> bool:
        """日帰りで米沢。"""
        by = start > 1 and self.tokens[start - 1].text == "で" and self.tokens[start - 2].sort
        days = self.tokens[start - 2].days if by == "days" else None
        stays = days is not None and days.last is not None and any(t.sort in ("ride", "stay") for t in self.tokens)
        by_trip = by in ("trip", "day_trip", "nights") or stays  # 金~土で鳥取、
        return by_trip and self.sort() in ("comma", "newline", None)

    def _leads_there(self, place: str) -> bool:
        """Whether what follows makes the word a destination; eats the connector."""
        ahead = 0
        while self.sort(ahead) in ("day_trip", "round", "days", "particle", "nights") and ahead < 3:
            ahead += 1
        trip = self.sort(ahead) == "trip"
        if self.sort() == "round" and not act_of(place):  # behind a way it is rather what one rode: トッピー 往復
            return words_known(place) or not (self.made and self.made[-1].kind == "route")
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
        paid = any(token.sort in ("ride", "money", "km") for token in self.tokens)
        if self.sort() == "toward" and self.sort(1) in ("comma", "newline") and words_known(place) and paid:
            self.at += 1  # 名古屋へ。のぞみ 11,300円
            return True
        went = self.sort() == "toward" and self.sort(1) == "filler" and _WENT.match(self.tokens[self.at + 1].text)
        if went and paid:
            self.at += 2  # 郡山に行きまして、電車で860円
            return True
        if self.sort() == "toward" and self.sort(1) in ("trip", "ride", "days", "day_trip", "round", "one_way", "km"):
            self.at += 1
            return True
        return False
