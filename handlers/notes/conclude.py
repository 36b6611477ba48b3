"""What follows from what a note says: its kind, its first and last day, its nights, and what is left to ask."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

from handlers.notes import words
from handlers.notes.cursor import words_known
from handlers.notes.reading import Item, Leg, Lodging, Mode, Reading
from handlers.notes.things import Gathered, Thing

ROADS = ("etc", "高速", "有料道路", "通行料", "toll", "highway", "expressway")  # who pays for them drives
FAR = ("shinkansen", "train", "bus", "air", "ship")
MEALS = ("meeting", "entertainment")  # what is eaten with somebody
LOCAL = ("taxi", "train", "bus")  # several in a row are named once


class Conclusions(Gathered):
    """From everything gathered to the reading."""

    def finish(self) -> Reading:
        legs = [t for t in self.things if t.sort == "leg"]
        stays = [t for t in self.things if t.sort == "stay"]
        items = [t for t in self.things if t.sort == "item"]
        if self.round and len(legs) == 1:  # 高速代 2,890円×2 往復: said behind another thing than the ride
            legs[0].round_trip = True
        if self.trip and self.place is not None and not legs:  # 出張 11/25 大阪
            aim = self.open("leg")
            aim.destination, aim.guessed, self.place = self.place, True, None
            aim.day = self.days[0] if self.days else None
            legs.append(aim)
        if any((item.what or "").lower().startswith(ROADS) for item in items):
            for leg in [t for t in legs if t.mode is None]:
                leg.mode = "car"
                leg.computed.add("mode")
        self._inherit_modes(legs)
        towns = {stay.place for stay in stays if stay.place and words_known(stay.place)}
        for leg in [t for t in legs if t.destination is None and t.mode in FAR and len(towns) == 1]:
            if leg.origin not in towns and not any(t.destination in towns for t in legs):
                leg.destination = min(towns)  # the only town that is named
                leg.computed.add("to")
        explicit = [t for t in legs if t.origin is not None]
        for leg in [t for t in legs if t.guessed and t.origin is None and t.amount is None and explicit]:
            legs.remove(leg)  # the aim of the trip, whose way is told leg by leg
        for there in [t for t in legs if t.round_trip and t.amount is not None]:
            for leg in [t for t in legs if t.amount is None and t.origin and not t.back]:
                if (leg.origin, leg.destination) == (there.destination, there.origin):
                    legs.remove(leg)
        if len(legs) == 1 and legs[0].bare and legs[0].round_trip and legs[0].mode in FAR and self.place is not None:
            legs[0].destination, self.place = self.place, None  # 地下鉄 210円 往復 昨日 霞が関
        for leg in [t for t in legs if t.bare and t.km is None]:
            legs.remove(leg)
            if leg.amount is not None or leg.mode in ("taxi", "rental_car", "bus", "train"):
                leg.sort = "item"
                if leg.round_trip and leg.covers == "one_way" and leg.amount is not None:
                    leg.amount *= 2  # a thing is paid as a whole: バス 片道210円 往復
                items.append(leg)
        items.sort(key=self.things.index)
        if (self.eve or self.after) and not stays:
            stays.append(self.open("stay"))
        for stay in stays:
            if stay.place is None and self.place is not None and not legs:
                stay.place, self.place = self.place, None
        paid = [item for item in items if item.amount is not None]
        is_trip = bool(legs or stays or self.trip)
        if not is_trip:
            return self._expense(items, paid)
        return self._journey(legs, stays, paid)

    def _say_who_paid(self) -> None:
        """A way of paying is that of the things of its clause; in a clause of its own that of its line, else of all."""
        for method, clause, line in self.payers:
            near = [t for t in self.things if t.clause == clause] or [t for t in self.things if t.line == line]
            for thing in near or self.things:
                thing.payer = method

    def _inherit_modes(self, legs: list[Thing]) -> None:
        for number, leg in enumerate(legs):
            if leg.mode is None and leg.km is None:  # as on the way there, else from airport to airport
                leg.mode = next((t.mode for t in legs[:number] if _reversed(t, leg)), None) or _by_its_ends(leg)
                leg.computed |= {"mode"} if leg.mode else set()
        for first, second in itertools.pairwise(legs):
            if first.day != second.day:
                continue
            if second.mode is None and second.amount is not None and first.mode in LOCAL:
                second.mode = first.mode
                second.computed.add("mode")

    def _expense(self, items: list[Thing], paid: list[Thing]) -> Reading:
        if not self.things and 0 < self.cases == len(self.stray):  # 2件。980円と1,260円: what for, is asked
            for amount in self.stray:
                self.pay(self.open("item"), amount)
            paid = list(self.things)
        if not paid and self.waiting is not None and self.waiting.strong and self.loose:
            text = self.loose[0][0]
            alone = len(self.loose) == 1 or self.count or self.names
            if not words_known(text) and text not in words.NEVER_BOUGHT and self.days and alone:
                item = self.open("item")
                item.what, item.category = text, words.category_of(text)
                self.pay(item, self.waiting)
                paid = [item]
                self.loose = []
        if not paid and self.waiting is not None and self.days and len(self.purposes) == 1 and not self.loose:
            item = self.open("item")  # ランチミーティング 3,200円
            item.what = self.purposes.pop()[1].removesuffix("代")
            item.category = words.category_of(item.what)
            self.pay(item, self.waiting)
            paid = [item]
        if not paid and len(items) == 1 and not self.loose and not self.purposes:
            met = items[0].category in MEALS and (self.names or self.count)  # lunch with 3 guests
            paid = items if self.days or met else paid  # 「タクシー 昨日」: how much is asked
        if not paid:
            return Reading()
        self._say_who_paid()
        made = tuple(
            Item(
                thing.day or (self.days[0] if self.days else None),
                thing.what or None,
                thing.category or "misc",
                thing.amount,
                thing.currency,
                thing.payer,
            )
            for thing in paid
        )
        known = [item.date for item in made if item.date is not None]
        return Reading(
            kind="expense",
            start=min(known, default=None),
            end=max([*known, *(self.days if self.range and known else [])], default=None),
            purpose=self._purpose_said(),
            expenses=made,
            attendees=tuple(self.names),
            listed=self.listed,
            attendees_count=self.count,
        ).asked()

    def _journey(self, legs: list[Thing], stays: list[Thing], paid: list[Thing]) -> Reading:
        computed: set[str] = set()
        start, end = min(self.days, default=None), max(self.days, default=None)
        if self.eve and start is not None and start == end:
            start -= timedelta(days=1)
            computed.add("start")
        if self.after and end is not None and len(set(self.days)) == 1:
            end += timedelta(days=1)
            computed.add("end")
        span = (end - start).days if start and end else 0
        counted = sum(stay.nights or 0 for stay in stays)
        for stay in stays:
            if stay.nights is None:
                stay.nights = max(1, span - counted) if len(stays) == 1 else 1
            if stay.each_night and stay.amount is not None:
                stay.amount *= stay.nights
        nights = max(sum(stay.nights or 0 for stay in stays), span)
        if self.day_trip and not stays and not span:
            nights = 0
        if start is not None and end is not None and nights > span:
            end = start + timedelta(days=nights)
            computed.add("end")
        if not self.range:
            computed.add("nights" if self.nights is None else "end")
        paid += self._left_over()
        self._say_who_paid()
        made = tuple(self._leg(leg, start, end) for leg in legs)
        reading = Reading(
            kind="trip",
            start=start,
            end=end,
            nights=nights,
            purpose=self._purpose_said(),
            legs=made,
            lodging=tuple(Lodging(s.nights or 1, s.place, s.amount, s.currency, s.meals, s.payer) for s in stays),
            expenses=tuple(
                Item(t.day or start, t.what or None, t.category or "misc", t.amount, t.currency, t.payer) for t in paid
            ),
            attendees=tuple(self.names),
            listed=self.listed,
            attendees_count=self.count,
            computed=frozenset(computed),
        )
        return reading.asked()

    def _left_over(self) -> list[Thing]:
        """A price that belongs to nothing else is that of the words before it: no amount is lost."""
        what = self.waiting_for
        if self.waiting is None or len(what) < 2 or words_known(what) or what.endswith(words.NEVER_BOUGHT):
            return []
        item = self.open("item")
        item.what, item.category = what, words.category_of(what)
        self.pay(item, self.waiting)
        return [item]

    def _leg(self, leg: Thing, start: date | None, end: date | None) -> Leg:
        day = leg.day or start
        if leg.back and self.range and leg.dated_in == -1:
            day = end
        return Leg(
            date=day,
            origin=leg.origin,
            destination=leg.destination,
            mode=leg.mode,
            amount=leg.amount,
            currency=leg.currency,
            round_trip=leg.round_trip,
            km=leg.km,
            payer=leg.payer,
            covers=leg.covers,
            via=leg.via,
            computed=frozenset(leg.computed | ({"date"} if leg.day is None and day else set())),
        )

    def _purpose_said(self) -> str | None:
        """The first that was named as one, else the first that ends in an act, else a reason (雨のため)."""
        return min(self.purposes, key=lambda said: said[0])[1] if self.purposes else None


_AIRPORT = re.compile(r"空港$| airport$", re.IGNORECASE)


def _reversed(there: Thing, back: Thing) -> bool:
    return back.origin is not None and (there.destination, there.origin) == (back.origin, back.destination)


def _by_its_ends(leg: Thing) -> Mode | None:
    """By air between two airports, by ship between two ports."""
    ends = [end for end in (leg.origin, leg.destination) if end]
    if len(ends) < 2:
        return None
    plain = {_AIRPORT.sub("", end).strip().lower() for end in ends}
    if any(plain <= city for city in words.ONE_CITY):
        return None
    if all(end.endswith("空港") or end.lower().endswith(" airport") or end.lower() in words.AIRPORTS for end in ends):
        return "air"
    return "ship" if all(end.endswith("港") and not end.endswith("空港") for end in ends) else None
