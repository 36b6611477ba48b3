"""Days as people write and read them, in the organisation's zone."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.errors import Refusal

REIWA_BEGINS = 2018  # 令和1年 = 2019


def show_day(day: date | None, locale: str) -> str:
    """``2026/11/20（金）`` or ``20 Nov 2026``; nothing → ``—``."""
    if day is None:
        return "—"
    if locale == "en":
        return f"{day.day} {day:%b %Y}"
    return f"{day:%Y/%m/%d}（{'月火水木金土日'[day.weekday()]}）"


def show_moment(at: datetime, zone: str) -> str:
    """``11/23 14:02`` in the organisation's zone."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.month}/{local.day} {local:%H:%M}"


def parse_day(text: str, *, today: date) -> date:
    """ISO, ``2026年11月20日``, ``令和8年11月20日``, ``R8.11.20``, ``11/20`` (this year, or last if that is ahead).

    :class:`Refusal` when it is no day.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    numbers = [int(n) for n in re.findall(r"\d+", plain)]
    try:
        if re.fullmatch(r"\d{8}", plain):
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        if re.match(r"(令和|R)", plain, re.IGNORECASE) and len(numbers) == 3:
            return date(REIWA_BEGINS + numbers[0], numbers[1], numbers[2])
        if len(numbers) == 3:
            year = numbers[0] if numbers[0] >= 100 else 2000 + numbers[0]
            return date(year, numbers[1], numbers[2])
        if len(numbers) == 2:
            day = date(today.year, numbers[0], numbers[1])
            return day if day <= today else day.replace(year=today.year - 1)
    except ValueError:
        pass
    raise Refusal("Please enter a date, for example 2026-11-20.")


_AGO = {
    "今月": 0, "当月": 0, "this month": 0,
    "先月": 1, "前月": 1, "last month": 1,
    "先々月": 2, "前々月": 2,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_AND_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_ERA_AND_MONTH = re.compile(r"(?:令和|R)(\d{1,2}|元)[-/.年](\d{1,2})月?", re.IGNORECASE)
_MONTH = re.compile(r"(\d{1,2})月")
_NAMED_MONTH = re.compile(r"([a-z]{3})[a-z]*(?: (\d{4}))?")


def parse_month(text: str, *, today: date) -> date | None:
    """The first day of ``2026-11``, ``令和8年11月``, ``11月分``, ``先月`` or ``November``; None when it is no month.

    A month without its year is the last one of that name that has begun.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower().removesuffix("分")
    if plain in _AGO:
        months = today.year * 12 + today.month - 1 - _AGO[plain]
        return date(months // 12, months % 12 + 1, 1)
    if (found := _YEAR_AND_MONTH.fullmatch(plain)) is not None:
        return _first_day(int(found[1]), int(found[2]))
    if (found := _ERA_AND_MONTH.fullmatch(plain)) is not None:
        return _first_day(REIWA_BEGINS + (1 if found[1] == "元" else int(found[1])), int(found[2]))
    if (found := _MONTH.fullmatch(plain)) is not None:
        month = int(found[1])
        return _first_day(today.year - (month > today.month), month)
    found = _NAMED_MONTH.fullmatch(plain)
    if found is not None and found[1] in _MONTHS:
        month = _MONTHS.index(found[1]) + 1
        return _first_day(int(found[2]) if found[2] else today.year - (month > today.month), month)
    return None


def _first_day(year: int, month: int) -> date | None:
    return date(year, month, 1) if 1 <= month <= 12 and year >= 1 else None
