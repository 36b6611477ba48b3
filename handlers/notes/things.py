"""What a note is about, while it is read: rides, stays and things paid, and what was said of them so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from handlers.notes.cursor import Phrase
from handlers.notes.reading import Covers, Mode


@dataclass(eq=False)
class Thing:
    """A ride, a stay or something paid, while the note is read. ``clause``: where it began; ``dated_in``: its day's."""

    sort: str
    clause: int
    line: int
    what: str = ""
    category: str = ""
    origin: str | None = None
    destination: str | None = None
    via: tuple[str, ...] = ()
    mode: Mode | None = None
    amount: Decimal | None = None
    currency: str = "JPY"
    km: Decimal | None = None
    round_trip: bool = False
    covers: Covers = ""
    back: bool = False
    each_night: bool = False
    guessed: bool = False  # its destination is a place that was named nearby
    aim: bool = False  # its destination is that of the trip: 札幌出張, 行先:札幌
    day: date | None = None
    dated_in: int = -1
    nights: int | None = None
    place: str | None = None
    meals: tuple[str, ...] | None = None
    payer: str = ""
    computed: set[str] = field(default_factory=set)

    @property
    def bare(self) -> bool:
        """A ride without places."""
        return self.sort == "leg" and self.origin is None and self.destination is None


class Gathered:
    """What was read so far; ``hand`` is the thing that the next figure belongs to."""

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.hand: Thing | None = None
        self.waiting: Phrase | None = None  # a figure before its thing
        self.waiting_clause = -1
        self.stray: list[Phrase] = []  # amounts of nothing that is named
        self.cases = 0  # how many things were paid: 2件
        self.queue: list[Thing] = []  # 昼食と夕食 1,100円と2,200円: what the further amounts are for
        self.waiting_for = ""  # the words before it
        self.clause = self.line = 0
        self.day: date | None = None
        self.days: list[date] = []
        self.day_clause = -1  # where the last day stood
        self.range = False
        self.round = self.back = self.one_way = False
        self.back_dated = False  # a day stood right beside the word for the way back
        self.trip = self.day_trip = self.eve = self.after = self.total = False
        self.nights: int | None = None
        self.said_days: int | None = None
        self.purposes: list[tuple[int, str]] = []
        self.loose: list[tuple[str, int, bool]] = []
        self.place: str | None = None
        self.names: list[str] = []
        self.listed = ""  # the people behind 参加者, as written
        self.payers: list[tuple[str, int, int]] = []  # a way of paying, its clause and line
        self.count: int | None = None
        self.titles = 0  # how many were said
        self.counted = False  # the whole number was said, not that of one side
        self.before: Phrase | None = None

    def open_like(self, thing: Thing) -> Thing:
        """Another of the same, on the same day."""
        other = replace(thing, amount=None, computed=set(thing.computed), clause=self.clause, line=self.line)
        self.things.append(other)
        self.hand = other
        return other

    def open(self, sort: str) -> Thing:
        thing = Thing(sort, self.clause, self.line, day=self.day)
        thing.dated_in = self.clause if self.day_clause == self.clause else -1
        self.things.append(thing)
        self.hand = thing
        if sort == "stay" and self.back_dated:
            self.back = False  # returned Nov 14, 2 nights at …: no more is told of the way back
        if sort == "leg":
            thing.round_trip, self.round = self.round, False
            thing.back, self.back = self.back, False
        return thing

    def pay(self, thing: Thing, phrase: Phrase) -> None:
        value = phrase.value or Decimal(0)
        if thing.sort == "leg":
            if phrase.times == 2:
                thing.round_trip, thing.covers = True, "one_way"
            elif phrase.times > 2:
                value *= phrase.times
            if phrase.each_night and thing.round_trip:  # 往復 各11,410円
                thing.covers = "one_way"
            if (
                self.before is not None
                and self.before.kind == "round"
                and not phrase.each_night
                and phrase is not self.waiting
            ):
                thing.covers = "round_trip"
            if self.one_way:
                thing.covers, self.one_way = "one_way", False
        else:
            value *= phrase.times
        thing.amount, thing.currency, thing.each_night = value, phrase.code or "JPY", phrase.each_night
