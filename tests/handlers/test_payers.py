"""Who has paid: what the organisation paid itself is claimed, shown, and not paid out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers import categories, payers
from handlers.chat import FileRef, Said
from tests.handlers.house import House
from tests.handlers.waiting import change, types


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    change(built, "a", roles=["admin", "accountant"])
    yield built
    built.close()


@pytest.mark.parametrize("method", categories.PAYMENT_METHODS)
def test_every_way_of_paying_says_whether_it_is_paid_back(method: str) -> None:
    own_money = method in {"cash", "card", "ic", "qr", "points", "other"}
    assert payers.reimbursed(method) is own_money


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("社カードで支払い", "corporate_card"),
        ("法人カード", "corporate_card"),
        ("Company Card", "corporate_card"),
        ("法人Ｓｕｉｃａ", "corporate_ic"),
        ("会社払い", "invoice"),
        ("カード", ""),
        ("会社の近くで昼食", ""),
        ("法人カードか会社払い", ""),
    ],
)
def test_words_of_a_note_name_who_paid(text: str, method: str) -> None:
    assert payers.said(text) == method


@pytest.mark.parametrize(
    ("word", "method"),
    [("社カード", "corporate_card"), ("法人IC", "corporate_ic"), ("会社払い", "invoice"), ("現金", "cash")],
)
def test_the_ways_of_paying_are_found_by_what_people_call_them(word: str, method: str) -> None:
    assert categories.find_payment(word) == method


def test_both_cards_say_what_is_paid_out_where_that_is_less(house: House) -> None:
    house.sends_album("w", [8000, 4300])
    house.taps(
        "w", next(b for card in reversed(house.cards("w")) for b in card.buttons if b.label.startswith("Submit"))
    )
    house.taps("w", house.button("w", "Withdraw"))
    claim = house.claims()[0]
    assert not any("paid out" in note.text for card in house.cards("w") for note in card.notes)
    house.opens_line("w", claim, 1)
    house.fills("w", house.button("w", "Edit"), payment_method="corporate_card")
    sentence = "Claimed ¥12,300, paid out ¥8,000 (Corporate card ¥4,300: not out of your pocket)"
    house.taps("w", house.button("w", "Submit"))
    for user in "ws":
        assert any(note.text == sentence for card in house.cards(user) for note in card.notes)
        assert any("Corporate card" in row.detail for card in house.cards(user) for row in card.rows)


def test_what_is_paid_out_is_what_the_accountant_reads(house: House) -> None:
    for amount, method in ((3000, "cash"), (4300, "invoice")):
        house.sends_receipt("w", amount)
        house.fills("w", house.button("w", "Edit"), payment_method=method)
        house.taps("w", house.button("w", "Submit"))
        house.taps("s", house.button("s", "Approve"))
    assert types(house, "a", "paid 1 2") == "2 claims are marked as paid: ¥3,000 paid out, ¥7,300 claimed"
    types(house, "w", "claims")
    assert [row.value for row in house.last("w").rows] == ["¥4,300", "¥3,000"]
    assert "paid out ¥0" in house.last("w").rows[0].detail


def test_words_with_a_photo_set_who_paid(house: House) -> None:
    house.paper.files["f"] = b"5200"
    house.does("w", Said("法人カード", files=(FileRef("f", message="m"),)))
    [claim] = house.claims()
    assert claim.expenses[0].payment_method == "corporate_card"


def test_words_after_a_photo_set_it_too(house: House) -> None:
    house.sends_receipt("w", 5200)
    house.does("w", Said("会社払いで備品"))
    house.taps("w", house.button("w", "Use as purpose"))
    [claim] = house.claims()
    assert (claim.purpose, claim.expenses[0].payment_method) == ("会社払いで備品", "invoice")
    house.paper.capabilities = replace(house.paper.capabilities, has_captions=False)
    house.sends_receipt("w", 5300)
    house.does("w", Said("法人カード 備品"))
    assert house.claims()[1].expenses[0].payment_method == "corporate_card"
