"""What each pack gives for a trip, with its paragraph, its figures and its sentence in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.travel.compute import compute
from handlers.travel.facts import Context, Facts, Leg, Lost, PackagePrice, Stay
from handlers.travel.items import Item, payable, total
from handlers.travel.load import built_in
from handlers.travel.sentences import line, say
from tests.handlers.travel.packs import DAY, night, pack, ride

STATE = "state-2025-04"


def only(facts: Facts, name: str, kind: str, context: Context | None = None) -> Item:
    [item] = [item for item in compute(facts, pack(name), context) if item.kind == kind]
    return item


# --- lodging ----------------------------------------------------------------------------------------------------------


def test_lodging_over_the_cap_is_paid_to_the_cap_and_says_what_wants_a_reason() -> None:
    item = only(night(9800), STATE, "lodging")
    assert (item.amount, item.over, item.asked) == (8000, 1800, "stays.0.over_reason")
    assert say(item, "ja") == "宿泊費 福島県 上限 8,000円、実費 9,800円 → 8,000円（超過1,800円は理由が必要）"
    assert say(item, "en") == (
        "Lodging Fukushima, cap ¥8,000, actual price ¥9,800 → ¥8,000 (¥1,800 over the cap needs a reason)"
    )
    assert "施行令第9条" in item.paragraph


@pytest.mark.parametrize(("price", "paid"), [(7999, 7999), (8000, 8000), (8001, 8000)])
def test_the_cap_itself_is_paid(price: int, paid: int) -> None:
    assert only(night(price), STATE, "lodging").amount == paid


def test_with_a_reason_the_state_pays_the_actual_price() -> None:
    item = only(night(9800, over_reason="主催者等から宿泊施設の指定がある"), STATE, "lodging")
    assert (item.amount, item.over, item.asked) == (9800, 0, "")
    assert "主催者等" in say(item, "ja")
    rule = pack(STATE).lodging
    assert rule is not None
    assert rule.over is not None
    assert len(rule.over.reasons) == 5


@pytest.mark.parametrize(
    ("prefecture", "price", "reason", "paid"),
    [
        ("東京都", 13_100, "", 13_100), ("東京都", 18_000, "", 13_100), ("東京都", 18_000, "繁忙期", 18_000),
        ("東京都", 21_000, "繁忙期", 19_000), ("島根県", 12_500, "", 11_800), ("島根県", 12_500, "繁忙期", 12_500),
    ],
)  # fmt: skip
def test_a_flat_cap_has_an_inside_an_outside_and_a_limit_for_exceptions(
    prefecture: str, price: int, reason: str, paid: int
) -> None:
    facts = night(price, prefecture=prefecture, over_reason=reason)
    assert only(facts, "kaede-town", "lodging").amount == paid


def test_what_is_above_the_limit_of_an_exception_is_told_apart_from_what_wants_a_reason() -> None:
    item = only(night(21_000, prefecture="東京都"), "kaede-town", "lodging")
    assert "超過5,900円は理由が必要" in say(item, "ja")
    assert "2,000円は支給されません" in say(item, "ja")


def test_a_cap_depends_on_the_grade() -> None:
    facts = night(30_000, prefecture="北海道")
    assert only(facts, "aoba-town", "lodging", Context("町長")).amount == 18_000
    assert only(facts, "aoba-town", "lodging", Context("主事")).amount == 13_000


def test_what_the_table_does_not_know_is_asked_and_never_made_up() -> None:
    missing = only(night(9000, prefecture="福岡県"), "hoshimi-town", "lodging")
    assert (missing.amount, missing.confidence) == (0, "unknown")
    assert missing.asked == "cap.general.福岡県"
    nowhere = only(night(9000, prefecture="", place="旅館さくら"), STATE, "lodging")
    assert (nowhere.amount, nowhere.asked) == (0, "stays.0.prefecture")
    assert only(night(9000), STATE, "lodging", Context("大臣")).asked == "cap.minister.福島県"


def test_the_place_of_the_lodging_says_the_prefecture_and_the_destination_stands_in_for_it() -> None:
    assert only(night(9000, prefecture="", place="磐梯町"), STATE, "lodging").inputs["prefecture"] == "福島県"
    assert only(night(9000, prefecture=""), STATE, "lodging").inputs["prefecture"] == "福島県"


def test_before_the_trip_an_unknown_price_counts_as_the_cap_and_after_it_as_nothing() -> None:
    before = only(replace(night(None, nights=2), estimate=True), STATE, "lodging")
    assert (before.amount, before.asked) == (16_000, "stays.0.amount")
    assert only(night(None, nights=2), STATE, "lodging").amount == 0


@pytest.mark.parametrize(("price", "reason", "asked"), [
    (7000, "", "stays.0.receipt"), (9800, "", "stays.0.over_reason"), (9800, "指定の宿", "stays.0.receipt"),
])  # fmt: skip
def test_the_receipt_of_the_lodging_is_asked_where_the_pack_wants_it(price: int, reason: str, asked: str) -> None:
    item = only(night(price, receipt=False, over_reason=reason), STATE, "lodging")
    assert item.asked == asked
    assert "領収書が必要" in say(item, "ja")


def test_an_unverified_cap_is_told_as_unverified() -> None:
    assert "未確認" in line(only(night(9000), "state-2026-04", "lodging"), "ja")
    assert "not verified" in line(only(night(9000), "state-2026-04", "lodging"), "en")
    assert "未確認" not in line(only(night(9000, prefecture="東京都"), "state-2026-04", "lodging"), "ja")


# --- allowances -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meals", "separable", "paid"), [(0, False, 4800), (1, False, 3200), (2, False, 1600), (2, True, 4800)]
)
def test_the_lodging_allowance_is_less_with_meals_unless_they_are_shown_apart(
    meals: int, separable: bool, paid: int
) -> None:
    item = only(night(9000, nights=2, meals=meals, separable=separable), STATE, "lodging_allowance")
    assert item.amount == paid


def test_no_lodging_allowance_for_a_day_or_at_a_private_home() -> None:
    for facts in (ride(), night(None, private=True)):
        assert not [item for item in compute(facts, pack(STATE)) if item.kind == "lodging_allowance"]


def test_the_daily_allowance_is_kept_where_the_town_keeps_it() -> None:
    assert only(night(9000), "aoba-town", "daily", Context("副町長")).amount == 5000
    assert only(night(9000), "aoba-town", "daily").amount == 4400
    assert not [item for item in compute(night(9000), pack(STATE)) if item.kind == "daily"]


@pytest.mark.parametrize(("km", "paid"), [("19.9", 1300), ("20", 2600), ("120", 2600)])
def test_half_a_day_is_paid_near_by(km: str, paid: int) -> None:
    facts = replace(ride(), distance_km=Decimal(km))
    assert only(facts, "hoshimi-town", "daily").amount == paid


def test_the_distance_is_asked_and_until_then_half_is_paid() -> None:
    item = only(ride(), "hoshimi-town", "daily")
    assert (item.amount, item.asked) == (1300, "distance_km")


def test_no_daily_allowance_with_lodging_where_it_is_for_day_trips_only() -> None:
    item = only(night(9000), "hoshimi-town", "daily")
    assert item.amount == 0
    assert "宿泊する旅行にはなし" in say(item, "ja")


@pytest.mark.parametrize(("place", "paid"), [("松風町", 0), ("松風", 0), ("松風町役場", 0), ("福島", 1000)])
def test_sundries_are_not_paid_in_listed_neighbours(place: str, paid: int) -> None:
    assert only(replace(ride(), destination=place), "asanagi-town", "daily").amount == paid


# --- fares and kilometres ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("round_trip", "covers", "amount", "asked"),
    [
        (False, "one", 8950, ""),
        (True, "one", 17_900, ""),
        (True, "both", 8950, ""),
        (True, "unsaid", 8950, "legs.0.covers"),
    ],
)
def test_a_fare_is_of_one_way_or_of_both(round_trip: bool, covers: str, amount: int, asked: str) -> None:
    item = only(ride(round_trip=round_trip, covers=covers), STATE, "transport")
    assert (item.amount, item.asked) == (amount, asked)


def test_an_unknown_fare_is_asked() -> None:
    item = only(ride(None), STATE, "transport")
    assert (item.amount, item.asked) == (0, "legs.0.amount")
    assert "分かりません" in say(item, "ja")


def test_a_taxi_wants_a_reason_where_the_rule_wants_one() -> None:
    assert only(ride(2340, mode="taxi"), STATE, "transport").asked == "legs.0.reason"
    assert only(ride(2340, mode="taxi", reason="終電後"), STATE, "transport").asked == ""
    assert only(ride(2340, mode="taxi"), "kaede-town", "transport").asked == ""


@pytest.mark.parametrize(
    ("name", "office", "paid"),
    [(STATE, 8000, 8950), ("shiranami-village", 8000, 8000), ("shiranami-village", 9500, 8950)],
)
def test_a_trip_from_home_is_paid_as_the_pack_says(name: str, office: int, paid: int) -> None:
    assert only(ride(from_home=True, office_amount=office), name, "transport").amount == paid


def test_the_fare_from_the_office_is_asked_where_it_decides() -> None:
    assert only(ride(from_home=True), "shiranami-village", "transport").asked == "legs.0.office_amount"


def test_kilometres_are_cut_off_by_leg_or_by_day() -> None:
    legs = tuple(Leg(DAY, "役場", "本庁", "car", km=Decimal("10.6"), round_trip=back) for back in (False, False))
    facts = Facts(DAY, DAY, "本庁", legs=legs)
    by_leg = [item.amount for item in compute(facts, pack("aoba-town")) if item.kind == "car"]
    assert by_leg == [10 * 37, 10 * 37]
    assert only(facts, "asanagi-town", "car").amount == 21 * 37
    assert "21km × 37円" in say(only(facts, "asanagi-town", "car"), "ja")


def test_the_state_pays_what_a_car_really_cost() -> None:
    facts = ride(None, mode="car", km=Decimal(34))
    assert only(facts, STATE, "car").asked == "legs.0.amount"
    assert only(ride(1500, mode="car"), STATE, "car").amount == 1500
    assert only(facts, "aoba-town", "car").amount == 34 * 37
    assert only(ride(None, mode="car"), "aoba-town", "car").asked == "legs.0.km"


def test_what_a_host_paid_is_not_paid_again_and_an_agency_is_paid_directly() -> None:
    assert compute(ride(paid_by="host"), pack(STATE)) == ()
    items = compute(ride(paid_by="agency"), pack("midorino-city"))
    assert (total(items), payable(items)) == (8950, 0)
    assert compute(ride(paid_by="agency"), pack("kaede-town"))[0].asked == "agency"


# --- packages and cancellation ----------------------------------------------------------------------------------------


def test_a_package_is_paid_up_to_the_fare_and_the_caps_of_its_nights() -> None:
    price = PackagePrice(40_000, 2, "大阪府", fare=12_000)
    item = only(Facts(DAY, date(2025, 11, 22), "大阪", packages=(price,)), STATE, "package")
    assert (item.amount, item.over) == (38_000, 2000)
    assert "包括宿泊費 40,000円" in say(item, "ja")
    unknown = replace(price, fare=None)
    assert only(Facts(DAY, date(2025, 11, 22), packages=(unknown,)), STATE, "package").asked == "packages.0.fare"


@pytest.mark.parametrize(("paid", "refunded", "fee", "given"), [
    (9800, 9800, 3000, 3000), (9800, 0, 0, 8000), (7000, 2000, 500, 5500), (5000, 9000, 0, 0),
])  # fmt: skip
def test_a_cancelled_trip_gives_the_smaller_of_computed_and_lost_for_each_kind(
    paid: int, refunded: int, fee: int, given: int
) -> None:
    facts = replace(night(9800), cancelled=True, lost=(Lost("lodging", paid, refunded, fee),))
    [item] = compute(facts, pack("shiranami-village"))
    assert (item.kind, item.amount) == ("cancellation", given)
    assert "第2条" in item.paragraph


def test_costs_of_a_cancelled_trip_do_not_make_up_for_each_other() -> None:
    lost = (Lost("transport", 20_000), Lost("lodging", 1000))
    facts = replace(night(9800), legs=ride().legs, cancelled=True, lost=lost)
    assert [item.amount for item in compute(facts, pack("shiranami-village"))] == [8950, 1000]
    assert compute(facts, pack("kaede-town"))[0].asked == "cancellation"


# --- properties -------------------------------------------------------------------------------------------------------

amounts = st.none() | st.integers(0, 100_000)
kilometres = st.none() | st.decimals(0, 900, places=1)
legs = st.builds(
    Leg,
    day=st.just(DAY),
    origin=st.sampled_from(["東京", "福島", "渋谷"]),
    destination=st.sampled_from(["大阪", "磐梯町", "松風町"]),
    mode=st.sampled_from(["shinkansen", "train", "bus", "air", "ship", "taxi", "car", "rental_car", "walk"]),
    amount=amounts,
    round_trip=st.booleans(),
    covers=st.sampled_from(["one", "both", "unsaid"]),
    km=kilometres,
    from_home=st.booleans(),
    office_amount=amounts,
    paid_by=st.sampled_from(["traveler", "agency", "host"]),
)
stays = st.builds(
    Stay,
    nights=st.integers(1, 5),
    amount=amounts,
    prefecture=st.sampled_from(["", "福島県", "東京都", "福岡県"]),
    meals=st.integers(0, 2),
    separable=st.booleans(),
    private=st.booleans(),
    over_reason=st.sampled_from(["", "指定の宿"]),
    receipt=st.booleans(),
)
packages = st.builds(
    PackagePrice,
    amount=st.integers(0, 90_000),
    nights=st.integers(0, 3),
    prefecture=st.just("大阪府"),
    fare=amounts,
)
losses = st.builds(
    Lost,
    kind=st.sampled_from(["transport", "lodging", "package"]),
    paid=st.integers(0, 50_000),
    refunded=st.integers(0, 50_000),
    fee=st.integers(0, 5000),
)
trips = st.builds(
    lambda days, **more: Facts(DAY, DAY + timedelta(days=days), **more),
    days=st.integers(0, 9),
    destination=st.sampled_from(["", "福島", "松風町"]),
    legs=st.lists(legs, max_size=3).map(tuple),
    stays=st.lists(stays, max_size=2).map(tuple),
    packages=st.lists(packages, max_size=1).map(tuple),
    distance_km=kilometres,
    estimate=st.booleans(),
    cancelled=st.booleans(),
    lost=st.lists(losses, max_size=2).map(tuple),
)
every_pack = st.sampled_from(sorted(built_in()))
contexts = st.builds(Context, grade=st.sampled_from(["", "町長", "大臣"]))


@given(trips, every_pack, contexts)
def test_every_yen_is_told_and_none_is_negative(facts: Facts, name: str, context: Context) -> None:
    items = compute(facts, pack(name), context)
    assert all(item.amount >= 0 and item.over >= 0 for item in items)
    assert total(items) == sum(item.amount for item in items) >= payable(items)
    for item in items:
        assert item.paragraph or not item.amount
        assert line(item, "ja") != line(item, "en")
        assert Item.from_json(item.as_json()) == item


@given(st.integers(1, 9), st.integers(0, 40_000), every_pack)
def test_another_night_at_the_same_price_never_lowers_the_sum(nights: int, price: int, name: str) -> None:
    shorter, longer = (total(compute(night(price * n, nights=n), pack(name))) for n in (nights, nights + 1))
    assert longer >= shorter


@given(trips, every_pack)
def test_a_cancelled_trip_never_gives_more_than_was_lost(facts: Facts, name: str) -> None:
    cancelled = replace(facts, cancelled=True)
    assert total(compute(cancelled, pack(name))) <= sum(lost.unrecoverable for lost in facts.lost)
