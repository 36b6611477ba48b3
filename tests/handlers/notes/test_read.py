"""Notes are read as people mean them, whatever their spelling, and small talk stays small talk."""

from __future__ import annotations

import json
import random
from datetime import date

import pytest
from typer.testing import CliRunner

from bot.cli import app
from handlers.notes import as_json, read
from handlers.notes.normal import normal
from tests.bench.notes import SETS, cases, measure

TODAY = date(2026, 11, 23)
EVERY = [case for name in SETS for case in cases(name)]


@pytest.mark.parametrize("name", SETS)
def test_most_fields_of_the_collection_are_right(name: str) -> None:
    fields, right, _, wrong = measure(name)
    assert right.total() / fields.total() >= 0.95, "\n".join(wrong)


def test_the_collection_is_large_and_says_nothing_twice() -> None:
    assert len({case.note for case in EVERY}) == len(EVERY) >= 150


def test_full_width_reads_as_half_width() -> None:
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {" ": "\u3000"})
    for case in EVERY:
        assert as_json(read(case.note.translate(wide), TODAY)) == as_json(read(case.note, TODAY)), case.note


def test_one_spelling_is_its_own_spelling() -> None:
    for case in EVERY:
        assert normal(normal(case.note)) == normal(case.note)


def test_no_text_breaks_the_reader_and_every_reading_is_whole() -> None:
    chance = random.Random(4)
    pieces = [piece for case in EVERY for piece in case.note.replace("\n", " \n ").split(" ")]
    odd = [
        "99/99",
        "2/30",
        "令和99年13月40日",
        "→",
        "から",
        "まで",
        "往復",
        "0泊",
        "999泊",
        "@",
        "×2",
        "翌日",
        "\x00",
        "円",
        "十万百",
        "万円",
    ]
    for _ in range(1500):
        text = chance.choice(("", " ", "、")).join(chance.choices(pieces + odd, k=chance.randint(1, 9)))
        reading = read(text[chance.randint(0, 3) :], TODAY)
        whole = json.loads(json.dumps(as_json(reading)))
        assert whole["nights"] >= 0
        if whole["start"]:
            assert date.fromisoformat(whole["start"]) <= date.fromisoformat(whole["end"])
        amounts = [part["amount"] for name in ("legs", "lodging", "expenses") for part in whole[name]]
        assert all(amount is None or amount >= 0 for amount in amounts)
        if reading.kind == "unknown":
            assert not any(whole[name] for name in ("legs", "lodging", "expenses", "questions"))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("{} タクシー 900円", None, None),
        ("11/20 タクシー 900円", "2026-11-20", "2026-11-20"),
        ("12/24 タクシー 900円", "2025-12-24", "2025-12-24"),  # nobody has paid it yet
        ("12/24 大阪出張 新幹線往復", "2026-12-24", "2026-12-24"),
        ("11/29〜12/2 大阪出張 新幹線往復", "2026-11-29", "2026-12-02"),
        ("12/30〜1/2 大阪出張 新幹線往復", "2026-12-30", "2027-01-02"),
        ("2/30 タクシー 900円", None, None),
        ("R8.11.20 タクシー 900円", "2026-11-20", "2026-11-20"),
        ("先週金曜 タクシー 900円", "2026-11-20", "2026-11-20"),
        ("taxi 900 yen last Friday", "2026-11-20", "2026-11-20"),
        ("3日前 タクシー 900円", "2026-11-20", "2026-11-20"),
    ],
)
def test_days_are_those_of_the_calendar(text: str, start: str | None, end: str | None) -> None:
    reading = as_json(read(text.format("メモ"), TODAY))
    assert (reading["start"], reading["end"]) == (start, end)


@pytest.mark.parametrize(
    ("text", "destination", "amount"),
    [
        ("11/18 仙台 2泊 @8,500", None, 17000),
        ("11/18 宿泊費9,800円×2泊 仙台", None, 19600),
        ("11/18から2泊3日で仙台出張、ホテルは1泊8,900円", "仙台", 17800),
        ("Hotel in Sendai 2 nights 9,800 yen each, Nov 10-12", None, 19600),
        ("Nov 30 - Dec 2 Osaka, nozomi both ways, 2 nights hotel 12,000/night", "Osaka", 24000),
    ],
)
def test_a_price_for_a_night_is_counted_for_all_nights(text: str, destination: str | None, amount: int) -> None:
    reading = read(text, TODAY)
    assert reading.lodging[0].amount == amount
    assert [leg.destination for leg in reading.legs] == ([destination] if destination else [])


def test_the_way_back_and_onward_is_concluded_from_the_way_there() -> None:
    there, back = read("11/13 東京→福島 新幹線8,950円 帰りは高速バス4,500円", TODAY).legs
    assert (back.origin, back.destination, back.mode) == ("福島", "東京", "bus")
    assert back.amount == 4500
    assert {"from", "to"} <= back.computed - there.computed
    _, onward = read("11/20 東京駅から新幹線で郡山駅、8,240円。そこからバスで磐梯町、1,050円。", TODAY).legs
    assert (onward.origin, onward.destination) == ("郡山駅", "磐梯町")


@pytest.mark.parametrize("today", [date.min, date.max, date(2028, 2, 29)])
def test_the_ends_of_the_calendar_break_nothing(today: date) -> None:
    for case in EVERY:
        read(case.note, today)


@pytest.mark.parametrize(
    ("text", "covers", "total"),
    [
        ("11/20 東京→福島 新幹線 8,950円", "", 8950),
        ("11/20 東京→福島 新幹線 往復17,900円", "round_trip", 17900),
        ("11/20 東京→福島 新幹線 往復 片道8,950円", "one_way", 17900),
        ("11/20 渋谷→品川 電車 180円×2", "one_way", 360),
        ("11/20 東京→福島 新幹線 8,950円 往復", "", None),
        ("11/20 東京→福島 新幹線 17,900円（往復分）打合せ", "round_trip", 17900),
    ],
)
def test_a_return_is_counted_once_or_asked(text: str, covers: str, total: int | None) -> None:
    [leg] = read(text, TODAY).legs
    assert (leg.covers, leg.total) == (covers, total)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "お疲れさまです",
            "経費の締め日はいつですか？",
            "明日の会議は10時からでお願いします",
            "新幹線が止まっています",
            "予算は50万円までです",
        ),
        *(
            "昨日送った8,950円の領収書、承認お願いします",
            "田中さんに1,000円貸しました",
            "How much was the hotel?",
            "昨日の写真 8,950円です",
            "予算残額 120,000円",
            "OK",
            "I'll be in Osaka",
        ),
        *("", "   ", "11/20", "12,000", "大阪"),
    ],
)
def test_small_talk_is_no_note(text: str) -> None:
    assert read(text, TODAY).kind == "unknown"


def test_the_command_prints_one_object() -> None:
    text = "11/20 東京→福島 新幹線 8,950円 磐梯町打合せ 1泊"
    result = CliRunner().invoke(app, ["note", "--json", "--today", "2026-11-23", text])
    reading = json.loads(result.stdout)
    assert (reading["kind"], reading["start"], reading["end"], reading["nights"]) == (
        "trip",
        "2026-11-20",
        "2026-11-21",
        1,
    )
    assert reading["legs"][0]["from"] == "東京"
    assert reading["questions"] == ["lodging.0.amount"]
    plain = CliRunner().invoke(app, ["note", "--today", "2026-11-23", text])
    assert "東京 -> 福島" in plain.stdout
    assert CliRunner().invoke(app, ["note", "--today", "tomorrow", text]).exit_code == 2
