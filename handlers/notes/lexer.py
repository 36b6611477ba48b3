"""From a note to its tokens: days, figures, words of the tables, connectors, and whatever lies between as plain words.

Japanese has no spaces, so every place of the text is tried: a figure with its unit, then a word of the tables, then a
particle; what is left in between is a word. A particle counts only behind a word and before something that is not
hiragana (``東京から``, but not the に of ``にしき町``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, get_args

from handlers.categories import PAYMENT_WORDS
from handlers.notes import days, words
from handlers.notes.days import Context, Days, Lean

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


def tokens(text: str, today: date, lean: Lean = "nearest") -> list[Token]:
    """The tokens of a normal text, without spaces and brackets."""
    made: list[Token] = []
    context = Context(today, lean)
    at = word = 0
    while at < len(text):
        token = _at(text, at, context, word < at)
        if token is None:
            at += 1
            continue
        made += _words(text, word, at)
        if token.days is not None and token.days.first is not None:
            context = Context(today, lean, token.days.last or token.days.first)
        if token.text.strip():
            made.append(token)
        elif "\n" in text[token.start : token.end]:
            made.append(Token("newline", "\n", token.start, token.end))
        at = word = token.end
    return made + _words(text, word, at)


def _words(text: str, start: int, end: int) -> list[Token]:
    return [Token("word", text[start:end], start, end)] if start < end else []


def _at(text: str, at: int, context: Context, inside: bool) -> Token | None:
    """The token that begins at ``at``; ``inside``: a plain word runs up to here."""
    sign = text[at]
    if sign.isspace() or sign in '()[]「」『』【】"“”':
        return Token("newline" if sign == "\n" else "filler", " ", at, at + 1)
    boundary = not (inside and _latin(text[at - 1]) and _latin(sign))
    if boundary:
        found = days.found(text, at, context)
        if found is not None and not (inside and text[at - 1].isdigit()):
            return Token("days", text[at : found[1]], at, found[1], days=found[0])
    if boundary and not (inside and text[at - 1].isdigit() and sign.isdigit()):
        for read in (_figure, _known):
            token = read(text, at, inside)
            if token is not None:
                return token
    return _connector(text, at, inside)


# --- figures ----------------------------------------------------------------------------------------------------------

_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?)"
_CODES = {
    "JPY": "円 yen jpy ¥ 圓",
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
}
_CURRENCY = {name: code for code, names in _CODES.items() for name in names.split()}
_NAMES = "|".join(re.escape(name) for name in sorted(_CURRENCY, key=len, reverse=True))
_SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "a": 1}
_ENGLISH_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(_SPELLED)})"

_SPELLINGS: tuple[tuple[Sort, str], ...] = (
    ("clock", r"\d{1,2}:\d{2}(?:\s?(?:am|pm))?|\d{1,2}時(?:半|\d{1,2}分)?(?:頃|ごろ)?|\d{1,2}\s?(?:am|pm)\b"),
    ("times", r"(?P<n>)(?:/|\bper |\ba )night\b|(?P<m>)/泊"),
    ("times", r"(?P<n>)(?:1泊|一泊)(?:あたり|当たり|につき)"),
    ("nights", r"(?P<n>\d{1,2})泊(?:[・\s]?\d{1,2}日)?(?:間)?(?!先)"),
    ("nights", rf"\b{_ENGLISH_NUMBER}[\s-]nights?\b"),
    ("nights", r"\bovernight\b(?P<n>)"),
    ("times", r"(?:[×*✕]|\bx(?=\s?\d))\s?(?P<n>\d{1,2})(?:泊|回|枚|人|名|日|本|個)?分?"),
    ("km", r"(?P<n>\d{1,5}(?:,\d{3})*(?:\.\d{1,2})?)\s?(?:km|キロ(?:メートル)?|kilomet(?:er|re)s?)(?![a-z])"),
    ("money", rf"@\s?{_NUMBER}(?P<c>円)?"),
    (
        "money",
        rf"(?P<c>us\$|¥|\$|€|£|₩|\b(?:jpy|usd|eur|gbp|krw|cny|hkd|sgd|aud|cad|thb|twd))\s?{_NUMBER}(?![\d:])",
    ),
    ("money", rf"{_NUMBER}\s?(?P<c>{_NAMES})(?:也|分)?(?![a-z])"),
    ("people", r"(?P<n>\d{1,3})\s?(?:名様|人前|名|人|people\b|persons?\b|pax\b|guests\b)(?:分)?(?:で|参加)?"),
    ("people", rf"\b(?:party|group) of {_ENGLISH_NUMBER}\b"),
    ("figure", r"(?P<n>\d{1,3}(?:,\d{3})+)(?![\d.])"),
    ("figure", r"(?P<n>[1-9]\d{2,6})(?![\d,.:/-]|\s?(?:号|番|年|月|日|時|分|階|度|枚|本|個|件|%|kg|台|歩|m\b))"),
)
_FIGURES = tuple((sort, re.compile(pattern, re.IGNORECASE)) for sort, pattern in _SPELLINGS)


def _figure(text: str, at: int, inside: bool) -> Token | None:
    if inside and _letter(text[at]) and _latin(text[at - 1]):
        return None
    for sort, pattern in _FIGURES:
        match = pattern.match(text, at)
        if match is None or (sort == "figure" and inside and not _cjk(text[at - 1])):
            continue
        groups = match.groupdict()
        number = (groups.get("n") or "1").replace(",", "").lower()
        value = Decimal(_SPELLED.get(number, 0) or number)
        code = _CURRENCY.get((groups.get("c") or "円").lower(), "JPY")
        return Token(sort, match[0], at, match.end(), value, code)
    return None


# --- words of the tables ----------------------------------------------------------------------------------------------

_MARKED: dict[Sort, re.Pattern[str]] = {
    "destination": re.compile(
        r"(?:用務先|行先|行き先|出張先|訪問先|目的地|用務地|destination)(?=[:\s])[:\s]*", re.IGNORECASE
    ),
    "purpose": re.compile(
        r"(?:出張目的|訪問目的|目的|用務|用件|要件|件名|理由|内容|purpose|reason)(?=[:\s])[:\s]*", re.IGNORECASE
    ),
    "attending": re.compile(r"(?:参加者|出席者|同席者|同行者|attendees?|participants?)(?=[:\s])[:\s]*", re.IGNORECASE),
    "filler": re.compile(
        r"(?:期間|日程|日付|日時|交通手段|交通機関|交通|移動|金額|出発|帰着|区間|経路|出張日|date|dates|amount|route)(?=[:\s])[:\s]*",
        re.IGNORECASE,
    ),
}
_LINE_NAME = re.compile(r"[一-龠々ァ-ヶー]{1,6}線(?![一-龠])")
_TRAIN_NAME = re.compile(r"[ァ-ヶー]{2,8}(?:ライナー|エクスプレス)(?![ァ-ヶー一-龠])")
_TRAIN_NUMBER = re.compile(r"\s?\d{1,3}号")
_PERSON = re.compile(
    r"(?P<who>[一-龠々]{1,4}|[ァ-ヶー]{2,8}|[ぁ-んァ-ヶー一-龠々]{1,6}(?:商事|工業|商店|建設|製作所|銀行|株式会社))"
    r"(?:さん|様|氏|先生|社長|部長|課長|係長)(?![一-龠])"
)
_NOBODY = frozenset(["お客", "客", "皆", "業者", "取引先", "得意先", "担当", "先方", "神", "王", "奥", "娘"])
_FEE = re.compile(r"代金?|賃|料金|費")


@cache
def _dictionary() -> dict[str, tuple[Sort, str]]:
    known: dict[str, tuple[Sort, str]] = {}
    for word, mode in words.rides().items():
        known[word] = ("ride", mode)
    for word, code in words.things().items():
        known.setdefault(word, ("thing", code))
    for word in words.STAYS:
        known[word] = ("stay", "")
    for sort in get_args(Sort):
        for word in words.SIGNS.get(sort, ()):
            known[word.lower()] = (sort, "")
    for method, names in PAYMENT_WORDS.items():
        known |= dict.fromkeys(names, ("payer", method))
    for word, meals in words.MEALS.items():
        known[word] = ("meals", ",".join(meals))
    return known


@cache
def _by_first_letter() -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for word in _dictionary():
        groups.setdefault(word[0], []).append(word)
    return {sign: tuple(sorted(group, key=len, reverse=True)) for sign, group in groups.items()}


def _known(text: str, at: int, inside: bool) -> Token | None:
    for sort, pattern in _MARKED.items():
        match = None if inside else pattern.match(text, at)
        if match:
            return Token(sort, match[0], at, match.end())
    person = None if inside else _PERSON.match(text, at)
    if person and person["who"] not in _NOBODY and person["who"][-1] != "客":
        return Token("name", person["who"], at, person.end())
    line = None if inside else _LINE_NAME.match(text, at) or _TRAIN_NAME.match(text, at)
    if line and not line[0].endswith("新幹線"):
        return Token("ride", line[0], at, line.end(), code="train")
    if (text.startswith("のため", at) or text.startswith("の為", at)) and at > 0:
        end = at + (3 if text.startswith("のため", at) else 2)
        return Token("purpose", text[at:end], at, end, code="behind")
    low = text[at : at + 24].lower()
    for word in _by_first_letter().get(low[:1], ()):
        if low.startswith(word) and _stands(text, at, at + len(word), _dictionary()[word][0], inside):
            return _token_of(text, at, word)
    return _doubtful(text, at, inside)


def _token_of(text: str, at: int, word: str) -> Token:
    sort, code = _dictionary()[word]
    end = at + len(word)
    if sort in ("ride", "thing", "stay"):
        fee = _FEE.match(text, end)
        end = fee.end() if fee and not text[at:end].isascii() else end
    if sort == "ride":
        number = _TRAIN_NUMBER.match(text, end)
        end = number.end() if number else end
    return Token(sort, text[at : at + len(word)], at, end, code=code)


def _stands(text: str, at: int, end: int, sort: Sort, inside: bool) -> bool:
    """Whether a word of a table stands here as a word, not as a piece of a longer one."""
    before, after = text[at - 1] if inside else "", text[end] if end < len(text) else ""
    if _latin(text[end - 1]):
        return not _latin(after) and not (_latin(before) and _latin(text[at]))
    if _katakana(text[end - 1]) and _katakana(after):
        return False
    if inside and _katakana(text[at]) and _katakana(before):
        return False
    if end - at == 1:  # 車, 船, 宿, 計: alone or before a particle
        return not inside and (not _cjk(after) or after in "でのにをは")
    if sort in ("thing", "stay", "meals", "lodged", "total", "filler"):
        glued = inside and (sort != "filler" or _kanji(before)) and text[at:end] != "行き"
        follows = (_kanji(after) and after not in "買払購済支") or _katakana(after)
        if sort == "stay" and not inside:
            return True
        return not glued and not (follows and not _FEE.match(text, end) and sort in ("thing", "total"))
    if sort == "ride":
        return after not in ("停", "庫", "会", "券") or not after
    if sort == "back":
        return not inside or not _kanji(before)
    return True


def _doubtful(text: str, at: int, inside: bool) -> Token | None:
    for word, mode in words.DOUBTFUL_RIDES.items():
        if inside or not text.startswith(word, at) or _cjk(text[at - 1 : at]):
            continue
        if re.match(r"\s?(?:\d{1,3}号|[\d,]{3,7}円|往復|片道|指定|自由)", text[at + len(word) :]):
            number = _TRAIN_NUMBER.match(text, at + len(word))
            return Token("ride", word, at, number.end() if number else at + len(word), code=mode)
    return None


# --- connectors -------------------------------------------------------------------------------------------------------

_LONG_PARTICLES: tuple[tuple[str, Sort], ...] = (
    ("での", "particle"),
    ("との", "particle"),
    ("には", "toward"),
    ("へは", "toward"),
    ("から", "from"),
    ("より", "from"),
    ("まで", "until"),
    ("までの", "until"),
)
_PARTICLES: dict[str, Sort] = {**dict.fromkeys("でのをはがともや", "particle"), "に": "toward", "へ": "toward"}
_MARKS: dict[str, Sort] = {
    **dict.fromkeys("、,。;/・|!！…", "comma"),
    "→": "arrow",
    "⇔": "arrow",
    "-": "dash",
    "~": "dash",
    **dict.fromkeys("::?？'*#.※+=%", "filler"),
}


def _connector(text: str, at: int, inside: bool) -> Token | None:
    sign = text[at]
    if sign in _MARKS and not (sign in ".'" and inside and at + 1 < len(text) and _latin(text[at + 1])):
        return Token(_MARKS[sign], sign, at, at + 1, code="round" if sign == "⇔" else "")
    if at == 0 or text[at - 1].isspace():
        return None
    for word, sort in sorted(_LONG_PARTICLES, key=lambda pair: -len(pair[0])):
        if text.startswith(word, at) and (sort != "from" or text[at + 2 : at + 3] not in ("あ", "だ")):
            return Token(sort, word, at, at + len(word))
    if sign in _PARTICLES and not _runs_on(text, at + 1):
        return Token(_PARTICLES[sign], sign, at, at + 1)
    return None


def _runs_on(text: str, at: int) -> bool:
    """Whether hiragana goes on here that is not a word of its own."""
    return at < len(text) and "ぁ" <= text[at] <= "ゖ" and _known(text, at, False) is None


def _latin(sign: str) -> bool:
    return bool(sign) and ((sign.isascii() and (sign.isalpha() or sign in "'_")) or "À" <= sign <= "ɏ")


def _letter(sign: str) -> bool:
    return sign.isalpha()


def _katakana(sign: str) -> bool:
    return bool(sign) and "ァ" <= sign <= "ヿ"


def _kanji(sign: str) -> bool:
    return bool(sign) and "一" <= sign <= "鿿"


def _cjk(sign: str) -> bool:
    return bool(sign) and "ぁ" <= sign <= "鿿"


def glued(first: Token, second: Token) -> bool:
    """Nothing stands between the two."""
    return first.end == second.start
