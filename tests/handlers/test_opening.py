"""A claim opened by its number, and the list of suspected duplicates: who may, and what nobody else learns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.chat import Card, Commanded, FileRef, Said
from storage.models import AuditEvent, Claim, Member
from tests.handlers.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def says(house: House, user: str, text: str) -> Card:
    house.does(user, Commanded(text))
    return house.last(user)


def notes(card: Card) -> str:
    return "\n".join(note.text for note in card.notes)


def role(house: House, user: str, *roles: str) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        session.scalars(select(Member).filter_by(name=user)).one().roles = list(roles)


@pytest.mark.parametrize("words", ["claim 1", "申請 1", "open #1", "開く １"])
def test_the_applicant_opens_their_own_by_its_number(house: House, words: str) -> None:
    house.sends_receipt("w", 1280)
    card = says(house, "w", words)
    assert card.title == "#1 Draft"
    assert "Submit" in [button.label for button in card.buttons]


def test_who_decides_it_may_decide_from_there(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    assert "Approve" in [button.label for button in says(house, "s", "claim 1").buttons]


@pytest.mark.parametrize("roles", [("accountant",), ("admin",)])
def test_who_keeps_the_books_reads_it_with_its_history_and_decides_nothing(
    house: House, roles: tuple[str, ...]
) -> None:
    role(house, "a", *roles)
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    card = says(house, "a", "claim 1")
    assert card.title == "#1 Waiting for approval"
    assert ("Applicant", "w") in [(field.label, field.value) for field in card.fields]
    assert "w: drafted" in notes(card)
    assert "w: submitted" in notes(card)
    assert card.buttons == ()
    with house.services.db.snapshot(house.organization_id) as session:
        [seen] = session.scalars(select(AuditEvent).filter_by(action="claim.viewed")).all()
        assert seen.subject == f"claim:{session.scalars(select(Claim)).one().id}"


def test_acts_and_decisions_are_told_in_the_order_in_which_they_came(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        """The audit record by the house's clock, as a server has one for both."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return house.services.clock()

    monkeypatch.setattr("storage.audit.datetime", Clock)
    role(house, "a", "accountant")
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.fills("s", house.button("s", "Send back"), reason="Who was there?")
    says(house, "w", "claim 1")
    house.taps("w", house.button("w", "Submit"))
    told = notes(says(house, "a", "claim 1"))
    again = told.rindex("w: submitted")
    assert told.index("w: drafted") < told.index("w: submitted") < told.index("Sent back by s") < again


def test_a_number_that_is_not_theirs_and_one_that_does_not_exist_are_told_alike(house: House) -> None:
    house.sends_receipt("w", 1280)
    assert says(house, "c", "claim 1").title == "There is no claim #1 that you may see."
    assert says(house, "c", "claim 7").title == "There is no claim #7 that you may see."


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("claim", "Please say which claims: /keihi claim 12 15-18"),
        ("claim x", "“x” is not the number of a claim."),
        ("claim 1 2", "One number at a time, please: /keihi claim 12"),
    ],
)
def test_words_that_are_no_number_are_refused(house: House, words: str, answer: str) -> None:
    house.sends_receipt("w", 1280)
    assert says(house, "w", words).title == answer


# --- duplicates -------------------------------------------------------------------------------------------------------


def rows(card: Card) -> list[str]:
    return [row.title for row in card.rows]


def test_the_same_file_of_a_second_person_is_listed_with_who_and_when(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.sends_receipt("c", 1280)
    assert house.last("c").title == "The same receipt is already in another claim."
    card = says(house, "a", "duplicates")
    assert rows(card) == ["1. #1 w", "1. c"]
    assert card.rows[0].detail.startswith("The same file · ")
    assert card.rows[1].detail.startswith("sent the same file on 11/24 10:")
    assert card.private
    house.taps("a", card.rows[0].button)  # type: ignore[arg-type]
    assert house.last("a").title == "#1 Draft"
    with house.services.db.snapshot(house.organization_id) as session:
        [event] = session.scalars(select(AuditEvent).filter_by(action="receipt.duplicate")).all()
        assert event.data["another_person"] is True


def test_ones_own_second_copy_is_no_suspicion(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.sends_receipt("w", 1280)
    assert says(house, "a", "duplicates").title == "No duplicate is suspected at the moment."


def test_a_pair_that_a_rule_found_stands_once_with_both_claims_until_one_ends(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.paper.files["again"] = b"01280"  # other bytes, the same figures
    house.does("c", Said(files=(FileRef("again", message="m-again"),)))
    card = says(house, "a", "重複")
    assert sorted(rows(card)) == ["1. #1 w", "1. #2 c"]
    assert "The same purchase" in card.rows[0].detail
    assert sorted(row.button.label for row in card.rows if row.button) == ["Open #1", "Open #2"]
    house.taps("c", house.button("c", "Delete"))
    assert says(house, "a", "duplicates").title == "No duplicate is suspected at the moment."


def test_employees_and_approvers_have_neither_the_list_nor_its_buttons(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.sends_receipt("c", 1280)
    opens = says(house, "a", "duplicates").rows[0].button
    assert opens is not None
    for user in ("c", "s"):
        assert says(house, user, "duplicates").title.startswith("Only people with the role “accountant / admin”")
        assert "duplicates" not in str(says(house, user, "help").rows)
    house.taps("c", opens)
    assert house.last("c").title == "This claim is not yours to see."
    role(house, "c", "accountant")
    assert rows(says(house, "c", "duplicates")) == ["1. #1 w", "1. c"]
