"""Routes by budget line: the line that will bear the claim counts, chosen by somebody or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.chat import Card, Commanded
from storage.models import Claim
from tests.handlers.house import House
from tests.handlers.waiting import at, change


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    at(built, 11, 24, 10)
    change(built, "w", department="企画課")
    orders(built, "budget set 100000 department=企画課 account=会議費 name=企画会議 stopped=no")
    yield built
    built.close()


def told(card: Card) -> str:
    return "\n".join([card.title, card.lead, *(note.text for note in card.notes)])


def orders(house: House, *lines: str) -> str:
    for line in lines:
        house.does("a", Commanded(line))
        assert house.last("a").tone in ("good", "plain"), told(house.last("a"))
    return told(house.last("a"))


def hands_in(house: House) -> Claim:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    return house.claims()[-1]


def asked(house: House) -> list[str]:
    """Who may decide now."""
    return [user for user in "sac" if any(b.label == "Approve" for card in house.cards(user) for b in card.buttons)]


@pytest.mark.parametrize("line", ["企画課/会議費", "企画課", "企画会議"])
def test_a_line_that_bears_the_claim_picks_the_route_without_anybody_choosing_it(house: House, line: str) -> None:
    orders(house, f"route add budget={line} : c@example.jp")
    house.sends_receipt("w", 1280)
    assert "This claim goes: c." in told(house.last("w"))
    house.taps("w", house.button("w", "Submit"))
    assert asked(house) == ["c"]


def test_another_line_does_not_pick_it(house: House) -> None:
    orders(house, "budget set 5000 department=総務課 account=会議費", "route add budget=総務課/会議費 : c@example.jp")
    hands_in(house)
    assert asked(house) == ["s"]


def test_a_line_that_was_chosen_counts_as_before(house: House) -> None:
    orders(house, "budget set 5000 department=総務課 account=会議費 stopped=no")
    orders(house, "route add budget=総務課 : c@example.jp")
    house.sends_receipt("w", 1280)
    house.fills("w", house.button("w", "Budget"), budget="総務課/会議費")
    house.taps("w", house.button("w", "Submit"))
    assert asked(house) == ["c"]


def test_a_trial_finds_the_line_as_the_claim_would(house: House) -> None:
    orders(house, "route add Meetings budget=企画会議 : c@example.jp")
    assert "Route 1 Meetings fits." in orders(house, "route try 7000 category=会議費 as=w@example.jp")
    assert "No line fits" in orders(house, "route try 7000 category=消耗品費 as=w@example.jp")
    assert "No line fits" in orders(house, "route try 7000 category=会議費 as=c@example.jp")
    assert "Route 1" in orders(house, "route try 7000 category=会議費 department=企画課 as=c@example.jp")
    assert "Route 1" in orders(house, "route try 7000 budget=企画会議 as=c@example.jp")


def test_a_line_that_is_nowhere_is_refused_with_those_that_are_near(house: House) -> None:
    house.does("a", Commanded("route add budget=企画課/会議 : c@example.jp"))
    near = "Do you mean one of these: 企画課/会議費? “/keihi budget” lists them all."
    assert house.last("a").title == f"There is no budget line “企画課/会議”. {near}"
    house.does("a", Commanded("route"))
    assert not house.last("a").rows


def test_a_line_of_any_year_will_do_and_without_any_it_is_said(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.does("a", Commanded("route add budget=総務課 : c@example.jp"))
    assert house.last("a").title == "There is no budget line yet. “/keihi budget set” makes one."
    orders(house, "budget set 5000 department=総務課 year=2019", "route add budget=総務課 : c@example.jp")
    house.close()
