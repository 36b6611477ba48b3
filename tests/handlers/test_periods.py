"""Days to come, in the many ways people write them."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.errors import Refusal
from handlers.periods import Period, is_period, parse

TODAY = date(2026, 11, 24)  # a Tuesday
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 7))


@pytest.mark.parametrize(
    "text",
    [
        "12/1-12/7",
        "12/1〜12/7",
        "12/1～12/7",
        "12/1 - 12/7",
        "12/1-7",
        "12/1..12/7",
        "12/1 to 12/7",
        "12月1日から12月7日まで",
        "12月1日〜7日",
        "12月1日より7日間",
        "12/1から7日間",
        "12/1 7日間",
        "１２／１－１２／７",
        "2026-12-01..2026-12-07",
        "2026-12-01-2026-12-07",
        "2026/12/1〜2026/12/7",
        "2026年12月1日から12月7日",
        "20261201-20261207",
        "令和8年12月1日〜令和8年12月7日",
        "R8.12.1-R8.12.7",
        "2026-12-01 until 2026-12-07",
    ],
)
def test_the_first_week_of_december(text: str) -> None:
    assert parse(text, today=TODAY) == DECEMBER


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("12/1", (2026, 12, 1), (2026, 12, 1)),
        ("今日から金曜まで", (2026, 11, 24), (2026, 11, 27)),
        ("明日", (2026, 11, 25), (2026, 11, 25)),
        ("明日から3日間", (2026, 11, 25), (2026, 11, 27)),
        ("today to Friday", (2026, 11, 24), (2026, 11, 27)),
        ("tomorrow 2 days", (2026, 11, 25), (2026, 11, 26)),
        ("来週", (2026, 11, 30), (2026, 12, 6)),
        ("今週", (2026, 11, 24), (2026, 11, 29)),
        ("来週月曜から来週の水曜", (2026, 11, 30), (2026, 12, 2)),
        ("来週月曜から水曜", (2026, 11, 30), (2026, 12, 2)),
        ("12/28-1/5", (2026, 12, 28), (2027, 1, 5)),
        ("1/5-1/8", (2027, 1, 5), (2027, 1, 8)),
        ("11/20-11/30", (2026, 11, 20), (2026, 11, 30)),  # it has begun already
    ],
)
def test_other_days(text: str, starts: tuple[int, int, int], ends: tuple[int, int, int]) -> None:
    assert parse(text, today=TODAY) == Period(date(*starts), date(*ends))


@pytest.mark.parametrize(
    "text", ["", "soon", "12/1-", "13/1-13/7", "12/1-12/32", "12/1 12/7", "7", "12/1-12/7 x", "0日間"]
)
def test_what_is_no_period_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(Refusal, match="12/1-12/7"):
        parse(text, today=TODAY)
    assert not is_period(text, today=TODAY)


@pytest.mark.parametrize("text", ["12/7-12/1", "2026-12-07..2026-12-01", "12/7-1"])
def test_the_last_day_does_not_lie_before_the_first(text: str) -> None:
    with pytest.raises(Refusal, match="lies before"):
        parse(text, today=TODAY)
    assert is_period(text, today=TODAY)
