"""What people correct is used at the next receipt of the same issuer: in their organisation alone, until undone."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import ocr
from bot.demo.receipts import Spec, render
from bot.demo.receipts.photo import Scene
from handlers import learning
from handlers.chat import Button, Card, Commanded, FileRef, Said, Tapped
from handlers.learning import habits, lessons, words
from ocr.classify import table
from ocr.reading import Field, Item, Reading, TaxLine
from ocr.text import skeleton
from storage import audit
from storage.db import EVERY_ORGANIZATION
from storage.models import AuditEvent, Organization
from tests.handlers.house import House
from tests.handlers.house import reading as clean

NUMBER, OTHER_NUMBER = "T6012345678901", "T1010012345678"
PHOTOS = ((12, Scene(angle=1.5, shadow=0.2)), (19, Scene(angle=-2.0, shadow=0.5, surface="white")))
AMOUNTS = itertools.count(1000)


class Printed:
    """A file holds its own reading."""

    def read(self, data: bytes) -> tuple[Reading, ...]:
        return (Reading.from_json(data),)

    def preview(self, data: bytes, turned: int = 0) -> bytes:
        return data


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.reader = Printed()
    yield built
    built.close()


def paper(payee: str, *, number: str = "", phone: str = "", category: str = "meeting", **more: Any) -> Reading:
    row = table()[category].category
    return replace(
        clean(payee, next(AMOUNTS)),
        registration_number=Field(number or None, 1.0),
        phone=Field(phone or None, 0.9),
        category=Field(row, 0.8, None, (f"語 → {row.account}",)),
        **more,
    )


def sends(house: House, user: str, reading: Reading) -> Card:
    """The card of the receipt's draft."""
    number = next(AMOUNTS)
    house.paper.files[f"f{number}"] = reading.to_json().encode()
    house.does(user, Said(files=(FileRef(f"f{number}", message=f"m{number}"),)))
    return house.last(user)


def button(card: Card, label: str) -> Button:
    return next(b for b in card.buttons if b.label == label)


def corrects(house: House, user: str, reading: Reading, **values: str) -> None:
    """Send a receipt, correct it, submit it."""
    card = sends(house, user, reading)
    house.fills(user, button(card, "Edit"), **values)
    house.taps(user, house.button(user, "Submit"))


def another_organisation(house: House) -> str:
    with house.services.db.transaction(EVERY_ORGANIZATION) as session:
        other = Organization(name="若草町", settings={}, created_at=house.services.clock())
        session.add(other)
        session.flush()
        return other.id


def shown(card: Card) -> dict[str, str]:
    return {f.label: f.value for f in card.fields}


def doubted(card: Card) -> set[str]:
    return {f.label for f in card.fields if f.doubted}


def said(card: Card) -> str:
    return "\n".join(note.text for note in card.notes)


# --- an issuer --------------------------------------------------------------------------------------------------------


def test_the_next_receipt_of_the_issuer_has_the_corrected_name_and_category_and_says_so(house: House) -> None:
    corrects(house, "w", paper("喫荼ひかリ", number=NUMBER), payee="喫茶ひかり", category="welfare")
    card = sends(house, "c", replace(paper("喫荼ひかリ", number=NUMBER), issuer=Field("喫荼ひかリ", 0.3, doubted=True)))
    assert shown(card)["Payee"] == "喫茶ひかり"
    assert shown(card)["Category"].startswith("Welfare")
    assert doubted(card) == set()
    assert "From a correction of" in said(card)
    assert "Payee, Category" in said(card)


def test_nothing_is_said_of_a_receipt_that_reads_as_it_was_taught(house: House) -> None:
    corrects(house, "w", paper("喫荼ひかリ", number=NUMBER), payee="喫茶ひかり")
    assert "From a correction of" not in said(sends(house, "w", paper("喫茶ひかり", number=NUMBER)))


def test_a_correction_teaches_when_it_is_submitted_and_no_more_when_it_is_withdrawn(house: House) -> None:
    card = sends(house, "w", paper("A商店街", number=NUMBER))
    house.fills("w", button(card, "Edit"), payee="A商店")
    draft = house.button("w", "Submit")
    assert shown(sends(house, "c", paper("A商店街", number=NUMBER)))["Payee"] == "A商店街"
    house.taps("w", draft)
    assert shown(sends(house, "c", paper("A商店街", number=NUMBER)))["Payee"] == "A商店"
    house.taps("w", house.button("w", "Withdraw"))
    assert shown(sends(house, "c", paper("A商店街", number=NUMBER)))["Payee"] == "A商店街"


def test_what_was_sent_back_teaches_when_it_is_submitted_again_and_counts_once(house: House) -> None:
    corrects(house, "w", paper("A商店街", number=NUMBER), payee="A商店")
    house.taps("s", house.button("s", "Send back"))
    assert shown(sends(house, "c", paper("A商店街", number=NUMBER)))["Payee"] == "A商店街"
    returned = next(c for c in reversed(house.cards("w")) if "Sent back" in c.title and c.fields)
    house.taps("w", button(returned, "Submit"))
    with house.services.db.snapshot(house.organization_id) as session:
        assert [lesson.issuer for lesson in lessons.standing(session)] == ["A商店"]


def test_a_doubted_number_identifies_nobody(house: House) -> None:
    corrects(house, "w", paper("A商店街", number=NUMBER), payee="A商店")
    unsure = replace(paper("A商店街"), registration_number=Field(NUMBER, 0.3, doubted=True))
    assert shown(sends(house, "w", unsure))["Payee"] == "A商店街"
    corrects(house, "w", replace(unsure, phone=Field("03-0000-1234", 0.2)), payee="別の店舗")
    assert shown(sends(house, "w", paper("A商店街", number=NUMBER)))["Payee"] == "A商店"
    assert shown(sends(house, "w", paper("A商店街", phone="03-0000-1234")))["Payee"] == "A商店街"


def test_a_number_that_the_person_corrected_is_the_issuers(house: House) -> None:
    corrects(house, "w", paper("A商店街", number=NUMBER), payee="A商店", registration_number=OTHER_NUMBER)
    assert shown(sends(house, "w", paper("A商店街", number=NUMBER)))["Payee"] == "A商店街"
    assert shown(sends(house, "w", paper("A商店街", number=OTHER_NUMBER)))["Payee"] == "A商店"


def test_another_shop_of_the_same_company_keeps_its_own_name(house: House) -> None:
    corrects(house, "w", paper("かもめ食堂本店", number=NUMBER), payee="かもめ食堂", category="welfare")
    card = sends(house, "w", paper("ベーカリー麦畑", number=NUMBER))
    assert (shown(card)["Payee"], shown(card)["Category"].startswith("Meeting")) == ("ベーカリー麦畑", True)


def test_without_a_number_the_telephone_tells_but_not_one_that_many_shops_share(house: House) -> None:
    corrects(house, "w", paper("A商店街", phone="024-000-1234"), payee="A商店")
    assert shown(sends(house, "w", paper("A商店街", phone="(024)000-1234")))["Payee"] == "A商店"
    corrects(house, "w", paper("宅配のはやぶさ", phone="0120-000-123"), category="shipping")
    assert not shown(sends(house, "w", paper("別の宅配便", phone="0120-000-123")))["Category"].startswith("Shipping")


def test_without_either_the_name_tells_look_alikes_folded(house: House) -> None:
    corrects(house, "w", paper("カフェ工ール"), payee="カフェエール", category="welfare")
    card = sends(house, "w", paper("力フェエール"))
    assert shown(card)["Payee"] == "カフェエール"
    assert shown(card)["Category"].startswith("Welfare")


def test_a_slogan_that_was_taken_for_the_name_identifies_nobody(house: House) -> None:
    corrects(house, "w", paper("ご来店ありがとう"), payee="文具のあおぞら", category="supplies")
    card = sends(house, "w", paper("ご来店ありがとう"))
    assert shown(card)["Payee"] == "ご来店ありがとう"


def test_another_organisation_learns_nothing_of_it(house: House) -> None:
    corrects(house, "w", paper("A商店街", number=NUMBER), payee="A商店")
    other_id = another_organisation(house)
    same = (paper("A商店街", number=NUMBER),)
    assert learning.recall(house.services.db, other_id, same) == (learning.Recalled(),)
    assert learning.recall(house.services.db, house.organization_id, same)[0].issuer == "A商店"


def test_when_people_disagree_most_people_are_right_and_of_equally_many_the_last(house: House) -> None:
    def name() -> str:
        [known] = learning.recall(house.services.db, house.organization_id, (paper("まるや", number=NUMBER),))
        return known.issuer

    corrects(house, "w", paper("まるや", number=NUMBER), payee="丸屋")
    corrects(house, "c", paper("まるや", number=NUMBER), payee="まるや本店")
    assert name() == "まるや本店"  # one against one: the last
    corrects(house, "s", paper("まるや", number=NUMBER), payee="丸屋")
    corrects(house, "c", paper("まるや", number=NUMBER), payee="まるや新店")
    assert name() == "丸屋"  # two against one, who counts once however often
    corrects(house, "w", paper("まるや", number=NUMBER), payee="まるや新店")
    assert name() == "まるや新店"


def test_the_usual_rate_fills_a_tax_that_was_not_found_and_asks_to_look(house: House) -> None:
    corrects(house, "w", paper("弁当のたけ", number=NUMBER), tax_10="", tax_8="82")
    bare = replace(paper("弁当のたけ", number=NUMBER), taxes=Field(), total=Field(1080, 1.0))
    card = sends(house, "w", bare)
    assert shown(card)["Tax"].startswith("8% ¥80")
    assert doubted(card) == {"Tax"}
    assert "usual rate (8%)" in said(card)
    printed = replace(bare, taxes=Field((TaxLine(Decimal(10), 98),), 1.0), total=Field(1081, 1.0))
    assert shown(sends(house, "w", printed))["Tax"].startswith("10% ¥98")


def test_two_photos_of_one_shop_that_are_really_read_meet_in_what_was_taught(house: House) -> None:
    """Fictional receipts of one shop, drawn, photographed and read twice, of two days and in two lights."""
    first, second = (
        ocr.read(render(Spec(17, "cafe", on=dt.date(2026, 11, day), scene=light)).image) for day, light in PHOTOS
    )
    assert first.date.value != second.date.value
    corrects(house, "w", first, payee="いつもの喫茶", category="entertainment")
    card = sends(house, "c", second)
    assert shown(card)["Payee"] == "いつもの喫茶"
    assert shown(card)["Category"].startswith("Entertainment")
    assert not {"Payee", "Category"} & doubted(card)


# --- seeing and undoing -----------------------------------------------------------------------------------------------


def test_the_administrator_sees_and_undoes_it_once_and_the_audit_chain_tells(house: House) -> None:
    corrects(house, "w", paper("喫荼ひかリ", number=NUMBER), payee="喫茶ひかり", category="welfare")
    house.does("a", Commanded("learned"))
    [row] = house.last("a").rows
    assert row.title == "喫茶ひかり"
    assert all(part in row.detail for part in ("Welfare", NUMBER, "w ", "喫荼ひかリ"))
    assert row.button is not None
    house.taps("a", row.button)
    assert house.last("a").title.startswith("Forgotten: 喫茶ひかり")
    assert shown(sends(house, "w", paper("喫荼ひかリ", number=NUMBER)))["Payee"] == "喫荼ひかリ"
    house.taps("a", row.button)
    assert house.last("a").title == "This was already forgotten."
    with house.services.db.snapshot(house.organization_id) as session:
        acts = [e.action for e in session.scalars(select(AuditEvent).order_by(AuditEvent.sequence))]
        assert (acts.count("lesson.learned"), acts.count("lesson.forgotten")) == (1, 1)
        assert audit.verify(session)[1] is None


def test_a_worker_sees_what_they_taught_and_cannot_undo_it(house: House) -> None:
    corrects(house, "w", paper("喫荼ひかリ", number=NUMBER), payee="喫茶ひかり")
    house.does("w", Commanded("learned"))
    [row] = house.last("w").rows
    assert (row.title, row.button) == ("喫茶ひかり", None)
    house.does("c", Commanded("learned"))
    assert house.last("c").title == "Nothing was learned yet."
    house.does("a", Commanded("learned"))
    stolen = house.last("a").rows[0].button
    assert stolen is not None
    refusal = "Only accountants and administrators can make the bot forget."
    for act in (Tapped(stolen.token), Commanded("learned forget 喫茶ひかり")):
        house.does("w", act)
        assert house.last("w").title == refusal
    assert shown(sends(house, "c", paper("喫荼ひかリ", number=NUMBER)))["Payee"] == "喫茶ひかり"


def test_forgetting_by_name_wants_one_that_is_meant(house: House) -> None:
    corrects(house, "w", paper("喫荼ひかリ", number=NUMBER), payee="喫茶ひかり")
    corrects(house, "w", paper("喫荼ひかリ", phone="024-000-1234"), payee="喫茶ひかり")
    house.does("a", Commanded("learned forget"))
    assert house.last("a").title.startswith("Please say what")
    house.does("a", Commanded("learned forget 文具店"))
    assert house.last("a").title == "Nothing of that name was learned."
    house.does("a", Commanded("learned forget 喫茶ひかり"))
    assert house.last("a").title.startswith("Several have that name")
    house.does("a", Commanded(f"learned forget {NUMBER}"))
    assert house.last("a").title.startswith("Forgotten: 喫茶ひかり")
    house.does("a", Commanded("learned ひかり"))
    assert "0240001234" in house.last("a").rows[0].detail
    assert len(house.last("a").rows) == 1


def test_sending_again_what_was_undone_does_not_bring_it_back(house: House) -> None:
    corrects(house, "w", paper("A商店街", number=NUMBER), payee="A商店")
    house.does("a", Commanded("learned forget A商店"))
    house.taps("s", house.button("s", "Send back"))
    returned = next(c for c in reversed(house.cards("w")) if "Sent back" in c.title and c.fields)
    house.taps("w", button(returned, "Submit"))
    assert shown(sends(house, "w", paper("A商店街", number=NUMBER)))["Payee"] == "A商店街"


# --- habits -----------------------------------------------------------------------------------------------------------


def goods(*names: str) -> Field[tuple[Item, ...]]:
    return Field(tuple(Item(name, 100) for name in names), 1.0)


def test_a_habit_of_the_organisation_overrules_the_word_table_and_names_the_words(house: House) -> None:
    def blend(payee: str) -> Reading:
        return paper(payee, items=goods("ブレンド珈琲豆", "紙コップ"))

    for place, shop in enumerate(("東町焙煎所", "北町焙煎所", "南町焙煎所", "港町焙煎所")):
        card = sends(house, "w", blend(shop))
        assert shown(card)["Category"].startswith("Meeting") == (place < 3), place
        house.fills("w", button(card, "Edit"), category="welfare")
        house.taps("w", house.button("w", "Submit"))
    card = sends(house, "c", blend("西町焙煎所"))
    assert shown(card)["Category"].startswith("Welfare")
    assert "→ 福利厚生費 (as in 4 earlier claims)" in said(card)
    assert any(word in said(card) for word in ("焙煎所", "ブレンド", "珈琲豆", "コップ"))


def test_a_habit_that_only_makes_the_tables_choice_probable_is_no_new_question(house: House) -> None:
    def doubts(first: str, *, doubtful: bool = False) -> tuple[str, bool]:
        tea = paper("喫茶こだま", category=first)
        asked = replace(tea, category=replace(tea.category, doubted=doubtful))
        [known] = learning.recall(house.services.db, house.organization_id, (asked,))
        return known.category, known.doubted

    for place in range(9):
        corrects(
            house, "w", paper(f"喫茶{'あいうえおかきくけ'[place]}"), category="meeting" if place < 6 else "welfare"
        )
    assert doubts("meeting") == ("meeting", False)
    assert doubts("meeting", doubtful=True) == ("meeting", True)


def test_habits_are_counted_from_claims_that_stand_in_their_own_organisation(house: House) -> None:
    def counted(organization_id: str = "") -> list[str]:
        with house.services.db.snapshot(organization_id or house.organization_id) as session:
            return sorted(category for _, category in habits.examples(session))

    sends(house, "w", paper("風見印刷", category="printing"))
    assert counted() == []  # a draft says nothing yet
    house.taps("w", house.button("w", "Submit"))
    corrects(house, "w", paper("A商店街", number=NUMBER), category="welfare")
    assert counted() == ["printing", "welfare"]
    assert counted(another_organisation(house)) == []
    house.does("a", Commanded("learned forget A商店街"))
    assert counted() == ["printing"]
    house.taps("s", house.button("s", "Approve"))
    house.taps("w", next(b for c in house.cards("w") for b in c.buttons if b.label == "Withdraw"))
    assert counted() == []


def test_what_has_no_word_in_common_with_the_past_stays_with_the_word_table() -> None:
    past = [((words.table_word("meeting"), *words.of_name("東町焙煎所")), "welfare")] * 9
    learned = habits.train(past)
    assert learned.choose(words.of_name("風見印刷"), "printing") is None
    choice = learned.choose(words.of_name("北町焙煎所"), "meeting")
    assert choice is not None
    assert (choice.category, choice.times, choice.words) == ("welfare", 9, ("町焙煎所",))


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (("印刷", "刷所", "見印刷", "風見印"), ("風見印刷所",)),
        (("焙煎所", "珈琲"), ("焙煎所", "珈琲")),
        (("coffee", "offee"), ("coffee",)),
        ((), ()),
    ],
)
def test_pieces_are_shown_as_the_words_that_they_were(pieces: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert words.joined(reversed(pieces), pieces) == shown


def test_two_cases_are_no_habit() -> None:
    told = (words.table_word("meeting"), *words.of_name("東町焙煎所"))
    assert habits.train([(told, "welfare")] * 2).choose(told, "meeting") is None


@given(
    st.lists(st.tuples(st.text(max_size=12), st.sampled_from(["meeting", "welfare", "books"])), max_size=25), st.text()
)
def test_no_words_make_the_habits_fail_and_a_choice_always_has_its_evidence(
    past: list[tuple[str, str]], now: str
) -> None:
    learned = habits.train((words.of_name(text), category) for text, category in past)
    choice = learned.choose(words.of_name(now), "meeting")
    if choice is not None:
        assert sum(category == choice.category for _, category in past) >= choice.times >= habits.LEAST
        assert choice.words


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=20), st.booleans())
def test_whatever_was_read_has_keys_that_can_be_compared(name: str, number: str, phone: str, doubt: bool) -> None:
    reading = replace(
        clean(name or "x"),
        registration_number=Field(number or None, 0.9, doubted=doubt),
        phone=Field(phone or None, 0.9),
        date=Field(dt.date(2026, 11, 20), 1.0),
    )
    kinds = [key.kind for key in lessons.keys(reading)]
    assert "registration_number" not in kinds or (number and not doubt)
    assert all(key.text == skeleton(name or "x") for key in lessons.keys(reading) if key.kind == "name")
