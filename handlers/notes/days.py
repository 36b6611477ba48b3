"""Days as notes write them: ``11/20``, ``令和8年11月20日``, ``来週月火``, ``Nov 20-22``, ``last Friday``, ``翌日``.

A day without a year is the nearest one; ``lean`` says which way when a note is known to look back or ahead. What is no
day of the calendar (``2/30``) is no day at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Lean = Literal["nearest", "past", "future"]
REIWA_BEGINS, HEISEI_BEGINS = 2018, 1988
AHEAD = 90  # days: a plan is seldom older than this, a bill seldom younger
PAID_AHEAD = 21  # days: rather a fee paid for what is to come than a bill eleven months old
WEEK = "月火水木金土日"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@dataclass(frozen=True)
class Days:
    """A day or a range of days. ``offset``: so many days after the day spoken of before (``翌日``)."""

    first: date | None
    last: date | None = None
    offset: int = 0


@dataclass(frozen=True)
class Context:
    """``spoken``: the day spoken of just before, which gives ``26日`` its month."""

    today: date
    lean: Lean = "nearest"
    spoken: date | None = None


def found(text: str, at: int, context: Context) -> tuple[Days, int] | None:
    """The day that begins at ``at`` and where it ends; None when none begins there."""
    one = _one(text, at, context)
    if one is None:
        return None
    days, end = one
    if days.first is None:
        return days, end
    link = _LINK.match(text, end)
    if link and days.last is None:
        last = _last(text, link.end(), days.first, context)
        if last is not None:
            return Days(days.first, last[0]), last[1]
    return days, end


def _last(text: str, at: int, first: date, context: Context) -> tuple[date, int] | None:
    """The second day of a range, which may leave its month or year out."""
    one = _one(text, at, Context(context.today, context.lean, first))
    if one is not None and one[0].first is not None and one[0].last is None:
        last = one[0].first
        if last < first:
            last = _same_or_next_year(last, first)
        return (last, one[1]) if first <= last <= first + timedelta(days=100) else None
    weekday = _BARE_WEEKDAY.match(text, at)
    if weekday is not None:  # 来週木~金
        return first + timedelta(days=(WEEK.index(weekday[1]) - first.weekday()) % 7), weekday.end()
    bare = _BARE.match(text, at)
    if bare is None:
        return None
    last_day = _day(first.year, first.month, int(bare[1]))
    return (last_day, bare.end()) if last_day is not None and last_day >= first else None


def _same_or_next_year(day: date, first: date) -> date:
    return _day(first.year + (day.month < first.month), day.month, day.day) or day


def _one(text: str, at: int, context: Context) -> tuple[Days, int] | None:
    for pattern, meaning in _FORMS:
        match = pattern.match(text, at)
        if match is None:
            continue
        days = meaning(match, context)
        if days is not None:
            tail = _TAIL.match(text, match.end())
            return days, tail.end() if tail else match.end()
    return None


# --- what each form means ---------------------------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _single(day: date | None) -> Days | None:
    return Days(day) if day is not None else None


def _shifted(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _yearless(month: int, day: int, context: Context) -> date | None:
    reference = context.spoken or context.today
    years = [_day(reference.year + step, month, day) for step in (-1, 0, 1)]
    known = [year for year in years if year is not None]
    if context.spoken is not None:
        return min(known, key=lambda d: abs(d - reference), default=None)
    if context.lean == "past":
        ahead = reference + timedelta(days=PAID_AHEAD)
        return max((d for d in known if d <= ahead), default=None)
    if context.lean == "future":
        return min((d for d in known if d >= reference), default=max(known, default=None))
    ahead = reference + timedelta(days=AHEAD)
    return max((d for d in known if d <= ahead), default=None)


def _era(match: re.Match[str], _context: Context) -> Days | None:
    begins = REIWA_BEGINS if match["era"] in ("令和", "R", "r") else HEISEI_BEGINS
    year = 1 if match["y"] == "元" else int(match["y"])
    return _single(_day(begins + year, int(match["m"]), int(match["d"])))


def _full(match: re.Match[str], _context: Context) -> Days | None:
    return _single(_day(int(match["y"]), int(match["m"]), int(match["d"])))


def _month_day(match: re.Match[str], context: Context) -> Days | None:
    return _single(_yearless(int(match["m"]), int(match["d"]), context))


def _of_year(match: re.Match[str], context: Context) -> Days | None:
    step = {"一昨年": -2, "去年": -1, "昨年": -1, "今年": 0, "来年": 1}[match["word"]]
    return _single(_day(context.today.year + step, int(match["m"]), int(match["d"])))


def _of_month(match: re.Match[str], context: Context) -> Days | None:
    step = {"先々月": -2, "先月": -1, "今月": 0, "来月": 1, "再来月": 2}[match["word"]]
    month = context.today.year * 12 + context.today.month - 1 + step
    return _single(_day(month // 12, month % 12 + 1, int(match["d"])))


def _day_alone(match: re.Match[str], context: Context) -> Days | None:
    number = int(match["d"])
    base = context.spoken or context.today
    months = [base.year * 12 + base.month - 1 + step for step in (-2, -1, 0, 1)]
    known = [day for m in months if (day := _day(m // 12, m % 12 + 1, number)) is not None]
    if context.spoken is not None:
        return _single(min((d for d in known if d >= base), default=None))
    if context.lean == "future":
        return _single(min((d for d in known if d >= base), default=None))
    margin = timedelta(days=7 if context.lean == "nearest" else 0)
    return _single(max((d for d in known if d <= base + margin), default=None))


_RELATIVE = {
    **dict.fromkeys(("一昨々日", "さきおととい"), -3),
    **dict.fromkeys(("一昨日", "おととい", "おとつい", "day before yesterday"), -2),
    **dict.fromkeys(("昨日", "きのう", "昨夜", "昨晩", "前日", "yesterday", "last night"), -1),
    **dict.fromkeys(("今日", "本日", "きょう", "今朝", "今晩", "今夜", "さっき", "さきほど", "先ほど", "先程"), 0),
    **dict.fromkeys(("today", "this morning", "this afternoon", "this evening", "tonight", "just now"), 0),
    **dict.fromkeys(("明日", "あした", "明朝", "明晩", "tomorrow", "tmrw", "tmr"), 1),
    **dict.fromkeys(("明後日", "あさって", "day after tomorrow"), 2),
    "明々後日": 3,
    "しあさって": 3,
}
_FOLLOWING = {"翌日": 1, "翌朝": 1, "翌々日": 2, "次の日": 1, "next day": 1, "following day": 1}


def _relative(match: re.Match[str], context: Context) -> Days | None:
    return _single(_shifted(context.today, _RELATIVE[match["word"].lower()]))


def _following(match: re.Match[str], _context: Context) -> Days:
    return Days(None, offset=_FOLLOWING[match["word"].lower()])


def _ago(match: re.Match[str], context: Context) -> Days | None:
    number = int(match["n"]) * (7 if match["unit"].lower().startswith(("週", "w")) else 1)
    back = match["way"].lower() in ("前", "ago")
    return _single(_shifted(context.today, -number if back else number))


def _week(match: re.Match[str], context: Context) -> Days | None:
    weeks = {"先々週": -2, "先週": -1, "今週": 0, "来週": 1, "翌週": 1, "再来週": 2}[match["word"]]
    base = (context.spoken if match["word"] == "翌週" else None) or context.today
    monday = base - timedelta(days=base.weekday()) + timedelta(weeks=weeks)
    numbers = [WEEK.index(sign) for sign in re.sub("曜日?|・", "", match["days"])]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    first = monday + timedelta(days=numbers[0])
    return Days(first, first + timedelta(days=len(numbers) - 1) if len(numbers) > 1 else None)


def _weekday(number: int, context: Context) -> date:
    base = context.spoken or context.today
    if context.spoken is not None or context.lean == "future":
        return base + timedelta(days=(number - base.weekday()) % 7)
    return base - timedelta(days=(base.weekday() - number) % 7)


def _after_today(number: int, context: Context) -> date:
    return context.today + timedelta(days=(number - context.today.weekday() - 1) % 7 + 1)


def _weekday_ja(match: re.Match[str], context: Context) -> Days:
    return Days(_weekday(WEEK.index(match["w"]), context))


def _coming_ja(match: re.Match[str], context: Context) -> Days:
    return Days(_after_today(WEEK.index(match["w"]), context))


def _weekdays_ja(match: re.Match[str], context: Context) -> Days:
    """木~金: the weekdays from one to the other; the coming ones unless what is told lies behind."""
    numbers = WEEK.index(match["w"]), WEEK.index(match["to"])
    first = _after_today(numbers[0], context) if match["coming"] else _weekday(numbers[0], context)
    return Days(first, first + timedelta(days=(numbers[1] - numbers[0]) % 7))


def _week_en(match: re.Match[str], context: Context) -> Days:
    """Thu-Fri next week, next week Tuesday."""
    weeks = {"last": -1, "this": 0, "next": 1}[match["week"].lower()]
    monday = context.today - timedelta(days=context.today.weekday()) + timedelta(weeks=weeks)
    first = monday + timedelta(days=_number_of(match["w"]))
    return Days(first, first + timedelta(days=(_number_of(match["to"]) - first.weekday()) % 7) if match["to"] else None)


def _number_of(weekday: str) -> int:
    return next(n for n, name in enumerate(WEEKDAYS) if name.startswith(weekday.lower()[:3]))


def _weekday_en(match: re.Match[str], context: Context) -> Days:
    number = _number_of(match["w"])
    word = (match["word"] or "").lower()
    monday = context.today - timedelta(days=context.today.weekday())
    if word == "next":
        return Days(monday + timedelta(weeks=1, days=number))
    if word == "this":
        return Days(monday + timedelta(days=number))
    if word in ("coming", "upcoming", "this coming"):
        return Days(_after_today(number, context))
    if word == "last":
        return Days(context.today - timedelta(days=(context.today.weekday() - number - 1) % 7 + 1))
    return Days(_weekday(number, context))


def _named_month(match: re.Match[str], context: Context) -> Days | None:
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(match["month"].lower()[:3]))
    if match["y"]:
        return _single(_day(int(match["y"]), month, int(match["d"])))
    return _single(_yearless(month, int(match["d"]), context))


# --- the forms --------------------------------------------------------------------------------------------------------

_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
_MONTH += r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_W = (
    r"(?P<w>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_TO_W = rf"(?:\s?(?:-|to|through|and|&)\s?{_W.replace('<w>', '<to>')})?"
_ON = r"(?:(?:on|from)\s+)?(?:the\s+)?"
_YEAR = r"(?:,?\s?(?P<y>20\d\d))?"
_AFTER = r"(?![\d/])"
_LINK = re.compile(r"\s?(?:から|より|~|-|to\b|through\b|until\b)\s?(?:the\s)?", re.IGNORECASE)
_BARE = re.compile(
    r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?\b日?(?!\d|,\d|[./:]\d|[時円]|\s?(?:円|yen|名(?!古屋|寄|張|取)|人|km))",
    re.IGNORECASE,
)
_BARE_WEEKDAY = re.compile(r"([月火水木金土日])(?:曜日?)?(?![一-龠々ァ-ヶ])")
_TAIL = re.compile(
    r"\s?\((?:[月火水木金土日](?:曜日?)?(?:[・,]?祝)?|祝)\)|\s?[月火水木金土日]曜日?|(?<=日)(?:の)?(?=[朝昼夜夕])"
)


def _words(words: Iterator[str] | dict[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_JA_RELATIVE = _words(word for word in _RELATIVE if not word.isascii())
_EN_RELATIVE = _words(word for word in _RELATIVE if word.isascii())
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Context], Days | None]], ...] = (
    (
        _form(
            r"(?P<era>令和|平成|(?<![a-z])[RH])\s?(?P<y>\d{1,2}|元)[年./-]\s?(?P<m>\d{1,2})[月./-]\s?(?P<d>\d{1,2})日?"
        ),
        _era,
    ),
    (_form(r"(?<!\d)(?P<y>20\d\d)\s?[年./-]\s?(?P<m>\d{1,2})\s?[月./-]\s?(?P<d>\d{1,2})日?(?!\d)"), _full),
    (_form(r"(?P<word>一昨年|去年|昨年|今年|来年)の?\s?(?P<m>\d{1,2})[月/]\s?(?P<d>\d{1,2})日?"), _of_year),
    (_form(rf"(?<![\d/])(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})日?{_AFTER}"), _month_day),
    (_form(rf"{_ON}(?<![\d/])(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}}){_AFTER}"), _month_day),
    (_form(r"(?<!\d)(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日"), _month_day),
    (_form(r"(?P<word>先々月|先月|今月|再来月|来月)(?:末|初め|頭)?の?\s?(?P<d>\d{1,2})日"), _of_month),
    (
        _form(
            r"(?P<word>先々週|先週|今週|再来週|来週|翌週)の?\s?(?P<days>[月火水木金土日](?:(?:曜日?)?・?[月火水木金土日])*)(?:曜日?)?"
        ),
        _week,
    ),
    (
        _form(
            r"(?:(?P<coming>今度の?|次の)\s?|(?<![\d一-龠々]))(?P<w>[月火水木金土日])\s?[~・-]\s?(?P<to>[月火水木金土日])"
            r"(?:曜日?)?(?![一-龠々ァ-ヶ])"
        ),
        _weekdays_ja,
    ),
    (_form(r"(?:今度の?|次の)\s?(?P<w>[月火水木金土日])曜日?"), _coming_ja),
    (_form(r"(?<!\d)(?P<n>\d{1,3})\s?(?P<unit>日|週間)(?P<way>前|後)"), _ago),
    (_form(r"(?<!\d)(?P<n>\d{1,3})\s(?P<unit>days?|weeks?)\s(?P<way>ago)\b"), _ago),
    (_form(r"\bin\s(?P<n>\d{1,3})\s(?P<unit>days?|weeks?)(?P<way>)\b"), _ago),
    (_form(rf"(?P<word>{_JA_RELATIVE})"), _relative),
    (_form(rf"\b(?:the )?(?P<word>{_EN_RELATIVE})\b"), _relative),
    (_form(rf"(?P<word>{_words(_FOLLOWING)})"), _following),
    (_form(rf"\b{_ON}{_MONTH}\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}(?!\d|,\d)"), _named_month),
    (_form(rf"\b{_ON}(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b{_YEAR}"), _named_month),
    (_form(r"\bon the (?P<d>\d{1,2})(?:st|nd|rd|th)\b"), _day_alone),
    (_form(rf"\b{_ON}{_W}{_TO_W},?\s(?:of\s)?(?P<week>last|this|next)\sweek\b"), _week_en),
    (_form(rf"\b(?P<week>last|this|next)\sweek,?\s{_ON}{_W}{_TO_W}\b"), _week_en),
    (_form(rf"\b{_ON}(?:(?P<word>last|this coming|this|next|coming|upcoming)\s)?{_W}\b"), _weekday_en),
    (_form(r"(?<![\d一-龠])(?P<w>[月火水木金土日])曜日?"), _weekday_ja),
    (_form(r"(?<![\d泊])(?P<d>\d{1,2})日(?![間前後帰目本分券乗有当数ごフ])"), _day_alone),
)
