"""An approver among the attendees: known while the claim is a draft, from the way that it would go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.cards.attendees import wanted
from storage.models import Member
from tests.handlers.house import House
from tests.handlers.lanes import words
from tests.handlers.waiting import at, types


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    at(built, 11, 24, 10)
    for rule in ("purpose-missing", "registration-number"):
        types(built, "a", f"rule {rule} off from=2026-01-01")
    with built.services.db.transaction(built.organization_id) as session:
        for member in session.scalars(select(Member)):
            member.name = {"s": "佐藤 一郎", "a": "田中 健一"}.get(member.name, member.name)
    yield built
    built.close()


def dines(house: House, *names: str) -> str:
    """A meal with these of one's own people; what its draft says."""
    house.sends_receipt("w", 1280 + len(house.claims()))
    assert wanted(house.claims()[-1], house.claims()[-1].expenses[0])
    house.fills("w", house.button("w", "Attendees"), names="、".join(f"自社 {name}" for name in names))
    return words(house.last("w"))


def test_everybody_on_the_route_is_known_before_it_is_handed_in(house: House) -> None:
    types(house, "a", "route add amount>=1 : manager > a@example.jp")
    said = dines(house, "田中 健一")
    assert "田中 健一 took part and is to approve this claim." in said
    assert "佐藤 一郎 took part" not in said


def test_two_of_the_route_are_told_both(house: House) -> None:
    types(house, "a", "route add amount>=1 : manager > a@example.jp")
    said = dines(house, "田中 健一", "佐藤 一郎")
    assert all(f"{name} took part and is to approve this claim." in said for name in ("田中 健一", "佐藤 一郎"))


def test_without_a_route_it_is_the_supervisor_alone(house: House) -> None:
    assert "took part" not in dines(house, "田中 健一")
    assert "佐藤 一郎 took part and is to approve this claim." in dines(house, "佐藤 一郎")


def test_who_was_asked_the_last_time_and_would_not_be_now_is_none(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    house.taps("w", house.button("w", "Withdraw"))
    types(house, "a", "route add amount>=1 : a@example.jp")
    house.fills("w", house.button("w", "Attendees"), names="自社 田中 健一、自社 佐藤 一郎")
    said = words(house.last("w"))
    assert "田中 健一 took part" in said
    assert "佐藤 一郎 took part" not in said
