"""Which prefecture a place lies in, and that a name which does not say so says nothing."""

from __future__ import annotations

import pytest

from handlers.travel.places import english, prefecture_of, prefectures


@pytest.mark.parametrize(
    ("place", "prefecture"),
    [
        ("福島", "福島県"), ("福島駅", "福島県"), ("福島県", "福島県"), ("福島県耶麻郡磐梯町大字磐梯", "福島県"),
        ("磐梯町", "福島県"), ("磐梯町役場", "福島県"), ("ﾐﾄｼ", None), ("横浜", "神奈川県"), ("札幌市中央区", "北海道"),
        ("Osaka", "大阪府"), ("kobe", "兵庫県"), ("津", "三重県"), ("四日市", "三重県"), ("東京都港区", "東京都"),
    ],
)  # fmt: skip
def test_prefectures_capitals_and_municipalities_are_known_by_name(place: str, prefecture: str | None) -> None:
    assert prefecture_of(place) == prefecture


@pytest.mark.parametrize("place", ["府中市", "高山", "中央区", "港区", "新大阪", "旅館さくら", "", "　"])
def test_a_name_of_several_places_or_of_none_is_not_guessed(place: str) -> None:
    assert prefecture_of(place) is None


def test_every_prefecture_has_an_english_name_and_knows_itself() -> None:
    assert len(set(prefectures())) == 47
    for name in prefectures():
        assert prefecture_of(name) == name
        assert english(name).isascii()
        assert prefecture_of(english(name)) == name
