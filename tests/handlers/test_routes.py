"""Which way a claim takes, and what everybody on it sees and may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.chat import Card, Commanded
from storage.models import Claim
from tests.handlers.house import House
from tests.handlers.waiting import change


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def told(card: Card) -> str:
    return "\n".join([card.title, card.lead, *(note.text for note in card.notes)])


def orders(house: House, *lines: str) -> Card:
    for line in lines:
        house.does("a", Commanded(line))
        assert house.last("a").tone in ("good", "plain"), told(house.last("a"))
    return house.last("a")


def hands_in(house: House, user: str = "w", amount: int = 1280) -> Claim:
    house.sends_receipt(user, amount)
    house.taps(user, house.button(user, "Submit"))
    return house.claims()[-1]


def can(house: House, user: str) -> bool:
    """Whether this person's screen offers a decision."""
    return any(button.label == "Approve" for card in house.cards(user) for button in card.buttons)


def test_a_claim_goes_from_step_to_step_and_each_decides_when_it_is_their_turn(house: House) -> None:
    orders(house, "route add amount>=1000 : manager > a@example.jp")
    hands_in(house)
    assert (can(house, "s"), can(house, "a")) == (True, False)
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[0].state == "in_approval"
    assert (can(house, "s"), can(house, "a")) == (False, True)
    assert any("Supervisor (s ✓) → 【a】" in told(card) for card in house.cards("a"))
    house.taps("a", house.button("a", "Approve"))
    assert house.claims()[0].state == "approved"
    assert any("Approved by a" in card.title for card in house.cards("w"))


def test_a_small_claim_takes_another_way_and_without_a_fitting_line_the_supervisor_decides_alone(house: House) -> None:
    orders(house, "route add Large amount>=5000 : manager > a@example.jp", "route add amount<2000 : c@example.jp")
    hands_in(house, amount=1999)
    assert (can(house, "s"), can(house, "c")) == (False, True)
    hands_in(house, amount=3000)
    house.taps("s", house.button("s", "Approve"))
    assert [claim.state for claim in house.claims()] == ["submitted", "approved"]


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ("category=会議費", True),
        ("category=会議費,交際費", True),
        ("category=旅費交通費", False),
        ("department=営業部", True),
        ("department=総務課", False),
        ("grade=3", True),
        ("kind=request", False),
        ("project=x", False),
        ("amount=1000..1280", True),
        ("amount=1280..", True),
        ("金額=1281円〜", False),
        ("amount=..1279", False),
        ("amount>1280", False),
        ("金額>=0.1万", False),
    ],
)
def test_each_condition_picks_its_claims(house: House, condition: str, fits: bool) -> None:
    orders(house, "add w w@example.jp department=営業部 grade=3")
    house.does("a", Commanded(f"route add {condition} : c@example.jp"))
    hands_in(house)
    assert can(house, "c") == fits


def test_of_several_in_a_step_any_one_is_enough_or_all_are_needed(house: House) -> None:
    orders(house, "route add amount<2000 : s@example.jp | c@example.jp", "route add : s@example.jp & c@example.jp")
    hands_in(house, amount=1500)
    assert can(house, "s")
    assert can(house, "c")
    house.taps("c", house.button("c", "Approve"))
    assert house.claims()[0].state == "approved"
    assert not can(house, "s")
    hands_in(house, amount=2500)
    late = house.button("c", "Approve")
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[1].state == "submitted"
    house.taps("c", late)  # the card from before the other agreed shows the same claim
    assert house.claims()[1].state == "approved"


def test_the_applicant_never_decides_and_the_next_above_stands_in(house: House) -> None:
    orders(house, "route add : s@example.jp")
    hands_in(house, "s")
    assert not can(house, "s")
    assert any("s is the applicant; a decides instead." in told(card) for card in house.cards("a"))
    house.taps("a", house.button("a", "Approve"))
    assert house.claims()[0].state == "approved"


def test_a_vacant_post_goes_to_the_next_above_and_says_so(house: House) -> None:
    orders(
        house,
        "add w w@example.jp department=総務課",
        "post 部長 holder=a@example.jp",
        "post 課長 department=総務課 holder=s@example.jp above=部長",
        "route add : 課長",
    )
    hands_in(house, amount=1000)
    assert can(house, "s")
    orders(house, "post 課長 department=総務課 holder=vacant")
    house.sends_receipt("w", 2000)
    assert "The post 課長 is vacant; a (部長) decides instead." in told(house.last("w"))
    house.taps("w", house.button("w", "Submit"))
    house.taps("a", house.button("a", "Approve"))
    assert [claim.state for claim in house.claims()] == ["submitted", "approved"]


def test_nobody_above_a_vacant_post_is_said_before_submission_and_refused(house: House) -> None:
    orders(house, "post 課長 holder=c@example.jp", "route add : manager > 課長", "post 課長 holder=vacant")
    house.sends_receipt("w", 1000)
    house.taps("w", house.button("w", "Submit"))
    assert "is vacant, and nobody is above it" in house.last("w").title
    assert house.claims()[0].state == "draft"


def test_a_role_that_nobody_has_goes_to_the_next_above_and_says_so(house: House) -> None:
    orders(house, "route add : manager > role:accountant")
    house.sends_receipt("w", 1280)
    assert "Nobody else has the role “Accountant”; a decides instead." in told(house.last("w"))
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Approve"))
    assert (house.claims()[0].state, can(house, "a"), can(house, "c")) == ("in_approval", True, False)
    house.taps("a", house.button("a", "Approve"))
    assert house.claims()[0].state == "approved"


def test_with_nobody_above_a_role_that_nobody_has_is_the_administrators(house: House) -> None:
    change(house, "s", manager_id=None)
    orders(house, "route add : manager > role:accountant")
    house.sends_receipt("w", 1280)
    assert "This claim goes: Supervisor (s) → Accountant (a)." in told(house.last("w"))
    assert "a decides instead." in told(house.last("w"))


def test_with_nobody_left_for_a_role_the_claim_is_refused_and_says_why(house: House) -> None:
    change(house, "s", manager_id=None)
    orders(house, "route add : manager > role:accountant")
    change(house, "a", roles=["approver"])
    change(house, "w", locale="ja")
    house.sends_receipt("w", 1000)
    why = "承認経路に役割「経理」がありますが、その役割の人もその上位者もいません。管理者に連絡してください。"
    assert why in told(house.last("w"))
    house.taps("w", house.button("w", "提出"))
    assert house.last("w").title == why
    assert house.claims()[0].state == "draft"


def test_the_only_one_with_a_role_does_not_decide_their_own_claim(house: House) -> None:
    orders(house, "route add : manager > role:accountant", "add w w@example.jp roles=accountant")
    hands_in(house)
    house.taps("s", house.button("s", "Approve"))
    assert (can(house, "w"), can(house, "a")) == (False, True)


def test_who_would_decide_twice_decides_once_in_the_later_step(house: House) -> None:
    orders(house, "route add : manager > c@example.jp > s@example.jp")
    house.sends_receipt("w", 1280)
    assert "This claim goes: c → s." in told(house.last("w"))
    assert "s decides once, in a later step." in told(house.last("w"))
    house.taps("w", house.button("w", "Submit"))
    assert (can(house, "s"), can(house, "c")) == (False, True)
    house.taps("c", house.button("c", "Approve"))
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[0].state == "approved"


def test_a_role_of_several_is_left_to_those_who_have_not_decided(house: House) -> None:
    orders(house, "add s s@example.jp roles=accountant", "add c c@example.jp roles=accountant")
    orders(house, "route add : manager > role:accountant")
    hands_in(house)
    house.taps("s", house.button("s", "Approve"))
    assert (can(house, "s"), can(house, "c")) == (False, True)
    house.taps("c", house.button("c", "Approve"))
    assert house.claims()[0].state == "approved"


def test_a_claim_can_be_withdrawn_until_the_last_decision_from_its_first_card(house: House) -> None:
    orders(house, "route add : manager > a@example.jp")
    hands_in(house)
    withdraw = house.button("w", "Withdraw")
    house.taps("s", house.button("s", "Approve"))
    house.taps("w", withdraw)
    assert house.claims()[0].state == "draft"
    assert not can(house, "a")
    house.taps("w", house.button("w", "Submit"))
    assert (can(house, "s"), can(house, "a")) == (True, False)


def test_what_was_decided_on_an_earlier_submission_is_not_taken_for_a_word_on_this_one(house: House) -> None:
    orders(house, "route add : manager > a@example.jp")
    hands_in(house)
    house.taps("s", house.button("s", "Approve"))
    assert [note.tone for note in house.last("w").notes if "Approved by s" in note.text] == ["good"]
    house.taps("w", house.button("w", "Withdraw"))
    house.fills("w", house.button("w", "Edit"), amount="9000")
    for user in "ws":  # the draft's card, then the approver's anew
        before = [note for note in house.last(user).notes if "Approved by s" in note.text]
        assert [note.tone for note in before] == ["plain"]
        assert before[0].text.startswith("Of an earlier submission: Approved by s (")
        house.taps("w", house.button("w", "Submit")) if user == "w" else None
    house.taps("s", house.button("s", "Approve"))
    present = [note for note in house.last("a").notes if "Approved by s" in note.text]
    assert [note.tone for note in present] == ["plain", "good"]


def test_why_a_claim_was_sent_back_stands_out_until_it_is_submitted_again(house: House) -> None:
    hands_in(house)
    house.taps("s", house.button("s", "Send back"))
    sent_back = [note for card in house.cards("w") for note in card.notes if note.text.startswith("Sent back by s")]
    assert {note.tone for note in sent_back} == {"doubt"}
    house.taps("w", house.button("w", "Submit"))
    assert "Of an earlier submission: Sent back by s" in told(house.last("s"))


def test_what_changed_since_the_last_submission_stands_on_the_card(house: House) -> None:
    hands_in(house)
    house.taps("s", house.button("s", "Send back"))
    house.fills("w", house.button("w", "Edit"), amount="1380", purpose="打合せ")
    house.taps("w", house.button("w", "Submit"))
    asked = told(house.last("s"))
    assert "Changed: Total ¥1,280 → ¥1,380" in asked
    assert "Changed: Purpose — → 打合せ" in asked
    assert "Payee" not in asked
    house.taps("s", house.button("s", "Send back"))
    house.taps("w", house.button("w", "Submit"))
    assert "Nothing was changed since it was last submitted." in told(house.last("s"))
    assert [decision.verdict for decision in house.claims()[0].decisions] == ["returned", "returned"]


# --- taking a decision back -------------------------------------------------------------------------------------------


def moved(house: House, **by: float) -> None:
    now = house.services.clock() + dt.timedelta(**by)
    house.services.clock = lambda: now


@pytest.mark.parametrize("verdict", ["Approve", "Send back", "Reject"])
def test_ones_own_decision_is_taken_back_within_a_minute_and_the_claim_waits_again(house: House, verdict: str) -> None:
    moved(house)
    hands_in(house)
    house.taps("s", house.button("s", verdict))
    moved(house, seconds=59)
    house.taps("s", house.button("s", "Undo"))
    claim = house.claims()[0]
    assert (claim.state, [decision.undone_at is not None for decision in claim.decisions]) == ("submitted", [True])
    assert "#1 waits again" in house.last("w").title
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[0].state == "approved"


def test_after_a_minute_a_decision_stands(house: House) -> None:
    moved(house)
    hands_in(house)
    house.taps("s", house.button("s", "Approve"))
    undo = house.button("s", "Undo")
    moved(house, seconds=61)
    house.taps("s", undo)
    assert house.last("s").title == "A decision can be taken back for a minute. That time is over."
    assert house.claims()[0].state == "approved"


def test_what_was_followed_by_another_decision_is_not_taken_back_nor_by_anybody_else(house: House) -> None:
    orders(house, "route add : manager > a@example.jp")
    hands_in(house)
    house.taps("s", house.button("s", "Approve"))
    undo = house.button("s", "Undo")
    house.taps("c", undo)
    assert house.last("c").title == "Only who decided can take it back."
    house.taps("a", house.button("a", "Approve"))
    house.taps("s", undo)
    assert "Something has followed" in house.last("s").title
    assert house.claims()[0].state == "approved"
    house.taps("a", house.button("a", "Undo"))
    assert house.claims()[0].state == "in_approval"
    assert (can(house, "s"), can(house, "a")) == (False, True)


def test_a_step_that_was_passed_opens_again_for_all_of_its_people(house: House) -> None:
    orders(house, "route add : s@example.jp | c@example.jp > a@example.jp")
    hands_in(house)
    house.taps("s", house.button("s", "Approve"))
    house.taps("s", house.button("s", "Undo"))
    assert house.claims()[0].state == "submitted"
    assert (can(house, "s"), can(house, "c"), can(house, "a")) == (True, True, False)
    house.taps("c", house.button("c", "Approve"))
    house.taps("a", house.button("a", "Approve"))
    assert house.claims()[0].state == "approved"


# --- administrators and accountants -----------------------------------------------------------------------------------


def test_routes_are_listed_moved_tried_and_removed(house: House) -> None:
    orders(house, "route add 高額 金額 >= 10万円 科目=会議費 : 上司 > 役割:管理者", "route add : manager")
    listed = orders(house, "route")
    assert [row.title for row in listed.rows] == ["1. 高額", "2."]
    assert listed.rows[0].detail == "amount>=100000 category=Meeting : manager > role:admin"
    tried = orders(house, "route try 120000 category=会議費 as=w@example.jp")
    assert tried.title == "Route 1 高額 fits."
    assert "This claim goes: Supervisor (s) → Administrator (a)." in told(tried)
    assert orders(house, "route try 5000 as=w@example.jp").title == "Route 2 fits."
    assert [row.title for row in orders(house, "route move 2 1").rows] == ["1.", "2. 高額"]
    orders(house, "route remove 1")
    assert [row.title for row in orders(house, "route").rows] == ["1. 高額"]


def test_a_line_that_is_never_reached_is_said(house: House) -> None:
    orders(house, "route add : manager", "route add amount>=1 : c@example.jp")
    assert "never reached" in told(house.last("a"))


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("route add amount>=1000", "a colon, and the steps"),
        ("route add amount>=many : manager", "is not an amount"),
        ("route add colour=red : manager", "is not a condition"),
        ("route add category=? : manager", "“?” is not known here. Possible: "),
        ("route add : manager > 局長", "neither a post nor a role"),
        ("route add : manager > ", "A step is empty"),
        ("route add : manager & a@example.jp | c@example.jp", "not both"),
        ("route add : role:king", "is not a role"),
        ("route add : nobody@example.jp", "No member is called"),
        ("route add kind=gift : manager", "is not a kind of claim"),
        ("route add amount=9..1 : manager", "No amount is in this range"),
        ("route add amount=.. : manager", "“..” is not an amount"),
        ("route remove 7", "There is no route “7”"),
        ("route dance", "For example: /keihi route add"),
        ("post", ""),
        ("post 課長 floor=3", "Possible: department="),
        ("post above=部長", "For example: /keihi post"),
        ("post 課長 above=社長", "There is no post “社長”"),
        ("post remove 課長", "There is no post “課長”"),
    ],
)
def test_a_line_that_makes_no_sense_is_answered_with_what_would(house: House, line: str, answer: str) -> None:
    house.does("a", Commanded(line))
    assert answer in told(house.last("a"))
    house.does("a", Commanded("route"))
    assert not house.last("a").rows


def test_a_post_is_never_above_itself(house: House) -> None:
    orders(house, "post 部長", "post 課長 above=部長")
    house.does("a", Commanded("post 部長 above=課長"))
    assert "cannot be above" in house.last("a").title
    detail = {row.title: row.detail for row in orders(house, "post").rows}
    assert detail == {"部長": "Whole organisation · vacant", "課長": "Whole organisation · vacant · Above: 部長"}


def test_who_leaves_hands_over_their_seats_and_posts(house: House) -> None:
    orders(house, "post 課長 holder=s@example.jp", "route add : 課長 > a@example.jp")
    hands_in(house)
    house.does("a", Commanded("remove s@example.jp manager=a@example.jp"))
    assert "Vacant now: 課長." in house.last("a").lead
    house.taps("a", house.button("a", "Approve"))
    claim = house.claims()[0]
    assert (claim.state, len(claim.decisions)) == ("approved", 1)


def test_only_the_accountant_marks_claims_exported_and_paid_and_only_approved_ones(house: House) -> None:
    for amount in (1000, 2000, 3000):
        hands_in(house, amount=amount)
    house.taps("s", house.button("s", "Approve"))
    undo = house.button("s", "Undo")
    orders(house, "add c c@example.jp roles=accountant")
    house.does("w", Commanded("paid 3"))
    assert "accountant" in house.last("w").title
    house.does("c", Commanded("exported #1-3"))
    assert house.last("c").title == "1 claims are marked as exported: ¥3,000"
    assert "#1: Waiting for approval" in told(house.last("c"))
    house.does("c", Commanded("paid 3 9"))
    assert "#9: not found" in told(house.last("c"))
    assert [claim.state for claim in house.claims()] == ["submitted", "submitted", "paid"]
    house.taps("s", undo)
    assert house.claims()[2].state == "paid"
