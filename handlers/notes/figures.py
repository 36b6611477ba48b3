"""Figures of notes: amounts and their currency, nights, heads, kilometres, hours, and how many times."""

from __future__ import annotations

import re
from decimal import Decimal

from handlers.notes.signs import Sort, Token, cjk, latin, letter

_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?)"
_CODES = {
    "JPY": "円 yen jpy ¥ 圓 えん",
    "USD": "ドル $ usd us$ dollars dollar 米ドル bucks",
    "EUR": "ユーロ € eur euro euros",
    "GBP": "ポンド £ gbp pounds pound",
    "KRW": "ウォン ₩ krw won",
    "CNY": "人民元 cny rmb yuan",
    "TWD": "台湾ドル twd",
    "HKD": "香港ドル hkd",
    "SGD": "シンガポールドル sgd",
    "THB": "バーツ thb baht",
    "AUD": "豪ドル aud",
    "CAD": "カナダドル cad",
    "NZD": "nzd",
    "CHF": "スイスフラン chf",
    "MYR": "リンギット myr",
    "IDR": "ルピア idr",
    "VND": "ドン vnd",
    "PHP": "フィリピンペソ php",
    "INR": "ルピー inr",
}
_CURRENCY = {name: code for code, names in _CODES.items() for name in names.split()}
_PREFIXES = "|".join(code.lower() for code in _CODES)
_NAMES = "|".join(re.escape(name) for name in sorted(_CURRENCY, key=len, reverse=True))
_SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "a": 1}
_ENGLISH_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(_SPELLED)})"
_HEADS = "people|persons?|guests?|clients?|customers?|visitors?|colleagues|attendees|participants|members"

_SPELLINGS: tuple[tuple[Sort, str], ...] = (
    (
        "clock",
        r"(?:[0-2]?\d(?::[0-5]\d|時(?:半|\d{1,2}分)?)?\s?[~-]\s?)?"
        r"(?:\d{1,2}:\d{2}(?:\s?(?:am|pm))?|\d{1,2}時(?:半|\d{1,2}分)?(?!間)(?:頃|ごろ)?)(?:[発着](?![一-龠]))?"
        r"|\d{1,2}\s?(?:am|pm)\b",
    ),
    ("times", r"(?P<n>)(?:/|\bper |\ba )night\b|(?P<m>)/泊"),
    ("times", r"(?P<n>)(?:1泊|一泊)(?:あたり|当たり|につき)"),
    ("times", r"(?P<n>)(?:各々?|1名あたり)(?=\s?[\d¥@])"),
    ("nights", r"(?P<n>\d{1,2})(?:泊|ぱく|はく)(?:[・\s]?\d{1,2}日)?(?:間)?(?!先)"),
    ("nights", rf"\b{_ENGLISH_NUMBER}[\s-]nights?\b"),
    ("nights", r"\bovernight\b(?P<n>)"),
    ("times", r"(?P<n>\d{1,3})(?:回|枚|人|名|本|個|部|箱|冊|台|缶|袋|食)\s?[×*✕x]\s?(?=[\d,]{2,}\s?円|¥)"),
    ("times", r"(?P<n>)[×*✕x]\s?(?=\d{1,3}(?:,\d{3})+|\d{3,6}\s?円|¥)"),  # 2泊×8,500円
    ("times", r"(?:[×*✕]|(?<![a-z])x)\s?(?P<both>往復)分?"),
    (
        "times",
        r"(?:[×*✕]|(?<![a-z])x(?=\s?\d))\s?(?P<n>\d{1,3})(?!\d|,\d)(?:泊|回|枚|人|名|日|本|個|部|箱|冊|台|缶|着|束|袋|セット|杯|食)?分?",
    ),
    ("km", r"(?P<n>\d{1,5}(?:,\d{3})*(?:\.\d{1,2})?)\s?(?:km|キロ(?:メートル)?|kilomet(?:er|re)s?)(?![a-z])"),
    ("money", rf"@\s?{_NUMBER}(?P<c>円)?"),
    (
        "money",
        rf"(?P<c>us\$|¥|\$|€|£|₩|\b(?:{_PREFIXES}))\s?{_NUMBER}(?![\d:])",
    ),
    ("money", rf"{_NUMBER}\s?(?P<c>{_NAMES})(?:也|分)?(?!(?!x\s?[\d往])[a-z])"),
    (
        "people",
        r"(?:(?:参加|出席)(?:者|人数)?:?\s?)?(?P<n>\d{1,3})\s?(?:名様|人前|名(?!古屋|寄|張|取)|人|ppl\b|pax\b)(?:分)?(?:で|参加)?",
    ),
    ("people", rf"\b(?!an?\s){_ENGLISH_NUMBER}\s?(?:{_HEADS})\b"),
    ("people", rf"\b(?:party|group) of {_ENGLISH_NUMBER}\b"),
    ("figure", r"(?P<n>\d{1,3}(?:,\d{3})+)(?!\d|\.\d)"),
    (
        "figure",
        r"(?P<n>[1-9]\d{2,6})(?!\d|[,.]\d|[:/-]|\s?(?:号|便|番|年|月|日|時|分|階|度|枚|本|個|件|%|kg|台|歩|m\b))",
    ),
)
_FIGURES = tuple((sort, re.compile(pattern, re.IGNORECASE)) for sort, pattern in _SPELLINGS)


def figure(text: str, at: int, inside: bool) -> Token | None:
    if inside and letter(text[at]) and latin(text[at - 1]):
        return None
    for sort, pattern in _FIGURES:
        match = pattern.match(text, at)
        if match is None or (sort == "figure" and inside and not cjk(text[at - 1])):
            continue
        groups = match.groupdict()
        if groups.get("both"):
            groups["n"] = "2"
        number = (groups.get("n") or "1").replace(",", "").lower()
        value = Decimal(_SPELLED.get(number, 0) or number)
        code = _CURRENCY.get((groups.get("c") or "円").lower(), "JPY")
        return Token(sort, match[0], at, match.end(), value, code)
    return None
