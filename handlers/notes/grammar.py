"""From tokens to phrases, by recursive descent; each rule is a method of the same name.

    note        = { separator | phrase }
    phrase      = days | route | destination | purpose | people | lodging | ride | thing | figure | sign | words
    route       = place link { [ride] link } place
                | ["from"] place "から" [ride] { place "経由" } [place] ["まで" | "へ" | "に"]
                | "from" place "to" place | place "to" place
    link        = "→" | "⇔" | "-" | "~" , each with rides in brackets around it
    destination = "行先:" place | place ("日帰り" | "往復" | days)* "出張" | place ("往復" | "まで")
                | place ("へ" | "に") "出張" | "to" place | "trip" "to" place
    lodging     = place "泊" | stay [name] | "宿泊先" name | nights | meals
    payer       = "法人カード" | "会社払い" | …                  the words of handlers.categories
    figure      = money ["×" n] | kilometres
    purpose     = "目的:" words | words "のため" | "for" words | words that end in an act (打合せ, visit)

A phrase says what stands there, not yet what belongs together: that is ``compose``.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from handlers.notes import words
from handlers.notes.cursor import Phrase, act_of, has_act
from handlers.notes.days import Days
from handlers.notes.lexer import SIGNS, Token, glued
from handlers.notes.routes import VERBS_OF_PURPOSE, Routes

_NIGHT = re.compile(r"(?P<place>.{2,12})泊$")
_POLITE = re.compile(r"^(?:お|ご)(?=[一-龠])")
_STOPS = frozenset(words.SIGNS["never_in_a_purpose"])


class Parser(Routes):
    """Makes the phrases of a note."""

    # note = { separator | phrase }
    def note(self) -> list[Phrase]:
        while self.at < len(self.tokens):
            before = self.at
            if not (self.route() or self.destination() or self.purpose() or self.people() or self.lodging()):
                self.simple()
            if self.at == before:  # never: every rule that succeeds goes on
                self.at += 1
        return self.made

    # purpose = marker words | words "のため" | "for" words | words ending in an act
    def purpose(self) -> bool:
        start = self.at
        if self.sort() == "purpose" and self.tokens[self.at].code != "behind":
            self.at += 1
            text = self.words()
            if text:
                return self.add(Phrase("purpose", text=text, strong=True))
        elif self.skip("for"):
            while self.skip("filler"):
                pass
            text = self.words()
            if text:
                return self.add(Phrase("purpose", text=text, strong=True))
        elif self.sort() == "to" and self.sort(1) == "word":
            self.at += 1
            if self.tokens[self.at].text.lower() in VERBS_OF_PURPOSE:
                text = self.words()
                if text:
                    return self.add(Phrase("purpose", text=text, strong=True))
        elif self.sort() in ("word", "name"):
            text = self.words()
            if self.sort() == "purpose" and self.tokens[self.at].code == "behind" and text:
                self.at += 1
                return self.add(Phrase("purpose", text=text, strong=True))
            if text and has_act(text):
                return self.add(Phrase("purpose", text=text))
        self.at = start
        return False

    def words(self) -> str:
        """Words with the particles between them, as they stand; until a comma, a figure or a word of the tables."""
        first: Token | None = None
        last: Token | None = None
        text = ""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.sort == "word" or (token.sort == "name" and first is not None):
                pass
            elif first is None or not self._joins(token):
                break
            gap = "" if last is None or glued(last, token) else " "
            if gap and last is not None and not (last.text.isascii() and token.text.isascii()):
                break
            text += gap + (token.text if token.sort != "name" else token.text + "さん")
            first, last = first or token, token
            self.at += 1
        return _POLITE.sub("", text.strip(" .")) if first else ""

    def _joins(self, token: Token) -> bool:
        """A particle or small word with words on both sides."""
        if token.sort not in ("particle", "with", "and", "filler", "at") or token.text in ("で", "は", "が", "も"):
            return False
        after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if after is None or after.sort not in ("word", "name") or token.text in _STOPS:
            return False
        return token.text.isascii() or (glued(self.tokens[self.at - 1], token) and glued(token, after))

    # people = n "名" { "と" [word] n "名" } | names | "with" names | "参加者:" word { "・" word }
    def people(self) -> bool:
        start = self.at
        if self.sort() == "people":
            return self.add(Phrase("people", value=self._heads()))
        if self.skip("attending"):
            return self._listed()
        if self.sort() == "name":
            names = [self.take().text]
            while self.sort() in ("particle", "comma", "name") and (
                self.sort() == "name" or (self.sort(1) == "name" and self.sort() in ("particle", "comma"))
            ):
                token = self.take()
                if token.sort == "name":
                    names.append(token.text)
            self.skip("particle")
            return self.add(Phrase("names", names=tuple(names)))
        if self.skip("with"):
            names = []
            self._titles()
            while self.sort() == "word" and self.tokens[self.at].text[0].isupper():
                name = [self.take().text]
                while self.sort() == "word" and self.tokens[self.at].text[0].isupper() and len(name) < 3:
                    if self.tokens[self.at].start - self.tokens[self.at - 1].end > 1:  # a bracket stands between
                        break
                    name.append(self.take().text)
                names.append(" ".join(name))
                if self.sort() not in ("and", "comma") or not self._name_follows():
                    break
                self.at += 1
                self._titles()
            if names:
                return self.add(Phrase("names", names=tuple(names)))
            self.place(wide=True)  # "with clients"
            return True
        self.at = start
        return False

    def _heads(self) -> Decimal:
        """3名とこちら2名: together five."""
        heads = self.take().value or Decimal(0)
        while self.sort() in ("and", "particle", "word"):
            if self.sort() != "and" and not self.tokens[self.at].text.startswith("と"):
                break
            ahead = 2 if self.sort(1) == "word" else 1  # 3名と2名, 3名と、こちら2名
            if self.sort(ahead) != "people":
                break
            self.at += ahead
            heads += self.take().value or 0
        return heads

    def _listed(self) -> bool:
        """Names behind a word that says so, with or without their titles."""
        names: list[str] = []
        while self.sort() in ("word", "name"):
            names.append(self.take().text)
            between = self.tokens[self.at].text if self.at < len(self.tokens) else ""
            if between not in ("・", "、", ",", "/", "と", "and", "&") or self.sort(1) not in ("word", "name"):
                break
            self.at += 1
        if names:
            self.add(Phrase("names", names=tuple(names)))
        return True

    def _titles(self) -> None:
        """Mr., Ms. and their points."""
        while self.skip("filler"):
            pass

    def _name_follows(self) -> bool:
        ahead = 1
        while self.sort(ahead) == "filler":
            ahead += 1
        return self.sort(ahead) == "word" and self.tokens[self.at + ahead].text[0].isupper()

    # lodging = place "泊" | stay [name] | "宿泊先" name | nights | meals
    def lodging(self) -> bool:
        sort, start = self.sort(), self.at
        if sort == "lodged":
            self.at += 1
            self.skip("particle")
            head = self.take().text if self.sort() == "stay" else ""
            name = self.place(wide=True)
            place = head + (" " if head.isascii() and head and name else "") + (name or "")
            return self.add(Phrase("stay", places=(place or None,)))
        if sort == "times" and self._each_night(self.tokens[self.at]):  # 1泊あたり 9,000円
            self.at += 1
            if self.sort() in ("money", "figure"):
                token = self.take()
                return self.add(Phrase("money", value=token.value, code=token.code, strong=True, each_night=True))
            return True
        if sort == "stay":
            head_token = self.take()
            head = head_token.text
            if self.sort() == "word" and self.tokens[self.at].text == "泊":
                self.at += 1
            if self.sort() == "word" and self._names_house(head_token):
                name = self.place(wide=True) or ""
                gap = " " if head.isascii() else ""
                return self.add(Phrase("stay", places=(f"{head}{gap}{name}",)))
            if head in ("素泊まり", "素泊り"):
                self.add(Phrase("meals", code=""))
            return self.add(Phrase("stay", text=head, places=(self._in_place(),)))
        if sort == "nights":
            token = self.take()
            several = any(p.kind == "nights" and (p.value or 0) > 1 for p in self.made)
            if token.value == 1 and several and self.sort() == "money":  # 2泊3日で…、ホテルは1泊8,900円
                price = self.take()
                return self.add(Phrase("money", value=price.value, code=price.code, strong=True, each_night=True))
            days = re.search(r"(\d{1,2})日", token.text)
            self.add(Phrase("nights", value=token.value, code=days[1] if days else "", strong=True))
            if self.sort() == "at" and self.sort(1) in ("word", "stay"):
                self.at += 1
                if self.sort() == "word":
                    return self.add(Phrase("stay", places=(self.place(wide=True),)))
            return True
        if sort == "meals":
            return self.add(Phrase("meals", code=self.take().code))
        if sort == "word":
            night = _NIGHT.fullmatch(self.tokens[self.at].text)
            if night:
                self.at += 1
                return self.add(Phrase("stay", places=(night["place"],), strong=True))
            if self.sort(1) == "stay" and glued(self.tokens[self.at], self.tokens[self.at + 1]):
                place = self.take().text + self.take().text
                return self.add(Phrase("stay", places=(place,)))
        self.at = start
        return False

    def _names_house(self, head: Token) -> bool:
        """ホテルみどり, 旅館 さくら, Hotel Sakura; not ホテル予約, not 宿泊 磐梯町打合せ."""
        name = self.tokens[self.at]
        if head.text.isascii():
            return name.text[0].isupper() and head.text.lower() in ("hotel", "inn", "ryokan", "guesthouse")
        house = head.text in ("ホテル", "旅館", "民宿", "ビジネスホテル", "ペンション", "ゲストハウス")
        return house and glued(head, name) and not act_of(name.text) and "予約" not in name.text

    def _in_place(self) -> str | None:
        if self.sort() == "at" and self.sort(1) == "word" and self.tokens[self.at + 1].text[0].isupper():
            self.at += 1
            return self.place(wide=True)
        return None

    def _and_day(self, days: Days | None) -> Days | None:
        """昨日と今日で: two days that follow each other are a range."""
        following = self.tokens[self.at + 1] if self.sort(1) == "days" else None
        joined = self.sort() == "and" or (self.sort() == "particle" and self.tokens[self.at].text == "と")
        if days is None or following is None or following.days is None or not joined or days.first is None:
            return days
        last = following.days.first
        if days.last is not None or last is None or not timedelta() < last - days.first <= timedelta(days=31):
            return days
        self.at += 2
        return Days(days.first, last)

    @staticmethod
    def _each_night(token: Token) -> bool:
        return token.sort == "times" and not re.match(r"[×*✕x]", token.text, re.IGNORECASE)

    # figures and signs, one token each
    def simple(self) -> None:
        token = self.take()
        if token.sort == "days":
            self.add(Phrase("days", text=token.text, days=self._and_day(token.days)))
        elif token.sort in ("money", "figure"):
            times, each_night = 1, token.text.startswith("@")
            while self.sort() == "particle":
                self.at += 1
            if self.sort() == "times":
                following = self.take()
                each_night = self._each_night(following)
                times = 1 if each_night else int(following.value or 1)
                if not each_night and "泊" in following.text:
                    self.add(Phrase("nights", value=following.value, strong=True))
            if self.sort() == "filler" and self.tokens[self.at].text.lower() == "each":  # 2 nights 9,800 yen each
                self.at += 1
                each_night = True
            strong = token.sort == "money"
            self.add(
                Phrase("money", token.text, (), (), (), token.value, times, token.code, None, (), strong, each_night)
            )
        elif token.sort == "payer":
            self.add(Phrase("payer", code=token.code))
            self.skip("particle")
        elif token.sort == "km":
            self.add(Phrase("km", value=token.value))
        elif token.sort == "ride":
            self.add(Phrase("ride", text=token.text, code=token.code))
        elif token.sort == "thing":
            self.add(Phrase("thing", text=token.text.removesuffix("代"), code=token.code))
        elif token.sort in SIGNS:
            self.add(Phrase(token.sort, text=token.text))
        elif token.sort == "word":
            self.at -= 1
            start = self.at
            text = self.words() or self.take().text
            named = tuple(t.text for t in self.tokens[start : self.at] if t.sort == "name")
            if named:
                self.add(Phrase("names", names=named))
            topic = self.sort() == "particle" and self.tokens[self.at].text in ("は", "が", "も")
            self.add(Phrase("words", text=text, strong=not topic))
