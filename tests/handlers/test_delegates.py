"""Who decides while somebody is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.approvals import delegates
from storage.models import ApprovalStep, AuditEvent, Identity
from tests.handlers.house import House
from tests.handlers.waiting import at, change, hands_in, titles, types


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    at(built, 11, 24, 10)  # a Tuesday
    yield built
    built.close()


def steps(house: House) -> list[str]:
    """How each step of the only claim stands."""
    with house.services.db.snapshot(house.organization_id) as session:
        return list(session.scalars(select(ApprovalStep.state).order_by(ApprovalStep.position)))


def test_on_the_first_day_the_delegate_is_told_once_what_waits_and_may_decide_it(house: House) -> None:
    hands_in(house, "w", 1280)
    assert types(house, "s", "delegate c@example.jp 12/1-12/7").startswith("c decides for s: 1 Dec 2026 – 7 Dec 2026")
    assert titles(house, "c")[-1].startswith("c decides for s")
    before = len(titles(house, "c"))
    for hour in (0, 7):  # the day has begun, but nobody is woken
        at(house, 12, 1, hour)
        delegates.sweep(house.services)
    house.settle()
    assert len(titles(house, "c")) == before
    at(house, 12, 1, 9)
    for _ in range(2):
        delegates.sweep(house.services)
    house.settle()
    assert len(titles(house, "c")) == before + 1
    told = house.last("c")
    assert told.title.startswith("You decide for s")
    assert [row.title for row in told.rows] == ["#1 喫茶 さくら"]
    open_it = told.rows[0].button
    assert open_it is not None
    house.taps("c", open_it)
    assert any(note.text == "You decide for s." for note in house.last("c").notes)
    house.taps("c", house.button("c", "Approve"))
    claim = house.claims()[0]
    assert claim.state == "approved"
    assert any("Approved by c for s" in title for title in titles(house, "w"))
    with house.services.db.snapshot(house.organization_id) as session:
        approved = session.scalars(select(AuditEvent).filter_by(action="claim.approved")).one()
    assert approved.data["for"] == claim.decisions[0].for_member_id


def test_what_is_handed_in_during_these_days_comes_to_both(house: House) -> None:
    types(house, "s", "delegate c@example.jp today to Friday")
    hands_in(house, "w", 1280)
    for user in ("s", "c"):
        assert house.last(user).title.startswith("#1 Waiting")
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[0].state == "approved"
    assert not any(card.buttons for card in house.cards("c") if card.title.startswith("#1"))


def test_before_the_first_and_after_the_last_day_the_button_says_why_not(house: House) -> None:
    hands_in(house, "w", 1280)
    approve = house.button("s", "Approve")
    types(house, "s", "delegate c@example.jp 12/1-12/7")
    house.taps("c", approve)
    assert house.last("c").title == "You decide for s from 1 Dec 2026 on."
    at(house, 12, 8, 0, 1)
    house.taps("c", approve)
    assert house.last("c").title == "You decided for s until 7 Dec 2026, not any more."
    assert house.claims()[0].state == "submitted"


def test_a_delegate_does_not_decide_their_own_claim(house: House) -> None:
    hands_in(house, "c", 1280)
    approve = house.button("s", "Approve")
    types(house, "s", "delegate c@example.jp 11/24-11/27")
    assert any("1 claims of c's own wait for s alone." in note.text for note in house.last("s").notes)
    house.taps("c", approve)
    assert house.last("c").title == "You cannot decide your own claim."
    assert house.claims()[0].state == "submitted"


def test_a_delegate_whose_own_turn_comes_later_gets_the_claim_and_decides_once_for_both(house: House) -> None:
    types(house, "a", "route add : manager > a@example.jp")
    hands_in(house, "w", 1280)
    types(house, "s", "delegate a@example.jp today to Friday")
    listed = house.last("a")
    assert [row.title for row in listed.rows] == ["#1 喫茶 さくら"]
    assert types(house, "a", "waiting") == "Waiting for your decision"
    assert listed.rows[0].button is not None
    house.taps("a", listed.rows[0].button)
    said = [note.text for note in house.last("a").notes]
    assert "You decide for s." in said
    assert "With this your own turn in a later step is done, too: nobody decides twice." in said
    house.taps("a", house.button("a", "Approve"))
    claim = house.claims()[0]
    assert claim.state == "approved"
    assert len(claim.decisions) == 1
    assert steps(house) == ["passed", "skipped"]
    assert any("Approved by a for s" in title for title in titles(house, "w"))


def test_when_that_is_taken_back_both_turns_are_open_again(house: House) -> None:
    types(house, "a", "route add : manager > a@example.jp")
    types(house, "s", "delegate a@example.jp today to Friday")
    hands_in(house, "w", 1280)
    house.taps("a", house.button("a", "Approve"))
    house.taps("a", house.button("a", "Undo"))
    assert steps(house) == ["open", "ahead"]
    assert not any("has decided before" in note.text for card in house.cards("w") for note in card.notes)
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[0].state == "in_approval"
    house.taps("a", house.button("a", "Approve"))
    assert house.claims()[0].state == "approved"


def test_between_the_two_turns_of_a_delegate_the_others_are_asked_as_ever(house: House) -> None:
    types(house, "a", "route add : manager > c@example.jp > a@example.jp")
    types(house, "s", "delegate a@example.jp today to Friday")
    hands_in(house, "w", 1280)
    house.taps("a", house.button("a", "Approve"))
    assert house.claims()[0].state == "in_approval"
    house.taps("c", house.button("c", "Approve"))
    assert house.claims()[0].state == "approved"
    assert steps(house) == ["passed", "passed", "skipped"]


def test_a_delegation_that_has_begun_shows_the_delegate_what_waits_at_once(house: House) -> None:
    hands_in(house, "w", 1280)
    types(house, "s", "delegate c@example.jp today to Friday")
    assert [row.title for row in house.last("c").rows] == ["#1 喫茶 さくら"]
    before = len(titles(house, "c"))
    delegates.sweep(house.services)
    house.settle()
    assert len(titles(house, "c")) == before


def test_off_ends_it_and_both_are_told(house: House) -> None:
    hands_in(house, "w", 1280)
    types(house, "s", "delegate c@example.jp today to Friday")
    approve = house.button("s", "Approve")
    assert types(house, "s", "delegate") == "Delegates"
    assert types(house, "s", "delegate off") == "c does not decide for s any more."
    assert titles(house, "c")[-1] == "c does not decide for s any more."
    house.taps("c", approve)
    assert "not any more" in house.last("c").title
    assert types(house, "s", "delegate").startswith("There is no delegate.")


def test_the_delegate_may_end_it_and_a_stranger_to_it_may_not(house: House) -> None:
    types(house, "s", "delegate c@example.jp 12/1-12/7")
    end = house.button("c", "End")
    house.taps("w", end)
    assert house.last("w").title == "Only s, their delegate or an administrator can end this."
    house.taps("c", end)
    assert titles(house, "s")[-1] == "c does not decide for s any more."
    house.taps("c", end)
    assert house.last("c").title == "This has ended already."


def test_an_administrator_arranges_it_for_somebody_who_is_ill(house: House) -> None:
    assert types(house, "a", "delegate c@example.jp 11/24-11/27 for=s@example.jp").startswith("c decides for s")
    for user in ("s", "c"):
        assert house.last(user).lead == "Arranged by a."
    answer = types(house, "w", "delegate w@example.jp 11/24-11/27 for=s@example.jp")
    assert answer == "Only people with the role “admin” can do this for somebody else."


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("s@example.jp 12/1-12/7", "Nobody can be their own delegate."),
        ("c@example.jp 11/1-11/7", "These days are over already."),
        ("c@example.jp 12/7-12/1", "The last day lies before the first."),
        ("c@example.jp", "Please say on which days, too"),
        ("c@example.jp someday", "Please write the days like this"),
        (
            "nobody@example.jp 12/1-12/7",
            "No member is called “nobody@example.jp”. Please write the whole e-mail address or name",
        ),
        ("c@example.jp 2026-12-01..2028-12-01", "Somebody can decide for another for a year at most."),
        ("", "There is no delegate."),
        ("off", "There is no delegate."),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(house: House, words: str, answer: str) -> None:
    assert types(house, "s", f"delegate {words}").startswith(answer)


def test_people_without_access_or_account_are_no_delegates(house: House) -> None:
    change(house, "c", active=False)
    assert types(house, "s", "delegate c@example.jp 12/1-12/7").startswith("No member is called")
    change(house, "c", active=True)
    with house.services.db.transaction(house.organization_id) as session:
        session.scalars(select(Identity).filter_by(user="c")).one().reachable = False
    assert "is not connected to the chat yet" in types(house, "s", "delegate c@example.jp 12/1-12/7")


def test_one_delegate_at_a_time(house: House) -> None:
    types(house, "s", "delegate c@example.jp 12/1-12/7")
    assert types(house, "s", "delegate a@example.jp 12/7-12/9").startswith("c is the delegate on these days already")
    assert types(house, "s", "delegate a@example.jp 12/8-12/9").startswith("a decides for s")


def test_who_is_away_themselves_is_said(house: House) -> None:
    types(house, "a", "delegate c@example.jp 12/1-12/3")
    types(house, "s", "delegate a@example.jp 12/1-12/7")
    assert any(note.text.startswith("a is away, too: 1 Dec 2026") for note in house.last("s").notes)
