"""One receipt as several lines: divided by rate or amount, kept private in part, put together again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers import actions
from handlers.chat import Button, Capabilities, Commanded, FileRef, FormSent, Said, Tapped
from ocr.reading import Category, Field, Item, Reading, TaxLine
from storage import audit
from storage.models import Expense, Lesson
from tests.handlers.house import House

SHOP = "まるまるスーパー"


class TwoRates:
    """Every file is a receipt of a supermarket: the amount written in it at 10 %, and ¥1,080 at 8 %."""

    def read(self, data: bytes) -> tuple[Reading, ...]:
        gross = int(data.decode())
        tax = gross * 10 // 110
        return (
            Reading(
                kind=Field("receipt", 1.0),
                issuer=Field(SHOP, 1.0),
                date=Field(dt.date(2026, 11, 20), 1.0),
                total=Field(gross + 1080, 1.0),
                currency=Field("JPY", 1.0),
                taxes=Field(
                    (
                        TaxLine(Decimal(10), tax, gross - tax, gross, True),
                        TaxLine(Decimal(8), 80, 1000, 1080, True),
                    ),
                    1.0,
                ),
                items=Field((Item("ビール 6缶", gross), Item("弁当", 1080)), 1.0),
                category=Field(Category("supplies", "消耗品費", "需用費"), 1.0),
            ),
        )

    def preview(self, data: bytes, turned: int = 0) -> bytes:
        return data


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.reader = TwoRates()
    yield built
    built.close()


def lines(house: House) -> list[Expense]:
    return house.claims()[-1].expenses


def facts(expense: Expense) -> dict[str, Any]:
    """Everything of an expense but its version in time."""
    return {c.key: getattr(expense, c.key) for c in Expense.__table__.columns}


def choose(house: House, number: int = 0) -> None:
    """Open the ways to divide a line."""
    claim = house.claims()[-1]
    token = actions.token(house.services.keys, "split", claim.id, claim.version, claim.expenses[number].id)
    house.does("w", Tapped(token))


def divide(house: House, **values: str) -> None:
    choose(house)
    house.fills("w", house.button("w", "By amount"), **values)


def test_by_tax_rate_in_one_tap_and_back_again(house: House) -> None:
    house.sends_receipt("w", 2200)
    before = facts(lines(house)[0])
    house.taps("w", house.button("w", "Divide"))
    assert [(f.label, f.value) for f in house.last("w").fields] == [("10%", "¥2,200"), ("8%", "¥1,080")]
    house.taps("w", house.button("w", "By tax rate"))
    assert [(e.amount, e.taxes[0]["rate"], e.taxes[0]["net"], e.taxes[0]["tax"]) for e in lines(house)] == [
        (2200, "10", 2000, 200),
        (1080, "8", 1000, 80),
    ]
    card = next(card for card in house.cards("w") if card.rows)
    assert [(row.value, row.detail.split(" · ")[2]) for row in card.rows] == [("¥2,200", "1/2"), ("¥1,080", "2/2")]
    assert ("Total", "¥3,280") in [(field.label, field.value) for field in card.fields]
    assert SHOP in card.summary
    choose(house, 1)
    house.taps("w", house.button("w", "Put together again"))
    assert [facts(expense) for expense in lines(house)] == [before]
    with house.services.db.transaction(house.organization_id) as session:
        assert audit.verify(session)[1] is None


def test_a_part_has_its_own_category_and_words_and_the_rest_stays(house: House) -> None:
    house.sends_receipt("w", 2200)
    divide(house, rate="10", amount="1,000", category="meeting", description="会議の飲み物")
    rest, part = lines(house)
    assert (rest.amount, rest.category, rest.description) == (2280, "supplies", "")
    assert (part.amount, part.category, part.description) == (1000, "meeting", "会議の飲み物")
    assert [(t["rate"], t["tax"], t["gross"]) for t in part.taxes] == [("10", 91, 1000)]
    assert [(t["rate"], t["tax"], t["gross"]) for t in rest.taxes] == [("10", 109, 1200), ("8", 80, 1080)]
    assert part.receipt_id == rest.receipt_id
    assert [e.split for e in (rest, part)] == [1, 2]
    house.opens_line("w", house.claims()[-1], 1)
    assert house.last("w").notes[0].text == "Line 2/2 of one receipt of ¥3,280."


def test_a_line_is_divided_again_and_all_of_it_comes_back(house: House) -> None:
    house.sends_receipt("w", 2200)
    before = facts(lines(house)[0])
    divide(house, rate="10", amount="1000")
    divide(house, rate="8", amount="500")
    assert [e.amount for e in lines(house)] == [1780, 500, 1000]
    choose(house, 2)
    house.taps("w", house.button("w", "Put together again"))
    assert [facts(expense) for expense in lines(house)] == [before]


@pytest.mark.parametrize("way", ["By amount", "Private share"])
def test_no_share_that_is_none(house: House, way: str) -> None:
    house.sends_receipt("w", 2200)
    choose(house)
    for amount, rate, why in (
        ("0", "10", "Please enter an amount above zero."),
        ("-5", "10", "Please enter an amount in figures, for example 1280."),
        ("3280", "10", "It must be less than the whole amount."),
        ("9999", "8", "It must be less than the whole amount."),
        ("1081", "8", "That is more than this receipt has at that rate."),
        ("100", "5", "Please choose one of the suggestions."),
    ):
        house.fills("w", house.button("w", way), rate=rate, amount=amount)
        assert house.last("w").title == why
    assert [(e.amount, e.private_amount) for e in lines(house)] == [(3280, 0)]


def test_a_private_share_is_shown_not_claimed_and_taken_back(house: House) -> None:
    house.sends_receipt("w", 2200)
    choose(house)
    house.fills("w", house.button("w", "Private share"), rate="8", amount="540")
    [expense] = lines(house)
    assert (expense.amount, expense.private_amount) == (3280, 540)
    card = house.cards("w")[0]
    shown = {field.label: field.value for field in card.fields}
    assert shown["Total"] == "¥2,740 (private: ¥540 of ¥3,280)"
    assert shown["Tax"] == "10% ¥200 (included) / 8% ¥40 (included)"
    house.taps("w", house.button("w", "Submit"))
    assert "¥2,740" in house.last("s").summary
    house.taps("s", house.button("s", "Send back"))
    choose(house)
    assert "By amount" not in [b.label for b in house.last("w").buttons]
    house.taps("w", house.button("w", "Take back the private share"))
    assert [(e.amount, e.private_amount, e.basis) for e in lines(house)] == [(3280, 0, {})]


def test_where_there_are_no_forms_it_is_asked_one_by_one_and_stop_changes_nothing(house: House) -> None:
    house.paper.capabilities = Capabilities(False, False, True, False)
    house.sends_receipt("w", 2200)
    choose(house)
    house.taps("w", house.button("w", "By amount"))
    for words, title in (
        ("10% ¥2,200", "Amount"),
        ("9999", ""),
        ("1000", "Category"),
        ("meeting", "Purpose of this line"),
    ):
        house.does("w", Said(words))
        assert title in house.last("w").title
    assert len(lines(house)) == 1
    house.does("w", Said("Leave empty"))
    assert [(e.amount, e.category) for e in lines(house)] == [(2280, "supplies"), (1000, "meeting")]
    choose(house)
    house.taps("w", house.button("w", "Private share"))
    house.does("w", Said("8% ¥1,080"))
    assert house.last("w").title == "Please send: Amount"
    stop = next(choice for choice in house.last("w").choices if choice.label == "Stop")
    house.does("w", Tapped(stop.token))
    assert [e.private_amount for e in lines(house)] == [0, 0]


def test_only_ones_own_draft_as_it_is_now(house: House) -> None:
    house.sends_receipt("w", 2200)
    choose(house)
    by_rate, back = house.button("w", "By tax rate"), house.button("w", "Divide")
    for act in (by_rate, back):
        house.taps("c", act)
        assert "it is their claim" in house.last("c").title
    house.taps("w", house.button("w", "Submit"))
    house.taps("w", by_rate)
    assert house.last("w").title == "Claim #1 is already submitted and waits for approval."
    house.taps("s", house.button("s", "Send back"))
    house.taps("w", by_rate)
    assert house.last("w").title.startswith("Already sent back")
    assert len(lines(house)) == 1


def test_twice_the_same_tap_divides_once(house: House) -> None:
    house.sends_receipt("w", 2200)
    choose(house)
    by_rate = house.button("w", "By tax rate")
    house.taps("w", by_rate)
    house.taps("w", by_rate)
    assert house.last("w").title.startswith("Claim #1 has changed since.")
    assert len(lines(house)) == 2


def test_the_shop_of_one_line_is_the_shop_of_all_and_the_amounts_of_one_are_not_touched(house: House) -> None:
    house.sends_receipt("w", 2200)
    choose(house)
    house.taps("w", house.button("w", "By tax rate"))
    house.opens_line("w", house.claims()[-1], 1)
    house.fills("w", house.button("w", "Edit"), payee="まるまるストア", category="meeting")
    assert [(e.payee, e.category) for e in lines(house)] == [
        ("まるまるストア", "supplies"),
        ("まるまるストア", "meeting"),
    ]
    claim = house.claims()[-1]
    form = actions.token(house.services.keys, "edit", claim.id, claim.version, claim.expenses[1].id)
    house.does("w", FormSent(form, (("amount", "5"), ("tax_8", "0"), ("tax_10", ""))))
    assert house.last("w").title.startswith("This is one line of a receipt.")
    choose(house, 1)
    house.taps("w", house.button("w", "Put together again"))
    [whole] = lines(house)
    assert (whole.payee, whole.amount, whole.corrected) == ("まるまるストア", 3280, ["payee"])


def test_a_receipt_leaves_its_claim_with_all_its_lines(house: House) -> None:
    house.sends_album("w", (2200, 3300))
    house.taps("w", house.button("w", "Submit 2 together"))
    house.taps("s", house.button("s", "Send back"))
    joined = next(claim for claim in house.claims() if len(claim.expenses) == 2)
    token = actions.token(house.services.keys, "split_rates", joined.id, joined.version, joined.expenses[0].id)
    house.does("w", Tapped(token))
    joined = next(claim for claim in house.claims() if len(claim.expenses) == 3)
    assert [e.amount for e in joined.expenses] == [2200, 1080, 4380]
    taking = actions.token(house.services.keys, "take_out", joined.id, joined.version, joined.expenses[1].id)
    house.does("w", Tapped(taking))
    assert sorted([e.amount for e in claim.expenses] for claim in house.claims()) == [[], [2200, 1080], [4380]]
    alone = house.claims()[-1]
    taking = actions.token(house.services.keys, "take_out", alone.id, alone.version, alone.expenses[1].id)
    house.does("w", Tapped(taking))
    assert house.last("w").title == "This is the only receipt of the claim."


def test_what_was_learned_of_the_shop_is_learned_from_the_whole(house: House) -> None:
    house.sends_receipt("w", 2200)
    house.fills("w", house.button("w", "Edit"), category="meeting")
    choose(house)
    house.taps("w", house.button("w", "By tax rate"))
    house.opens_line("w", house.claims()[-1], 1)
    house.fills("w", house.button("w", "Edit"), category="entertainment", payee="まるまる商店")
    house.taps("w", house.button("w", "Submit"))
    with house.services.db.snapshot(house.organization_id) as session:
        lessons = session.scalars(select(Lesson)).all()
        words = [(e.split, bool(e.words)) for e in session.scalars(select(Expense).order_by(Expense.split))]
    assert [(lesson.issuer, lesson.category) for lesson in lessons] == [("まるまる商店", "meeting")]
    assert words == [(1, True), (2, False)]


def test_amounts_in_doubt_are_settled_first(house: House) -> None:
    house.sends_receipt("w", 2200)
    with house.services.db.transaction(house.organization_id) as session:
        session.scalars(select(Expense)).one().doubts = ["taxes"]
    choose(house)
    assert house.last("w").title.startswith("Please check the total and the tax of this receipt first")


def test_the_same_file_again_is_still_the_same_receipt(house: House) -> None:
    house.sends_receipt("w", 2200)
    choose(house)
    house.taps("w", house.button("w", "By tax rate"))
    house.sends_receipt("w", 2200)
    assert house.last("w").title.startswith("You sent this receipt before: it is claim #1")
    house.taps("w", Button("Delete", house.button("w", "Delete").token))
    house.sends_receipt("w", 2200)
    live = [claim for claim in house.claims() if claim.state == "draft"]
    assert [[e.amount for e in claim.expenses] for claim in live] == [[3280]]


def test_another_photo_of_a_receipt_that_was_split_is_still_the_same_purchase(house: House) -> None:
    house.sends_receipt("w", 2200)
    choose(house)
    house.taps("w", house.button("w", "By tax rate"))
    house.paper.files["again"] = b"02200"  # the same figures, other bytes
    house.does("w", Said(files=(FileRef("again", message="again"),)))
    assert any("Your claim #1 has the same purchase" in note.text for note in house.last("w").notes)


def test_a_receipt_over_a_limit_is_over_it_in_however_many_lines(house: House) -> None:
    house.does("a", Commanded("rule limit-category category=supplies max=3000 from=2026-01-01"))
    house.sends_receipt("w", 2200)
    assert any(finding["rule"] == "limit-category" for finding in found(house))
    choose(house)
    house.taps("w", house.button("w", "By tax rate"))
    assert any(finding["rule"] == "limit-category" for finding in found(house))


def found(house: House) -> list[dict[str, Any]]:
    return list(house.claims()[-1].findings)
