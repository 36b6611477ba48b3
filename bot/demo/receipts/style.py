"""How one till prints: date form, yen sign, width of digits, marks. Chosen once per receipt, by its seed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Literal

FULL = str.maketrans("0123456789,.-/:()¥", "０１２３４５６７８９，．－／：（）￥")
WEEKDAYS = "月火水木金土日"


def full_width(text: str) -> str:
    return text.translate(FULL)


def era_year(day: date) -> int:
    """Year of Reiwa, which began on 2019-05-01; this generator prints no earlier day."""
    return day.year - 2018


def _wareki(day: date) -> str:
    return f"令和{era_year(day)}年{day.month}月{day.day}日"


DATES: dict[str, Callable[[date], str]] = {
    "kanji": lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}日",
    "kanji_weekday": lambda d: f"{d.year}年{d.month}月{d.day}日({WEEKDAYS[d.weekday()]})",
    "slash": lambda d: f"{d:%Y/%m/%d}",
    "slash_weekday": lambda d: f"{d:%Y/%m/%d}({WEEKDAYS[d.weekday()]})",
    "hyphen": lambda d: f"{d:%Y-%m-%d}",
    "dots": lambda d: f"{d:%Y.%m.%d}",
    "two_digits": lambda d: f"{d:%y/%m/%d}",
    "apostrophe": lambda d: f"'{d:%y}.{d:%m}.{d:%d}",
    "two_digits_kanji": lambda d: f"{d:%y}年{d.month:02d}月{d.day:02d}日",
    "era": _wareki,
    "era_padded": lambda d: f"令和{era_year(d):2d}年{d.month:2d}月{d.day:2d}日",
    "era_letter": lambda d: f"R{era_year(d)}.{d.month:02d}.{d.day:02d}",
    "era_letter_slash": lambda d: f"R{era_year(d):02d}/{d.month:02d}/{d.day:02d}",
    "full_width": lambda d: full_width(f"{d.year}年{d.month:2d}月{d.day:2d}日").replace(" ", "　"),
    "full_width_era": lambda d: full_width(f"令和{era_year(d)}年{d.month}月{d.day}日"),
}
OFTEN = ("kanji", "kanji_weekday", "slash", "slash_weekday")


@dataclass(frozen=True)
class Style:
    dates: str
    seconds: bool
    sign: Literal["¥", "￥", "円", ""]
    full_digits: bool
    comma: bool
    reduced_mark: str
    inclusive: bool
    total_label: str
    tall_total: bool
    colon_number: bool

    def date(self, day: date) -> str:
        return DATES[self.dates](day)

    def stamp(self, when: datetime) -> str:
        """Date and time as the till's first line has them."""
        clock = f"{when:%H:%M:%S}" if self.seconds else f"{when:%H:%M}"
        if self.dates.startswith("full_width"):
            clock = full_width(clock)
        return f"{self.date(when.date())} {clock}"

    def yen(self, amount: int) -> str:
        number = f"{abs(amount):,}" if self.comma else str(abs(amount))
        if self.full_digits:
            number = full_width(number)
        sign = ("￥" if self.full_digits else self.sign) if self.sign != "円" else ""
        return f"{'-' if amount < 0 else ''}{sign}{number}{'円' if self.sign == '円' else ''}"

    def number(self, registration: str) -> str:
        """The registration number as the till labels it."""
        return f"登録番号{':' if self.colon_number else ' '}{registration}"


def style(rng: Random) -> Style:
    return Style(
        dates=rng.choice(OFTEN) if rng.random() < 0.5 else rng.choice(tuple(DATES)),
        seconds=rng.random() < 0.2,
        sign=rng.choices(("¥", "￥", "円", ""), (6, 1, 2, 1))[0],
        full_digits=rng.random() < 0.08,
        comma=rng.random() < 0.93,
        reduced_mark=rng.choice(("※", "軽", "*", "＊", "※", "軽")),
        inclusive=rng.random() < 0.5,
        total_label=rng.choice(("合計", "合　計", "合 計", "お会計", "合計金額", "お買上計")),
        tall_total=rng.random() < 0.5,
        colon_number=rng.random() < 0.6,
    )
