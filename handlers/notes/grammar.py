"""From tokens to phrases, by recursive descent; each rule is a method of the same name.

    note        = { separator | phrase }
    phrase      = days | fee | route | destination | purpose | people | lodging | ride | thing | figure | sign | words
    route       = place "発" place ("行き" | "着") | place link { [ride] link } place
                | ["from"] place "から" [ride] { place "経由" } [place] ["まで" | "へ" | "に"]
                | "from" place "to" place | place "to" place
    link        = "→" | "⇔" | "-" | "~" , each with rides in brackets around it
    destination = "行先:" place | place ("日帰り" | "往復" | days)* "出張" | place ("往復" | "まで")
                | place ("へ" | "に") "出張" | ("to" | "for") place | "trip" "to" place
    lodging     = place "泊" | stay [name] | "宿泊先" name | nights | meals
                | stay ":" { name | nights | meals | figure }
    payer       = "法人カード" | "会社払い" | …                  the words of handlers.categories
    title       = "「" … "」"                                   before a price, or on a line with a book
    figure      = money ["×" n] { ("と" | "+" | "、") money ["×" n] } | kilometres
    cases       = [word] n "件"                                 2件。980円と1,260円
    fee         = word ending in 代, 料 or 費
    purpose     = "目的:" words | words "のため" | ("because of" | "for") words
                | words that end in an act (打合せ, visit)

A phrase says what stands there, not yet what belongs together: that is ``compose``.
"""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.notes import words
from handlers.notes.amounts import JOINERS, Amounts
from handlers.notes.cursor import Phrase, act_of, has_act, is_reason, words_known
from handlers.notes.days import Days
from handlers.notes.people import People
from handlers.notes.routes import VERBS_OF_PURPOSE, Routes
from handlers.notes.signs import SIGNS, Token, glued
from handlers.notes.stays import Stays

_POLITE = re.compile(r"^(?:お(?!客)|ご)(?=[一-龠])")
_ENDS_POLITELY = re.compile(r"(?<=[一-龠せ])(?:です|でした|だった)$")
_FEE = re.compile(r"..(?<!世|時|年|近|現|古|交)代$|.(?<![消浪旅])費$|.(?<![資材無原飲食塗燃給肥])料$|.料金$")
_HOW_MANY = re.compile(r"\d{1,4}(?:枚|本|個|冊|箱|部|束|袋|缶|台|通|セット|パック|点)")
_STOPS = frozenset(words.SIGNS["never_in_a_purpose"])


class Parser(Routes, People, Stays, Amounts):
    """Makes the phrases of a note."""

    # note = { separator | phrase }
    def note(self) -> list[Phrase]:
        while self.at < len(self.tokens):
            before = self.at
            rules = self.cases, self.fee, self.route, self.destination, self.purpose, self.people, self.lodging
            if not any(rule() for rule in rules):
                self.simple()
            if self.at == before:  # never: every rule that succeeds goes on
                self.at += 1
        return self.made

    # thing = word "代" | word "料" | word "費"
    def fee(self) -> bool:
        """会議室利用料: what was paid, though the word names what one does as well."""
        text = self.tokens[self.at].text
        for_what = "用" in text and text.lower().endswith(words.LONG_THINGS)  # 説明会用お茶
        if self.sort() != "word" or not (for_what or _FEE.search(text)) or text.endswith(words.NEVER_BOUGHT):
            return False
        leads = ("arrow", "dash", "from", "until", "toward", "to", "via", "trip", "purpose")
        if words_known(text) or self.sort(1) in leads or self.sort(-1) in ("arrow", "dash"):  # 猪苗代
            return False
        if self.sort(1) == "particle" and self.sort(2) in ("word", "purpose"):  # 資料代の件
            return False
        self.at += 1
        what = text.removesuffix("代")
        return self.add(Phrase("thing", text=what, code=words.category_of(what)))

    # purpose = marker words | words "のため" | "for" words | words ending in an act
    def purpose(self) -> bool:
        start = self.at
        if self.sort() == "purpose" and self.tokens[self.at].code != "behind":
            self.at += 1
            text = self.words()
            if text:
                return self._purpose_of(text)
        elif self.skip("for"):
            while self.skip("filler"):
                pass
            text = self.words()
            if text and words_known(text):  # left for Sendai
                return self.add(Phrase("destination", places=(text,), strong=True))
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
                return self._purpose_of(text)
            if text.endswith("用") and act_of(text[:-1]):  # 説明会用
                text = text[:-1]
            what = text.rpartition("の")[2]
            if what != text and not has_act(what) and self._priced():  # 勉強会のピザ 14,820円
                return self.add(Phrase("thing", text=what, code=words.category_of(what)))
            act, _, bought = text.rpartition("用")
            if act_of(act) and bought and not act_of(bought) and self._priced():  # 会議用ヘッドセット 8,980円
                return self.add(Phrase("thing", text=text, code=words.category_of(text)))
            if text and has_act(text):
                return self.add(Phrase("purpose", text=text))
        self.at = start
        return False

    def _purpose_of(self, text: str) -> bool:
        return self.add(Phrase("purpose", text=text, strong=True, code="reason" if is_reason(text) else ""))

    def _priced(self) -> bool:
        """Whether a price comes next, or how many and then a price."""
        ahead = 1 if self.sort() == "word" and self.tokens[self.at].text[0].isdigit() else 0
        return self.sort(ahead) == "money"

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
        return _ENDS_POLITELY.sub("", _POLITE.sub("", text.strip(" ."))) if first else ""

    def _joins(self, token: Token) -> bool:
        """A particle or small word with words on both sides."""
        if token.sort not in ("particle", "with", "and", "filler", "at") or token.text in (
            "で",
            "にて",
            "は",
            "が",
            "も",
        ):
            return False
        after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if after is None or after.sort not in ("word", "name") or token.text in _STOPS:
            return False
        return token.text.isascii() or (glued(self.tokens[self.at - 1], token) and glued(token, after))

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

    # figures and signs, one token each
    def simple(self) -> None:
        token = self.take()
        if token.sort == "days":
            self.add(Phrase("days", text=token.text, days=self._and_day(token.days)))
        elif token.sort in ("money", "figure"):
            self.figures(token)
        elif token.sort == "times" and self.sort() == "money":  # 10枚×84円
            price = self.take()
            self.add(
                Phrase(
                    "money", price.text, value=price.value, times=int(token.value or 1), code=price.code, strong=True
                )
            )
        elif token.sort == "payer":
            self.add(Phrase("payer", code=token.code))
            self.skip("particle")
        elif token.sort == "km":
            self.add(Phrase("km", value=token.value))
        elif token.sort == "ride":
            joined = self.sort(-2) in ("filler", "particle", "and") and self.tokens[self.at - 2].text in JOINERS
            self.add(Phrase("ride", text=token.text, code=token.code, strong=joined))
        elif token.sort == "title":
            self.add(Phrase("title", text=token.text))
        elif token.sort == "thing":
            self.add(Phrase("thing", text=token.text.removesuffix("代"), code=token.code))
        elif token.sort == "back" and token.text.lower() == "return" and self.sort(-2) == "ride":
            self.add(Phrase("round", text=token.text))  # a shinkansen return, Nov 12
        elif token.sort in SIGNS:
            self.add(Phrase(token.sort, text=token.text))
        elif token.sort == "word":
            self.at -= 1
            start = self.at
            text = self.words() or self.take().text
            if _HOW_MANY.fullmatch(text) and self.sort() == "money":  # 年賀状印刷 150枚 9,800円
                return
            named = tuple(t.text for t in self.tokens[start : self.at] if t.sort == "name")
            if named:
                self.add(Phrase("names", names=named))
            topic = self.sort() == "particle" and self.tokens[self.at].text in ("は", "が", "も")
            self.add(Phrase("words", text=text, strong=not topic))
