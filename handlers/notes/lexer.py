"""From a note to its tokens: days, figures, words of the tables, connectors, and whatever lies between as plain words.

Japanese has no spaces, so every place of the text is tried: a figure with its unit, then a word of the tables, then a
particle; what is left in between is a word. A particle counts only behind a word and before something that is not
hiragana (``東京から``, but not the に of ``にしき町``).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import get_args

from handlers.categories import PAYMENT_WORDS
from handlers.notes import days, words
from handlers.notes.days import Context, Lean
from handlers.notes.figures import figure
from handlers.notes.signs import Sort, Token, cjk, glued, kanji, katakana, latin


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
    return _joined(made + _words(text, word, at))


def _joined(found: list[Token]) -> list[Token]:
    """Without hours; rides that adjoin are one, and the last word says which (急行バス); 106 of 106バス is no money."""
    made: list[Token] = []
    for token in found:
        if token.sort == "clock":
            continue
        last = made[-1] if made else None
        if token.sort == "ride" and last is not None and last.sort in ("ride", "figure") and glued(last, token):
            made[-1] = Token("ride", last.text + token.text, last.start, token.end, code=token.code)
            continue
        made.append(token)
    return made


def _words(text: str, start: int, end: int) -> list[Token]:
    return [Token("word", text[start:end], start, end)] if start < end else []


def _at(text: str, at: int, context: Context, inside: bool) -> Token | None:
    """The token that begins at ``at``; ``inside``: a plain word runs up to here."""
    sign = text[at]
    title = _title(text, at)
    if title is not None:
        return title
    if sign.isspace() or sign in '()[]「」『』【】"“”':
        return Token("newline" if sign == "\n" else "filler", " ", at, at + 1)
    boundary = not (inside and latin(text[at - 1]) and latin(sign))
    if boundary:
        found = days.found(text, at, context)
        if found is not None and not (inside and text[at - 1].isdigit()):
            return Token("days", text[at : found[1]], at, found[1], days=found[0])
    if boundary and not (inside and text[at - 1].isdigit() and sign.isdigit()):
        for read in (figure, _known):
            token = read(text, at, inside)
            if token is not None:
                return token
    return _connector(text, at, inside)


# --- titles -----------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(
    r"「(?P<a>[^「」\n]{2,80})」|『(?P<b>[^『』\n]{2,80})』|“(?P<c>[^“”\n]{2,80})”|\"(?P<d>[^\"\n]{2,80})\""
)
_PRICE_BEHIND = re.compile(r"\s?(?:[をはが]\s?)?(?:\d{1,3}冊\s?)?(?:[¥@]\s?\d|\d[\d,.]*\s?(?:円|yen\b))", re.IGNORECASE)


def _title(text: str, at: int) -> Token | None:
    """「東京の地図」 1,500円: what stands in quotes before a price, or on a line with a book, is one name.

    Other quotes (目的:「…」, a whole note) say nothing: what they hold is read like everything else.
    """
    quoted = _QUOTED.match(text, at)
    if quoted is None:
        return None
    inside = next(part for part in quoted.groups() if part is not None).strip()
    line = text[text.rfind("\n", 0, at) + 1 : at].lower()
    book = any(word in line for word in words.BOOKS) or _PRICE_BEHIND.match(text, quoted.end())
    if not book or _PRICED.search(inside) or inside.lower() in _dictionary():  # 「はやぶさ」 15,010円 is the train
        return None
    return Token("title", inside, at, quoted.end())


_PRICED = re.compile(r"\d\s?(?:円|yen\b)|[¥$]\s?\d", re.IGNORECASE)


# --- words of the tables ----------------------------------------------------------------------------------------------

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WHEN = (  # behind a word for the way back; without it "back" and "return" mean many things
    rf"(?:on|by|from|same|in the|\d{{1,2}}/\d|\d{{1,2}}(?:st|nd|rd|th)?\s(?:{_MONTHS})|(?:{_MONTHS})[a-z]*\.?\s\d"
    r"|(?:last |next |this )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|yesterday|today|tomorrow"
    r"|(?:the )?(?:next|following) day)"
)
_MARKED: dict[Sort, re.Pattern[str]] = {
    "destination": re.compile(
        r"(?:用務先|行先|行き先|出張先|訪問先|目的地|用務地|destination)(?=[:\s])[:\s]*", re.IGNORECASE
    ),
    "purpose": re.compile(
        r"(?:出張目的|訪問目的|目的|用務|用件|要件|件名|理由|内容|purpose|reason)(?=[:\s])[:\s]*"
        r"|(?:because of|due to|owing to)\s",
        re.IGNORECASE,
    ),
    "attending": re.compile(r"(?:参加者|出席者|同席者|同行者|attendees?|participants?)(?=[:\s])[:\s]*", re.IGNORECASE),
    "back": re.compile(
        rf"(?:came|went|got|flew) back|(?:returned|returning|back)(?: home)?(?=\s(?:to [A-Z]|{_WHEN}))"
        rf"|return(?=\s{_WHEN})",
        re.IGNORECASE,
    ),
    "filler": re.compile(
        r"(?:期間|日程|日付|日時|交通手段|交通機関|交通|移動|金額|出発|帰着|区間|経路|出張日|date|dates|amount|route)(?=[:\s])[:\s]*",
        re.IGNORECASE,
    ),
}
_LINE_NAME = re.compile(
    r"(?:[一-龠々ァ-ヶー]{1,6}|[ぁ-ん]{3,7})線(?![一-龠])"
    # 湘南新宿ライン
    r"|(?:[一-龠々]{2,8}|[一-龠々]{1,4}[ぁ-んァ-ヶー]{1,4}|[ァ-ヶー]{2,8}|[ぁ-ん]{2,6})ライン(?![ァ-ヶー一-龠])"
)
_TRAIN_NAME = re.compile(r"[ぁ-んァ-ヶー]{2,8}(?:ライナー|エクスプレス|レール)(?![ァ-ヶー一-龠])|[A-Z][a-z]+ Line\b")
_NUMBERED = re.compile(r"(?:スーパー)?[ぁ-んァ-ヶー]{2,6}\s?\d{1,3}号(?![室線車棟館店機])")  # しまんと4号
# 青い森, いすみ, ひたちなか海浜; no particle may stand between kanji
_NAMES_WITH_HIRAGANA = (
    r"[一-龠々]{1,2}(?:(?![でのをはがともやにへかまよ])[ぁ-ん]){1,2}[一-龠々]{1,2}"
    r"|(?!から|まで|より)[ぁ-ん]{2,6}[一-龠々]{0,2}"
)
_CARRIERS = {
    mode: re.compile(
        rf"(?:[一-龠々]{{1,4}}|[ァ-ヶー]{{2,8}}|[A-Za-z]{{2,12}} ?|{_NAMES_WITH_HIRAGANA})"
        rf"(?:{'|'.join(ends)})(?![A-Za-zァ-ヶー一-龠々])"
    )
    for mode, ends in words.CARRIERS.items()
}
_NO_NAME = rf"(?!{'|'.join(words.NOT_OF_A_HOUSE)})"  # ホテルランチ
_HOUSE = re.compile(
    rf"(?:[一-龠々ァ-ヶーA-Za-z]{{0,8}}?[ァ-ヶーA-Za-z](?:{'|'.join(words.HOUSE_ENDS)}){_NO_NAME}"
    rf"|(?:{'|'.join(words.HOUSE_HEADS)}){_NO_NAME}(?=[ァ-ヶー])|(?:{'|'.join(words.KNOWN_HOUSES)}))"
    r"(?:(?!泊|宿|代|料|費|予約|に|到着|前泊|打|会|訪問|視察|業|組合|協|側|滞在)[一-龠々ァ-ヶー])*"
)
_OF_MONTH = re.compile(r"\d{1,2}月(?:分|度)")
_TRAIN_NUMBER = re.compile(r"\s?\d{1,4}(?:号|便)|(?<=[A-Z])\d{1,4}(?![\d,円.])")
_SUPER = "スーパー"  # of a train: スーパーはくと
_BARE_NUMBER = re.compile(r"(?<=[a-z])\s\d{1,3}(?=,?\s|$)(?!\s?(?:yen|円|usd|x\b|×))")  # Nozomi 25; no fare is that low
_PERSON = re.compile(
    r"(?P<who>[一-龠々]{1,4}|[ァ-ヶー]{2,8}|[ぁ-んァ-ヶー一-龠々]{1,6}(?:商事|工業|商店|建設|製作所|銀行|株式会社))"
    r"(?P<called>さん|様|氏|先生|社長|部長|課長|係長)(?![一-龠])"
)
_NOBODY = frozenset(
    [
        "お客",
        "農家",
        "客",
        "皆",
        "業者",
        "取引先",
        "得意先",
        "担当",
        "先方",
        "神",
        "王",
        "奥",
        "娘",
        "会",
        "会長",
        "社長",
        "所長",
        "町長",
        "市長",
        "理事長",
    ]
)
_FARE = re.compile(r"\s(?:fares?|tickets?)\b", re.IGNORECASE)
_RIDDEN = re.compile(
    r"\s?(?:\d{1,3}号|[\d,]{3,7}円|で?往復|で?片道|指定|自由)|\s\d{1,3},\s|\s(?:¥?\d{1,2},\d{3}|round|both|each|one|rt\b)",
    re.IGNORECASE,
)
_OTHER_FEE = re.compile(r"(?!宿泊|素泊|連泊|前泊|後泊|一泊)[一-龠々ァ-ヶー]{2,6}(?:代|料|費)")  # ホテル朝食代
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
    month = None if inside else _OF_MONTH.match(text, at)
    if month:
        return Token("filler", month[0], at, month.end())
    house = None if inside else _HOUSE.match(text, at)
    if house and not text.startswith(words.TRADES, house.end()) and not text[house.end() :].startswith(words.ACTS):
        return Token("stay", house[0], at, house.end(), code="house")
    for mode, pattern in _CARRIERS.items():
        carrier = None if inside else pattern.match(text, at)
        if carrier:
            return Token("ride", carrier[0], at, carrier.end(), code=mode)
    person = None if inside else _PERSON.match(text, at)
    if person and person["who"] not in _NOBODY and person["who"][-1] not in "客者員民":
        return Token("name", person["who"], at, person.end(), code=person["called"])
    line = None if inside else _LINE_NAME.match(text, at) or _TRAIN_NAME.match(text, at)
    line = line or (None if inside or _is_known(text, at) else _NUMBERED.match(text, at))
    if line and not line[0].endswith("新幹線") and not line[0].endswith(words.NO_RAILWAYS):
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
        fee = _FARE.match(text, end) if text[at:end].isascii() else fee
        end = fee.end() if fee else end
    if sort == "ride":
        number = _TRAIN_NUMBER.match(text, end)
        number = number or (_BARE_NUMBER.match(text, end) if code == "shinkansen" else None)
        end = number.end() if number else end
    return Token(sort, text[at : at + len(word)], at, end, code=code)


def _stands(text: str, at: int, end: int, sort: Sort, inside: bool) -> bool:
    """Whether a word of a table stands here as a word, not as a piece of a longer one."""
    before, after = text[at - 1] if inside else "", text[end] if end < len(text) else ""
    if end - at == 1 and text[at].isupper() and kanji(after):
        return False  # A社
    if sort == "ride" and text.startswith((*words.ACTS, *words.REASONS), end):
        return False  # LRT視察, 電車遅延
    if sort == "trip" and after in tuple("者所員手用"):
        return False  # 出張者, 出張所, 出張手当, 出張用スーツケース
    if latin(text[end - 1]):
        return not latin(after) and not (latin(before) and latin(text[at]))
    if katakana(text[end - 1]) and katakana(after):
        return False
    if inside and katakana(text[at]) and katakana(before):
        return False
    if sort in ("ride", "stay") and text.startswith(words.TRADES, end):
        return False  # バス協会, 旅館組合
    if end - at == 1:  # 車, 船, 宿, 計: alone or before a particle
        return not inside and (not cjk(after) or after in "でのにをは")
    if sort in ("thing", "stay", "meals", "lodged", "total", "filler"):
        glued = inside and (sort != "filler" or kanji(before)) and text[at:end] != "行き"
        follows = (kanji(after) and after not in "買払購済支") or katakana(after)
        if sort == "stay" and not inside:
            return not _OTHER_FEE.match(text, end)
        return not glued and not (follows and not _FEE.match(text, end) and sort in ("thing", "total"))
    if sort == "ride":
        return after not in ("停", "庫", "券") or not after
    if sort == "back":
        return not inside or not kanji(before)
    return True


def _is_known(text: str, at: int) -> bool:
    """のぞみ25号, さくら542号: the tables know them better; ノート2号 is no train."""
    return any(text.startswith(word, at) for word in (*words.rides(), *words.DOUBTFUL_RIDES, *words.things()))


def _doubtful(text: str, at: int, inside: bool) -> Token | None:
    if inside or cjk(text[at - 1 : at]):
        return None
    begin = at + len(_SUPER) if text.startswith(_SUPER, at) else at
    for word, mode in words.DOUBTFUL_RIDES.items():
        end = begin + len(word)
        runs_on = latin(text[end - 1 : end]) and latin(text[end : end + 1])
        if text[begin:end].lower() == word.lower() and not runs_on and _RIDDEN.match(text, end):
            number = _TRAIN_NUMBER.match(text, end) or _BARE_NUMBER.match(text, end)
            return Token("ride", text[at:end], at, number.end() if number else end, code=mode)
    return None


# --- connectors -------------------------------------------------------------------------------------------------------

_LONG_PARTICLES: tuple[tuple[str, Sort], ...] = (
    ("での", "particle"),
    ("にて", "particle"),
    ("との", "particle"),
    ("とも", "particle"),
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
    if sign in _MARKS and not (sign in ".'" and inside and at + 1 < len(text) and latin(text[at + 1])):
        return Token(_MARKS[sign], sign, at, at + 1, code="round" if sign == "⇔" else "")
    apart = at == 0 or text[at - 1].isspace()
    for word, sort in sorted(_LONG_PARTICLES, key=lambda pair: -len(pair[0])):
        if apart and (sort not in ("from", "until") or not text[at + len(word) : at + len(word) + 1].isspace()):
            continue  # 福島駅 から 役場 まで
        if text.startswith(word, at) and (sort != "from" or text[at + 2 : at + 3] not in ("あ", "だ")):
            return Token(sort, word, at, at + len(word))
    if sign in _PARTICLES and not apart and not _runs_on(text, at + 1):
        return Token(_PARTICLES[sign], sign, at, at + 1)
    return None


def _runs_on(text: str, at: int) -> bool:
    """Whether hiragana goes on here that is not a word of its own."""
    return at < len(text) and "ぁ" <= text[at] <= "ゖ" and _known(text, at, False) is None
