"""Days to come, as people write them: ``12/1-12/7``, ``12月1日から7日まで``, ``明日から3日間``, ``来週``.

A grammar of three rules: a period is a day, or a day, a separator and an end; an end is a day or a number of days; a
day is a date, with or without its year, or a word. A day without its year is the next of that name, or one that has
just passed (:data:`JUST_PASSED`), so that a slip is noticed and does not become next year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.dates import REIWA_BEGINS
from handlers.errors import Refusal

JUST_PASSED = timedelta(days=90)
WORDS = {
    "今日": 0, "本日": 0, "きょう": 0, "today": 0,
    "明日": 1, "あした": 1, "あす": 1, "tomorrow": 1,
    "明後日": 2, "あさって": 2,
}  # fmt: skip
WEEKDAYS = ("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
_SEPARATOR = re.compile(r"\s*(?:から|より|~|〜|–|—|―|−|\.{2,3}|…|-|to\b|until\b|till\b)\s*", re.IGNORECASE)
_END = re.compile(r"\s*(?:まで)?\s*$")
_LENGTH = re.compile(r"(\d{1,3})\s*(?:日間|days?\b)", re.IGNORECASE)
_WEEK = re.compile(r"(今週|来週|this week|next week)", re.IGNORECASE)


class _Unclear(Exception):
    """The words are no days."""


@dataclass(frozen=True)
class Period:
    """Both days included."""

    starts: date
    ends: date


def parse(text: str, *, today: date) -> Period:
    """The period that ``text`` says. :class:`Refusal` when it is none, or ends before it begins."""
    try:
        return _parse(text, today)
    except _Unclear:
        raise Refusal("Please write the days like this: 12/1-12/7, or 2026-12-01..2026-12-07.") from None


def _parse(text: str, today: date) -> Period:
    plain = unicodedata.normalize("NFKC", text).strip()
    week = _WEEK.match(plain)
    if week and _END.fullmatch(plain[week.end() :]):
        return _week(week.group(1), today)
    starts, rest = _day(plain, today)
    if _END.fullmatch(rest):
        return Period(starts, starts)
    separator = _SEPARATOR.match(rest)
    rest = rest[separator.end() :] if separator is not None else rest.lstrip()
    length = _LENGTH.match(rest)
    if length is not None and _END.fullmatch(rest[length.end() :]) and int(length.group(1)):
        return Period(starts, starts + timedelta(days=int(length.group(1)) - 1))
    if separator is None:
        raise _Unclear
    ends, rest = _day(rest, today, begun=starts)
    if not _END.fullmatch(rest):
        raise _Unclear
    if ends < starts:
        raise Refusal("The last day lies before the first.")
    return Period(starts, ends)


def is_period(text: str, *, today: date) -> bool:
    """Whether ``text`` is a period, or would be one with its days the other way round."""
    try:
        _parse(text, today)
    except _Unclear:
        return False
    except Refusal:
        return True
    return True


def _week(word: str, today: date) -> Period:
    """The rest of this week until Sunday, or next week from Monday to Sunday."""
    monday = today - timedelta(days=today.weekday())
    if word.lower() in ("今週", "this week"):
        return Period(today, monday + timedelta(days=6))
    return Period(monday + timedelta(days=7), monday + timedelta(days=13))


def _day(text: str, today: date, *, begun: date | None = None) -> tuple[date, str]:
    """The day at the beginning of ``text``, and the rest. ``begun``: the first day, when this is the last."""
    for pattern, read in _DAYS:
        match = pattern.match(text)
        if match is not None:
            try:
                return read(match, today, begun), text[match.end() :]
            except ValueError:
                break
    raise _Unclear


Read = Callable[[re.Match[str], date, date | None], date]


def _full(match: re.Match[str], _today: date, _begun: date | None) -> date:
    year, month, day = map(int, match.groups())
    return date(year, month, day)


def _era(match: re.Match[str], _today: date, _begun: date | None) -> date:
    year, month, day = match.groups()
    return date(REIWA_BEGINS + (1 if year == "元" else int(year)), int(month), int(day))


def _month_and_day(match: re.Match[str], today: date, begun: date | None) -> date:
    month, day = map(int, match.groups())
    earliest = begun or today - JUST_PASSED
    year = earliest.year
    while year < earliest.year + 9:  # 29 February comes every four years, once in a long while every eight
        try:
            found = date(year, month, day)
        except ValueError:
            if (month, day) != (2, 29):
                raise
        else:
            if found >= earliest or (begun is not None and month == begun.month):
                return found
        year += 1
    raise ValueError("no such day")


def _day_of_month(match: re.Match[str], _today: date, begun: date | None) -> date:
    if begun is None:
        raise ValueError("which month?")
    return begun.replace(day=int(match.group(1)))


def _word(match: re.Match[str], today: date, _begun: date | None) -> date:
    return today + timedelta(days=WORDS[match.group(1).lower()])


def _weekday(match: re.Match[str], today: date, begun: date | None) -> date:
    """The next day of that name, today included; 来週 means the week after this one, whatever today is."""
    next_week, kanji, english = match.groups()
    number = WEEKDAYS[0].index(kanji) if kanji else WEEKDAYS[1].index(english.lower()[:3])
    if next_week:
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + number)
    first = begun or today
    return first + timedelta(days=(number - first.weekday()) % 7)


_NAMES = "|".join(sorted(WORDS, key=len, reverse=True))
_DAYS: tuple[tuple[re.Pattern[str], Read], ...] = (
    (re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)"), _full),
    (re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)"), _full),
    (re.compile(r"(?:令和|R)\s?(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)", re.IGNORECASE), _era),
    (re.compile(r"(\d{1,2})[/月](\d{1,2})日?(?!\d)"), _month_and_day),
    (re.compile(r"(\d{1,2})日?(?![\d/月])"), _day_of_month),
    (re.compile(rf"({_NAMES})", re.IGNORECASE), _word),
    (
        re.compile(
            rf"(来週の?|next\s+)?(?:([{WEEKDAYS[0]}])曜?日?|({'|'.join(WEEKDAYS[1])})[a-z]*\b)",
            re.IGNORECASE,
        ),
        _weekday,
    ),
)
