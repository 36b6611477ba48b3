"""For every other rule: claims that break it, and claims that come as near as one can without breaking it.

A function gives both for one pair; :data:`PAIRS` names the rule. The organisation's own limits are in :data:`POLICIES`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from handlers import calendar
from tests.bench.year_life import Bill, Sheet, Shop, bought, business_day, printed

Town = Mapping[str, list[Shop]]
Pair = Callable[["Hand"], tuple[Sheet, Sheet]]

POLICIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("limit-category", {"category": "printing", "max": 10_000}),
    ("limit-person", {"grade": "1", "category": "equipment", "max": 30_000}),
    ("limit-day", {"category": "welfare", "max": 5_000}),
    ("limit-month", {"category": "training", "max": 20_000}),
)
ONE = dt.timedelta(days=1)
CURRENCIES = tuple("EUR GBP CHF AUD CAD NZD SGD HKD THB PHP INR CNY SEK NOK DKK PLN CZK ZAR MXN BRL".split())  # noqa: SIM905
GUEST = {"name": "星待 客子", "company": "合同会社ほたる", "relation": "outside"}


@dataclass
class Hand:
    """What plants: chance, the town, and the people by number. ``manager`` gives a person's supervisor's name."""

    rng: Random
    town: Town
    people: int
    manager: Callable[[int], str]
    turn: int = 0

    def bill(self, trade: str, **changes: Any) -> Bill:
        return printed(replace(bought(self.rng, self.rng.choice(self.town[trade]), business_day(self.rng)), **changes))

    def sheet(self, *bills: Bill, **more: Any) -> Sheet:
        self.turn += 1  # in turn, so that no sum of a month is of two pairs
        person = more.pop("person", self.turn % self.people)
        return Sheet(person, bills, more.pop("on", max(bill.day for bill in bills) + 2 * ONE), **more)

    def two(self, one: Bill, two: Bill) -> tuple[Sheet, Sheet]:
        return self.sheet(one), self.sheet(two)


def _category(hand: Hand) -> tuple[Sheet, Sheet]:
    over = hand.bill("bookshop", amount=10_001, category="printing")
    return hand.two(over, hand.bill("bookshop", amount=10_000, category="printing"))


def _person(hand: Hand) -> tuple[Sheet, Sheet]:
    over, full = (hand.bill("bookshop", amount=amount, category="equipment") for amount in (30_001, 30_000))
    return hand.sheet(over, grade="1"), hand.sheet(full, grade="1")


def _in_two(hand: Hand, category: str, limit: int, apart: int) -> tuple[Sheet, Sheet]:
    """Two expenses of one claim that are a yen over the limit together, and two that fill it."""
    made = []
    for over in (1, 0):
        first = hand.bill("supermarket", amount=limit // 2, category=category)
        first = printed(replace(first, day=_monday(first.day)))
        day = first.day + apart * ONE
        second = hand.bill("convenience", category=category)
        second = printed(replace(second, day=day, amount=limit - limit // 2 + over))
        made.append(hand.sheet(first, second))
    return made[0], made[1]


def _monday(day: dt.date) -> dt.date:
    """A Monday to Thursday of the middle of that month, on which and after which people work."""
    found = day.replace(day=8)
    while not (calendar.is_business_day(found) and calendar.is_business_day(found + ONE)):
        found += ONE
    return found


def _budget(hand: Hand) -> tuple[Sheet, Sheet]:
    over, full = hand.bill("bookshop"), hand.bill("bookshop")
    return hand.sheet(over, budget=over.amount - 1), hand.sheet(full, budget=full.amount)


def _head(hand: Hand) -> tuple[Sheet, Sheet]:
    over, under = (
        hand.bill("restaurant", amount=amount, persons=4, attendees=(GUEST,) * 3) for amount in (40_001, 40_000)
    )
    return hand.two(over, under)


def _rate(hand: Hand) -> tuple[Sheet, Sheet]:
    """A rate that is a day too old; of one currency each, since a newer one would do for all."""
    made = []
    for days, currency in ((8, CURRENCIES[hand.turn // 2 % len(CURRENCIES)]), (7, "USD")):
        bill = hand.bill("bookshop", currency=currency)
        made.append(hand.sheet(bill, quotes=((currency, bill.day - days * ONE),)))
    return made[0], made[1]


def _receipt(hand: Hand) -> tuple[Sheet, Sheet]:
    none = hand.bill("bookshop", kind="note")
    fare = hand.bill("rail", kind="note", journey={"from": "風見", "to": "大橋", "mode": "train"})
    return hand.two(replace(none, paper=None), replace(fare, paper=None))


def _purpose(hand: Hand) -> tuple[Sheet, Sheet]:
    said = replace(hand.bill("cafe"), description="住民説明会の打合せ")
    return hand.sheet(hand.bill("cafe"), purpose=""), hand.sheet(said, purpose="")


def _attendees(hand: Hand) -> tuple[Sheet, Sheet]:
    none, named = hand.bill("restaurant", category="entertainment"), hand.bill("restaurant", category="entertainment")
    return hand.two(replace(none, attendees=(), persons=None), replace(named, persons=1, amount=12_000))


def _late(hand: Hand) -> tuple[Sheet, Sheet]:
    one, two = hand.bill("cafe"), hand.bill("cafe")
    return hand.sheet(one, on=one.day + 61 * ONE), hand.sheet(two, on=two.day + 60 * ONE)


def _future(hand: Hand) -> tuple[Sheet, Sheet]:
    one, two = hand.bill("cafe"), hand.bill("cafe")
    return hand.sheet(one, on=one.day - ONE), hand.sheet(two, on=two.day)


def _day_off(hand: Hand) -> tuple[Sheet, Sheet]:
    off, work = hand.bill("cafe"), hand.bill("cafe")
    sunday = off.day + (6 - off.day.weekday()) * ONE
    return hand.two(printed(replace(off, day=sunday)), printed(replace(work, day=_before_the_weekend(work.day))))


def _before_the_weekend(day: dt.date) -> dt.date:
    while not (calendar.is_business_day(day) and not calendar.is_business_day(day + ONE)):
        day += ONE
    return day


def _trip(hand: Hand) -> tuple[Sheet, Sheet]:
    def sheet(days: int) -> Sheet:
        taxi = hand.bill("taxi")
        begins = taxi.day - (2 + days) * ONE
        return hand.sheet(taxi, trip=(begins, begins + 2 * ONE))

    return sheet(1), sheet(0)


def _request(hand: Hand) -> tuple[Sheet, Sheet]:
    def sheet(asked: bool) -> Sheet:
        taxi = hand.bill("taxi")
        return hand.sheet(taxi, trip=(taxi.day - ONE, taxi.day), nights=1, asked=asked)

    return sheet(False), sheet(True)


def _goods(wrong: str, right: str, trade: str) -> Pair:
    def pair(hand: Hand) -> tuple[Sheet, Sheet]:
        one, two = hand.bill(trade), hand.bill(trade)
        return hand.two(_with(one, wrong), _with(two, right))

    return pair


def _with(bill: Bill, item: str) -> Bill:
    part = max(100, bill.amount // 3)
    return printed(replace(bill, items=(("ノート", bill.amount - part), (item, part))))


def _split(hand: Hand) -> tuple[Sheet, Sheet]:
    def sheet(amount: int) -> Sheet:
        one = hand.bill("bookshop", amount=5_000, category="books")
        two = replace(one, amount=amount, slip=one.slip + 3, time=dt.time(20, 59))
        return hand.sheet(one, printed(two))

    return sheet(5_010), sheet(5_000)


def _unusual(hand: Hand) -> tuple[Sheet, Sheet]:
    shop = hand.rng.choice(hand.town["taxi"])
    middle = shop.prices[len(shop.prices) // 2]
    # late in the year, when the organisation has a history with the shop
    one, two = (bought(hand.rng, shop, business_day(hand.rng, dt.date(2026, 9, 1)), middle * n) for n in (9, 1))
    return hand.sheet(one), hand.sheet(two)


def _number(hand: Hand) -> tuple[Sheet, Sheet]:
    one, fare = hand.bill("bookshop"), hand.bill("rail")
    digit = str((int(one.number[-1]) + 1) % 9)  # a 9 for a 0 passes the check digit, which counts modulo 9
    return hand.two(printed(replace(one, number=one.number[:-1] + digit)), printed(replace(fare, number="")))


def _flag(wrong: str, right: str) -> Pair:
    def pair(hand: Hand) -> tuple[Sheet, Sheet]:
        return hand.two(hand.bill("cafe", flags=(wrong,)), hand.bill("cafe", flags=(right,) if right else ()))

    return pair


def _captured(hand: Hand) -> tuple[Sheet, Sheet]:
    one, two = hand.bill("cafe"), hand.bill("cafe")
    before, same = (one.day - ONE).isoformat(), two.day.isoformat()
    return hand.two(replace(one, flags=(f"captured:{before}",)), replace(two, flags=(f"captured:{same}",)))


def _approver(hand: Hand) -> tuple[Sheet, Sheet]:
    person = hand.rng.randrange(hand.people)
    boss = {"name": hand.manager(person), "relation": "own"}
    other = {"name": "星待 一郎太", "relation": "own"}
    one, two = (hand.bill("restaurant", attendees=(GUEST, also), persons=3) for also in (boss, other))
    return hand.sheet(one, person=person), hand.sheet(two, person=person)


def _per_diem(hand: Hand) -> tuple[Sheet, Sheet]:
    def sheet(persons: int | None, attendees: tuple[Mapping[str, Any], ...]) -> Sheet:
        meal = hand.bill("restaurant", persons=persons, attendees=attendees)
        daily = replace(
            meal, kind="allowance", amount=2_200, category="travel_transport", paper=None, basis={"kind": "daily"}
        )
        return hand.sheet(meal, replace(daily, attendees=(), persons=None, payee="日当", number=""))

    return sheet(None, ()), sheet(3, (GUEST, GUEST))


def _home(hand: Hand) -> tuple[Sheet, Sheet]:
    def sheet(came_home: bool) -> Sheet:
        room = hand.bill("hotel")
        room = printed(replace(room, items=(("宿泊料", room.amount),)))
        rows = []
        for n in (-1, 0, 1):
            day = room.day + n * ONE
            rows.append({"kind": "ic", "date": day, "origin": "栞坂", "destination": "風見", "amount": 220})
            if came_home or n == -1:
                rows.append({"kind": "ic", "date": day, "origin": "風見", "destination": "栞坂", "amount": 220})
        if not came_home:
            del rows[-1]  # nor is there a journey from home on the morning after
        return hand.sheet(room, rows=tuple(rows), home="栞坂")

    return sheet(True), sheet(False)


PAIRS: dict[str, Pair] = {
    "limit-category": _category,
    "limit-person": _person,
    "limit-day": lambda hand: _in_two(hand, "welfare", 5_000, 0),
    "limit-month": lambda hand: _in_two(hand, "training", 20_000, 1),
    "limit-head": _head,
    "over-budget": _budget,
    "rate-missing": _rate,
    "receipt-missing": _receipt,
    "purpose-missing": _purpose,
    "attendees-missing": _attendees,
    "late": _late,
    "date-future": _future,
    "date-day-off": _day_off,
    "trip-dates": _trip,
    "trip-request": _request,
    "alcohol": _goods("生ビール", "ノンアルコールビール", "restaurant"),
    "tobacco": _goods("メビウス ライト", "禁煙ステッカー", "convenience"),
    "tips": _goods("チップ", "ポテトチップス", "restaurant"),
    "not-an-expense": _goods("QUOカード 1000", "サーチャージ", "convenience"),
    "split": _split,
    "unusual": _unusual,
    "registration-number": _number,
    "screen-photo": _flag("screen_photo", ""),
    "software-traces": _flag("edited:Adobe Photoshop", "orientation:1"),
    "capture-date": _captured,
    "approver-attends": _approver,
    "per-diem-meal": _per_diem,
    "hotel-and-home": _home,
}
"""Each gives a claim that breaks the rule and one that nearly does."""


def planted(hand: Hand, count: int) -> Iterator[Sheet]:
    for rule, pair in PAIRS.items():
        for _ in range(count):
            wrong, right = pair(hand)
            yield replace(wrong, planted=rule)
            yield replace(right, near=rule)


def in_order(sheets: Sequence[Sheet]) -> list[Sheet]:
    """As they are handed in, each after those that it depends on."""
    return sorted(sheets, key=lambda sheet: sheet.on)
