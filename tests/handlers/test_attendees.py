"""Who took part: understood as people write it, asked in the draft, shown with the amount a head, met by the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from handlers import attendees
from handlers.attendees import Party, read, rows, written
from handlers.chat import Card, FileRef, Said, Tapped
from handlers.errors import Refusal
from handlers.notes import caption
from storage.models import Expense, Member
from tests.handlers.house import House

OUTSIDE, OWN = "outside", "own"


@pytest.mark.parametrize(
    ("text", "parties", "total"),
    [
        ("山田商事 山田様、自社 2名", [("山田", "山田商事", OUTSIDE), ("", "", OWN, 2)], 3),
        (
            "山田商事　山田様・鈴木様\n自社 佐藤、田中",
            [("山田", "山田商事", OUTSIDE), ("鈴木", "山田商事", OUTSIDE), ("佐藤", "", OWN), ("田中", "", OWN)],
            4,
        ),
        ("4名", [], 4),
        ("山田さん、鈴木さん 4名", [("山田", "", ""), ("鈴木", "", "")], 4),
        ("(株)大山 大山社長様、他３名", [("大山社長", "(株)大山", OUTSIDE), ("", "(株)大山", OUTSIDE, 3)], 4),
        ("株式会社みどり 営業部 田中様と自社２名", [("田中", "株式会社みどり 営業部", OUTSIDE), ("", "", OWN, 2)], 3),
        (
            "磐梯町役場 山田町長ほか二名、計五名",
            [("山田町長", "磐梯町役場", OUTSIDE), ("", "磐梯町役場", OUTSIDE, 2)],
            5,
        ),
        ("山田商事山田様", [("山田", "山田商事", OUTSIDE)], 1),
        ("山田商事の山田様", [("山田", "山田商事", OUTSIDE)], 1),
        (
            "山田商事：山田、鈴木、自社 佐藤",
            [("山田", "山田商事", OUTSIDE), ("鈴木", "山田商事", OUTSIDE), ("佐藤", "", OWN)],
            3,
        ),
        ("鈴木様（社外）、田中（自社）", [("鈴木", "", OUTSIDE), ("田中", "", OWN)], 2),
        ("自社佐藤、本人", [("佐藤", "", OWN), ("森 太郎", "", OWN)], 2),
        ("さくら銀行 木の下様、森太郎", [("木の下", "さくら銀行", OUTSIDE), ("森太郎", "", OWN)], 2),
        ("ジョン・スミス様、Acme 田中様", [("ジョン・スミス", "", OUTSIDE), ("田中", "Acme", OUTSIDE)], 2),
        (
            "Acme Corp: John Smith and Jane Doe and 2 others",
            [("John Smith", "Acme Corp", OUTSIDE), ("Jane Doe", "Acme Corp", OUTSIDE), ("", "Acme Corp", OUTSIDE, 2)],
            4,
        ),
        ("John Smith (Acme), Jane Doe", [("John Smith", "Acme", OUTSIDE), ("Jane Doe", "", "")], 2),
        ("own 2 people, total 3", [("", "", OWN, 2)], 3),
        ("", [], 0),
    ],
)
def test_people_are_understood_as_they_are_written(text: str, parties: list[tuple[str, ...]], total: int) -> None:
    table = read(text, applicant="森 太郎", colleagues=["森 太郎"])
    assert [(p.name, p.company, p.relation, *([] if p.name else [p.count])) for p in table.parties] == parties
    assert table.total == total


@pytest.mark.parametrize(
    "text", ["12345", "山田商事", "自社 0名", "山田様、鈴木様、計1名", "山田様 5000名", "！？", "x" * 70]
)
def test_what_is_nobody_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read(text)


def test_whoever_has_no_company_is_what_the_form_says() -> None:
    assert [party.relation for party in read("山田、自社 佐藤", otherwise="outside").parties] == [OUTSIDE, OWN]


NAMES = st.sampled_from(["山田", "鈴木 花子", "佐藤", "田中部長", "ジョン・スミス", "Jane Doe", "木の下"])
PEOPLE = st.builds(
    lambda name, where, count: Party(name, where[0], where[1], 1 if name else count),
    st.one_of(NAMES, st.just("")),
    st.sampled_from([("山田商事", OUTSIDE), ("Acme", OUTSIDE), ("みどり市役所", OUTSIDE), ("", OUTSIDE), ("", OWN)]),
    st.integers(1, 9),
)


@given(st.lists(PEOPLE, max_size=6))
def test_what_is_written_back_is_read_as_the_same_people(people: list[Party]) -> None:
    """Those of one company who are only counted come as one number."""
    table = read(written(people))
    assert table.total == sum(party.count for party in people)
    assert [p for p in table.parties if p.name] == [p for p in people if p.name]
    assert attendees.parties(rows(table)) == table.parties


# --- in the chat ------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def with_people(house: House, text: str, amount: int = 18_000, **values: str) -> Card:
    house.sends_receipt("w", amount)
    house.fills("w", house.button("w", "Attendees"), names=text, **values)
    return house.last("w")


def value(card: Card, label: str) -> str:
    return next((field.value for field in card.fields if field.label == label), "")


def line(house: House) -> Expense:
    return house.claims()[-1].expenses[0]


def test_a_meal_says_who_was_there_and_what_it_was_a_head(house: House) -> None:
    card = with_people(house, "山田商事 山田様、自社 2名", count="4")
    assert value(card, "Attendees") == "山田商事 山田様 / own 2 people（4 people, ¥4,500 each）"
    assert line(house).attendees_count == 4
    house.taps("w", house.button("w", "Submit"))
    assert "¥4,500 each" in value(house.last("s"), "Attendees")


def test_the_amount_a_head_meets_the_rule_at_once(house: House) -> None:
    card = with_people(house, "山田商事 山田様")
    assert any("¥18,000 by head" in note.text for note in card.notes)
    assert any(note.text.startswith("Only guests are counted") for note in card.notes)
    house.fills("w", house.button("w", "Attendees"), names="山田商事 山田様、自社 1名")
    assert not any("by head" in note.text or "Only guests" in note.text for note in house.last("w").notes)


def test_an_approver_at_the_table_is_found(house: House) -> None:
    card = with_people(house, "自社 s、本人")
    assert any("s took part and is to approve this claim." in note.text for note in card.notes)


def test_an_approver_is_found_by_what_colleagues_call_them(house: House) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        session.scalars(select(Member).filter_by(name="s")).one().name = "田中 健一"
    sentence = "田中 健一 took part and is to approve this claim."
    card = with_people(house, "自社 田中課長、本人")
    assert any(note.text.startswith(sentence) for note in card.notes)
    for others in ("山田商事 田中課長、本人", "自社 田中次郎、本人"):
        house.fills("w", house.button("w", "Attendees"), names=others)
        assert not any(note.text.startswith(sentence) for note in house.last("w").notes)


def test_attendees_can_be_removed_again(house: House) -> None:
    with_people(house, "山田商事 山田様、自社 2名")
    house.fills("w", house.button("w", "Attendees"), names="", count="")
    assert (line(house).attendees, line(house).attendees_count) == ([], None)
    assert value(house.last("w"), "Attendees") == ""


def test_what_cannot_be_is_refused_and_nothing_changes(house: House) -> None:
    house.sends_receipt("w", 9000)
    for values in ({"names": "山田様、鈴木様", "count": "1"}, {"names": "???"}, {"names": "佐藤", "count": "many"}):
        house.fills("w", house.button("w", "Attendees"), **values)
        assert house.last("w").tone == "doubt"
    assert line(house).attendees_count is None
    button = house.button("w", "Attendees")
    house.does("c", Tapped(button.token, form="h"))
    assert house.last("c").title == "Only w can do this: it is their claim."
    house.taps("w", house.button("w", "Submit"))
    house.does("w", Tapped(button.token, form="h"))
    assert house.last("w").title.startswith("Claim #1 is already submitted")


def test_only_ones_own_earlier_guests_are_suggested_those_of_the_company_first(house: House) -> None:
    with_people(house, "山田商事 山田様、自社 1名")
    with_people(house, "大山建設 大山様、自社 1名", 7000)
    house.sends_receipt("w", 5000)
    house.paper.forms.clear()
    house.does("w", Tapped(house.button("w", "Attendees").token, form="h"))
    assert "Last time: 大山建設 大山様" in house.paper.forms[0][1].inputs[0].hint
    house.fills("w", house.button("w", "Edit"), purpose="山田商事と打合せ")
    house.paper.forms.clear()
    house.does("w", Tapped(house.button("w", "Attendees").token, form="h"))
    assert "Last time: 山田商事 山田様" in house.paper.forms[0][1].inputs[0].hint
    house.fills("w", house.button("w", "Attendees"), names="山田商事")
    assert house.last("w").title == "Who of 山田商事 was there? Last time: 山田"
    house.sends_receipt("c", 5100)
    house.paper.forms.clear()
    house.does("c", Tapped(house.button("c", "Attendees").token, form="h"))
    assert "Last time" not in house.paper.forms[0][1].inputs[0].hint


def test_in_conversation_one_message_says_it_all_and_a_number_alone_corrects_the_count(house: House) -> None:
    house.paper.capabilities = replace(house.paper.capabilities, has_forms=False)
    house.sends_receipt("w", 18_000)
    house.does("w", Tapped(house.button("w", "Attendees").token))
    assert house.last("w").title == "Please send: Attendees"
    house.does("w", Said("山田商事"))
    assert house.last("w").title.startswith("Please add a name or a number of people")
    house.does("w", Said("山田商事 山田様、自社 2名"))
    assert line(house).attendees_count == 3
    house.does("w", Tapped(house.button("w", "Attendees").token))
    house.does("w", Said("4名"))
    assert (line(house).attendees_count, line(house).attendees[0]["name"]) == (4, "山田")
    house.does("w", Tapped(house.button("w", "Attendees").token))
    house.does("w", Said("Leave empty"))
    assert line(house).attendees_count is None


def test_one_receipt_of_several_has_its_own(house: House) -> None:
    house.sends_album("w", [3000, 6000])
    house.taps(
        "w", next(b for card in reversed(house.cards("w")) for b in card.buttons if b.label.startswith("Submit"))
    )
    house.taps("w", house.button("w", "Withdraw"))
    [claim] = [claim for claim in house.claims() if claim.state == "draft"]
    house.opens_line("w", claim, 1)
    house.fills("w", house.button("w", "Attendees"), names="自社 3名")
    assert [expense.attendees_count for expense in house.claims()[0].expenses] == [None, 3]
    assert any("3 people, ¥2,000 each" in row.detail for card in house.cards("w") for row in card.rows)


def test_the_words_beside_a_picture_tell_the_purpose_and_who_was_there(house: House) -> None:
    house.paper.files["f"] = b"24000"
    words = "取引先打合せ 参加者 青葉商事 佐藤様・自社 2名"
    house.does("w", Said(words, files=(FileRef("f", message="m"),)))
    assert (house.claims()[0].purpose, line(house).attendees_count) == ("取引先打合せ", 3)
    assert line(house).attendees[0] == {"name": "佐藤", "company": "青葉商事", "relation": OUTSIDE}


def test_so_do_the_words_behind_it(house: House) -> None:
    house.sends_receipt("w", 24_000)
    house.does("w", Said("参加者 佐藤・鈴木 取引先打合せ"))
    house.taps("w", house.button("w", "Use as purpose"))
    assert house.claims()[0].purpose == "取引先打合せ"
    assert [row["name"] for row in line(house).attendees] == ["佐藤", "鈴木"]


@pytest.mark.parametrize(
    ("text", "purpose", "people"),
    [
        ("取引先打合せ", "取引先打合せ", ""),
        ("取引先打合せ 参加者 佐藤・鈴木", "取引先打合せ", "佐藤、鈴木"),
        ("打合せ（参加者：佐藤、鈴木 計3名）", "打合せ", "佐藤、鈴木、計3名"),
        ("参加者 佐藤", "", "佐藤"),
        ("参加者向け資料", "参加者向け資料", ""),
        ("lunch attendees: John Smith and Mary Jones", "lunch", "John Smith、Mary Jones"),
    ],
)
def test_a_caption_is_divided(text: str, purpose: str, people: str) -> None:
    assert caption(text) == (purpose, people)
