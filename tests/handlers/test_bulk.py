"""Several clean claims by one tap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from handlers import actions
from handlers.approvals import bulk
from handlers.approvals.waiting import Entry
from handlers.chat import Capabilities
from handlers.keys import Keys
from handlers.policies.base import Finding
from storage.models import Claim
from tests.handlers.house import House
from tests.handlers.waiting import at, hands_in, titles, types


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    at(built, 11, 24, 10)
    for rule in ("purpose-missing", "registration-number"):  # what the rules would note of every receipt here
        types(built, "a", f"rule {rule} off from=2026-01-01")
    yield built
    built.close()


def look(house: House, user: str = "s") -> None:
    """The list, and the question whether these shall be approved."""
    types(house, user, "waiting")
    button = next(b for b in house.last(user).buttons if b.label.startswith("Approve the"))
    house.taps(user, button)


def yes(house: House, user: str = "s") -> None:
    house.taps(user, next(b for b in house.last(user).buttons if b.label.startswith("Approve these")))


def find(house: House, number: int, strength: Literal["note", "reason", "stop"]) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        claim = session.scalars(select(Claim).filter_by(number=number)).one()
        claim.findings = [Finding("late", "Found", key="planted", strength=strength).stored()]


def states(house: House) -> list[str]:
    return [claim.state for claim in house.claims()]


def test_a_list_a_question_and_one_tap(house: House) -> None:
    for amount in (1280, 900):
        hands_in(house, "w", amount)
    hands_in(house, "c", 700)
    look(house)
    asked = house.last("s")
    assert asked.title == "Approve these 3 claims?"
    assert [row.value for row in asked.rows] == ["¥1,280", "¥900", "¥700"]
    assert [(field.label, field.value) for field in asked.fields] == [("Total", "¥2,880")]
    assert states(house) == ["submitted"] * 3
    yes(house)
    assert house.last("s").title == "3 claims approved: #1, #2, #3"
    assert states(house) == ["approved"] * 3
    assert sum("Approved by s" in title for title in titles(house, "w")) == 2


def test_claims_with_any_finding_or_a_doubt_stay_out(house: House) -> None:
    for amount in (1, 2, 3, 4, 5, 6):
        hands_in(house, "w", amount)
    find(house, 1, "reason")
    find(house, 2, "stop")
    find(house, 3, "note")
    with house.services.db.transaction(house.organization_id) as session:
        session.scalars(select(Claim).filter_by(number=4)).one().expenses[0].doubts = ["amount"]
    look(house)
    assert [row.title.split()[0] for row in house.last("s").rows] == ["#5", "#6"]
    yes(house)
    assert states(house) == [*["submitted"] * 4, "approved", "approved"]


def test_a_claim_with_an_open_question_is_not_clean(house: House) -> None:
    for amount in (1280, 900, 700):
        hands_in(house, "w", amount)
    house.fills("s", house.button("s", "Ask"), words="Who was there?")
    look(house)
    assert [row.title.split()[0] for row in house.last("s").rows] == ["#1", "#2"]


def test_what_changed_between_the_look_and_the_tap_stays_out_and_is_named(house: House) -> None:
    for amount in (700, 1280, 900):
        hands_in(house, "w", amount)
    look(house)
    confirm = house.last("s")
    withdraw = house.button("w", "Withdraw")  # of the newest, #3
    house.taps("w", withdraw)
    house.taps("w", house.button("w", "Submit"))
    types(house, "a", "rule limit-category category=会議費 max=1000 from=2026-01-01")
    house.taps("s", confirm.buttons[0])
    answer = house.last("s")
    assert answer.title == "1 claims approved: #1"
    over = "Meeting: ¥1,280 is ¥280 over the limit of ¥1,000."
    assert {note.text for note in answer.notes} == {f"#2: It needs a look. {over}", "#3: It has changed since."}
    assert states(house) == ["approved", "submitted", "submitted"]


def test_what_was_withdrawn_between_the_look_and_the_tap_is_named_as_withdrawn(house: House) -> None:
    for amount in (700, 1280):
        hands_in(house, "w", amount)
    look(house)
    withdraw = house.button("w", "Withdraw")  # of the newest, #2
    house.taps("w", withdraw)
    yes(house)
    answer = house.last("s")
    assert answer.title == "1 claims approved: #1"
    gone = "Claim #2 was withdrawn. If it is submitted again, you get a new card."
    assert [note.text for note in answer.notes] == [f"#2: {gone}"]
    assert states(house) == ["approved", "draft"]


def test_a_second_tap_approves_nothing_twice(house: House) -> None:
    for amount in (1280, 900):
        hands_in(house, "w", amount)
    look(house)
    button = house.last("s").buttons[0]
    house.taps("s", button)
    house.taps("s", button)
    assert house.last("s").title == "Nothing was approved."
    assert all("Already approved" in note.text for note in house.last("s").notes)
    assert [len(claim.decisions) for claim in house.claims()] == [1, 1]


def test_the_button_of_somebody_else_approves_nothing(house: House) -> None:
    for amount in (1280, 900):
        hands_in(house, "w", amount)
    look(house)
    button = house.last("s").buttons[0]
    for user in "wca":
        house.taps(user, button)
        assert house.last(user).title == "This list is not yours."
    assert states(house) == ["submitted"] * 2


def test_one_clean_claim_is_no_bulk(house: House) -> None:
    hands_in(house, "w", 1280)
    types(house, "s", "waiting")
    assert house.last("s").buttons == ()


def test_where_cards_cannot_change_there_is_one_answer_for_all(house: House) -> None:
    house.paper.capabilities = Capabilities(False, True, True, False)
    for amount in (1280, 900, 700):
        hands_in(house, "w", amount)
    look(house)
    before = len(titles(house, "s"))
    yes(house)
    assert len(titles(house, "s")) == before + 1


def test_a_full_button_is_short_enough_for_every_chat() -> None:
    claims = [Claim(number=123_456_000 + 1_000 * n, version=12) for n in range(bulk.MOST)]
    entries = [Entry(claim, None, None, True) for claim in claims]  # type: ignore[arg-type]
    batch = bulk.batch(entries)
    token = actions.token(Keys(b"test"), "bulk_yes", subject="01234567", extra=bulk.pack(batch))
    assert len(token) <= 300
    assert bulk.unpack(bulk.pack(batch)) == [(c.number, c.version) for c in batch]
    usual = [Claim(number=4000 + n, version=2) for n in range(bulk.MOST)]
    assert len(bulk.batch([Entry(c, None, None, True) for c in usual])) == bulk.MOST  # type: ignore[arg-type]
