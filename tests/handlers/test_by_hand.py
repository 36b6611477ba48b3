"""An expense entered by hand: by form, question by question, what is refused, and what a missing receipt asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.chat import Capabilities, Card, Commanded, Said
from storage.models import Claim, Expense
from tests.handlers.house import House

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LINE_LIKE = Capabilities(can_edit=False, has_forms=False, counts_pushes=True, has_private=False)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.clock = lambda: NOW
    yield built
    built.close()


def enters(house: House, **values: str) -> None:
    house.does("w", Commanded("new"))
    given = {"date": "2026-11-20", "payee": "かもめ食堂", "amount": "1,100", **values}
    house.fills("w", house.button("w", "Enter by hand"), **given)


def claim(house: House) -> Claim:
    return house.claims()[-1]


def line(house: House) -> Expense:
    return claim(house).expenses[0]


def text(card: Card) -> str:
    return " ".join([card.title, card.lead, *(f.value for f in card.fields), *(n.text for n in card.notes)])


# --- entering ---------------------------------------------------------------------------------------------------------


def test_a_form_makes_a_draft_that_goes_its_way(house: House) -> None:
    enters(house, category="meeting", tax_rate="10", purpose="打合せ", payment_method="cash")
    made = line(house)
    assert (made.kind, made.payee, made.date, made.amount, made.currency) == (
        "note",
        "かもめ食堂",
        dt.date(2026, 11, 20),
        1100,
        "JPY",
    )
    assert (made.category, made.payment_method, claim(house).purpose) == ("meeting", "cash", "打合せ")
    assert [(tax["rate"], tax["tax"], tax["net"], tax["inclusive"]) for tax in made.taxes] == [("10", 100, 1000, True)]
    assert made.doubts == []


def test_part_of_a_yen_of_the_tax_is_dropped_and_what_is_exempt_has_none(house: House) -> None:
    enters(house, amount="999", tax_rate="8")
    assert [(tax["rate"], tax["tax"]) for tax in line(house).taxes] == [("8", 74)]
    enters(house, amount="500", tax_rate="0")
    assert [(tax["rate"], tax["gross"]) for tax in line(house).taxes] == [("0", 500)]


def test_another_currency_is_converted_like_any_other(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    enters(house, amount="45.20", currency="ドル")
    assert (line(house).amount, line(house).currency, line(house).home_amount) == (4520, "USD", 6780)


def test_what_is_wrong_is_said_and_nothing_is_drafted(house: House) -> None:
    for values, why in (
        ({"amount": "たくさん"}, "Please enter an amount in figures"),
        ({"amount": ""}, "Please fill this in."),
        ({"payee": " "}, "Please fill this in."),
        ({"date": "いつか"}, "Please enter a date"),
        ({"date": "2029-01-01"}, "too far in the future"),
        ({"currency": "ドルル"}, "This currency is not known."),
        ({"currency": "USD", "amount": "45.20", "tax_rate": "10"}, "leave the rate out"),
        ({"amount": "12.5"}, "have no decimals"),
    ):
        enters(house, **values)
        assert why in house.last("w").title, values
    assert house.claims() == []


def test_words_behind_the_command_are_a_note(house: House) -> None:
    house.does("w", Commanded("new 11/20 切手 1,680円"))
    assert (line(house).payee, line(house).amount) == ("切手", 1680)


def test_question_by_question_nothing_is_drafted_before_the_last_answer(house: House) -> None:
    house.paper.capabilities = LINE_LIKE
    house.does("w", Said("手入力"))
    for answer in ("11/20", "かもめ食堂", "45.20 USD", "会議費"):
        house.does("w", Said(answer))
        assert house.claims() == []
    assert house.last("w").title == "Please send: Purpose"
    house.does("w", Said("打合せ"))
    made = line(house)
    assert (made.payee, made.date, made.amount, made.currency, made.category, claim(house).purpose) == (
        "かもめ食堂",
        dt.date(2026, 11, 20),
        4520,
        "USD",
        "meeting",
        "打合せ",
    )
    assert any(button.label == "Submit" for button in house.last("w").buttons)


def test_a_wrong_answer_is_asked_again_and_what_is_not_needed_may_wait(house: House) -> None:
    house.paper.capabilities = LINE_LIKE
    house.does("w", Said("経費入力"))
    for answer, then in (
        ("いつか", "Please enter a date"),
        ("11/20", "Please send: Payee"),
        ("かもめ食堂", "Please send: Total"),
        ("たくさん", "Please enter an amount in figures"),
        ("5 ドルル", "This currency is not known."),
        ("1,100円", "Please send: Category"),
        ("Later", "Please send: Purpose"),
        ("Later", "#1 Draft"),
    ):
        house.does("w", Said(answer))
        assert house.last("w").title.startswith(then), answer
    assert (line(house).amount, line(house).category, claim(house).purpose) == (1100, "misc", "")


# --- without a receipt ------------------------------------------------------------------------------------------------


def declares(house: House, why: str = "券売機のため") -> None:
    house.fills("w", house.button("w", "Why no receipt"), missing_receipt=why)


def test_the_draft_asks_why_there_is_no_receipt_and_the_approver_reads_it(house: House) -> None:
    enters(house)
    assert "There is no receipt for ¥1,100. A reason is needed." in text(house.last("w"))
    declares(house)
    assert line(house).missing_receipt == "券売機のため"
    house.taps("w", house.button("w", "Submit"))
    assert claim(house).state == "submitted"
    assert "There is no receipt for ¥1,100. Declared reason: 券売機のため" in text(house.last("s"))
    [field] = [field for field in house.last("s").fields if field.label == "Receipt"]
    assert (field.value, field.doubted) == ("none: 券売機のため", True)


def test_a_reason_given_when_submitting_stays_with_the_line(house: House) -> None:
    enters(house)
    house.fills("w", house.button("w", "Submit"), **{f"receipt-missing:{line(house).id}": "紛失"})
    assert (claim(house).state, line(house).missing_receipt, claim(house).reasons) == ("submitted", "紛失", {})


def test_a_reason_is_said_in_words_and_may_be_taken_back(house: House) -> None:
    enters(house)
    declares(house, "  ")
    assert house.last("w").title == "Please write the reason in a few words."
    declares(house)
    declares(house, "")
    assert line(house).missing_receipt == ""
    assert any("There is no receipt for ¥1,100. A reason is needed." in text(card) for card in house.cards("w"))


def test_what_is_stopped_stays_stopped(house: House) -> None:
    house.does("a", Commanded("rule receipt-missing category=entertainment strength=stop from=2026-01-01"))
    enters(house, category="entertainment")
    assert not any(button.label == "Why no receipt" for button in house.last("w").buttons)
    house.taps("w", house.button("w", "Submit"))
    assert "cannot be submitted" in house.last("w").title
    house.does("a", Commanded("rule receipt-missing default"))
    house.does("a", Commanded("rule receipt-missing declared=3000 from=2026-01-01"))
    enters(house, amount="3000", payee="のり弁")
    declares(house)
    assert "It cannot be submitted like this." not in text(house.last("w"))
    enters(house, amount="3001", payee="とり弁")
    declares(house)
    house.taps("w", house.button("w", "Submit"))
    assert "over ¥3,000 a declared reason is not enough" in house.last("w").title
    assert claim(house).state == "draft"


def test_a_photo_that_comes_later_goes_on_the_line(house: House) -> None:
    enters(house, amount="1280", payee="さくら", purpose="打合せ")
    declares(house, "見つからない")
    house.sends_receipt("w", 1280)
    assert "This may be the receipt of #1, さくら, which has none yet." in text(house.last("w"))
    house.taps("w", house.button("w", "Put it on #1"))
    typed, photo = house.claims()
    [kept] = typed.expenses
    assert (kept.receipt_id is not None, kept.payee, kept.missing_receipt) == (True, "さくら", "")
    assert [tax["tax"] for tax in kept.taxes] == [116]  # of the photo: nobody had typed any
    assert (photo.state, photo.expenses[0].receipt_id) == ("cancelled", None)
    assert any(c.title == "#2 Deleted" and "Its photo is on #1 now." in text(c) for c in house.cards("w"))
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"
    assert house.last("s").picture is not None


def test_a_photo_of_another_amount_day_or_person_is_no_receipt_of_it(house: House) -> None:
    enters(house, amount="1280", date="2026-11-14")
    enters(house, amount="1290")
    house.sends_receipt("w", 1280)
    house.sends_receipt("c", 1290)
    for who in ("w", "c"):
        assert not any(b.label.startswith("Put it on") for card in house.cards(who) for b in card.buttons)


def test_the_photo_is_put_there_once_and_by_its_owner(house: House) -> None:
    enters(house, amount="1280")
    house.sends_receipt("w", 1280)
    put = house.button("w", "Put it on #1")
    house.taps("c", put)
    assert house.last("c").title == "Only w can do this: it is their claim."
    house.taps("w", put)
    house.taps("w", put)
    assert house.last("w").title == "Claim #2 was deleted."
    assert [c.state for c in house.claims()] == ["draft", "cancelled"]


def test_a_line_that_was_submitted_meanwhile_takes_no_photo(house: House) -> None:
    enters(house, amount="1280")
    declares(house)
    house.sends_receipt("w", 1280)
    put = house.button("w", "Put it on #1")
    house.taps("w", next(b for c in house.cards("w") for b in c.buttons if b.label == "Submit" and "かもめ" in text(c)))
    house.taps("w", put)
    assert house.last("w").title == "That line has changed since. Please use its newest card."
    assert [c.state for c in house.claims()] == ["submitted", "draft"]


def test_a_photo_answers_an_approver_who_sent_the_claim_back_for_it(house: House) -> None:
    enters(house, amount="1280")
    declares(house)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Send back"))
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Put it on #1"))
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"
    again = " ".join(note.text for card in house.cards("s") for note in card.notes)
    assert "Changed: Why no receipt 券売機のため → —" in again
    assert house.last("s").picture is not None
