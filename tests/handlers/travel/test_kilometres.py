"""What the kilometres of one's own car stand for: one way, both, or nobody has said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.travel.compute import compute
from handlers.travel.facts import Covers, Facts, Leg, Lost
from handlers.travel.sentences import say
from handlers.trips import naming
from tests.handlers.travel.packs import DAY, pack, ride


def car(name: str = "aoba-town", **more: object) -> tuple[int, str, str]:
    """(yen, what is asked, the sentence) of a drive of 34 km."""
    facts = ride(None, **{"mode": "car", "km": Decimal(34), **more})
    [item] = [item for item in compute(facts, pack(name)) if item.kind == "car"]
    return item.amount, item.asked, say(item, "ja")


@pytest.mark.parametrize(
    ("round_trip", "covers", "amount", "asked", "told"),
    [
        (False, "unsaid", 1258, "", "34km × 37円 → 1,258円"),
        (True, "both", 1258, "", "34km × 37円 → 1,258円（往復 34km）"),
        (True, "one", 2516, "", "68km × 37円 → 2,516円（片道 34km × 2）"),
        (True, "unsaid", 1258, "legs.0.km_covers", "34km は片道ですか、往復ですか"),
    ],
)
def test_kilometres_are_of_one_way_or_of_both(
    round_trip: bool, covers: Covers, amount: int, asked: str, told: str
) -> None:
    found = car(round_trip=round_trip, km_covers=covers)
    assert found[:2] == (amount, asked)
    assert told in found[2]


@pytest.mark.parametrize(("covers", "amount", "asked"), [("both", 1500, ""), ("one", 3000, ""), ("unsaid", 1500, "x")])
def test_so_is_what_a_car_really_cost(covers: Covers, amount: int, asked: str) -> None:
    facts = ride(1500, mode="car", round_trip=True, covers=covers)
    [item] = [item for item in compute(facts, pack("state-2025-04")) if item.kind == "car"]
    assert (item.amount, item.asked) == (amount, "legs.0.covers" if asked else "")
    assert ("片道" in say(item, "ja")) == bool(asked)


@given(st.decimals("0.1", 900, places=1), st.sampled_from(["aoba-town", "asanagi-town"]))
def test_both_ways_said_together_are_paid_as_two_ways_of_half(km: Decimal, name: str) -> None:
    both = car(name, round_trip=True, km_covers="both", km=2 * km)
    assert both[0] == car(name, round_trip=True, km_covers="one", km=km)[0]


def test_drives_of_a_day_count_together_and_the_one_that_is_open_is_asked() -> None:
    legs = (
        Leg(DAY, "役場", "本庁", "car", km=Decimal("10.6")),
        Leg(DAY, "役場", "支所", "car", km=Decimal("5.6"), round_trip=True, km_covers="unsaid"),
    )
    [item] = [i for i in compute(Facts(DAY, DAY, "県庁", legs=legs), pack("asanagi-town")) if i.kind == "car"]
    assert (item.amount, item.asked) == (16 * 37, "legs.1.km_covers")


@pytest.mark.parametrize(
    ("covers", "name"),
    [("round_trip", "34 km（往復）"), ("one_way", "34 km × 2（往復）"), ("", "34 km")],
)
def test_a_drive_is_named_with_what_its_kilometres_stand_for(covers: str, name: str) -> None:
    leg = {"from": "町", "to": "市", "mode": "car", "km": "34", "round_trip": True, "km_covers": covers}
    assert naming.drive(leg, "ja").endswith(f"町⇔市 {name}")
    assert naming.distance({**leg, "km": None}, "ja") == ""


# --- a trip that was called off: cost by cost -------------------------------------------------------------------------


def test_each_lost_cost_is_compared_with_what_its_own_line_would_have_given() -> None:
    """Two tickets: what one is over may not fill what the other is under."""
    legs = tuple(Leg(DAY, *ends, "shinkansen", amount=5000) for ends in (("東京", "福島"), ("福島", "東京")))
    lost = (Lost("transport", 9000, ref="legs.0"), Lost("transport", 500, ref="legs.1"))
    facts = Facts(DAY, DAY, "福島", legs=legs, cancelled=True, lost=lost)
    assert [item.amount for item in compute(facts, pack("shiranami-village"))] == [5000, 500]
    together = Facts(DAY, DAY, "福島", legs=legs, cancelled=True, lost=(Lost("transport", 9500),))
    assert [item.amount for item in compute(together, pack("shiranami-village"))] == [9500]


def test_what_is_said_by_kind_is_compared_with_what_nothing_else_names() -> None:
    legs = tuple(Leg(DAY, *ends, "shinkansen", amount=5000) for ends in (("東京", "福島"), ("福島", "東京")))
    lost = (Lost("transport", 9000), Lost("transport", 500, ref="legs.1"))
    facts = Facts(DAY, DAY, "福島", legs=legs, cancelled=True, lost=lost)
    assert [item.amount for item in compute(facts, pack("shiranami-village"))] == [500, 5000]
