"""Business days and quiet hours: when a person may be written to of the bot's own accord.

A business day is no Saturday, no Sunday, no national holiday (国民の祝日に関する法律; jpholiday knows them, with the
days in lieu) and not from 29 December to 3 January, when the offices of the State and most companies are closed
(行政機関の休日に関する法律 第1条). Hours are those of the clock on the person's wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import jpholiday

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """Hours (0-23) in which nobody is written to: from ``begins`` until ``ends``; the same hour twice means none."""

    begins: int
    ends: int

    def __contains__(self, hour: int) -> bool:
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends


def holiday(day: date) -> str:
    """The holiday's Japanese name; empty on any other day, also on a weekend. The turn of the year is 年末年始."""
    name = jpholiday.is_holiday_name(day)
    if name:
        return str(name)
    return "年末年始" if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3) else ""


def is_business_day(day: date) -> bool:
    """Whether people are at work."""
    return day.weekday() < 5 and not holiday(day)


def business_days(after: date, until: date) -> int:
    """Business days after ``after`` up to and with ``until``: 1 from Friday to Monday; 0 when there is none."""
    number, day = 0, after
    while day < until:
        day += ONE_DAY
        number += is_business_day(day)
    return number


def at_work(now: datetime, zone: str, quiet: Quiet) -> bool:
    """Whether a person in ``zone`` may be written to at this moment (``now`` is aware)."""
    local = now.astimezone(ZoneInfo(zone))
    return is_business_day(local.date()) and local.hour not in quiet
