"""Rides put together: their ends, what they are ridden with, and the way back."""

from __future__ import annotations

from handlers.notes.conclude import Conclusions
from handlers.notes.cursor import Phrase
from handlers.notes.reading import MODES, Mode
from handlers.notes.things import Thing


class Ways(Conclusions):
    """Takes the phrases of ways; the rest of them takes ``compose``."""

    def _give_waiting(self, thing: Thing) -> None:
        if self.waiting is not None and thing.amount is None and self.waiting_clause == self.clause:
            self.pay(thing, self.waiting)
            self.waiting = None

    def _route(self, phrase: Phrase) -> None:
        stops = phrase.places
        earlier = [t.destination for t in self.things if t.sort == "leg" and t.destination is not None]
        from_there = stops[0] in _THERE and bool(earlier)
        if from_there:
            stops = (earlier[-1], *stops[1:])
        hand = self.hand
        bare = hand if hand is not None and hand.line == self.line and hand.bare else None
        if bare is None and hand is not None and hand.guessed and hand.origin is None and hand.amount is None:
            bare = hand
        for number in range(len(stops) - 1):
            leg = bare if number == 0 and bare is not None else self.open("leg")
            leg.origin, leg.destination = stops[number], stops[number + 1] or leg.destination
            mode = phrase.modes[number] if number < len(phrase.modes) else ""
            leg.mode = _mode(mode) or leg.mode
            leg.via, leg.guessed, leg.line = phrase.via, False, self.line
            leg.computed |= {"from"} if from_there and number == 0 else set()
            if number == 0:
                first = leg
        self.hand = first
        if first.destination is None and self.place is not None and not self._reached(self.place):
            first.destination, first.guessed, self.place = self.place, True, None  # 京都で会議、東京から新幹線
        self._give_waiting(first)

    def _destination(self, phrase: Phrase) -> None:
        place = phrase.places[0]
        hand = self.hand
        if hand is not None and hand.sort == "leg" and hand.destination is None and hand.line == self.line:
            hand.destination = place
            return
        if hand is not None and hand.sort == "leg" and hand.destination == place:
            return
        on_it = hand is not None and (hand.aim or hand.sort == "stay")  # 札幌出張 1泊2日 新千歳まで飛行機
        aim = next((t for t in self.things if self._untold(t)), None)
        if aim is not None and on_it and phrase.strong:  # 札幌出張 新千歳まで飛行機: so far it was told
            aim.destination, aim.guessed, aim.aim = place, False, False
            self.hand = aim
            return
        leg = self.open("leg")
        leg.destination = self.place = place
        leg.guessed = leg.aim = not phrase.strong
        there = self._outward(leg)
        if leg.back and there is not None:  # returned to Tokyo Nov 14
            leg.origin, leg.mode = there.destination, there.mode
            leg.computed |= {"from", "mode"}
        self._give_waiting(leg)

    def _untold(self, leg: Thing) -> bool:
        """The aim of the trip, of which no way was told yet, or no more than the ride just now."""
        rides = self.before is not None and self.before.kind == "ride"
        return leg.aim and leg.origin is None and leg.amount is None and (leg.mode is None or rides)

    def _ride(self, phrase: Phrase) -> None:
        mode = _mode(phrase.code)
        open_legs = [t for t in self.things if t.sort == "leg" and t.mode is None and not t.bare]
        if mode in _NEARBY:  # 大阪出張のタクシー代: ridden at the aim of the trip, not to it
            open_legs = [t for t in open_legs if not t.aim]
        hand = self.hand
        if self.back and self.back_dated and (mode in _NEARBY or open_legs):
            self.back = False  # to Osaka Nov 12, back Nov 14, by shinkansen: only the day of return was told
        if hand is not None and hand.back and hand.amount is None and "mode" in hand.computed:
            hand.mode = mode  # returned to Tokyo by bus: not as one had come
            hand.computed.discard("mode")
            return
        taken_over = next((t for t in self.things if "mode" in t.computed and t.amount is None), None)
        if taken_over is not None and not open_legs and not self.back and hand is not None and hand.amount is not None:
            taken_over.mode, self.hand = mode, taken_over
            taken_over.computed.discard("mode")
            return
        if open_legs and not self.back:
            for number, leg in enumerate(open_legs):
                leg.mode, leg.line = mode, self.line
                leg.computed |= {"mode"} if number else set()
            self.hand = open_legs[0] if open_legs[0].amount is None or self.hand not in open_legs else self.hand
            self._give_waiting(self.hand or open_legs[0])
            return
        open_ride = hand is not None and hand.sort == "leg" and hand.amount is None and hand.line == self.line
        other_day = hand is not None and self.day is not None and hand.day not in (None, self.day)
        on_foot = hand is not None and hand.mode == "walk" and self.before is not None and self.before.kind == "ride"
        same = hand is not None and (on_foot or (hand.mode, mode) in _SAME)  # 歩きと地下鉄 260円: the ride counts
        if open_ride and phrase.strong and not same and self.before is not None and self.before.kind == "ride":
            further = next((t for t in self.things if "mode" in t.computed and t.amount is None), None)
            if further is not None:  # A→B→C 新幹線とバス; else はやぶさ+奥羽本線 35,420円 is one fare
                further.mode = mode
                further.computed.discard("mode")
            return
        if hand is not None and open_ride and not self.back and not other_day and same:
            hand.mode = mode
            hand.what = f"{hand.what} {phrase.text}" if phrase.text.isascii() and hand.what.isascii() else hand.what
            return
        leg = self.open("leg")
        leg.mode, leg.what = mode, phrase.text
        leg.category = "travel_transport"
        if self.place is not None and mode not in ("taxi", "walk", "rental_car") and not self._reached(self.place):
            leg.destination, leg.guessed, self.place = self.place, True, None
        if leg.back:
            self._turned(leg)
        self._give_waiting(leg)

    def _outward(self, but: Thing | None = None) -> Thing | None:
        """The last ride that leads somewhere."""
        return next(
            (t for t in reversed(self.things) if t.sort == "leg" and t is not but and t.destination is not None), None
        )

    def _turned(self, leg: Thing) -> Thing:
        """The way back: from where the last ride led to where the first began."""
        last = self._outward(leg)
        first = next((t for t in self.things if t.sort == "leg" and t is not leg and t.destination is not None), None)
        if first is not None and last is not None:
            leg.origin, leg.destination = last.destination, first.origin
            leg.computed |= {"from", "to"}
        return leg

    def _reached(self, place: str) -> bool:
        return any(place in (t.origin, t.destination) for t in self.things)

    def _km(self, phrase: Phrase) -> None:
        rides = [t for t in self.things if t.sort == "leg" and t.mode in ("car", "rental_car", None) and t.km is None]
        ride = self.hand if self.hand in rides else (rides[-1] if rides else None)
        if ride is None and any(t.sort == "leg" for t in self.things):
            return
        if ride is None:
            ride = self.open("leg")
        if self.before is not None and self.before.kind in ("round", "one_way"):
            ride.covers = "round_trip" if self.before.kind == "round" else "one_way"
            if self.before.kind == "round":
                ride.round_trip, self.round = True, False
        ride.km = phrase.value

    def _round(self, phrase: Phrase) -> None:
        hand = self.hand
        if hand is not None and hand.sort == "leg" and hand.line == self.line:
            hand.round_trip = True
            if phrase.text == "往復分" and self.before is not None and self.before.kind == "money":
                hand.covers = "round_trip"
        else:
            self.round = True

    def _one_way(self, phrase: Phrase) -> None:
        hand = self.hand
        if phrase.text.lower() == "each way" and hand is not None and hand.sort == "leg":
            hand.round_trip = True
        if self.before is not None and self.before.kind == "money" and hand is not None and hand.amount is not None:
            hand.covers = "one_way" if hand.sort == "leg" else hand.covers
        else:
            self.one_way = True

    def _back(self, _phrase: Phrase) -> None:
        hand = self.hand
        fresh = hand is not None and hand.sort == "leg" and hand.origin is None and hand.amount is None
        behind = self.before is not None and self.before.kind == "ride"
        if hand is not None and fresh and behind and self._outward(hand) is not None:  # 新幹線で戻り
            hand.back, hand.guessed = True, False
            self._turned(hand)
            return
        self.back, self.back_dated = True, self.before is not None and self.before.kind == "days"


_SAME = {*((mode, mode) for mode in MODES), ("train", "shinkansen")}  # 新幹線 のぞみ, JR 新幹線
_NEARBY = ("taxi", "walk")
_THERE = ("そこ", "そちら", "あちら", "there")


def _mode(code: str) -> Mode | None:
    return next((mode for mode in MODES if mode == code), None)
