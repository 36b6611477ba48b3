"""Packs of a series, and copies of a pack: what a copy may not take over, what an export carries, what differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import app
from handlers.chat import Commanded
from handlers.errors import Refusal
from handlers.travel import exported, load, replay
from handlers.travel.load import built_in
from storage import audit
from storage.models import Member, TravelPack
from tests.handlers.house import House

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
DAY = date(2026, 6, 1)
Keihi = Callable[..., str]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.clock = lambda: NOW
    yield built
    built.close()


@pytest.fixture
def keihi(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Keihi:
    monkeypatch.setenv("KEIHI_DATABASE_URL", str(house.services.db.url))
    monkeypatch.setenv("KEIHI_DATA_DIR", str(tmp_path))

    def run(*words: str | Path, status: int = 0) -> str:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == status, result.output
        return result.output

    return run


def copy(name: str, *, series: str = "state", fukushima: int = 1) -> str:
    """``state-2026-04`` under another name, with another cap."""
    text = built_in()["state-2026-04"].replace('name = "state-2026-04"', f'name = "{name}"')
    text = text.replace('series = "state"', f'series = "{series}"')
    return re.sub('"福島県" = { yen = 8000', f'"福島県" = {{ yen = {fukushima}', text)


def used(house: House, day: date = DAY) -> str | None:
    with house.services.db.snapshot(house.organization_id) as session:
        return load.name_for(session, day)


def test_a_copy_does_not_take_over_the_series_of_its_original(house: House, keihi: Keihi, tmp_path: Path) -> None:
    keihi("travel", "use", "state", "--from", "2026-04-01")
    file = tmp_path / "p.toml"
    file.write_text(copy("zz-town"), encoding="utf-8")
    said = keihi("travel", "import", file, status=1)
    assert "“state-2026-04” is the pack of the series “state” from 2026-04-01 already" in said
    assert "series = …" in said
    file.write_text(copy("state", series=""), encoding="utf-8")
    assert "is the name of a series" in keihi("travel", "import", file, status=1)
    file.write_text(copy("zz-town", series="zz"), encoding="utf-8")
    keihi("travel", "import", file)
    keihi("travel", "import", file)  # the same pack again is no second one
    assert used(house) == "state-2026-04"
    keihi("travel", "use", "zz", "--from", "2026-05-01")
    assert used(house) == "zz-town"


def test_the_next_year_of_a_series_may_be_imported(house: House) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        load.use(session, "state", date(2026, 4, 1), by="a", now=NOW)
        text = copy("state-2027-04").replace("effective_from = 2026-04-01", "effective_from = 2027-04-01")
        load.import_pack(session, text, by="a", now=NOW)
    assert (used(house), used(house, date(2027, 4, 1))) == ("state-2026-04", "state-2027-04")


def test_of_copies_that_are_there_the_first_decides_and_the_list_says_so(house: House, keihi: Keihi) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        for number, (name, series) in enumerate((("zz-town", "state"), ("bb-town", "towns"), ("aa-town", "towns"))):
            # As an older version kept them; the first of the towns was imported once more since.
            at = NOW - timedelta(days=number)
            session.add(TravelPack(name=name, body=copy(name, series=series), imported_by="a", imported_at=at))
            audit.record(session, actor="a", action="travel.pack_imported", subject=f"pack:{name}", data={})
        audit.record(session, actor="a", action="travel.pack_imported", subject="pack:bb-town", data={})
        load.use(session, "state", date(2026, 4, 1), by="a", now=NOW)
    assert used(house) == "state-2026-04"
    with house.services.db.snapshot(house.organization_id) as session:
        assert load.resolve(session, "towns", DAY).name == "bb-town"
        assert [load.passed_over(session, name) for name in ("bb-town", "aa-town")] == [None, "bb-town"]
        with pytest.raises(Refusal, match="pack of the series"):
            load.import_pack(session, copy("zz-town"), by="a", now=NOW)
    line = next(line for line in keihi("travel", "packs").splitlines() if line.startswith("zz-town"))
    assert line.split("\t")[3::2] == ["-", "series state: state-2026-04 decides, not this one"]
    house.does("a", Commanded("travel packs"))
    row = next(row for row in house.last("a").rows if row.title == "zz-town")
    assert row.doubted
    assert row.detail.endswith("the series “state” uses state-2026-04, not this one")


# --- what an export carries -------------------------------------------------------------------------------------------


def confirms(house: House, pack: str, word: str, value: int) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        admin = session.scalars(select(Member).filter_by(name="a")).one()
        load.confirm(session, pack, word, value, '官報 "令和8年" 3月31日\\', member=admin, now=NOW)


def test_an_export_carries_what_was_confirmed_and_comes_back_as_the_same_pack(
    house: House, keihi: Keihi, tmp_path: Path
) -> None:
    assert keihi("travel", "export", "state-2026-04") == built_in()["state-2026-04"]  # nothing is confirmed yet
    confirms(house, "state-2026-04", "福島県", 9000)
    text = keihi("travel", "export", "state-2026-04")
    text = text.replace('name = "state-2026-04"', 'name = "our-state"').replace('series = "state"\n', "")
    file = tmp_path / "ours.toml"
    file.write_text(text, encoding="utf-8")
    keihi("travel", "import", file)
    with house.services.db.snapshot(house.organization_id) as session:
        first, second = load.get(session, "state-2026-04"), load.get(session, "our-state")
        assert load.cells_of(first) == load.cells_of(second)
        cell = load.cell_named(second, "福島県")
        assert (cell.yen, cell.confidence, cell.source) == (9000, "confirmed", '官報 "令和8年" 3月31日\\')
        assert replay.compare(first, second) == []
        assert first.model_copy(update={"name": "our-state", "series": ""}) == second
        assert exported.written(session, "our-state") == text


@pytest.mark.parametrize("name", sorted(built_in()))
def test_every_pack_comes_back_as_it_went_out(house: House, name: str) -> None:
    with house.services.db.snapshot(house.organization_id) as session:
        pack = load.get(session, name)
    figures = [cell.name for cell in load.cells_of(pack) if load.is_figure(pack, cell.name)]
    for word in (figures[0], figures[-1]):
        confirms(house, name, word, 7)
    with house.services.db.transaction(house.organization_id) as session:
        pack = load.get(session, name)
        text = exported.written(session, name).replace(f'name = "{name}"', 'name = "ours"', 1)
        made = load.import_pack(session, re.sub('series = ".*"\n', "", text), by="a", now=NOW)
        assert made == pack.model_copy(update={"name": "ours", "series": ""})


def test_what_was_confirmed_in_a_pack_goes_out_with_those_that_extend_it(house: House) -> None:
    text = 'name = "ours"\nextends = "state-2026-04"\ntitle = "うちの町"\neffective_from = 2026-04-01\n'
    with house.services.db.transaction(house.organization_id) as session:
        load.import_pack(session, text, by="a", now=NOW)
        assert exported.written(session, "ours") == text
    confirms(house, "state-2026-04", "福島県", 9000)
    with house.services.db.snapshot(house.organization_id) as session:
        written = exported.written(session, "ours")
    assert 'extends = "state-2026-04"' in written
    assert '"福島県" = { confidence = "confirmed"' in written
    assert "9000" in written
    assert "青森県" not in written


# --- comparing series -------------------------------------------------------------------------------------------------


def test_a_series_is_compared_by_its_pack_of_the_day(keihi: Keihi) -> None:
    said = keihi("travel", "compare", "state", "state-2025-04", "--on", "2026-04-01").splitlines()
    assert "state on 2026-04-01: state-2026-04" in said
    assert "lodging.caps.general.東京都.yen\t21000\t19000" in said
    said = keihi("travel", "compare", "state", "state-2025-04", "--on", "2026-03-31").splitlines()
    assert said[0] == "state on 2026-03-31: state-2025-04"
    assert said[1].startswith("No difference.")
    said = keihi("travel", "compare", "state", "state-2025-04", "--on", "2025-03-31", status=1)
    assert "It has: state-2025-04 (2025-04-01), state-2026-04 (2026-04-01)" in said
    assert "There is no travel pack" in keihi("travel", "compare", "state", "nowhere", status=1)
