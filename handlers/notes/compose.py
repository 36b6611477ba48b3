"""From phrases to a reading: which figure belongs to which ride, stay or thing, on which day, and what follows.

From the left, with one thing in hand: a ride, a stay or something paid. A figure belongs to the thing in hand that has
none yet, else to the next one. A day counts for what follows it and for what stands before it in the same clause.
"""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.notes import words
from handlers.notes.cursor import Phrase, has_act, words_known
from handlers.notes.reading import Reading
from handlers.notes.ways import Ways

LONGEST_STAY = 60
_FAR_CLAUSES = 3  # so far from its thing a figure written as an amount (11,000) may stand


class Composer(Ways):
    """Takes the phrases one by one."""

    def read(self, phrases: list[Phrase]) -> Reading:
        for phrase in phrases:
            getattr(self, f"_{phrase.kind}")(phrase)
            if phrase.kind != "people":  # うなぎ 3名 9,900円: the heads stand between a thing and its price
                self.before = phrase
        return self.finish()

    # --- phrases ------------------------------------------------------------------------------------------------------

    def _comma(self, _phrase: Phrase) -> None:
        self.clause += 1

    def _newline(self, _phrase: Phrase) -> None:
        self.clause += 1
        self.line += 1

    def _days(self, phrase: Phrase) -> None:
        said = phrase.days
        if said is None:
            return
        first = said.first
        if first is None:
            if self.day is None:
                return
            first = self.day + timedelta(days=said.offset)
        self.day, self.day_clause = first, self.clause
        self.days += [first, *([said.last] if said.last else [])]
        self.range = self.range or said.last is not None
        self.back_dated = self.back_dated or (self.before is not None and self.before.kind == "back")
        hand = self.hand
        if hand is not None and hand.back and hand.clause == self.clause and hand.amount is not None:
            hand.day, hand.dated_in = first, self.clause  # 11/18 …, 帰りはのぞみ 14,750円 20日
        for thing in self.things:
            if thing.day is None or (thing.clause == self.clause and thing.dated_in != self.clause):
                thing.day, thing.dated_in = first, self.clause

    def _thing(self, phrase: Phrase) -> None:
        hand, before = self.hand, self.before
        unused = hand is not None and hand.sort == "stay" and hand.amount is None and hand.nights is None
        if unused and before is not None and before.kind == "stay" and phrase.text.startswith(_NO_STAY):
            self.things = [thing for thing in self.things if thing is not hand]  # ホテル キャンセル料: nobody stayed
        if hand is not None and hand.category == "meeting" and hand.amount is None and phrase.text in words.EATERIES:
            return  # 夕食 居酒屋とりまる 16,500円: where it was eaten
        heads = before is not None and before.kind == "thing" and before.text in words.ACCOUNTS and hand is not None
        # 会議費 コーヒー 2,750円: the name of an account heads what was bought
        item = hand if hand is not None and heads and hand.amount is None else self.open("item")
        item.what, item.category = phrase.text, phrase.code
        self._give_waiting(item)

    def _title(self, phrase: Phrase) -> None:
        """「東京の地図」 1,500円; beside a thing (書籍「…」, 昼食「…」) it only says which one."""
        hand = self.hand
        if hand is not None and hand.sort == "item" and hand.line == self.line:
            first_of_books = hand.what.lower() in words.BOOKS and not self.titles  # 書籍 1,500円『東京の地図』
            if hand.amount is None or first_of_books:
                self.titles += 1
                return
        self.titles += 1
        item = self.open("item")
        item.what, item.category = phrase.text, words.thing_at_the_end(phrase.text) or "books"
        self._give_waiting(item)

    def _stay(self, phrase: Phrase) -> None:
        place = phrase.places[0] if phrase.places else None
        stays = [t for t in self.things if t.sort == "stay"]
        stay = stays[-1] if stays and (stays[-1].amount is None or self.hand is stays[-1]) else None
        if stay is not None and stay.place and place and stay.place != place:
            inside = stay.amount is None and stay.day == self.day and _is_house(place) and not _is_house(stay.place)
            stay = stay if inside else None  # 日光泊 旅館さくら: the house in the town
        if stay is None:
            stay = self.open("stay")
        self.hand = stay
        stay.place = place or stay.place
        if place is None and stay.place is None and self.before is not None and self.before.kind == "words":
            last = self.before.text
            if words_known(last) or _is_house(last):
                stay.place, self.place = last, None
        if phrase.strong and stay.nights is None:
            stay.nights = self.nights or 1
        elif stay.nights is None and self.nights is not None and not stays:
            stay.nights = self.nights
        self._give_waiting(stay)

    def _nights(self, phrase: Phrase) -> None:
        number = int(phrase.value or 1)
        if not 0 < number <= LONGEST_STAY:
            return
        self.said_days = int(phrase.code) if phrase.code else self.said_days
        stays = [t for t in self.things if t.sort == "stay"]
        same = next(
            (t for t in reversed(stays) if t.nights in (None, number) and (t.amount is None or t is self.hand)), None
        )
        if same is None:
            if stays and stays[-1].nights == number:
                return
            same = self.open("stay")
        before = self.before.text if self.before is not None and self.before.kind == "words" else ""
        if same.place is None and before and _is_house(before):  # ルートイン 2泊
            same.place = before
        same.nights = number
        self.nights = number
        self.hand = same
        self._give_waiting(same)

    def _meals(self, phrase: Phrase) -> None:
        stays = [t for t in self.things if t.sort == "stay"]
        stay = stays[-1] if stays else self.open("stay")
        stay.meals = tuple(meal for meal in phrase.code.split(",") if meal)
        self.hand = stay if stay.amount is None else self.hand

    def _cases(self, phrase: Phrase) -> None:
        self.cases = phrase.times

    def _of_a_series(self, phrase: Phrase) -> bool:
        """Amounts side by side are for what was named side by side, in that order; else for one more of the same."""
        if phrase.series > 1:
            unpaid = [t for t in self.things if t.amount is None and t.clause == self.clause]
            if len(unpaid) == phrase.series and all(t.sort == "item" or t.bare for t in unpaid):
                self.hand, *self.queue = unpaid
        if not phrase.further:
            return False
        if self.queue:
            self.hand = self.queue.pop(0)
            self.pay(self.hand, phrase)
            return True
        hand = self.hand
        if hand is None or hand.amount is None or not (hand.sort == "item" or hand.bare):
            return False
        self.pay(self.open_like(hand), phrase)
        return True

    def _money(self, phrase: Phrase) -> None:
        if self._of_a_series(phrase):
            return
        hand = self.hand
        sums_up, self.total = self.total, False
        if phrase.value is None or (sums_up and any(t.amount is not None for t in self.things)):
            stay = hand is not None and hand.sort == "stay" and hand.amount is None and hand.clause == self.clause
            if phrase.value is None or not stay:  # ホテル2泊 計19,000円 is the price of the stay
                return
        unpaid = hand is not None and hand.sort != "leg" and hand.amount is None
        if (
            self.back and not unpaid and (outward := self._outward()) is not None
        ):  # 帰り 14,720円, without a ride of its own
            hand = self._turned(self.open("leg"))
            hand.mode = outward.mode
            hand.computed.add("mode")
        bought = self._bought(phrase)
        if bought and hand is not None and hand.sort == "item" and hand.amount is None and hand.what in words.ACCOUNTS:
            hand.what = bought  # 交際費 ゴルフコンペ 21,000円
        free = hand is not None and hand.sort == "leg" and hand.mode in ("car", "walk")
        if hand is not None and hand.amount is None and not (bought and free):
            if phrase.strong or self.clause - hand.clause <= (_FAR_CLAUSES if "," in phrase.text else 1):
                self.pay(hand, phrase)
            return
        if bought:
            item = self.open("item")
            item.what, item.category = bought, words.category_of(bought)
            self.pay(item, phrase)
            return
        later = [t for t in self.things if t.amount is None and t.clause == self.clause and t.sort != "stay"]
        later = [t for t in later if t.mode not in ("walk", "car")]
        if later and hand is not None and hand.amount is not None and later[0].origin is None:
            self.pay(later[0], phrase)
            self.hand = later[0]
        elif phrase.strong:
            self.waiting, self.waiting_clause = phrase, self.clause
            self.stray.append(phrase)
            if self.before is not None and self.before.kind in ("words", "purpose"):
                self.waiting_for = self.before.text

    def _bought(self, phrase: Phrase) -> str:
        """The words right before a figure, when they can be something that was paid."""
        before = self.before
        amount = phrase.strong or "," in phrase.text
        if before is None or before.kind != "words" or not before.strong or not amount:
            return ""
        if has_act(before.text) or words_known(before.text):
            return ""
        if _VERB.search(before.text) or before.text.endswith(words.NEVER_BOUGHT) or len(before.text) < 2:
            return ""
        self.loose = [entry for entry in self.loose if entry[0] != before.text]
        return _COUNTED.sub("", before.text).removesuffix("代")

    def _trip(self, _phrase: Phrase) -> None:
        self.trip = True

    def _day_trip(self, _phrase: Phrase) -> None:
        self.day_trip = True

    def _eve(self, _phrase: Phrase) -> None:
        self.eve = True

    def _after(self, _phrase: Phrase) -> None:
        self.after = True

    def _total(self, _phrase: Phrase) -> None:
        self.total = True

    def _people(self, phrase: Phrase) -> None:
        """先方2名(…)、当方1名 are three; a number without a side is the whole."""
        heads, whole = int(phrase.value or 0), phrase.code != "side" or self.total
        if whole or not self.counted:
            self.count = max(heads, self.count or 0) if whole else (self.count or 0) + heads
        self.counted, self.total = self.counted or whole, False
        self.count = self.count or None

    def _payer(self, phrase: Phrase) -> None:
        self.payers.append((phrase.code, self.clause, self.line))

    def _names(self, phrase: Phrase) -> None:
        self.names += [name for name in phrase.names if name not in self.names]
        self.listed = "、".join(part for part in (self.listed, phrase.text) if part)
        if phrase.value is not None:  # 佐藤様、自社 2名
            self.count, self.counted = max(int(phrase.value), self.count or 0), True

    def _purpose(self, phrase: Phrase) -> None:
        rank = 2 if phrase.code == "reason" else 0 if phrase.strong else 1
        self.purposes.append((rank, phrase.text))

    def _words(self, phrase: Phrase) -> None:
        both = self.before is not None and self.before.kind == "round"  # 往復とも同額
        if (self.back or both) and phrase.text.lower().endswith(words.SAME) and self.hand is not None:
            legs = [t for t in self.things if t.sort == "leg"]
            for leg in legs:
                leg.round_trip, leg.covers = True, leg.covers or "one_way"
            self.back = False
            return
        stay = self.hand if self.before is not None and self.before.kind in ("stay", "nights") else None
        if stay is not None and stay.sort == "stay" and stay.place is None and _is_house(phrase.text):
            stay.place = phrase.text
            return
        self.loose.append((phrase.text, self.clause, phrase.strong))
        if not words_known(phrase.text):
            return
        hand = self.hand
        if (
            hand is not None
            and hand.bare
            and hand.mode not in ("walk", "rental_car", "taxi")
            and hand.clause == self.clause
        ):
            hand.destination, hand.guessed = phrase.text, True
        elif self.place is None:
            self.place = phrase.text


_NO_STAY = ("キャンセル", "取消", "取り消し")
_COUNTED = re.compile(r"(?<=.{2})\d{1,3}(?:枚|本|個|冊|箱|部|束|袋|缶|台|通)$")
_VERB = re.compile(r"[一-龠][ぁ-ん]*[たるてうくむすん]$")


def _is_house(text: str) -> bool:
    if len(text) < 3:
        return False
    return text.startswith(words.HOUSE_HEADS) or text.lower().endswith((*words.HOUSE_ENDS, *words.DOUBTFUL_HOUSE_ENDS))
