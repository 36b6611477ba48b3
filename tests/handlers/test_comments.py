"""Words about a claim, without a decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.chat import FormSent
from tests.handlers.house import House
from tests.handlers.waiting import at, hands_in, titles, types


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    at(built, 11, 24, 10)
    hands_in(built, "w", 1280)
    yield built
    built.close()


def notes(house: House, user: str) -> list[str]:
    """The notes on this person's card of the claim."""
    return [n.text for card in house.cards(user) if card.title.startswith("#1 Waiting") for n in card.notes]


def test_a_question_is_answered_and_nothing_is_decided(house: House) -> None:
    version = house.claims()[0].version
    house.fills("s", house.button("s", "Ask"), words="Who was there?")
    assert house.last("s").title == "Sent to w."
    assert any("Question of s" in title and "Who was there?" in title for title in titles(house, "w"))
    house.fills("w", house.button("w", "Answer"), words="Two people of Bandai town")
    assert any("Answer of w" in title and "Two people of Bandai town" in title for title in titles(house, "s"))
    for user in ("w", "s"):
        told = notes(house, user)
        assert "Who was there?" in told[-2]
        assert "Two people of Bandai town" in told[-1]
    claim = house.claims()[0]
    assert (claim.state, claim.version, claim.decisions) == ("submitted", version, [])
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[0].state == "approved"


def test_a_question_is_answered_once(house: House) -> None:
    house.fills("s", house.button("s", "Ask"), words="Who was there?")
    answer = house.button("w", "Answer")
    house.fills("w", answer, words="Two people")
    house.taps("w", answer)
    assert house.last("w").title == "No question about claim #1 is open."
    assert not any(b.label == "Answer" for c in house.cards("w") if c.title.startswith("#1 Waiting") for b in c.buttons)


def test_an_answer_reaches_everybody_who_asked(house: House) -> None:
    types(house, "s", "delegate c@example.jp 11/24-11/27")
    house.fills("s", house.button("s", "Ask"), words="Who was there?")
    row = next(row for row in house.cards("c")[-1].rows if row.button)
    assert row.button is not None
    house.taps("c", row.button)
    house.fills("c", house.button("c", "Ask"), words="Where was it?")
    house.fills("w", house.button("w", "Answer"), words="In Bandai")
    for user in ("s", "c"):
        assert any("Answer of w" in title for title in titles(house, user))


def test_only_who_decides_may_ask_and_only_the_applicant_answers(house: House) -> None:
    ask = house.button("s", "Ask")
    house.taps("c", ask)
    assert house.last("c").title == "This claim is not yours to decide."
    house.taps("w", ask)
    assert house.last("w").title == "You cannot decide your own claim."
    house.fills("s", ask, words="Who was there?")
    house.taps("c", house.button("w", "Answer"))
    assert "it is their claim" in house.last("c").title


def test_nothing_asked_is_refused_and_after_the_decision_nothing_is_asked(house: House) -> None:
    ask = house.button("s", "Ask")
    house.does("s", FormSent(ask.token, (("words", "  "),)))
    assert house.last("s").title == "Please write a few words."
    house.taps("s", house.button("s", "Approve"))
    house.taps("s", ask)
    assert house.last("s").title.startswith("Already approved (s,")


def test_a_comment_comes_to_the_other_side(house: House) -> None:
    assert types(house, "w", "comment 1 The list is in the file") == "Sent to s."
    assert any("Comment of w" in title and "The list is in the file" in title for title in titles(house, "s"))
    assert types(house, "s", "comment #1 Thank you") == "Sent to w."
    assert any("Thank you" in note for note in notes(house, "w"))


@pytest.mark.parametrize(
    ("user", "words", "answer"),
    [
        ("c", "1 hello", "This claim is not yours to see."),
        ("w", "1", "Please write the claim's number and your words"),
        ("w", "hello", "Please write the claim's number and your words"),
        ("w", "7 hello", "There is no submitted claim #7."),
    ],
)
def test_comments_that_cannot_be(house: House, user: str, words: str, answer: str) -> None:
    assert types(house, user, f"comment {words}").startswith(answer)
