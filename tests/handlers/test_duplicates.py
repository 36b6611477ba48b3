"""The same bytes again: only a live claim blocks; a rejected one is told of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.chat import Card
from handlers.services import Services
from ocr.reading import Reading
from tests.handlers.house import House, reading


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def rejected(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Reject"))
    assert house.claims()[-1].state == "rejected"


def notes(card: Card) -> list[str]:
    """What the card says of the same receipt; other rules have their own tests."""
    return [note.text for note in card.notes if "same receipt" in note.text]


def test_a_rejected_receipt_sent_again_is_a_new_draft_that_says_who_rejected_it_when_and_why(house: House) -> None:
    rejected(house)
    house.sends_receipt("w", 1280)
    assert house.last("w").title == "#2 Draft"
    [note] = notes(house.last("w"))
    assert note.startswith("The same receipt was in #1, rejected by s (")
    assert note.endswith("): because")
    house.taps("w", house.button("w", "Submit"))
    [note] = notes(house.last("s"))
    assert note.startswith("The same receipt was in #1 of w, rejected by s (")
    assert note.endswith("): because")


def test_a_draft_that_was_deleted_does_not_hide_the_rejection_before_it(house: House) -> None:
    rejected(house)
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Delete"))
    house.sends_receipt("w", 1280)
    assert house.last("w").title == "#3 Draft"
    assert notes(house.last("w"))[0].startswith("The same receipt was in #1, ")


def test_a_deleted_draft_leaves_its_receipt_free_and_nothing_to_tell(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Delete"))
    house.sends_receipt("w", 1280)
    assert house.last("w").title == "#2 Draft"
    assert notes(house.last("w")) == []


def test_a_colleague_is_told_of_the_rejection_but_not_whose_claim_it_was(house: House) -> None:
    rejected(house)
    house.sends_receipt("c", 1280)
    assert notes(house.last("c")) == ["The same receipt was in another claim, which was rejected."]
    house.taps("c", house.button("c", "Submit"))
    assert notes(house.last("s"))[0].startswith("The same receipt was in #1 of w, rejected by s (")


def test_the_claim_that_followed_a_rejection_blocks_a_third_copy(house: House) -> None:
    rejected(house)
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.sends_receipt("w", 1280)
    assert house.last("w").title.startswith("You sent this receipt before: it is claim #2")


class TwoOnAPhoto:
    """Every photo shows two receipts."""

    def read(self, data: bytes) -> tuple[Reading, ...]:
        return reading(amount=int(data.decode())), reading("文具のあおぞら", 330)

    def preview(self, data: bytes, turned: int = 0) -> bytes:
        return data


def test_of_a_photo_of_two_receipts_only_the_rejected_one_becomes_a_draft_again(house: House) -> None:
    house.services = Services(**(vars(house.services) | {"reader": TwoOnAPhoto()}))
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Reject"))
    states = {claim.expenses[0].receipt_part: claim.state for claim in house.claims()}
    assert sorted(states.values()) == ["draft", "rejected"]
    [part] = [part for part, state in states.items() if state == "rejected"]
    house.sends_receipt("w", 1280)
    again = house.claims()[2:]
    assert [(claim.state, claim.expenses[0].receipt_part) for claim in again] == [("draft", part)]
    house.sends_receipt("w", 1280)
    assert len(house.claims()) == 3
