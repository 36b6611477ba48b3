"""The date (and time) of the transaction.

Western calendar, Japanese eras (令和, 平成, R, H), two-digit years, missing separators, month names, and d/m
against m/d by the currency's country. Dates in the future or long past are read but doubted by the caller.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from ocr.layout import Row, Sheet, Token

ERAS = {"令和": 2018, "令": 2018, "R": 2018, "平成": 1988, "平": 1988, "H": 1988}
LATELY = dt.timedelta(days=400)  # a claim is made within its year: short figures that say so are a date
MONTH_FIRST = frozenset({"USD"})
DAY_FIRST = frozenset(  # Canadians write both orders
    {"MYR", "EUR", "GBP", "SGD", "AUD", "NZD", "INR", "CHF", "HKD", "THB", "VND", "IDR", "NOK", "DKK", "PLN", "CZK"}
)
YEAR_FIRST = frozenset({"JPY", "CNY", "KRW", "TWD"})
_MONTHS = {
    m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
}
_MONTHS |= {"mär": 3, "mrz": 3, "mai": 5, "juin": 6, "okt": 10, "dez": 12, "ogo": 8, "mei": 5, "dis": 12}
_NAME = (
    "(?P<name>jan|fe[b8]|mar|apr|may|jun|ju[l1]|au[g9]|[s5]ep|[o0]ct|n[o0]v|dec|mär|mrz|mai|[o0]kt|dez|[o0]g[o0]|mei|dis)"
    "[a-zé01]*"
)
_LETTERS = str.maketrans("01589", "olsbg")  # what digits in the name of a month were
_Y4 = r"(?P<y>(?:19|20)\d{2})"
_M, _D = r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
_PAD = r"\s?-?\s?"  # machines pad a month of one digit with a blank or a dash: 2026.-7.14
_GLUED = r"(?=(?:[01]?\d|2[0-3])\s?[:時]\s?[0-5]\d)"  # the blank before the time was lost
_NO_TIME = r"(?!\d|\s?[:時])"  # what a colon follows is not the end of a year

# (pattern, base confidence); the first that matches at a place wins
_PATTERNS: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(p, re.IGNORECASE), c)
    for p, c in (
        (rf"(?<!\d){_Y4}\s?年{_PAD}{_M}\s?月{_PAD}{_D}\s?(?:日|B|曰|\()?", 1.0),
        (
            rf"(?P<era>令和|平成|令|(?<![A-Za-z])[RH])\s?\.?\s?(?P<ey>\d{{1,2}}|元)\s?[年.\-/]\s?{_M}\s?[月.\-/]\s?{_D}",
            0.95,
        ),
        (rf"(?<!\d){_Y4}\s?[年/.\-,]{_PAD}{_M}\s?[月/.\-,]{_PAD}{_D}(?!\d)", 0.95),
        (rf"(?<!\d)(?P<a>\d{{1,2}})\s?[/.\-]\s?(?P<b>\d{{1,2}})\s?[/.\-]\s?{_Y4}{_NO_TIME}", 0.9),
        (rf"(?<!\d){_D}(?:st|nd|rd|th)?[\s.\-/,]*{_NAME}[\s.\-/,']*(?P<y>(?:20)?\d{{2}})(?:{_NO_TIME}|{_GLUED})", 0.9),
        (rf"{_NAME}[\s.\-/]*{_D}(?:st|nd|rd|th)?[\s,.'\-/]+(?P<y>20\d{{2}}|\d{{2}})(?:{_NO_TIME}|{_GLUED})", 0.9),
        (rf"(?<!\d){_M}\s?月\s?{_D}\s?日\s?(?:\(.\))?\s?{_Y4}\s?年", 0.9),
        (rf"(?<!\d)(?P<y2>\d{{1,2}})\s?年\s?{_M}\s?月\s?{_D}\s?日?", 0.85),
        (rf"(?<!\d)(?P<a>\d{{1,2}})[/.\-](?P<b>\d{{1,2}})[/.\-](?P<y>20\d{{2}}){_GLUED}", 0.85),
        (rf"(?<!\d){_Y4}[/.\-]{_M}[/.\-](?P<d>[0-3]\d){_GLUED}", 0.85),
        (rf"(?<!\d){_Y4}[/.\-]{_M}[/.\-](?P<d>[1-9]){_GLUED}", 0.8),
        (rf"(?<!\d)(?P<a>\d{{1,2}})[/.\-](?P<b>\d{{1,2}})[/.\-](?P<c>\d{{2}}){_GLUED}", 0.7),
        (rf"(?<!\d)(?P<a>\d{{1,2}})[/.\-](?P<b>\d{{1,2}})[/.\-](?P<c>\d){_GLUED}", 0.65),
        (r"(?<!\d)(?P<a>\d{1,2})\s?[/.\-]\s?(?P<b>\d{1,2})\s?[/.\-]\s?(?P<c>\d{2})(?!\d)", 0.7),
        (
            rf"(?<![\d/.\-])(?P<a>\d{{2}})(?P<by>[/.])\s?(?P<b>\d{{1,2}})(?P=by)\s?(?P<c>[1-9]){_NO_TIME}(?![/.\-]\d)",
            0.66,
        ),
        (r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)", 0.55),
        (
            r"(?<!\d)(?P<y>20[0-4]\d)\s?[年/.\-]?\s?(?P<m>0[1-9]|1[0-2])\s?[月/.\-]?\s?(?P<d>0[1-9]|"
            r"[12]\d|3[01])\s?[日(]",
            0.7,
        ),
        (r"(?<![\d-])(?P<y>20[0-4]\d) (?P<m>0[1-9]|1[0-2]) (?P<d>0[1-9]|[12]\d|3[01])(?![\d-])", 0.66),
        (r"(?<!\d)(?P<d>0[1-9]|[12]\d|3[01])(?P<m>0[1-9]|1[0-2])(?P<y>20[0-4]\d)(?!\d)", 0.4),
        (rf"(?<!\d){_Y4}[年/.\-]?{_M}[月/.\-]{_D}(?=\s|\(|日|$)", 0.8),
    )
)
_TIME = re.compile(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-3])\s?(?::|"
    r"時)\s?(?P<mi>[0-5]\d)(?:\s?[:分]\s?(?P<s>[0-5]\d))?(?!\d)\s*(?P<half>[AP]\.?M)?",
    re.I,
)
_CLOCK = re.compile(r"(\d)\s?[:時]")  # an hour of one digit, right behind the date
_TWO = re.compile(r"\D[1-9]\d$")
_CLEAN = re.compile(r"\d{1,2}([/.\-])\d{2}\1\d{2}|20\d\d \d\d \d\d|\d\d([/.]) ?\d{1,2}\2 ?\d{1,2}")
# what every date has, and few other rows: only those are searched
_MAY_DATE = re.compile(rf"\d\D{{1,6}}\d{{1,2}}\D{{1,6}}\d|\d{{8}}|年|{_NAME.replace('?P<name>', '?:')}", re.I)
_NO_YEAR = re.compile(rf"(?<![\d年/.-])(?<!\d ){_M}\s?月\s?{_D}\s?日(?!間)")
_NUMERALS = "〇一二三四五六七八九"
_NUMERAL = re.compile(rf"[{_NUMERALS}十]+(?=\s?[年月日])")
_WRITTEN = re.compile(rf"[{_NUMERALS}十元\d]\s?年\s?[{_NUMERALS}十]+\s?月\s?[{_NUMERALS}十]+\s?日")
_NOT_THE_DAY = re.compile(
    r"有効|期限|まで|迄|から|より\s?\d{1,2}\s?泊|[~〜]|期間|キャンペ|賞味|消費期|生年|開催|次回|予約|発売|exp(?:ir|"
    r"\b)|valid|best before|until|due date|since|"
    r"member|joined|due:|respond|survey|お渡し|仕上|お?届け?日|納期|返却|印紙|act 20|承認日|relief|effective",
    re.I,
)
_THE_DAY = re.compile(
    r"日付|お預り日|取引日|発行日|ご?利用日|お取扱日|売上日|領収日|乗車日|date|datum|tarikh|日時", re.I
)
_WEEKDAY = re.compile(r"[(\[]?[月火水木金土日±](?:曜|[)\]])")
_WEEKDAYS = "月火水木金土日"
_SAYS_WEEKDAY = re.compile(r"^\s?日?\s?[(\[]\s?([月火水木金土日])(?:曜日?)?\s?[)\]]|^\s?日?\s?([月火水木金土日])曜")
_SAYS_WEEKDAY_ABROAD = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b", re.I)
_ABROAD = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Found:
    """``weekday``: whether the day of the week printed beside the date is that of the date; None when none is."""

    value: dt.date
    score: float
    token: Token
    row: Row
    words: str
    weekday: bool | None = None


def read(page: Sheet, currency: str, today: dt.date) -> list[Found]:
    """Dates on the sheet, best first, one entry a date."""
    found: dict[dt.date, Found] = {}
    for row in page.rows:
        for token, text, offset in _texts(row):
            for date, confidence, match in _dates(text, currency, today):
                score = confidence + _context(text, match, row, page, date, today) + offset
                weekday = _weekday(text, match, date)
                if weekday is not None:
                    score += 0.1 if weekday else -0.2
                if date in found:
                    score = max(score, found[date].score) + 0.15
                    weekday = found[date].weekday if weekday is None else weekday
                if date not in found or score > found[date].score:
                    found[date] = Found(date, score, token, row, match.group().strip(), weekday)
    if len(found) == 1 and currency in YEAR_FIRST:
        alone = next(iter(found.values()))
        if _CLEAN.fullmatch(alone.words) and today - LATELY <= alone.value <= today and _one_way(alone, today):
            return [replace(alone, score=alone.score + 0.1)]
    return sorted(found.values(), key=lambda f: -f.score) or _without_year(page, currency, today)


def _one_way(found: Found, today: dt.date) -> bool:
    """Whether only the first figure can be the year: 07/11/26 may be of 令和7, or this November."""
    first, month, last = (int(figure) for figure in re.findall(r"\d+", found.words))
    turned = _date(2000 + last, month, first)
    return first % 100 == found.value.year % 100 and not (turned and today - LATELY <= turned <= today)


def _without_year(page: Sheet, currency: str, today: dt.date) -> list[Found]:
    """11月7日 12:30 and no year anywhere: the last such day, far below the limit of doubt, to be confirmed."""
    found = []
    for row in page.rows if currency in YEAR_FIRST else ():
        match = _NO_YEAR.search(row.text)
        if match is None or _NOT_THE_DAY.search(row.text):
            continue
        days = (_date(year, match["m"], match["d"]) for year in (today.year, today.year - 1))
        if (date := next((day for day in days if day is not None and day <= today), None)) is not None:
            score = 0.3 - 0.05 * row.index / max(len(page.rows), 1)
            found.append(Found(date, score, row.tokens[0], row, match.group(), _weekday(row.text, match, date)))
    return sorted(found, key=lambda f: -f.score)


def _texts(row: Row) -> list[tuple[Token, str, float]]:
    """Each token alone, then the whole row (a date may be cut in two)."""
    if not _MAY_DATE.search(row.text):
        return []
    texts = [(token, _figures(token.text), 0.0) for token in row.tokens]
    if len(row.tokens) > 1:
        texts.append((row.tokens[0], _figures(row.text), -0.05))
    return texts


def _figures(text: str) -> str:
    """令和八年十一月七日 with the figures that the patterns know."""
    if not _WRITTEN.search(text):
        return text
    return _NUMERAL.sub(lambda match: str(_number(match.group())), text)


def _number(numeral: str) -> int:
    """八 8, 十一 11, 二十三 23, 二〇二六 2026."""
    if "十" not in numeral:
        return int("".join(str(_NUMERALS.index(c)) for c in numeral))
    tens, _, ones = numeral.partition("十")
    return 10 * (_number(tens) if tens else 1) + (_number(ones) if ones else 0)


def _dates(text: str, currency: str, today: dt.date) -> list[tuple[dt.date, float, re.Match[str]]]:
    out: list[tuple[dt.date, float, re.Match[str]]] = []
    taken: list[tuple[int, int]] = []
    for pattern, confidence in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            date, sure = _resolve(match.groupdict(), currency, today)
            if date is not None:
                sure *= _split(match, text, date, currency, today)
                taken.append(match.span())
                out.append((date, confidence * sure, match))
    return out


def _split(match: re.Match[str], text: str, date: dt.date, currency: str, today: dt.date) -> float:
    """How sure it is where the date ends and the time begins: 0.6 where the figures can be cut in two ways."""
    clock = _CLOCK.match(text, match.end())
    if clock and _TWO.search(match.group()) and int(match.group()[-1] + clock[1]) < 24:
        return 0.6  # 26/11/112:30
    part = match.groupdict()
    if currency in YEAR_FIRST and part.get("a") and part.get("y") and date < today - LATELY:
        day = int(part["y"] or 0) // 100  # 26/11/2018 may be 26/11/20 and 18 hours
        other = _short_year(int(part["a"] or 0), part["b"], day, today)
        if other is not None and today - LATELY <= other <= today:
            return 0.6
    return 1.0


def _resolve(part: dict[str, str | None], currency: str, today: dt.date) -> tuple[dt.date | None, float]:
    if part.get("era"):
        year = ERAS[(part["era"] or "").upper()]
        number = 1 if part["ey"] == "元" else int(part["ey"] or 0)
        return _date(year + number, part["m"], part["d"]), 1.0
    if part.get("name"):
        year = int(part["y"] or 0)
        return _date(
            year + 2000 if year < 100 else year,
            _MONTHS[(part["name"] or "").lower().translate(_LETTERS)[:3]],
            part["d"],
        ), 1.0
    if part.get("y2"):
        return _short_year(int(part["y2"] or 0), part["m"], part["d"], today), 1.0
    if part.get("c"):
        return _three(int(part["a"] or 0), int(part["b"] or 0), int(part["c"] or 0), currency, today)
    if part.get("a"):
        first, second = int(part["a"] or 0), int(part["b"] or 0)
        return _day_and_month(first, second, int(part["y"] or 0), currency)
    return _date(int(part["y"] or 0), part.get("m"), part.get("d")), 1.0


def _three(a: int, b: int, c: int, currency: str, today: dt.date) -> tuple[dt.date | None, float]:
    """Three short numbers: yy/mm/dd in Japan (or an era year), d/m/yy or m/d/yy elsewhere."""
    if currency in YEAR_FIRST:
        return _short_year(a, b, c, today), 1.0
    return _day_and_month(a, b, 2000 + c, currency)


def _day_and_month(a: int, b: int, year: int, currency: str) -> tuple[dt.date | None, float]:
    """By the only order possible, or by the country's custom; without a known custom the date stays doubtful."""
    if a > 12 or b > 12:
        month_first, sure = b > 12, 1.0
    else:
        month_first = currency in MONTH_FIRST
        sure = 1.0 if month_first or currency in DAY_FIRST or a == b else 0.45
    month, day = (a, b) if month_first else (b, a)
    return _date(year, month, day), sure


def ambiguous(found: Found, currency: str) -> bool:
    """Whether day and month of a date could be the other way round, in a country whose custom is not known."""
    if currency in MONTH_FIRST | DAY_FIRST | YEAR_FIRST or found.value.day > 12 or found.value.day == found.value.month:
        return False
    return re.fullmatch(r"\d{1,2}\W+\d{1,2}\W+(?:\d{2}|\d{4})", found.words) is not None


def _short_year(year: int, month: object, day: object, today: dt.date) -> dt.date | None:
    """25 is 2025, 7 is 令和7年: whichever is nearer to today and not after it."""
    options = [d for base in (2000, ERAS["令和"]) if (d := _date(base + year, month, day)) is not None]
    past = [d for d in options if d <= today + dt.timedelta(days=2)]
    return max(past, default=options[0] if options else None)


def _weekday(text: str, match: re.Match[str], date: dt.date) -> bool | None:
    """Whether the printed day of the week fits ``date``; None when there is none."""
    after = text[match.end() - (1 if match.group().endswith("(") else 0) :]
    if said := _SAYS_WEEKDAY.match(after):
        return _WEEKDAYS.index(said[1] or said[2]) == date.weekday()
    near = text[max(0, match.start() - 12) : match.end() + 12]
    if said := _SAYS_WEEKDAY_ABROAD.search(near):
        return _ABROAD.index(said[1].lower()) == date.weekday()
    return None


def _date(year: int, month: object, day: object) -> dt.date | None:
    try:
        return dt.date(year, int(str(month)), int(str(day)))
    except ValueError:
        return None


def _context(text: str, match: re.Match[str], row: Row, page: Sheet, date: dt.date, today: dt.date) -> float:
    score = 0.0
    before = page.rows[row.index - 1].text if row.index else ""
    if _NOT_THE_DAY.search(row.text):
        score -= 0.6
    if _THE_DAY.search(row.text) or (_THE_DAY.search(before) and not _NOT_THE_DAY.search(before)):
        score += 0.2
    if _WEEKDAY.match(text[match.end() :].strip()) or _WEEKDAY.search(match.group()):
        score += 0.15
    if _TIME.search(row.text[row.text.find(match.group()) + len(match.group()) :] or row.text):
        score += 0.15
    if date > today + dt.timedelta(days=1):
        score -= 0.5
    elif date < today - dt.timedelta(days=366 * 11):
        score -= 0.4
    return score - 0.05 * row.index / max(len(page.rows), 1)


def time_near(page: Sheet, day: Found) -> tuple[dt.time, Token, str] | None:
    """The time printed on the date's row, or on the nearest row around it."""
    row = day.row
    for index in sorted(range(len(page.rows)), key=lambda i: (abs(i - row.index), i)):
        if abs(index - row.index) > 3:
            break
        if "営業" in page.rows[index].text or re.search(r"[~〜]|-\s?\d{1,2}:", page.rows[index].text):
            continue
        for token in page.rows[index].tokens:
            text = token.text.replace(day.words, " ", 1) if index == row.index else token.text  # they may be glued
            for match in _TIME.finditer(text):
                hour = int(match["h"])
                if match["half"] and hour <= 12:
                    hour = hour % 12 + (12 if match["half"][0] in "Pp" else 0)
                return dt.time(hour, int(match["mi"]), int(match["s"] or 0)), token, match.group().strip()
    return None
