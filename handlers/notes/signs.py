"""What a token is, and which letters a text is made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from handlers.notes.days import Days

# Signs that mean the same wherever they stand; each is a phrase by itself (``grammar``).
Sign = Literal["trip", "round", "one_way", "day_trip", "eve", "after", "back", "total", "comma", "newline"]
SIGNS: tuple[Sign, ...] = get_args(Sign)
Sort = Literal[
    Sign,
    "days",
    "money",
    "figure",
    "times",
    "km",
    "nights",
    "people",
    "payer",
    "name",
    "clock",
    "ride",
    "stay",
    "meals",
    "thing",
    "title",
    "via",
    "arrow",
    "dash",
    "from",
    "until",
    "toward",
    "particle",
    "to",
    "for",
    "with",
    "at",
    "and",
    "destination",
    "purpose",
    "lodged",
    "attending",
    "filler",
    "word",
]


@dataclass(frozen=True)
class Token:
    """``start`` and ``end`` are places in the normal text; ``value`` is a figure, ``code`` a mode, category, currency
    or the like, ``days`` a day."""

    sort: Sort
    text: str
    start: int
    end: int
    value: Decimal | None = None
    code: str = ""
    days: Days | None = None


def latin(sign: str) -> bool:
    return bool(sign) and ((sign.isascii() and (sign.isalpha() or sign in "'_")) or "À" <= sign <= "ɏ")


def letter(sign: str) -> bool:
    return sign.isalpha()


def katakana(sign: str) -> bool:
    return bool(sign) and "ァ" <= sign <= "ヿ"


def kanji(sign: str) -> bool:
    return bool(sign) and "一" <= sign <= "鿿"


def cjk(sign: str) -> bool:
    return bool(sign) and "ぁ" <= sign <= "鿿"


def glued(first: Token, second: Token) -> bool:
    """Nothing stands between the two."""
    return first.end == second.start
