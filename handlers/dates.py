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
