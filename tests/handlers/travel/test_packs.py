"""Packs as files: what is refused, what is inherited, and that nothing in them is without a source."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from handlers.errors import Refusal
from handlers.travel.load import built_in
from handlers.travel.pack import SURE, Figure, cells, merged, number, read_toml, validated
from handlers.travel.places import prefectures
from tests.handlers.travel.packs import pack, tables


@pytest.mark.parametrize("name", sorted(built_in()))
def test_every_figure_has_its_confidence_and_what_is_claimed_as_known_has_a_source(name: str) -> None:
    found = pack(name)
    assert found.name == name
    assert len(list(cells(found))) > 5
    for _, cell in cells(found):
        assert cell.confidence in ("example", "unknown") or found.sources[cell.source]


def test_there_are_two_of_the_state_and_at_least_five_towns_which_are_fictional() -> None:
    packs = [pack(name) for name in built_in()]
    assert [found.effective_from.isoformat() for found in packs if found.series == "state"] == [
        "2025-04-01",
        "2026-04-01",
    ]
    assert len([found for found in packs if found.fictional]) >= 5
    assert all(found.fictional or found.series == "state" for found in packs)


@pytest.mark.parametrize("name", ["state-2025-04", "state-2026-04"])
def test_the_state_has_a_cap_for_every_prefecture(name: str) -> None:
    lodging = pack(name).lodging
    assert lodging is not None
    assert set(lodging.caps["general"]) == set(prefectures())


def caps(name: str) -> dict[str, Figure]:
    lodging = pack(name).lodging
    assert lodging is not None
    return lodging.caps["general"]


def test_the_published_caps_of_2026_are_verified_and_what_was_carried_over_is_not() -> None:
    verified = {p: cap.yen for p, cap in caps("state-2026-04").items() if cap.confidence in SURE}
    assert verified == {"東京都": 21_000, "京都府": 20_000, "千葉県": 17_000, "兵庫県": 17_000, "福岡県": 17_000}
    assert caps("state-2026-04")["埼玉県"].confidence == "inferred"
    assert caps("state-2025-04")["福島県"].confidence == "verified"
    assert caps("state-2026-04")["福島県"].confidence == "unverified"


def test_the_caps_of_2025_have_the_twelve_ranks_that_were_published() -> None:
    ranks = {cap.yen for cap in caps("state-2025-04").values()}
    assert ranks == set(range(8000, 20_000, 1000))


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_pack_that_extends_another_says_only_what_differs() -> None:
    midorino = pack("midorino-city")
    assert midorino.lodging == pack("state-2025-04").lodging
    assert midorino.series == ""
    assert pack("aoba-town").lodging_allowance is None


def test_a_figure_is_replaced_with_its_source_and_not_field_by_field() -> None:
    base = {"x": {"yen": 1, "confidence": "verified", "source": "a"}, "y": {"z": 1}}
    assert merged(base, {"x": {"yen": 2, "confidence": "example"}, "y": {"w": 2}}) == {
        "x": {"yen": 2, "confidence": "example"},
        "y": {"z": 1, "w": 2},
    }


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"lodgings": {}}, "lodgings"),
    ({"effective_from": "soon"}, "effective_from"),
    ({"name": "Aoba Town"}, "name"),
    ({"lodging": {"paragraph": "x", "caps": {"general": {"江戸": {"yen": 1, "confidence": "example"}}}}}, "江戸"),
    ({"lodging": {"paragraph": "x", "caps": {"general": {"東京都": {"yen": -1, "confidence": "example"}}}}}, "東京都"),
    ({"lodging": {"paragraph": "x", "caps": {"chief": {"東京都": {"yen": 1, "confidence": "example"}}}}}, "chief"),
    ({"lodging": {"paragraph": "x", "caps": {"general": {"東京都": {"confidence": "verified"}}}}}, "unknown"),
    ({"commuter": {"paragraph": "x", "confidence": "verified"}}, "no source: commuter"),
    ({"commuter": {"paragraph": "x", "confidence": "verified", "source": "nowhere"}}, "nowhere"),
    ({"car": {"rule": "per_km", "paragraph": "x", "confidence": "example"}}, "per_km"),
    ({"default_grade": "staff"}, "staff"),
]


@pytest.mark.parametrize(("change", "named"), WRONG)
def test_a_fault_is_refused_and_named(change: dict[str, Any], named: str) -> None:
    base = {
        "name": "our-town",
        "title": "うちの町",
        "effective_from": "2025-04-01",
        "grades": [{"name": "general", "label": "職員"}],
    }
    assert validated(base).name == "our-town"
    with pytest.raises(Refusal, match=named):
        validated(base | change)


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(Refusal, match="not a TOML file"):
        read_toml("name = ")


def test_cells_are_named_by_their_place_in_the_file() -> None:
    named = dict(cells(pack("kaede-town")))
    assert number(named["lodging.flat.inside"]) == 11_800
    assert number(dict(cells(pack("hoshimi-town")))["daily.half_below"]) == 20
    assert tables("kaede-town")["lodging"]["flat"]["inside"]["yen"] == 11_800


def test_the_municipalities_are_of_the_47_prefectures() -> None:
    from handlers.travel import places

    with (places._HERE / "municipalities.csv").open(encoding="utf-8") as lines:
        assert {row["prefecture"] for row in csv.DictReader(lines)} == set(prefectures())
