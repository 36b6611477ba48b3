"""``/keihi travel`` and ``/keihi commuter`` in the chat, ``keihi travel …`` on the server, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import app
from handlers.chat import Card, Commanded
from handlers.travel import load
from handlers.travel.titles import title_of
from storage import audit
from storage.models import AuditEvent, Member, Trip
from tests.handlers.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.clock = lambda: datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    yield built
    built.close()


def asks(house: House, user: str, text: str) -> Card:
    house.does(user, Commanded(text))
    return house.last(user)


def values(card: Card) -> dict[str, str]:
    return {field.label: field.value for field in card.fields}


def test_without_a_pack_the_administrator_hears_how_to_choose_one(house: House) -> None:
    assert "/keihi travel use NAME" in asks(house, "a", "travel").title
    assert {row.title for row in asks(house, "a", "travel packs").rows} >= {"state-2025-04", "state-2026-04"}


def test_the_pack_in_use_is_shown_with_what_is_not_verified_in_it(house: House) -> None:
    assert "state-2026-04 is used" in asks(house, "a", "旅費 使う state-2026-04 開始=2026-04-01").title
    card = asks(house, "a", "travel")
    assert values(card)["Travel pack"] == "state-2026-04"
    assert values(card)["Decided by"] == "the day of departure"
    assert any("46 figures and rules are not verified" in note.text for note in card.notes)
    fukushima = next(row for row in card.rows if row.title.startswith("Lodging cap Fukushima"))
    assert fukushima.doubted
    assert fukushima.detail.startswith("lodging.caps.general.福島県 · ")
    assert fukushima.value == "¥8,000 · not verified"
    assert not [row for row in card.rows if "Tokyo" in row.title]  # published
    assert "more" in card.footer


def test_a_confirmed_figure_is_no_longer_shown_as_unverified(house: House) -> None:
    asks(house, "a", "travel use state-2026-04 from=2026-04-01")
    said = asks(house, "a", "travel confirm state-2026-04 福島県 ９，０００円 source=官報 令和8年3月31日")
    assert said.title == "Confirmed: Lodging cap Fukushima (Grade 10 and below) ¥8,000 → ¥9,000"
    card = asks(house, "a", "travel")
    assert not [row for row in card.rows if "Fukushima" in row.title]
    assert any("45 figures" in note.text for note in card.notes)
    with house.services.db.snapshot(house.organization_id) as session:
        cell = load.cell_named(load.get(session, "state-2026-04"), "福島県")
        assert (cell.source, audit.verify(session)[1]) == ("官報 令和8年3月31日", None)
        actions = [event.action for event in session.scalars(select(AuditEvent)) if event.action.startswith("travel.")]
    assert actions == ["travel.pack_chosen", "travel.cell_confirmed"]


@pytest.mark.parametrize(("text", "answer"), [
    ("travel confirm state-2026-04 福島県 9000", "where the figure stands"),
    ("travel confirm state-2026-04 源 9000 source=x", "has no figure"),
    ("travel confirm", "source=WHERE IT STANDS"),
    ("travel confirm state-2026-04 福島県 many source=x", "amount in figures"),
    ("travel use state-2026-04 from=2026-03-31", "takes effect on 2026-04-01"),
    ("travel use", "which"),
    ("travel nowhere", "There is no travel pack"),
])  # fmt: skip
def test_what_cannot_be_done_is_told_with_how_to_write_it(house: House, text: str, answer: str) -> None:
    assert answer in asks(house, "a", text).title


def test_the_example_of_a_town_says_that_it_is_one(house: House) -> None:
    card = asks(house, "a", "travel show hoshimi-town")
    assert any("fictional" in note.text for note in card.notes)
    assert any(row.value == "not known" for row in card.rows)


def test_a_figure_is_searched_by_name_and_says_where_it_stands(house: House) -> None:
    [row] = asks(house, "a", "travel show state-2026-04 東京").rows
    assert (row.value, row.doubted) == ("¥21,000 · published", False)
    assert (row.title, row.detail.split()[0]) == ("Lodging cap Tokyo (Grade 10 and below)", "労働新聞社")
    assert asks(house, "a", "travel show state-2026-04 cap Tokyo").rows == (row,)
    assert "has no figure" in asks(house, "a", "travel state-2026-04 江戸").title


@pytest.mark.parametrize(
    "name",
    [
        "state-2025-04",
        "state-2026-04",
        "aoba-town",
        "asanagi-town",
        "hidamari-city",
        "hoshimi-town",
        "kaede-town",
        "midorino-city",
        "shiranami-village",
    ],
)
def test_every_figure_of_a_pack_has_words_in_both_languages(house: House, name: str) -> None:
    with house.services.db.snapshot(house.organization_id) as session:
        pack = load.get(session, name)
    for cell in load.cells_of(pack):
        japanese, english = (title_of(pack, cell.name, locale) for locale in ("ja", "en"))
        assert not re.search("[a-z_]{3}", japanese), japanese
        assert cell.name not in (japanese, english)
        assert english.isascii()


def test_travel_rules_are_the_administrators(house: House) -> None:
    assert "role" in asks(house, "w", "travel use state from=2026-04-01").title
    with house.services.db.snapshot(house.organization_id) as session:
        assert load.in_use(session) == []


# --- on the server ----------------------------------------------------------------------------------------------------


@pytest.fixture
def keihi(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    monkeypatch.setenv("KEIHI_DATABASE_URL", str(house.services.db.url))
    monkeypatch.setenv("KEIHI_DATA_DIR", str(tmp_path))
    return Server()


class Server:
    """The ``keihi`` command in this process."""

    def __call__(self, *words: str | Path, status: int = 0) -> str:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == status, result.output
        return result.output


def test_passes_are_imported_on_the_server_and_seen_by_their_owner_alone(
    house: House, keihi: Server, tmp_path: Path
) -> None:
    assert "commuter pass" in asks(house, "w", "commuter").title
    file = tmp_path / "passes.csv"
    file.write_text("メール,区間,開始日,終了日\nw@example.jp,青葉>若草>楓,2026-04-01,2027-03-31\n", encoding="cp932")
    assert "1 added, 0 changed" in keihi("commuter", "import", file)
    [row] = asks(house, "w", "定期").rows
    assert (row.title, row.value) == ("青葉 > 若草 > 楓", "valid")
    assert "No commuter pass" in asks(house, "c", "commuter").title


def test_a_pack_goes_in_is_used_compared_and_comes_out(house: House, keihi: Server, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    text = 'name = "our-town"\nextends = "kaede-town"\ntitle = "うちの町"\neffective_from = 2026-04-01\n'
    file.write_text(text, encoding="utf-8")
    assert "our-town" in keihi("travel", "import", file)
    assert keihi("travel", "export", "our-town") == text
    assert keihi("travel", "compare", "our-town", "kaede-town").startswith("No difference.")
    assert "lodging.caps.general.東京都.yen\t19000\t21000" in keihi(
        "travel", "compare", "state-2025-04", "state-2026-04"
    )
    keihi("travel", "use", "our-town", "--from", "2026-03-01", status=1)
    keihi("travel", "use", "our-town", "--from", "2026-04-01")
    line = next(line for line in keihi("travel", "packs").splitlines() if line.startswith("our-town"))
    assert line.split("\t")[:4] == ["our-town", "2026-04-01", "3", "2026-04-01"]
    assert "lodging.flat.outside\t13100\tverified" in keihi("travel", "show", "our-town")
    file.write_text("name = ", encoding="utf-8")
    assert "not a TOML file" in keihi("travel", "import", file, status=1)


def test_checked_figures_come_back_as_csv_from_an_administrator_only(
    house: House, keihi: Server, tmp_path: Path
) -> None:
    table = keihi("travel", "export", "state-2026-04", "--csv").splitlines()
    assert table[0] == "name,yen,confidence,source,checked_by"
    file = tmp_path / "caps.csv"
    file.write_text(f"{table[0]}\nlodging.caps.general.岩手県,9500,,官報,森\n", encoding="utf-8")
    keihi("travel", "import", file, "--pack", "state-2026-04", "--by", "w@example.jp", status=1)
    said = keihi("travel", "import", file, "--pack", "state-2026-04", "--by", "a@example.jp")
    assert "1 figures confirmed" in said
    assert "lodging.caps.general.岩手県\t9500\tconfirmed\t官報 (森)" in keihi("travel", "show", "state-2026-04")


def test_replay_prints_each_trip_and_the_sum(house: House, keihi: Server) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        worker = session.scalars(select(Member).filter_by(email="w@example.jp")).one()
        for month, price in ((5, 20_000), (6, 18_000), (10, 30_000)):
            stay = [{"nights": 1, "place": None, "amount": price, "meals": None}]
            session.add(
                Trip(
                    member_id=worker.id, starts=date(2026, month, 11), ends=date(2026, month, 12), nights=1,
                    destination="東京", legs=[], lodging=stay, options={}, created_at=house.services.clock(),
                )
            )  # fmt: skip
    packs = ("--pack", "state-2025-04", "--pack", "state-2026-04")
    lines = [line.split("\t") for line in keihi("travel", "replay", *packs, "--to", "2026-09-30").splitlines()]
    assert lines[1][:6] == ["2026-05-11", "w", "東京", "21400", "22400", "+1000"]
    assert lines[2][:6] == ["2026-06-11", "w", "東京", "20400", "20400", "+0"]
    assert lines[-1][:6] == ["2 trips", "", "", "41800", "42800", "+1000"]
    assert "Two packs" in keihi("travel", "replay", "--pack", "state", status=1)


def test_fares_are_imported_on_the_server(keihi: Server, tmp_path: Path) -> None:
    file = tmp_path / "fares.csv"
    file.write_text("from,to,amount,valid_from\n青葉,海岸,310,2026-04-01\n", encoding="utf-8")
    assert "1 added, 0 changed" in keihi("fares", "import", file)
    assert "0 added, 0 changed" in keihi("fares", "import", file)


def test_replay_is_the_administrators_in_the_chat_too(house: House) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        worker = session.scalars(select(Member).filter_by(email="w@example.jp")).one()
        stay = [{"nights": 1, "place": None, "amount": 20_000, "meals": None}]
        session.add(
            Trip(
                member_id=worker.id, starts=date(2026, 5, 11), ends=date(2026, 5, 12), nights=1,
                destination="東京", legs=[], lodging=stay, options={}, created_at=house.services.clock(),
            )
        )  # fmt: skip
    card = asks(house, "a", "travel replay --pack state-2025-04 --pack state-2026-04 from=2026-05-11 to=2026-05-11")
    assert card.title == "1 trips: state-2025-04 → state-2026-04"
    assert values(card)["Total"] == "¥21,400 → ¥22,400 (+1,000)"
    [row] = card.rows
    assert (row.title, row.value) == ("11 May 2026 東京", "¥21,400 → ¥22,400 (+1,000)")
    assert row.detail == "w · something of this trip is not known"
    assert "No trip departed" in asks(house, "a", "旅費 再計算 state-2025-04 state-2026-04 終了=2026-05-10").title
    assert "which two" in asks(house, "a", "travel replay state-2025-04").title
    assert "There is no travel pack" in asks(house, "a", "travel replay state-2025-04 nowhere").title


def test_a_pasted_fare_table_is_taken_in_whole_or_not_at_all(house: House) -> None:
    assert "paste them below the command" in asks(house, "a", "fare").title
    table = "発\t着\t手段\t運賃\t開始日\n青葉\t海 岸\t電車\t３１０円\t2026-04-01\n青葉\t岬\tバス\t{}\t2026-04-01"
    assert asks(house, "a", f"運賃表\n{table.format('高い')}").title.startswith("Line 3: an amount or a day")
    assert "No such fare" in asks(house, "a", "fare 青葉").title
    assert asks(house, "a", f"運賃表\n{table.format(480)}").title == "Fare table: 2 added, 0 changed."
    assert asks(house, "a", f"運賃表\n{table.format(490)}").title == "Fare table: 0 added, 1 changed."
    [row] = asks(house, "a", "fare 岬 青葉").rows
    assert (row.title, row.value) == ("Bus 青葉 – 岬", "¥490")
    assert "Fare table 2026-11-23" in row.detail
    assert "role" in asks(house, "w", f"運賃表\n{table.format(1)}").title
    late = "from,to,amount,valid_from,valid_to\n青葉,岬,1,2026-04-01,2026-03-31"
    assert asks(house, "a", f"fare\n{late}").title == "Line 2: the last day is before the first."
