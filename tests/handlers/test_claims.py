"""What holds for a claim whatever anybody does in whatever order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers import actions
from handlers.chat import Commanded, FormSent, Said, Tapped
from storage.db import Database
from tests.handlers.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def test_a_photo_two_taps_and_the_claim_is_approved(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Approve"))
    [claim] = house.claims()
    assert (claim.state, claim.expenses[0].amount, len(claim.decisions)) == ("approved", 1280, 1)
    assert any("Approved by s" in card.title for card in house.cards("w"))
    assert [b.label for card in house.cards("s") if card.title.startswith("#1") for b in card.buttons] == ["Undo"]


def test_a_second_tap_says_who_was_first_and_changes_nothing(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    approve, reject = house.button("s", "Approve"), house.button("s", "Reject")
    house.taps("s", approve)
    house.taps("s", approve)
    assert house.last("s").title.startswith("Already approved (s,")
    house.taps("s", reject)
    assert house.last("s").title.startswith("Already approved (s,")
    assert len(house.claims()[0].decisions) == 1


def test_of_two_taps_at_the_same_moment_one_decides_and_the_other_is_told(tmp_path: Path, database: Database) -> None:
    house = House(tmp_path, database)
    for round_number in range(5):
        house.sends_receipt("w", 1000 + round_number)
        house.taps("w", house.button("w", "Submit"))
        approve = house.button("s", "Approve")
        reject = actions.read(house.services.keys, house.button("s", "Reject").token)
        form = house.services.keys.sign("action", ["reject", reject.subject, reject.version, ""])
        acts = (Tapped(approve.token), FormSent(form, (("reason", "no"),)))
        threads = [threading.Thread(target=house.starts, args=("s", act)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        house.settle()
        claim = house.claims()[-1]
        assert claim.state in ("approved", "rejected")
        assert len(claim.decisions) == 1
        assert house.last("s").title.startswith("Already ")
    house.close()


def test_nobody_decides_their_own_claim_or_one_that_is_not_theirs(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    approve = house.button("s", "Approve")
    house.taps("w", approve)
    assert house.last("w").title == "You cannot decide your own claim."
    for other in ("a", "c"):
        house.taps(other, approve)
        assert house.last(other).title == "This claim is not yours to decide."
    assert house.claims()[0].state == "submitted"


def test_another_person_cannot_submit_edit_or_delete_a_draft(house: House) -> None:
    house.sends_receipt("w", 1280)
    for label in ("Submit", "Edit", "Delete"):
        house.taps("c", house.button("w", label))
        assert "it is their claim" in house.last("c").title
    assert (house.claims()[0].state, house.claims()[0].version) == ("draft", 1)


def test_a_returned_claim_is_corrected_submitted_again_and_the_old_card_does_nothing(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    old = house.button("s", "Approve")
    house.taps("s", house.button("s", "Send back"))
    assert house.claims()[0].state == "returned"
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", old)
    assert house.claims()[0].state == "submitted"
    house.taps("s", house.button("s", "Approve"))
    claim = house.claims()[0]
    assert [d.verdict for d in claim.decisions] == ["returned", "approved"]


def test_the_same_file_again_points_its_owner_to_the_first_and_tells_others_nothing(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.sends_receipt("w", 1280)
    assert house.last("w").title.startswith("You sent this receipt before: it is claim #1")
    house.sends_receipt("c", 1280)
    assert house.last("c").title == "The same receipt is already in another claim."
    assert len(house.claims()) == 1


def test_a_line_of_text_after_the_photo_becomes_its_purpose_when_the_person_says_so(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.does("w", Said("打合せ"))
    assert house.claims()[0].purpose == ""
    house.taps("w", house.button("w", "Use as purpose"))
    assert house.claims()[0].purpose == "打合せ"


def test_the_same_event_twice_is_answered_once(house: House) -> None:
    house.does("a", Commanded("whoami"), event_id="same")
    before = len(house.cards("a"))
    house.does("a", Commanded("whoami"), event_id="same")
    assert len(house.cards("a")) == before == 1


def test_what_one_person_does_is_answered_in_the_order_in_which_it_was_done(house: House) -> None:
    house.sends_receipt("w", 1280)
    delete, submit = house.button("w", "Delete"), house.button("w", "Submit")
    first, second = house.remembers("w", Tapped(delete.token)), house.remembers("w", Tapped(submit.token))
    house.answers(second)  # its job happens to start first
    house.answers(first)
    house.settle()
    assert house.claims()[0].state == "cancelled"
    assert house.last("w").title == "Claim #1 was deleted."


def test_an_albums_list_keeps_a_line_for_each_receipt_when_they_were_submitted_together(house: House) -> None:
    house.sends_album("w", (1100, 1200, 1300))
    assert [row.value for row in house.last("w").rows] == ["¥1,100", "¥1,200", "¥1,300"]
    house.taps("w", house.button("w", "Submit 3 together"))
    [claim] = [claim for claim in house.claims() if claim.state == "submitted"]
    assert [expense.amount for expense in claim.expenses] == [1100, 1200, 1300]
    listed = next(card for card in house.cards("w") if card.title == "3 receipts are read")
    assert [row.value for row in listed.rows] == ["¥1,100", "¥1,200", "¥1,300"]
    assert not listed.buttons


def test_a_claim_of_several_receipts_can_be_looked_at_mended_and_divided_line_by_line(house: House) -> None:
    house.sends_album("w", (1100, 1200))
    house.taps("w", house.button("w", "Submit 2 together"))
    asked = house.last("s")
    assert [row.value for row in asked.rows] == ["¥1,100", "¥1,200"]
    assert asked.rows[1].button is not None
    house.taps("s", asked.rows[1].button)
    seen = house.last("s")
    assert seen.picture is not None
    assert not seen.buttons
    house.taps("s", house.button("s", "Send back"))
    claim = next(c for c in house.claims() if c.state == "returned")
    house.paper.forms.clear()
    house.opens_line("w", claim, 1)
    house.fills("w", house.button("w", "Edit"), amount="2200")
    assert [e.amount for e in house.claims()[0].expenses] == [1100, 2200]
    house.opens_line("w", house.claims()[0], 0)
    house.taps("w", house.button("w", "Take out"))
    assert [[e.amount for e in c.expenses] for c in house.claims() if c.state != "cancelled"] == [[2200], [1100]]


def test_a_supervisor_does_not_leave_before_somebody_takes_over(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.does("a", Commanded("remove s@example.jp"))
    assert "please name who takes over" in house.last("a").title.lower()
    old = house.button("s", "Approve")
    house.does("a", Commanded("remove s@example.jp manager=c@example.jp"))
    house.taps("s", old)
    assert house.claims()[0].state == "submitted"
    house.taps("c", house.button("c", "Approve"))
    assert house.claims()[0].state == "approved"


def test_who_takes_over_from_their_own_supervisor_is_never_their_own(house: House) -> None:
    """The administrator and the supervisor supervise each other."""
    house.sends_receipt("a", 1280)
    house.taps("a", house.button("a", "Submit"))
    house.does("a", Commanded("remove s@example.jp manager=a@example.jp"))
    assert house.last("a").title == "a has claims of their own to be decided. Please name somebody else."
    house.taps("a", house.button("a", "Withdraw"))
    house.does("a", Commanded("remove s@example.jp manager=a@example.jp"))
    assert house.last("a").tone == "good"
    house.taps("a", house.button("a", "Submit"))
    assert house.last("a").title == "No supervisor is set for you yet. Please ask your administrator."


def test_only_administrators_may_add_people(house: House) -> None:
    house.does("w", Commanded("add 新人 new@example.jp"))
    assert "admin" in house.last("w").title
    house.does("a", Commanded("add 新人 new@example.jp manager=s@example.jp roles=approver department=総務課"))
    assert house.last("a").title == "新人 was added."
    house.does("a", Commanded("members"))
    assert [row.title for row in house.last("a").rows] == ["a", "s", "w", "c", "新人"]


@pytest.mark.parametrize(
    "line",
    ["add", "add x", "add x not-an-address", "add x x@example.jp roles=king", "add x x@example.jp boss=y", "dance"],
)
def test_a_command_that_makes_no_sense_gets_a_sentence_and_changes_nothing(house: House, line: str) -> None:
    house.does("a", Commanded(line))
    assert house.last("a").tone == "doubt"
    house.does("a", Commanded("members"))
    assert len(house.last("a").rows) == 4


@pytest.mark.parametrize("token", ["", "x", "WyJhcHByb3ZlIl0.abc", "Iml0Ig.AAAA"])
def test_a_forged_button_does_nothing(house: House, token: str) -> None:
    house.does("s", Tapped(token))
    assert house.last("s").title == "This button is not valid. Please use the newest message."
