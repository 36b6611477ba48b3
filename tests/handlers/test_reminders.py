"""Nobody is woken, nobody is told twice, and what costs is saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.approvals import escalation, reminders
from handlers.chat import Capabilities, Said
from handlers.services import Services
from storage import audit
from storage.db import Database
from storage.models import AuditEvent
from tests.handlers.house import House
from tests.handlers.waiting import at, change, hands_in, titles, types

REMINDER = "claims wait for your decision."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    at(built, 11, 24, 8, 30)  # a Tuesday
    yield built
    built.close()


def reminded(house: House, user: str) -> int:
    """How many reminders stand on this person's screen after another look at the clock."""
    for _ in range(2):
        reminders.sweep(house.services)
    house.settle()
    return sum(REMINDER in title for title in titles(house, user))


def test_what_has_waited_for_a_day_comes_once_at_the_hour(house: House) -> None:
    hands_in(house, "w", 1280)
    hands_in(house, "c", 900)
    at(house, 11, 24, 18)
    assert reminded(house, "s") == 0  # not a day yet
    at(house, 11, 25, 8, 59)
    assert reminded(house, "s") == 0  # not yet nine
    at(house, 11, 25, 9)
    assert reminded(house, "s") == 1
    assert house.last("s").title == f"2 {REMINDER}"
    at(house, 11, 25, 17)
    assert reminded(house, "s") == 1
    at(house, 11, 26, 9)
    assert reminded(house, "s") == 2
    for user in "wca":
        assert not any(REMINDER in title for title in titles(house, user))


def test_what_was_decided_in_the_meantime_is_not_asked_for(house: House) -> None:
    hands_in(house, "w", 1280)
    house.taps("s", house.button("s", "Approve"))
    at(house, 11, 26, 9)
    assert reminded(house, "s") == 0


@pytest.mark.parametrize(
    ("month", "day", "hour"), [(11, 28, 10), (11, 29, 10), (12, 29, 10), (11, 26, 19), (11, 26, 7)]
)
def test_nobody_is_reminded_on_a_day_off_or_in_quiet_hours(house: House, month: int, day: int, hour: int) -> None:
    hands_in(house, "w", 1280)
    at(house, month, day, hour)
    assert reminded(house, "s") == 0


def test_the_hour_is_that_of_the_clock_on_the_persons_wall(house: House) -> None:
    hands_in(house, "w", 1280)
    assert types(house, "s", "timezone europe/london") == "Your time zone is Europe/London. It is 23:30 there."
    at(house, 11, 26, 9)
    assert reminded(house, "s") == 0
    at(house, 11, 26, 18)  # nine o'clock in London
    assert reminded(house, "s") == 1
    assert types(house, "s", "timezone Mars/Olympus").startswith("Please write the name of a time zone")


def test_a_delegate_is_reminded_too_and_sees_for_whom(house: House) -> None:
    hands_in(house, "w", 1280)
    types(house, "s", "delegate c@example.jp 11/24-11/27")
    at(house, 11, 26, 9)
    assert (reminded(house, "s"), reminded(house, "c")) == (1, 1)
    assert "for s" in house.last("c").rows[0].detail
    assert "for s" not in house.last("s").rows[0].detail


def counting(house: House, left: int | None) -> None:
    house.paper.capabilities = replace(Capabilities(True, True, False, True), counts_pushes=True)
    house.paper.left = left


def test_where_few_messages_are_left_the_next_answer_carries_the_reminder_once(house: House) -> None:
    hands_in(house, "w", 1280)
    counting(house, 50)
    at(house, 11, 26, 9)
    assert reminded(house, "s") == 0
    assert types(house, "a", "remind") == "Reminders"
    assert ("Reminders that wait for the next message", "1") in [(f.label, f.value) for f in house.last("a").fields]
    house.does("s", Said("hello"))
    answer = house.last("s")
    assert any(note.text == f"1 {REMINDER}" for note in answer.notes)
    assert answer.choices[-1].label == "What waits for me"
    house.does("s", Said("hello again"))
    assert not any(REMINDER in note.text for note in house.last("s").notes)
    assert reminded(house, "s") == 0


def test_a_reminder_that_was_kept_says_nothing_when_all_was_decided_since(house: House) -> None:
    hands_in(house, "w", 1280)
    counting(house, 0)
    at(house, 11, 26, 9)
    reminded(house, "s")
    with house.services.db.snapshot(house.organization_id) as session:
        assert reminders.held_back(session) == 1
    house.taps("w", house.button("w", "Withdraw"))
    house.does("s", Said("hello"))
    assert not any(REMINDER in note.text for card in house.cards("s") for note in card.notes)


@pytest.mark.parametrize("left", [51, None])
def test_where_enough_are_left_or_nobody_counts_a_message_is_sent(house: House, left: int | None) -> None:
    hands_in(house, "w", 1280)
    counting(house, left)
    at(house, 11, 26, 9)
    assert reminded(house, "s") == 1


def test_the_last_message_to_spare_goes_to_one_person_only(house: House) -> None:
    hands_in(house, "w", 1280)
    types(house, "s", "delegate c@example.jp 11/24-11/27")
    counting(house, 51)
    at(house, 11, 26, 9)
    assert reminded(house, "s") + reminded(house, "c") == 1


def test_an_administrator_sets_the_hours_and_nobody_else(house: House) -> None:
    hands_in(house, "w", 1280)
    assert types(house, "a", "remind hour=14 days=5 quiet=20-7 reserve=10") == "Reminders are set"
    shown = {field.label: field.value for field in house.last("a").fields}
    assert shown["Daily reminder"] == "14:00"
    assert shown["Next above is asked"] == "after 5 business days"
    assert shown["Quiet hours"] == "20:00–7:00"
    at(house, 11, 26, 13)
    assert reminded(house, "s") == 0
    at(house, 11, 26, 14)
    assert reminded(house, "s") == 1
    types(house, "a", "remind hour=off")
    at(house, 11, 27, 14)
    assert reminded(house, "s") == 1
    assert types(house, "w", "remind hour=9").startswith("Only people with the role")


@pytest.mark.parametrize(
    "word", ["hour=24", "hour=nine", "days=0", "days=61", "quiet=25-3", "quiet=8", "often", "hour="]
)
def test_settings_that_make_no_sense_are_answered_with_how_they_are_written(house: House, word: str) -> None:
    assert types(house, "a", f"remind {word}").startswith(f"I do not understand “{word}”.")


def test_an_hour_at_which_nobody_could_be_reminded_is_refused(house: House) -> None:
    assert types(house, "a", "remind hour=20").startswith("20:00 lies in the quiet hours")


# --- the next above ---------------------------------------------------------------------------------------------------


def escalated(house: House) -> None:
    for _ in range(2):
        escalation.sweep(house.services)
    house.settle()


def test_after_three_business_days_the_next_above_may_decide_too(house: House) -> None:
    at(house, 11, 20, 10)  # a Friday; Monday is a holiday
    hands_in(house, "w", 1280)
    at(house, 11, 25, 10)  # the second business day after it
    escalated(house)
    assert titles(house, "a") == []
    at(house, 11, 26, 10)
    escalated(house)
    [card] = house.cards("a")
    assert card.title.startswith("#1 Waiting")
    assert any(note.text == "You decide for s." for note in card.notes)
    assert any("a may decide" in note.text for note in house.last("s").notes)
    house.taps("a", house.button("a", "Approve"))
    claim = house.claims()[0]
    assert claim.state == "approved"
    assert any("Approved by a for s" in title for title in titles(house, "w"))
    with house.services.db.snapshot(house.organization_id) as session:
        assert audit.verify(session)[1] is None


def test_the_owner_of_the_seat_goes_on_deciding(house: House) -> None:
    hands_in(house, "w", 1280)
    at(house, 11, 27, 10)
    escalated(house)
    late = house.button("a", "Approve")
    house.taps("s", house.button("s", "Approve"))
    assert not house.cards("a")[0].buttons
    house.taps("a", late)
    assert house.last("a").title.startswith("Already approved (s,")
    assert len(house.claims()[0].decisions) == 1


def test_nobody_is_asked_about_their_own_claim_and_the_search_ends(house: House) -> None:
    """The supervisor of s is a, whose supervisor is s: nobody is left above for a claim of s."""
    hands_in(house, "s", 1280)
    before = len(titles(house, "s"))
    at(house, 11, 27, 10)
    escalated(house)
    assert len(titles(house, "s")) == before
    assert house.claims()[0].state == "submitted"


def test_the_post_above_is_asked_before_the_supervisor(house: House) -> None:
    types(house, "a", "post 部長 holder=c@example.jp")
    types(house, "a", "post 課長 holder=s@example.jp above=部長")
    types(house, "a", "route add 全員 : 課長")
    hands_in(house, "w", 1280)
    at(house, 11, 27, 10)
    escalated(house)
    assert any(note.text == "You decide for s." for note in house.last("c").notes)
    assert not any(title.startswith("#1") for title in titles(house, "a"))


def test_two_processes_that_look_at_the_clock_at_once_remind_and_ask_once(tmp_path: Path, database: Database) -> None:
    built = House(tmp_path, database)
    at(built, 11, 20, 10)
    hands_in(built, "w", 1280)
    at(built, 11, 27, 10)
    gate = threading.Barrier(4)

    def look(sweep: Callable[[Services], None]) -> None:
        gate.wait(timeout=30)
        sweep(built.services)

    sweeps = (reminders.sweep, reminders.sweep, escalation.sweep, escalation.sweep)
    threads = [threading.Thread(target=look, args=(sweep,)) for sweep in sweeps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    built.settle()
    assert sum(REMINDER in title for title in titles(built, "s")) == 1
    assert sum(title.startswith("#1 Waiting") for title in titles(built, "a")) == 1
    with database.snapshot(built.organization_id) as session:
        assert len(session.scalars(select(AuditEvent).filter_by(action="claim.escalated")).all()) == 1
        assert audit.verify(session)[1] is None
    built.close()


def test_who_left_is_passed_over(house: House) -> None:
    hands_in(house, "w", 1280)
    change(house, "a", active=False)
    at(house, 11, 27, 10)
    escalated(house)
    assert titles(house, "a") == []


def test_nothing_goes_up_at_night_or_where_it_is_switched_off(house: House) -> None:
    hands_in(house, "w", 1280)
    at(house, 11, 27, 22)
    escalated(house)
    assert titles(house, "a") == []
    at(house, 11, 30, 10)
    types(house, "a", "remind days=off")
    before = len(titles(house, "a"))
    escalated(house)
    assert len(titles(house, "a")) == before
