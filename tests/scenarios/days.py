"""Days of the stories. They follow the calendar, so that a receipt of today's story is never late, and never a day off.

A receipt is of a business day about three weeks back: far from every time limit, and never of a day on which a trip of
another story goes on (those lie at most ten days back), whose daily allowance would count its meals twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo.receipts.style import WEEKDAYS
from handlers.calendar import is_business_day


def _business_days_back(first: date, number: int) -> list[date]:
    """The newest so many business days up to and with ``first``, newest first."""
    found: list[date] = []
    day = first
    while len(found) < number:
        found += [day] if is_business_day(day) else []
        day -= timedelta(days=1)
    return found


def business_day(number: int) -> date:
    """The business day after so many others to come: 0 is the next one after today."""
    day = TODAY
    while number >= 0:
        day += timedelta(days=1)
        number -= is_business_day(day)
    return day


TOKYO = ZoneInfo("Asia/Tokyo")
TODAY = datetime.now(TOKYO).date()
DAY, DAY_BEFORE, TWO_BEFORE = _business_days_back(TODAY - timedelta(days=20), 3)


def months_back(number: int) -> date:
    """A business day of the month so many months ago."""
    months = TODAY.year * 12 + TODAY.month - 1 - number
    return _business_days_back(date(months // 12, months % 12 + 1, 20), 1)[0]


def printed(day: date, clock: str = " 12:34") -> str:
    """As a till prints it: 2026年11月20日(金) 12:34."""
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]}){clock}"


def shown(day: date) -> str:
    """As cards show it: 2026/11/20."""
    return f"{day:%Y/%m/%d}"


def spoken(day: date) -> str:
    """As people type it: 11/20."""
    return f"{day.month}/{day.day}"
