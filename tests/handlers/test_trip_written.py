"""Rides and nights in the lines of a form: whatever a trip knows of them comes back as it went."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.errors import Refusal
from handlers.notes.reading import MODES
from handlers.travel.places import prefectures
from handlers.trips import written

DAY = dt.date(2026, 11, 20)
names = st.text(st.sampled_from("東京福島会津若松役場駅ABxy・-（）"), min_size=1, max_size=8).filter(
    lambda name: name not in ("-", "?") and not name.startswith(("パック", "実家", "知人宅"))
)
words = st.text(st.sampled_from("荷物が多いため、主催者 12/3円km"), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split())
)
yen = st.integers(0, 300_000)
amounts = st.one_of(
    st.none().map(lambda _: (None, "JPY")),
    yen.map(lambda amount: (amount, "JPY")),
    st.integers(1, 9999).map(lambda cents: (cents / 4 if cents % 4 else cents // 4, "USD")),
)
covers = st.sampled_from(["", "one_way", "round_trip"])


@st.composite
def rides(draw: st.DrawFn) -> dict[str, Any]:
    """A ride with everything that a trip may know of it."""
    amount, currency = draw(amounts)
    km = draw(st.none() | st.decimals("0.1", 900, places=1).map(str))
    back = draw(st.booleans())
    leg: dict[str, Any] = {
        "date": draw(st.none() | st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)).map(dt.date.isoformat)),
        "from": draw(names),
        "to": draw(names),
        "via": draw(st.lists(names, max_size=2)),
        "mode": draw(st.sampled_from(MODES)),
        "amount": amount,
        "currency": currency,
        "round_trip": back,
        "covers": draw(covers) if back and amount is not None else "",
        "km": km,
    }
    if km is not None:
        leg["km_covers"] = draw(covers) if back else ""
    leg |= {"from_home": True} if draw(st.booleans()) else {}
    leg |= {"packed": True} if draw(st.booleans()) else {}
    leg |= {"office_amount": draw(yen)} if draw(st.booleans()) else {}
    leg |= {"reason": reason} if (reason := draw(st.just("") | words)) else {}
    return leg | ({"paid_by": payer} if (payer := draw(st.sampled_from(["", "agency", "host"]))) else {})


@st.composite
def stays(draw: st.DrawFn) -> dict[str, Any]:
    """Nights with everything that a trip may know of them."""
    amount, currency = draw(amounts)
    stay: dict[str, Any] = {
        "nights": draw(st.integers(1, 99)),
        "place": draw(st.none() | names),
        "amount": amount,
        "currency": currency,
        "meals": draw(st.sampled_from([None, 0, 1, 2])),
        "prefecture": draw(st.sampled_from(prefectures())),
    }
    stay |= {"kind": kind} if (kind := draw(st.sampled_from(["", "private", "package"]))) else {}
    stay |= {"separable": True} if draw(st.booleans()) else {}
    stay |= {"over_reason": reason} if (reason := draw(st.just("") | words)) else {}
    stay |= {"fare": draw(yen)} if draw(st.booleans()) else {}
    stay |= {"receipt": False} if draw(st.booleans()) else {}
    return stay | ({"paid_by": payer} if (payer := draw(st.sampled_from(["", "agency", "host"]))) else {})


@given(st.lists(rides(), max_size=4))
def test_rides_come_back_as_they_were_written(legs: list[dict[str, Any]]) -> None:
    assert written.read_rides(written.rides(legs, DAY), [], DAY) == legs


@given(st.lists(stays(), max_size=4))
def test_nights_come_back_as_they_were_written(lodging: list[dict[str, Any]]) -> None:
    assert written.read_stays(written.stays(lodging), []) == lodging


@given(st.lists(rides().map(lambda leg: {**leg, "payer": "corporate_card", "to": "a place of → 〔any〕 kind"})))
def test_a_line_that_was_not_touched_keeps_what_no_line_can_hold(legs: list[dict[str, Any]]) -> None:
    text = written.rides(legs, DAY) + "\n11/26 会津若松→猪苗代 電車 500円"
    kept = written.read_rides(text, [{**leg, "said": number} for number, leg in enumerate(legs)], DAY)
    assert [leg["payer"] for leg in kept[:-1]] == ["corporate_card"] * len(legs)
    assert kept[-1]["amount"] == 500
    assert not any("said" in leg for leg in kept)


def test_a_line_in_words_of_ones_own_is_read_as_a_note_is() -> None:
    [leg] = written.read_rides("11/20 東京から福島まで新幹線 8950円", [], DAY)
    assert (leg["from"], leg["to"], leg["mode"], leg["amount"]) == ("東京", "福島", "shinkansen", 8950)
    [leg] = written.read_rides("11/20 青葉町役場→会津若松 自家用車 往復34km", [], DAY)
    assert (leg["km"], leg["km_covers"], leg["round_trip"]) == ("34", "round_trip", True)


@pytest.mark.parametrize("text", ["いろいろ", "?", "電車"])
def test_a_ride_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        written.read_rides(text, [], DAY)


@pytest.mark.parametrize("text", ["ホテル", "0泊", "1泊 9,000円 いろいろ", "1泊〔いろいろ〕"])
def test_nights_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(Refusal):
        written.read_stays(text, [])


@pytest.mark.parametrize(
    ("text", "kind", "place", "amount"),
    [
        ("1泊 実家", "private", None, None), ("2泊 知人宅 大阪府", "private", None, None),
        ("2泊 パック 35,000円", "package", None, 35000), ("1泊 ホテル青葉 9,000円 朝食込", None, "ホテル青葉", 9000),
    ],
)  # fmt: skip
def test_nights_are_written_in_few_words(text: str, kind: str | None, place: str | None, amount: int | None) -> None:
    [stay] = written.read_stays(text, [])
    assert (stay.get("kind"), stay["place"], stay["amount"]) == (kind, place, amount)
