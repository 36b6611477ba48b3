"""When people are at work."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.calendar import Quiet, at_work, business_days, holiday, is_business_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),  # Friday
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), False),  # 勤労感謝の日, a Monday
        (date(2026, 11, 24), True),
        (date(2026, 9, 22), False),  # 国民の休日 between two holidays
        (date(2026, 5, 6), False),  # in lieu of 3 May, a Sunday
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 1), False),
        (date(2027, 1, 4), True),
    ],
)
def test_business_days(day: date, works: bool) -> None:
    assert is_business_day(day) is works


def test_a_holiday_has_its_name() -> None:
    assert holiday(date(2026, 11, 23)) == "勤労感謝の日"
    assert holiday(date(2026, 12, 30)) == "年末年始"
    assert holiday(date(2026, 11, 21)) == ""


def test_days_are_counted_without_those_on_which_nobody_works() -> None:
    assert business_days(date(2026, 11, 20), date(2026, 11, 23)) == 0
    assert business_days(date(2026, 11, 20), date(2026, 11, 25)) == 2
    assert business_days(date(2026, 12, 28), date(2027, 1, 4)) == 1
    assert business_days(date(2026, 11, 25), date(2026, 11, 20)) == 0


@pytest.mark.parametrize(
    ("moment", "zone", "works"),
    [
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "Asia/Tokyo", True),  # 9:00 on Tuesday
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), "Asia/Tokyo", False),  # 7:59
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "Asia/Tokyo", False),  # 19:00
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "Europe/London", True),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "Asia/Tokyo", False),  # 10:00 on a holiday
    ],
)
def test_nobody_is_written_to_in_the_evening_or_on_a_holiday(moment: datetime, zone: str, works: bool) -> None:
    assert at_work(moment, zone, Quiet(19, 8)) is works


def test_quiet_hours_may_lie_within_a_day_or_be_none_at_all() -> None:
    assert 12 in Quiet(12, 13)
    assert 13 not in Quiet(12, 13)
    assert not any(hour in Quiet(0, 0) for hour in range(24))
