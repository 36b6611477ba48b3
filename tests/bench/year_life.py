"""A fictional year of claims before anything is planted: people, shops with their prices, and what people buy.

Business days only, within two weeks, with a purpose and a valid number: nothing that a rule should find. Chance makes
the rest, as life does: the same coffee at the same price, colleagues on one train, the rent on the same day each month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from bot.demo.receipts.numbers import phone, registration_number
from bot.demo.receipts.shops import SIGNS
from handlers import calendar

FIRST, LAST = dt.date(2025, 11, 4), dt.date(2026, 10, 30)
FAMILY = ("霧沢", "月野見", "雨宮坂", "白鷺", "花園寺", "千鳥", "大曲田", "栞", "風見原", "星待")
GIVEN = (
    *("あおい", "いつき", "うた", "えいた", "おと", "かなで", "きよし", "くるみ", "けんた", "こはる"),
    *("さくら", "しおん", "すみれ", "せな", "そら", "たまき", "ちはる", "つばさ", "てるみ", "とも"),
)
TRADES: dict[str, tuple[str, int, int, int]] = {  # trade: category, usual price, prices on the card, weight
    "cafe": ("meeting", 620, 6, 14),
    "restaurant": ("meeting", 4800, 30, 10),
    "taxi": ("travel_transport", 1900, 40, 16),
    "rail": ("travel_transport", 1160, 8, 18),
    "parking": ("travel_transport", 700, 5, 8),
    "convenience": ("supplies", 540, 30, 12),
    "supermarket": ("supplies", 1300, 40, 6),
    "bookshop": ("supplies", 1700, 25, 8),
    "hotel": ("travel_transport", 9200, 10, 8),
}
TIMELESS = ("rail", "hotel")  # no time of day on their paper
GOODS = {
    "cafe": ("ブレンドコーヒー", "カフェオレ", "サンドイッチ"),
    "restaurant": ("日替わり定食", "会議用弁当", "コース料理"),
    "convenience": ("ボールペン", "乾電池", "封筒"),
    "supermarket": ("お茶 2L", "紙コップ", "ゴミ袋"),
    "bookshop": ("ノート", "付箋", "ファイル"),
}
PURPOSES = ("客先打合せ", "現地調査", "窓口業務", "研修準備", "住民説明会", "定例会議")


@dataclass(frozen=True)
class Shop:
    trade: str
    name: str
    number: str
    phone: str
    prices: tuple[int, ...]


@dataclass(frozen=True)
class Bill:
    """One expense. ``paper``: what stands on it, a line a text; None where there is no receipt. ``row``: reads as."""

    shop: Shop
    day: dt.date
    amount: int
    category: str
    time: dt.time | None = None
    slip: int = 0
    items: tuple[tuple[str, int], ...] = ()
    flags: tuple[str, ...] = ()
    payee: str = ""
    number: str = ""
    paper: tuple[str, ...] | None = ()
    kind: str = "receipt"
    reads: str = "receipt"
    payment: str = "cash"
    attendees: tuple[Mapping[str, Any], ...] = ()
    persons: int | None = None
    description: str = ""
    journey: Mapping[str, Any] = field(default_factory=dict)
    basis: Mapping[str, Any] = field(default_factory=dict)
    tip: int | None = None
    sha256: str = ""
    currency: str = "JPY"


@dataclass(frozen=True)
class Sheet:
    """One claim. ``planted`` names the rule that should find it, ``near`` the rule that should not, though it is close.

    ``trip``: its days; ``nights``: those of a trip that ``asked`` says was approved before. ``rows``: statement
    rows beside it, as columns of ``StatementRow``. ``shape`` tells the planted of one rule apart. ``budget``: what
    is granted for it alone, yen. ``quotes``: exchange rates of the organisation, as (currency, day).
    """

    person: int
    bills: tuple[Bill, ...]
    on: dt.date
    purpose: str = "客先打合せ"
    planted: str = ""
    near: str = ""
    shape: str = ""
    trip: tuple[dt.date, dt.date] | None = None
    nights: int = 0
    asked: bool = True
    rows: tuple[Mapping[str, Any], ...] = ()
    home: str = ""
    grade: str = ""
    budget: int | None = None
    quotes: tuple[tuple[str, dt.date], ...] = ()


def names(count: int) -> list[str]:
    return [f"{FAMILY[n % len(FAMILY)]} {GIVEN[n // len(FAMILY) % len(GIVEN)]}" for n in range(count)]


def shops(rng: Random) -> dict[str, list[Shop]]:
    """The shops of the town by trade: branches of one company share its number."""
    found: dict[str, list[Shop]] = {}
    for trade, (_, usual, count, _) in TRADES.items():
        for name, _, branches in SIGNS[trade]:
            number = registration_number(rng)
            for branch in (branches.split() or [""])[:2]:
                spread = [round(usual * rng.uniform(0.72, 1.4) / 10) * 10 for _ in range(count)]
                shop = Shop(trade, f"{name} {branch}".strip(), number, phone(rng), tuple(sorted(set(spread))))
                found.setdefault(trade, []).append(shop)
    return found


def business_day(rng: Random, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
    while True:
        day = first + dt.timedelta(rng.randrange((last - first).days + 1))
        if calendar.is_business_day(day):
            return day


def bought(rng: Random, shop: Shop, day: dt.date, amount: int | None = None) -> Bill:
    """A purchase with its paper."""
    category = TRADES[shop.trade][0]
    amount = amount or rng.choice(shop.prices)
    time = None if shop.trade in TIMELESS else dt.time(rng.randint(8, 20), rng.randrange(60))
    goods = GOODS.get(shop.trade, ())
    bill = Bill(
        shop=shop,
        day=day,
        amount=amount,
        category=category,
        time=time,
        slip=rng.randrange(100_000, 1_000_000),
        items=((rng.choice(goods), amount),) if goods else (),
        payee=shop.name,
        number=shop.number,
        reads="ticket" if shop.trade == "rail" else "receipt",
        payment=rng.choice(("cash", "ic", "qr")),
    )
    if shop.trade == "restaurant":
        bill = replace(
            bill, persons=2, attendees=({"name": "星待 客子", "company": "合同会社ほたる", "relation": "outside"},)
        )
    return printed(bill)


def printed(bill: Bill) -> Bill:
    """With what stands on its paper."""
    text = [bill.payee, f"TEL {bill.shop.phone}", f"登録番号 {bill.number}", f"{bill.day:%Y年%m月%d日}"]
    if bill.time is not None:
        text.append(f"{bill.time:%H:%M}  レジ{bill.slip % 7 + 101}")
    text += [f"伝票番号 {bill.slip}", *(f"{name} ¥{amount:,}" for name, amount in bill.items)]
    text += [f"合計 ¥{bill.amount:,}", f"内消費税 ¥{bill.amount * 10 // 110:,}"]
    return replace(bill, paper=tuple(text))


def life(rng: Random, town: Mapping[str, list[Shop]], people: int, each: int) -> Iterator[Sheet]:
    """Clean claims, of one expense mostly, by the people in turn."""
    trades, weights = list(TRADES), [weight for *_, weight in TRADES.values()]
    for person in range(people):
        usual = {trade: rng.sample(found, min(3, len(found))) for trade, found in town.items()}
        left = each
        while left > 0:
            count = min(left, rng.choice((1, 1, 1, 2, 3)))
            day = business_day(rng)
            bills = []
            for _ in range(count):
                trade = rng.choices(trades, weights)[0]
                bills.append(bought(rng, rng.choice(usual[trade]), day))
                day = min(LAST, business_day(rng, day, day + dt.timedelta(6)))
            left -= count
            latest = max(bill.day for bill in bills)
            yield Sheet(person, tuple(bills), latest + dt.timedelta(rng.randrange(14)), rng.choice(PURPOSES))
