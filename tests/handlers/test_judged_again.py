"""What was found after a claim was handed in: in lists, in the question before several are approved, at the tap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.chat import Card
from handlers.policies import findings, seen
from handlers.policies.base import Finding
from tests.handlers.house import House
from tests.handlers.lanes import links, words
from tests.handlers.waiting import at, hands_in, types

NOT_YET = "#1 is not approved yet: something was found since it was shown to you."
OVER = "Meeting: ¥1,280 is ¥280 over the limit of ¥1,000."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    at(built, 11, 24, 10)
    for rule in ("purpose-missing", "registration-number"):  # what the rules would note of every receipt here
        types(built, "a", f"rule {rule} off from=2026-01-01")
    yield built
    built.close()


def limit(house: House, strength: str = "reason", most: int = 1000) -> None:
    words = f"category=会議費 max={most} strength={strength} from=2026-01-01"
    assert types(house, "a", f"rule limit-category {words}") == "The rule is set."


def states(house: House) -> list[str]:
    return [claim.state for claim in house.claims()]


def card(house: House, user: str = "s") -> Card:
    """The newest card of a claim with an approver's buttons."""
    return next(c for c in reversed(house.cards(user)) if any(b.label == "Approve" for b in c.buttons))


@pytest.mark.parametrize("strength", ["note", "reason"])
def test_the_first_tap_shows_what_was_found_since_and_the_second_counts(house: House, strength: str) -> None:
    hands_in(house, "w", 1280)
    assert OVER not in words(card(house))
    limit(house, strength)
    house.taps("s", house.button("s", "Approve"))
    assert states(house) == ["submitted"]
    assert house.last("s").title == NOT_YET
    assert OVER in words(house.last("s"))
    assert OVER in words(card(house))  # the same card, in its place
    house.taps("s", house.button("s", "Approve"))
    assert states(house) == ["approved"]


def test_a_reason_that_nobody_was_asked_for_is_approved_knowingly_or_asked(house: House) -> None:
    hands_in(house, "w", 1280)
    limit(house)
    house.taps("s", house.button("s", "Approve"))
    assert "no reason was given: ask, send it back, or approve it knowingly." in words(card(house))
    house.fills("s", house.button("s", "Ask"), words="Why so much?")
    house.fills("w", house.button("w", "Answer"), words="Six people")
    house.taps("s", house.button("s", "Approve"))
    assert states(house) == ["approved"]
    [event] = links(house, "claim.approved")
    assert [key.split(":")[0] for key in event.data["unexplained"]] == ["limit-category"]


def test_what_was_explained_at_submission_is_no_news(house: House) -> None:
    limit(house)
    house.sends_receipt("w", 1280)
    [limited] = findings(house.claims()[0])
    house.fills("w", house.button("w", "Submit"), **{limited.key: "Six people"})
    house.taps("s", house.button("s", "Approve"))
    assert states(house) == ["approved"]
    [event] = links(house, "claim.approved")
    assert "unexplained" not in event.data


def test_where_cards_cannot_change_the_old_one_shows_it_again_every_time(house: House) -> None:
    house.paper.capabilities = replace(house.paper.capabilities, can_edit=False)
    hands_in(house, "w", 1280)
    old = house.button("s", "Approve")
    limit(house)
    for _ in range(2):
        house.taps("s", old)
        assert states(house) == ["submitted"]
        assert (NOT_YET in words(house.last("s")), OVER in words(house.last("s"))) == (True, True)
    house.taps("s", house.button("s", "Approve"))
    assert states(house) == ["approved"]


def test_what_somebody_else_found_in_between_does_not_count_as_seen(house: House) -> None:
    house.paper.capabilities = replace(house.paper.capabilities, can_edit=False)
    for amount in (1280, 900):
        hands_in(house, "w", amount)
    first = next(b for c in house.cards("s") for b in c.buttons if b.label == "Approve")
    limit(house)
    types(house, "s", "waiting")  # the finding is on the claim now, and was on no card of the reader's
    house.taps("s", first)
    assert states(house) == ["submitted"] * 2


def test_a_stop_stays_a_stop_however_often_it_was_seen(house: House) -> None:
    hands_in(house, "w", 1280)
    limit(house, "stop")
    types(house, "s", "waiting")
    for _ in range(2):
        house.taps("s", house.button("s", "Approve"))
        assert house.last("s").title.startswith("#1 cannot be approved as it is.")
    assert "It cannot be approved like this." in words(card(house))
    assert states(house) == ["submitted"]


def test_the_list_leaves_it_out_and_names_it(house: House) -> None:
    for amount in (1280, 900, 700):
        hands_in(house, "w", amount)
    limit(house)
    types(house, "s", "waiting")
    listed = house.last("s")
    assert [row.doubted for row in listed.rows] == [True, False, False]
    assert "Since they were handed in, something was found: #1." in words(listed)
    assert listed.buttons[0].label == "Approve the 2 clean ones"
    house.taps("s", listed.buttons[0])
    assert [row.title.split()[0] for row in house.last("s").rows] == ["#2", "#3"]
    assert "These need a look and stay out: #1." in words(house.last("s"))


def test_the_question_and_the_tap_ask_the_rules_once_more(house: House) -> None:
    for amount in (1280, 900, 700):
        hands_in(house, "w", amount)
    types(house, "s", "waiting")
    listed = house.last("s")
    limit(house)
    house.taps("s", listed.buttons[0])
    confirm = house.last("s")
    assert confirm.title == "Approve these 2 claims?"
    limit(house, most=800)
    house.taps("s", confirm.buttons[0])
    answer = house.last("s")
    assert answer.title == "1 claims approved: #3"
    assert [note.text for note in answer.notes] == [
        "#2: It needs a look. Meeting: ¥900 is ¥100 over the limit of ¥800."
    ]
    assert states(house) == ["submitted", "submitted", "approved"]


def test_none_left_is_said_and_what_was_found_is_kept(house: House) -> None:
    for amount in (1280, 900):
        hands_in(house, "w", amount)
    types(house, "s", "waiting")
    listed = house.last("s")
    limit(house, most=100)
    house.taps("s", listed.buttons[0])
    assert house.last("s").title == "There is no claim left that needs no look."
    assert all(claim.findings for claim in house.claims())


def test_an_opened_claim_shows_what_the_rules_say_now(house: House) -> None:
    hands_in(house, "w", 1280)
    limit(house)
    types(house, "s", "waiting")
    opens = next(row.button for row in house.last("s").rows)
    assert opens is not None
    house.taps("s", opens)
    assert OVER in words(house.last("s"))
    house.taps("s", house.button("s", "Approve"))
    assert states(house) == ["approved"]


def test_the_word_of_a_card_knows_each_finding_and_stays_short() -> None:
    found = [Finding("late", "Late", key=f"late:{n}", strength="note") for n in range(40)]
    few = seen.word(found[:3])
    assert seen.unseen(found[:4], few) == [found[3]]
    assert seen.unseen(found[:2], few) == []
    assert seen.unseen([replace(found[0], strength="reason")], few)  # it is another finding now
    many = seen.word(found)
    assert len(many) <= seen.MOST * seen.LENGTH
    assert seen.unseen(found, many) == []
    assert seen.unseen(found[1:], many) == found[1:]
