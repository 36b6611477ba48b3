"""The rules of stays: houses, nights and meals (the grammar stands in ``grammar``)."""

from __future__ import annotations

import re

from handlers.notes.cursor import Cursor, Phrase, act_of, has_act, words_known
from handlers.notes.signs import Token, glued

_NIGHT = re.compile(r"(?P<place>.{2,12})泊$")
_NOBODY_STAYS = ("なし", "無し", "不要")
_NO_HOUSE = ("予約", "未定", "手配", *_NOBODY_STAYS)
_LEADS_ON = ("arrow", "dash", "from", "until", "toward", "to", "purpose", "trip")  # behind it a place is no house


class Stays(Cursor):
    """``lodging`` is true when it took tokens, else it leaves them where they were."""

    # lodging = place "泊" | stay [name] | "宿泊先" name | nights | meals
    def lodging(self) -> bool:
        sort, start = self.sort(), self.at
        if sort == "lodged":
            self.at += 1
            self.skip("particle", "filler")
            head = self.take().text if self.sort() == "stay" else ""
            name = self.place(wide=True)
            place = head + (" " if head.isascii() and head and name else "") + (name or "")
            return self.add(Phrase("stay", places=(place or None,)))
        if sort == "times" and for_each_night(self.tokens[self.at]):  # 1泊あたり 9,000円
            self.at += 1
            if self.sort() in ("money", "figure"):
                token = self.take()
                return self.add(Phrase("money", value=token.value, code=token.code, strong=True, each_night=True))
            return True
        if sort == "stay":
            head_token = self.take()
            if head_token.code == "house":  # アパホテル, ホテルさくら仙台
                if self.sort() == "word" and self.tokens[self.at].text == "泊":
                    self.at += 1
                return self.add(Phrase("stay", text=head_token.text, places=(head_token.text,)))
            head = head_token.text
            if self.sort() == "filler" and self.tokens[self.at].text == ":":
                return self._stay_field(head)
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
            several = any(p.kind == "nights" and (p.value or 0) > 1 for p in self.made) or self._nights_behind()
            if token.value == 1 and several and self.sort() == "money":  # 2泊3日で…、ホテルは1泊8,900円
                price = self.take()
                self.add(Phrase("money", value=price.value, code=price.code, strong=True, each_night=True))
                if self.sort() == "times" and not for_each_night(self.tokens[self.at]):  # ×2泊
                    self.add(Phrase("nights", value=self.take().value, strong=True))
                return True
            days = re.search(r"(\d{1,2})日", token.text)
            self.add(Phrase("nights", value=token.value, code=days[1] if days else "", strong=True))
            if self.sort() == "at" and self.sort(1) in ("word", "stay"):
                self.at += 1
                ahead = next((n for n in range(4) if self.sort(n) != "word"), 4)
                if self.sort(ahead) == "stay" and self._english_house(ahead):
                    return self.add(Phrase("stay", places=(self.house(ahead + 1),)))
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
            ahead = next((n for n in range(1, 4) if self.sort(n) != "word"), 4)
            if self.sort(ahead) == "stay" and self._english_house(ahead):
                return self.add(Phrase("stay", places=(self.house(ahead + 1),)))
            if self.sort(1) == "stay" and glued(self.tokens[self.at], self.tokens[self.at + 1]):
                place = self.take().text + self.take().text
                return self.add(Phrase("stay", places=(place,)))
        self.at = start
        return False

    def _stay_field(self, head: str) -> bool:
        """宿泊:2泊 品川プリンス: the words of that field which are no act name the house."""
        self.skip("filler")
        if self.sort() == "word" and self.tokens[self.at].text.startswith(_NOBODY_STAYS):
            self.at += 1
            return True
        self.add(Phrase("stay", text=head, places=(None,)))
        named = False
        while self.sort() in ("nights", "meals", "money", "times", "stay") or (not named and self._is_a_name()):
            if self.sort() == "word":
                named = self.add(Phrase("stay", places=(self._name_of_house(),)))
            elif not self.lodging():
                self.simple()
        return True

    def _is_a_name(self) -> bool:
        if self.sort() != "word" or self.sort(1) in (
            "arrow",
            "dash",
            "from",
            "until",
            "toward",
            "to",
            "purpose",
            "trip",
        ):
            return False
        text = self.tokens[self.at].text
        return not has_act(text) and not text.startswith(_NO_HOUSE)

    def _name_of_house(self) -> str:
        """With what is written together: 磐梯高原の宿みずうみ."""
        name = self.place(wide=True) or ""
        while self.sort() in ("word", "stay", "particle") and glued(self.tokens[self.at - 1], self.tokens[self.at]):
            if self.sort() == "particle" and (
                self.tokens[self.at].text != "の" or self.sort(1) not in ("word", "stay")
            ):
                break
            name += self.take().text
        return name

    def _english_house(self, ahead: int) -> bool:
        """APA Hotel, Toyoko Inn; not Osaka hotel."""
        parts = self.tokens[self.at : self.at + ahead + 1]
        large = all(part.text.isascii() and part.text[0].isupper() for part in parts)
        return large and not words_known(parts[0].text)

    def _nights_behind(self) -> bool:
        """1泊 | 8,500円を2泊, 8,500円×2泊: how many nights that price was paid for."""
        ahead = 2 if self.sort(1) in ("particle", "comma") else 1
        if self.sort() != "money" or self.sort(ahead) not in ("nights", "times"):
            return False
        return self.sort(ahead) == "nights" or "泊" in self.tokens[self.at + ahead].text

    def _names_house(self, head: Token) -> bool:
        """ホテルみどり, 旅館 さくら, Hotel Sakura; not ホテル予約, not 宿泊 磐梯町打合せ."""
        name = self.tokens[self.at]
        if head.text.isascii():
            return name.text[0].isupper() and head.text.lower() in ("hotel", "inn", "ryokan", "guesthouse")
        house = head.text in ("ホテル", "旅館", "民宿", "ビジネスホテル", "ペンション", "ゲストハウス")
        return house and glued(head, name) and not act_of(name.text) and not name.text.startswith(_NO_HOUSE)

    def _in_place(self) -> str | None:
        if self.sort() == "at" and self.sort(1) == "word" and self.tokens[self.at + 1].text[0].isupper():
            self.at += 1
            return self.place(wide=True)
        return None


def for_each_night(token: Token) -> bool:
    return token.sort == "times" and not re.match(r"[×*✕x]\s?\S|\d+[^泊\d]", token.text, re.IGNORECASE)
