"""Expense category of a receipt, with the reason in one line (「タクシー → 旅費交通費」).

A word table (categories.csv, open to editing) and the kind of a known brand; nothing learned lives here. Food shops and
restaurants have no account of their own: the reduced rate and the price for each person decide between them. Limit of
10,000 yen a person for 会議費: 租税特別措置法施行令 37 条の 5 (since 2024-04-01); only a default, policy decides.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from ocr.reading import Category
from ocr.text import normal, repair_kana, skeleton

MEAL_LIMIT = 10_000


@dataclass(frozen=True)
class Row:
    category: Category
    name: tuple[str, ...]
    text: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class Choice:
    category: Category
    confidence: float
    because: str


@cache
def table() -> dict[str, Row]:
    """Rows of categories.csv by code."""
    weights = {"high": 1.0, "medium": 0.85, "low": 0.6}
    text = files("ocr").joinpath("categories.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["code"]: Row(
            Category(row["code"], row["account"], row["setsu"]),
            tuple(word for word in row["name"].split("|") if word),
            tuple(word for word in row["text"].split("|") if word),
            weights[row["confidence"]],
        )
        for row in rows
    }


def classify(
    issuer: str, text: str, *, brand: str = "", kind: str = "receipt", per_person: int | None = None, food: bool = False
) -> Choice:
    """The category that fits best; ``misc`` at low confidence when nothing points anywhere.

    ``brand`` is the category of a known brand ("" when unknown, ``food`` and ``meal`` for food shops and restaurants),
    ``per_person`` the total for each person in yen, ``food`` whether most of the receipt is at the reduced rate.
    """
    scores: dict[str, tuple[float, str]] = {}
    head, body = _trading_name(issuer), normal(text)
    for code, row in table().items():
        words = [word for word in row.name if _in_name(word, head)]
        told = [word for word in row.text if word.lower() in body.lower()]
        score = (2.2 if words else 0.0) + min(len(told), 3) * 0.5 * (1.4 if len(told) > 1 else 1.0)
        if score:
            scores[code] = (score * row.confidence, (words or told)[0])
    if kind == "ticket":
        charge = "チャージ" in text
        _add(scores, "clearing" if charge else "travel_transport", 1.2, "チャージ" if charge else "乗車券")
    if brand == "meal":
        dear = per_person is not None and per_person > MEAL_LIMIT
        _add(scores, "entertainment" if dear else "meeting", 1.8, "飲食店")
    elif brand == "food":
        _add(scores, "meeting" if food else "supplies", 1.2, "食品" if food else "小売店")
    elif brand in table():
        _add(scores, brand, 2.5, issuer)
    if food and brand != "food":
        _add(scores, "meeting", 1.0, "軽減税率の食品")
    if not scores:
        return Choice(table()["misc"].category, 0.2, f"手がかりなし → {table()['misc'].category.account}")
    code = max(scores, key=lambda c: scores[c][0])
    best, word = scores[code]
    rest = max((s for c, (s, _) in scores.items() if c != code), default=0.0)
    confidence = min(0.95, 0.35 + 0.2 * best) * (1.0 if best - rest > 0.5 else 0.7)
    category = table()[code].category
    return Choice(category, round(confidence, 2), f"{word} → {category.account}")


def _add(scores: dict[str, tuple[float, str]], code: str, weight: float, word: str) -> None:
    before = scores.get(code, (0.0, word))
    scores[code] = (before[0] + weight, before[1])


def _in_name(word: str, name: str) -> bool:
    """Whether the word stands in an issuer's name as a word.

    Latin words stand alone (INN is not in DINNER), and so do katakana ones of two letters; longer ones begin or end a
    run of katakana (リース in オリオンリース, not in デイリーストップ). Other words may be a part, but what also ends
    the names of towns (宿 in 新宿) begins a word.
    """
    if word.isascii():
        return re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", name, re.IGNORECASE) is not None
    key, text = _folded(word), _folded(name)
    if not re.fullmatch(f"[{_KATAKANA}]+", key):
        return re.search(rf"{_NO_KANJI if word in _TOWNS else ''}{re.escape(key)}", text) is not None
    before, after = f"(?<![{_KATAKANA}])", f"(?![{_KATAKANA}])"
    ends = (before + key + after,) if len(key) <= 2 else (before + key, key + after)
    return any(re.search(end, text) is not None for end in ends)


_KATAKANA = "ァ-ヺー"
_NO_KANJI = "(?<![\u4e00-\u9fff])"
_TOWNS = ("宿",)
_FORM = re.compile("協同組合|協業組合")


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """``skeleton`` with the long vowel marks kept, for リース is no リス, and with the spaces between words."""
    words = repair_kana(normal(text)).split()
    return " ".join("ー".join(skeleton(piece) for piece in word.split("ー")) for word in words)


def _trading_name(issuer: str) -> str:
    """The name without the form of the company (組合 of 協同組合 is no society) and without its branch (水道橋店)."""
    name = _FORM.sub(" ", normal(issuer))
    words = name.split()
    if len(words) > 1 and re.search(r"[^\W\d](?:店|営業所|支店)$", words[-1]):
        return " ".join(words[:-1])
    return name
