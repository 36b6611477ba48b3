"""A commuter pass is not paid twice: on typed journeys and on rows of an IC card alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.travel.compute import compute
from handlers.travel.facts import Context, Quote, Section
from handlers.travel.overlap import Overlap, deduct
from handlers.travel.sentences import say
from tests.handlers.travel.packs import DAY, pack, ride

PASS = Section(("青葉", "若草", "楓", "中央"), date(2025, 4, 1), date(2025, 12, 31))
FARES = {frozenset(("楓", "海岸")): 300, frozenset(("中央", "山手")): 520, frozenset(("若草", "港")): 900}


def fare(origin: str, destination: str, _mode: str, _day: date) -> Quote | None:
    amount = FARES.get(frozenset((origin, destination)))
    return Quote(amount, "table") if amount else None


def left(*path: str, amount: int = 800, day: date = DAY, mode: str = "train") -> Overlap:
    return deduct(path, amount, mode, day, [PASS], fare)


def test_a_journey_within_the_pass_costs_nothing() -> None:
    assert left("青葉", "楓駅") == Overlap(0, "青葉〜中央")


def test_a_journey_that_leaves_the_pass_is_paid_from_the_station_whose_fare_is_known() -> None:
    assert left("青葉", "海岸") == Overlap(300, "青葉〜中央", "楓→海岸")
    assert left("山手", "若草") == Overlap(520, "青葉〜中央", "山手→中央")


def test_the_stations_between_show_that_a_journey_passes_over_it() -> None:
    through = left("海岸", "楓", "中央", "山手")  # no fare is put together from two others
    assert (through.amount, through.unsure) == (800, True)
    assert left("海岸", "楓", "山手") == Overlap(800)  # one station alone is no stretch
    assert left("青葉", "若草", "楓", "海岸").amount == 300


def test_a_fare_from_the_pass_that_is_not_lower_changes_nothing() -> None:
    assert left("青葉", "港") == Overlap(800)


def test_without_a_known_fare_nothing_is_taken_off_and_the_person_is_told() -> None:
    found = left("青葉", "遠方")
    assert (found.amount, found.unsure, found.section) == (800, True, "青葉〜中央")
    item = compute(ride(800, origin="青葉", destination="遠方", mode="train"), pack("state-2025-04"), context())[0]
    assert "確認してください" in say(item, "ja")


@pytest.mark.parametrize("day", [date(2025, 3, 31), date(2026, 1, 1)])
def test_a_pass_counts_on_its_days_only(day: date) -> None:
    assert left("青葉", "楓", day=day) == Overlap(800)


@pytest.mark.parametrize(
    ("of", "mode", "amount"),
    [
        ("train", "train", 0), ("train", "shinkansen", 0), ("train", "bus", 800), ("train", "taxi", 800),
        ("bus", "bus", 0), ("bus", "train", 800), ("both", "bus", 0), ("both", "train", 0), ("both", "air", 800),
    ],
)  # fmt: skip
def test_a_pass_is_for_the_means_of_travel_that_it_names(of: str, mode: str, amount: int) -> None:
    assert deduct(("青葉", "楓"), 800, mode, DAY, [replace(PASS, mode=of)], fare).amount == amount


def test_the_deduction_is_taken_off_both_ways_and_told() -> None:
    facts = ride(800, origin="青葉", destination="海岸", mode="train", round_trip=True)
    [item, *_] = compute(facts, pack("state-2025-04"), context())
    assert item.amount == 600
    assert "定期区間 青葉〜中央 の分、片道 500円 を除く" in say(item, "ja")
    assert compute(facts, pack("hoshimi-town"), context())[0].amount == 1600


def context() -> Context:
    return Context(sections=(PASS,), fare=fare)


stations = st.sampled_from(["青葉", "若草", "楓", "中央", "海岸", "山手", "港", "遠方"])


@given(st.lists(stations, min_size=2, max_size=5), st.integers(0, 3000))
def test_never_more_than_was_paid_and_never_less_than_nothing(path: list[str], amount: int) -> None:
    assert 0 <= left(*path, amount=amount).amount <= amount
