"""A note in the chat becomes a draft; what it lacks is asked one by one; nothing else becomes one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from handlers.chat import Card, Said, Tapped
from storage.models import Claim
from tests.handlers.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    home = House(tmp_path)
    home.services.clock = lambda: datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    yield home
    home.close()


def says(house: House, text: str) -> None:
    house.does("w", Said(text))


def question(house: House) -> Card:
    """The newest message that offers to stop."""
    return next(card for card in reversed(house.cards("w")) if any(c.label == "Stop" for c in card.choices))


def the_claim(house: House) -> Claim:
    [claim] = house.claims()
    return claim


def test_an_expense_note_is_a_draft_that_can_be_submitted(house: House) -> None:
    says(house, "11/20 切手 1,680円")
    [line] = the_claim(house).expenses
    assert (line.kind, line.payee, line.date, line.amount, line.category) == (
        "note",
        "切手",
        date(2026, 11, 20),
        1680,
        "telecom",
    )


def test_a_draft_of_a_note_is_submitted_like_any_other(house: House) -> None:
    says(house, "11/20 渋谷→品川 電車 180円 客先訪問")
    house.taps("w", house.button("w", "Submit"))
    assert the_claim(house).state == "submitted"
    assert any("Your note: 11/20 渋谷→品川" in note.text for note in house.last("s").notes)


def test_a_note_says_who_has_paid_for_what(house: House) -> None:
    says(house, "11/20 ホテル1泊 12,000円 法人カード、駐車場 500円")
    assert [line.payment_method for line in the_claim(house).expenses] == ["corporate_card", ""]
    assert any("paid out ¥500 (Corporate card ¥12,000" in note.text for card in house.cards("w") for note in card.notes)


@pytest.mark.parametrize(
    ("text", "methods"),
    [
        ("11/20 切手 1,680円 会社払い", ["invoice"]),
        ("社カードで 11/20 タクシー 1,200円", ["corporate_card"]),
        ("11/20 タクシー 1,200円、駐車場 500円、法人カード", ["corporate_card", "corporate_card"]),
        ("Taxi 2,340 yen yesterday, company card", ["corporate_card"]),
        ("11/20 昼食 950円 カード", [""]),
    ],
)
def test_ways_of_paying_belong_to_their_clause(house: House, text: str, methods: list[str]) -> None:
    says(house, text)
    assert [line.payment_method for line in the_claim(house).expenses] == methods


def test_several_things_are_several_lines(house: House) -> None:
    says(house, "11/20 昼食 950円、タクシー 1,200円、駐車場 500円 3名")
    assert [line.amount for line in the_claim(house).expenses] == [950, 1200, 500]


def test_a_trip_note_is_a_draft_with_a_line_for_each_ride_and_stay(house: House) -> None:
    says(house, "11/20 東京→福島 新幹線 8,950円 磐梯町打合せ ホテル1泊 9,800円")
    claim = the_claim(house)
    ride, stay = claim.expenses
    assert (claim.purpose, ride.amount, stay.amount) == ("磐梯町打合せ", 8950, 9800)
    assert {name: ride.journey[name] for name in ("from", "to", "mode")} == {
        "from": "東京",
        "to": "福島",
        "mode": "shinkansen",
    }
    [card] = [card for card in house.cards("w") if card.title.startswith("#")]
    assert any("磐梯町打合せ ホテル1泊" in note.text for note in card.notes)
    assert any("nights: 1" in note.text and "concluded: last day" in note.text for note in card.notes)


def test_what_is_missing_is_asked_one_by_one_and_answers_fill_the_note(house: House) -> None:
    says(house, "昨日 客先往復 タクシー2340円")
    assert "From where" in question(house).title
    assert "Office" in [choice.text for choice in question(house).choices]
    says(house, "会社")
    assert "What the amount stands for" in question(house).title
    says(house, "One way")
    assert "Purpose" in question(house).title
    says(house, "納品の立会い")
    claim = the_claim(house)
    [line] = claim.expenses
    assert (claim.purpose, line.amount, line.doubts) == ("納品の立会い", 4680, [])
    assert (line.journey["from"], line.payee) == ("会社", "Taxi 会社⇔客先")
    assert not [b for card in house.cards("w")[-1:] for b in card.buttons if b.label == "Fill in what is missing"]
    card = next(card for card in house.cards("w") if card.title.startswith("#"))
    assert any("computed: Total" in note.text and "concluded" not in note.text for note in card.notes)


def test_an_answer_that_means_nothing_is_asked_again(house: House) -> None:
    says(house, "11/18 切手")
    assert "Total" in question(house).title
    says(house, "わかりません")
    assert "figures" in question(house).title
    says(house, "1,680円")
    assert the_claim(house).expenses[0].amount == 1680


def test_later_goes_on_and_the_button_asks_again(house: House) -> None:
    says(house, "11/16〜17 大阪出張、のぞみ往復、ホテル1泊 12,000")
    says(house, "Later")
    assert "Total" in question(house).title
    house.does("w", Tapped(next(c.token for c in question(house).choices if c.label == "Stop")))
    house.taps("w", house.button("w", "Fill in what is missing"))
    assert "From where" in question(house).title
    says(house, "東京")
    assert the_claim(house).expenses[0].journey["from"] == "東京"


def test_another_note_is_not_the_answer_to_a_question(house: House) -> None:
    says(house, "昨日 客先往復 タクシー2340円")
    says(house, "11/20 駐車場 800円")
    assert [claim.expenses[0].amount for claim in house.claims()] == [2340, 800]


@pytest.mark.parametrize(
    "text", ["おはようございます", "昨日は客先に行きました", "予算は50万円までですか", "大阪はいい天気ですね"]
)
def test_small_talk_makes_no_draft(house: House, text: str) -> None:
    says(house, text)
    assert house.claims() == []


def test_words_after_a_photo_are_its_purpose_and_a_note_with_an_amount_is_not(house: House) -> None:
    house.sends_receipt("w", 1040)
    says(house, "大阪出張 11/20 新幹線")
    assert len(house.claims()) == 1
    says(house, "11/20 駐車場 800円")
    assert [claim.expenses[0].kind for claim in house.claims()] == ["receipt", "note"]


def test_another_person_cannot_answer_for_one(house: House) -> None:
    says(house, "昨日 客先往復 タクシー2340円")
    button = house.button("w", "Fill in what is missing")
    house.does("c", Tapped(button.token))
    assert "Only w can do this" in house.last("c").title


def test_a_note_lists_people_as_the_form_does(house: House) -> None:
    says(house, "11/19 会食 15,000円 参加者 青葉商事 佐藤様、自社 鈴木、自社 2名 商談")
    [line] = the_claim(house).expenses
    assert line.attendees == [
        {"name": "佐藤", "company": "青葉商事", "relation": "outside"},
        {"name": "鈴木", "company": "", "relation": "own"},
        {"name": "", "company": "", "relation": "own", "count": 2},
    ]
    assert (line.attendees_count, the_claim(house).purpose) == (4, "商談")


def test_two_people_of_one_name_are_two(house: House) -> None:
    says(house, "11/19 会食 15,000円 参加者 青葉商事 佐藤、自社 佐藤 商談")
    [line] = the_claim(house).expenses
    assert [(row["name"], row["relation"]) for row in line.attendees] == [("佐藤", "outside"), ("佐藤", "own")]
    assert line.attendees_count is None
