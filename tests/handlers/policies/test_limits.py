"""Limits by category, person, day, month and head: what is over, what is just under, what is exactly the limit."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.policies import Attendee
from tests.handlers.policies.cases import DAY, Past, case, found, line, spoken

GUEST = Attendee("山本 次郎", "みどり商事", "outside")


def test_an_expense_over_the_limit_of_its_category_says_by_how_much() -> None:
    [finding] = found("limit-category", case(line(10_001)), category="meeting", max=10_000)
    assert finding.figures == {"amount": 10_001, "over": 1, "limit": 10_000}
    japanese, english = spoken(finding)
    assert japanese == "会議費：¥10,001 は上限 ¥10,000 を ¥1 超えています。"
    assert english == "Meeting: ¥10,001 is ¥1 over the limit of ¥10,000."


@pytest.mark.parametrize("amount", [9_999, 10_000])
def test_the_limit_itself_is_allowed(amount: int) -> None:
    assert not found("limit-category", case(line(amount)), category="meeting", max=10_000)


def test_a_limit_is_for_its_category_alone_and_for_what_is_claimed() -> None:
    private = line(9_000, amount=12_000)
    assert not found("limit-category", case(private, line(50_000, category="books")), category="meeting", max=10_000)


def test_a_limit_for_a_grade_meets_nobody_else() -> None:
    looked_at = case(line(8_001))
    [finding] = found("limit-person", looked_at, grade="4級", max=8_000)
    assert (finding.figures["over"], spoken(finding)[0]) == (
        1,
        "全科目：¥8,001 は 4級 の上限 ¥8,000 を ¥1 超えています。",
    )
    assert not found("limit-person", looked_at, grade="5級", max=8_000)
    assert not found("limit-person", case(line(8_000)), grade="4級", max=8_000)
    assert found("limit-person", looked_at, person="HANAKO@example.jp", max=8_000)
    assert not found("limit-person", looked_at, grade="4級", department="総務課", max=8_000)


def test_a_day_counts_what_other_claims_hold() -> None:
    two = (line(1_500), line(1_500, id="e2"))
    [finding] = found("limit-day", case(*two, history=Past(spends=2_001)), max=5_000)
    assert finding.figures == {"total": 5_001, "over": 1, "limit": 5_000}
    assert spoken(finding)[0] == "全科目（2026/11/20（金））：合計 ¥5,001 は1日の上限 ¥5,000 を ¥1 超えています。"
    assert not found("limit-day", case(*two, history=Past(spends=2_000)), max=5_000)


def test_two_days_are_two_sums() -> None:
    two = (line(4_000), line(4_000, id="e2", date=DAY - dt.timedelta(days=1)))
    assert not found("limit-day", case(*two), max=5_000)
    [finding] = found("limit-month", case(*two), max=7_999)
    assert spoken(finding) == (
        "全科目（2026-11）：合計 ¥8,000 は1か月の上限 ¥7,999 を ¥1 超えています。",
        "All categories in 2026-11: ¥8,000 in all, ¥1 over the monthly limit of ¥7,999.",
    )
    assert not found("limit-month", case(*two), max=8_000)


def test_a_month_is_of_the_calendar() -> None:
    two = (line(4_000, date=dt.date(2026, 10, 31)), line(4_000, id="e2", date=dt.date(2026, 11, 1)))
    assert not found("limit-month", case(*two), max=5_000)


def test_a_meal_over_ten_thousand_by_head_is_entertainment() -> None:
    [finding] = found("limit-head", case(line(40_001, persons=4)))
    assert finding.figures == {"head": 10_001, "amount": 40_001, "persons": 4, "limit": 10_000}
    assert spoken(finding)[0] == (
        "1人あたり ¥10,001（¥40,001・4名）は ¥10,000 を超えるため、「会議費」ではなく「接待交際費」です。"
    )
    assert not found("limit-head", case(line(40_000, persons=4)))
    assert not found("limit-head", case(line(40_001)))  # nobody said how many


def test_entertainment_under_the_limit_can_be_a_meeting_when_guests_were_there() -> None:
    dinner = line(20_000, category="entertainment", persons=2, attendees=(GUEST,))
    [finding] = found("limit-head", case(dinner))
    assert finding.strength == "note"
    assert "「会議費」にできます" in spoken(finding)[0]
    among_ourselves = line(20_000, category="entertainment", persons=2, attendees=(Attendee("田中", "", "own"),))
    assert not found("limit-head", case(among_ourselves))
    assert not found("limit-head", case(line(20_001, category="entertainment", persons=2, attendees=(GUEST,))))
