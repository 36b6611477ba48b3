"""The same purchase claimed twice, as it happens, and pairs that only look like it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from handlers import calendar
from tests.bench.year_life import Bill, Sheet, Shop, bought, business_day, printed

LOOKS_LIKE = {"0": "8", "1": "7", "2": "7", "3": "8", "4": "9", "5": "6", "6": "8", "7": "1", "8": "3", "9": "4"}
ALIKE = {
    "珈": "琲",
    "風": "凧",
    "町": "叮",
    "霧": "露",
    "大": "犬",
    "の": "め",
    "ー": "一",
    "花": "化",
    "月": "日",
    "沢": "択",
}
FACTS, STATEMENT, BYTES = "duplicate-facts", "duplicate-statement", "bytes"
SHAPES = {"as it was": 6, "name misread": 4, "amount misread": 3, "date misread": 2, "time unread": 3, "typed": 2}


def read_again(rng: Random, bill: Bill) -> Bill:
    """Another photo of the same paper: a line is cut off, a digit in thirty is misread."""
    paper = [_blurred(rng, line) for line in bill.paper or ()]
    if len(paper) > 5 and rng.random() < 0.4:
        del paper[rng.choice((0, len(paper) - 1))]
    return replace(bill, paper=tuple(paper), sha256="", payment=rng.choice(("", bill.payment)))


def _blurred(rng: Random, text: str) -> str:
    return "".join(LOOKS_LIKE[c] if c in LOOKS_LIKE and rng.random() < 1 / 30 else c for c in text)


def misread(rng: Random, bill: Bill, shape: str) -> Bill:
    """The second reading of a bill, with what went wrong."""
    again = read_again(rng, bill)
    if shape == "name misread":
        return replace(again, payee=_garbled(rng, bill.payee), number=rng.choice((bill.number, "")))
    if shape == "amount misread":
        digits = list(str(bill.amount))
        place = rng.randrange(len(digits) - 1) if len(digits) > 3 else len(digits) - 2
        digits[place] = LOOKS_LIKE[digits[place]]
        amount = int("".join(digits))
        return replace(again, amount=amount if len(str(amount)) == len(digits) else bill.amount)
    if shape == "date misread":
        day = bill.day.day
        other = next(d for d in (int(str(day)[:-1] + LOOKS_LIKE[str(day)[-1]]), day + 1, day - 1, 27) if 1 <= d <= 28)
        return replace(again, day=bill.day.replace(day=other))
    if shape == "time unread":
        return replace(again, time=None)
    if shape == "typed":
        return replace(bill, paper=None, kind="note", number="", payee=rng.choice((bill.payee, "")), time=None)
    return again


def _garbled(rng: Random, name: str) -> str:
    places = [n for n, letter in enumerate(name) if letter != " "]
    letters = list(name)
    for place in rng.sample(places, max(1, len(places) // 6)):
        letters[place] = ALIKE.get(letters[place], "口")
    return "".join(letters)


def twice(rng: Random, town: Mapping[str, list[Shop]], people: int, count: int) -> Iterator[Sheet]:
    """Pairs: a first claim, clean, and later the second, by the same person or a colleague."""
    shapes = [shape for shape, weight in SHAPES.items() for _ in range(weight)]
    for n in range(count):
        shape = shapes[n % len(shapes)]
        trades = [trade for trade in town if shape != "date misread" or trade not in ("rail", "hotel")]
        bill = bought(rng, rng.choice(town[rng.choice(trades)]), business_day(rng))
        person = rng.randrange(people)
        yield Sheet(person, (bill,), bill.day + dt.timedelta(3))
        other = person if shape == "typed" or rng.random() < 0.5 else rng.randrange(people)
        again = misread(rng, bill, shape)
        late = max(bill.day, again.day) + dt.timedelta(rng.randrange(4, 40))
        yield Sheet(other, (again,), late, planted=FACTS, shape=shape)


def same_bytes(rng: Random, town: Mapping[str, list[Shop]], people: int, count: int) -> Iterator[Sheet]:
    for n in range(count):
        bill = replace(bought(rng, rng.choice(town["cafe"]), business_day(rng)), sha256=f"{n:064x}")
        yield Sheet(rng.randrange(people), (bill,), bill.day + dt.timedelta(2))
        yield Sheet(rng.randrange(people), (bill,), bill.day + dt.timedelta(20), planted=BYTES)


def lookalikes(rng: Random, town: Mapping[str, list[Shop]], people: int, count: int) -> Iterator[Sheet]:
    """What is bought again and is no duplicate. The second of each pair is near."""

    def pair(one: Bill, two: Bill, colleagues: bool, shape: str) -> Iterator[Sheet]:
        person = rng.randrange(people)
        other = (person + 1) % people if colleagues else person
        yield Sheet(person, (printed(one),), one.day + dt.timedelta(2))
        yield Sheet(other, (printed(two),), two.day + dt.timedelta(4), near=FACTS, shape=shape)

    def next_slip(bill: Bill) -> int:
        return bill.slip + rng.randrange(1, 400)

    for _ in range(count):
        coffee = bought(rng, rng.choice(town["cafe"]), business_day(rng))
        assert coffee.time is not None
        later = coffee.time.replace(hour=(coffee.time.hour + 3) % 24, minute=rng.randrange(60))
        yield from pair(coffee, replace(coffee, time=later, slip=next_slip(coffee)), False, "twice a day")
        ticket = bought(rng, rng.choice(town["rail"]), business_day(rng))
        yield from pair(ticket, replace(ticket, slip=next_slip(ticket)), True, "colleagues' tickets")
        out = bought(rng, rng.choice(town["rail"]), business_day(rng))
        yield from pair(out, replace(out, slip=next_slip(out)), False, "there and back")
        lunch = bought(rng, rng.choice(town["restaurant"]), business_day(rng))
        assert lunch.time is not None
        minute = (lunch.time.minute + rng.choice((1, 2, 3))) % 60
        set_lunch = replace(lunch, time=lunch.time.replace(minute=minute), slip=lunch.slip + 1)
        yield from pair(lunch, set_lunch, True, "colleagues' lunches")
        stay = bought(rng, rng.choice(town["hotel"]), business_day(rng))
        yield from pair(stay, replace(stay, slip=stay.slip + 1), True, "colleagues' rooms")
        parking = replace(bought(rng, rng.choice(town["parking"]), _first_of_two_months(rng)), time=None)
        month = replace(parking, day=parking.day.replace(month=parking.day.month + 1), slip=next_slip(parking))
        yield from pair(parking, month, False, "the same every month")
        morning = bought(rng, rng.choice(town["cafe"]), business_day(rng))
        assert morning.time is not None
        at = morning.time.replace(minute=rng.randrange(60))
        tomorrow = replace(morning, day=morning.day + dt.timedelta(1), time=at, slip=next_slip(morning))
        yield from pair(morning, tomorrow, False, "the same every morning")


def _first_of_two_months(rng: Random) -> dt.date:
    """A day on which people work, and work again a month later."""
    while True:
        day = business_day(rng, dt.date(2026, 3, 2), dt.date(2026, 8, 28))
        if day.day < 29 and calendar.is_business_day(day.replace(month=day.month + 1)):
            return day


def by_card(rng: Random, town: Mapping[str, list[Shop]], people: int, count: int) -> Iterator[Sheet]:
    """What the organisation's card paid, claimed as cash; near: paid by card and said so, or another shop's row."""
    for n in range(count):
        bill = replace(bought(rng, rng.choice(town["bookshop"]), business_day(rng)), payment="cash")
        row = {"kind": "card", "date": bill.day + dt.timedelta(rng.randrange(3)), "amount": bill.amount}
        person, on = rng.randrange(people), bill.day + dt.timedelta(5)
        kana = rng.choice((bill.shop.name, "ﾎﾝﾔ ｶｻﾞﾐ"))
        yield Sheet(person, (bill,), on, planted=STATEMENT, rows=({**row, "payee": kana},))
        other = replace(bought(rng, rng.choice(town["bookshop"]), business_day(rng)), payment="cash")
        row = {"kind": "card", "date": other.day, "amount": other.amount}
        if n % 2:
            paid = replace(other, payment="card")
            yield Sheet(person, (paid,), other.day, near=STATEMENT, rows=({**row, "payee": other.shop.name},))
        else:
            yield Sheet(person, (other,), other.day, near=STATEMENT, rows=({**row, "payee": "花園温泉旅館"},))


def everything(rng: Random, town: Mapping[str, list[Shop]], people: int, count: int) -> Sequence[Sheet]:
    return [
        *twice(rng, town, people, count * 6),
        *same_bytes(rng, town, people, count),
        *lookalikes(rng, town, people, count),
        *by_card(rng, town, people, count),
    ]
