"""Who gets in: an outsider never, whatever they hold; a colleague as soon as their platform or an import says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from handlers import directory, expected, installations, people
from handlers.chat import Address, Profile, Said
from handlers.errors import PlatformBusy
from storage.db import EVERY_ORGANIZATION
from storage.models import Identity, Member
from tests.handlers.house import PLATFORM, House
from tests.handlers.waiting import titles

GUEST = "Guests of a workspace cannot use this bot. Please ask your administrator."
Standing = Literal["member", "guest", "bot", "stranger", "left", "gone"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    installations.install(
        built.services, PLATFORM, built.organization_id, name="青葉町", bot_user="B", token="t",
        organization_id=built.organization_id,
    )  # fmt: skip
    yield built
    built.close()


def stands(house: House, monkeypatch: pytest.MonkeyPatch, standing: Standing, **more: str) -> None:
    """From now on this is what the platform says of everybody."""
    monkeypatch.setattr(house.paper, "profile", lambda _of: Profile(standing=standing, **more))


def silent(house: House, monkeypatch: pytest.MonkeyPatch) -> list[Address]:
    """From now on the platform says nothing of anybody; whom it was asked about."""
    asked: list[Address] = []

    def busy(of: Address) -> Profile:
        asked.append(of)
        raise PlatformBusy("users.info: 503")

    monkeypatch.setattr(house.paper, "profile", busy)
    return asked


def code_for(house: House, name: str) -> str:
    with house.services.db.transaction(house.organization_id) as session:
        member = session.scalars(select(Member).filter_by(name=name)).one()
        return people.issue_code(session, house.services, member, by="system")


def account(house: House, user: str) -> Identity | None:
    with house.services.db.snapshot(EVERY_ORGANIZATION) as session:
        return people.identity_of(session, Address(PLATFORM, house.organization_id, user))


@pytest.mark.parametrize("standing", ["guest", "stranger", "bot", "left"])
def test_an_outsider_with_a_code_stays_outside_and_the_code_stays_good(
    house: House, monkeypatch: pytest.MonkeyPatch, standing: Standing
) -> None:
    code = code_for(house, "c")
    stands(house, monkeypatch, standing)
    house.does("x", Said(code))
    assert account(house, "x") is None
    stands(house, monkeypatch, "member")
    house.does("y", Said(code))
    assert "You are registered as c." in titles(house, "y")


def test_a_colleague_who_becomes_a_guest_is_stopped_within_a_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(house, monkeypatch, "member")
    house.sends_receipt("w", 1280)
    assert len(house.claims()) == 1
    stands(house, monkeypatch, "guest")
    house.sends_receipt("w", 1281)
    assert len(house.claims()) == 2, "asked again within the day"
    before = house.services.clock
    house.services.clock = lambda: before() + timedelta(days=1, minutes=1)
    house.sends_receipt("w", 1282)
    assert len(house.claims()) == 2
    assert titles(house, "w")[-1] == GUEST
    found = account(house, "w")
    assert found is not None
    assert found.barred == "guest"
    silent(house, monkeypatch)
    house.sends_receipt("w", 1283)
    assert len(house.claims()) == 2, "a platform that does not answer does not lift what it said"
    stands(house, monkeypatch, "member")
    house.sends_receipt("w", 1284)
    assert len(house.claims()) == 3


def test_a_platform_that_does_not_answer_holds_nobody_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = silent(house, monkeypatch)
    house.sends_receipt("w", 1280)
    house.sends_receipt("w", 1281)
    assert len(house.claims()) == 2
    assert len(asked) == 1, "nor does its silence slow every act down"


def test_a_guest_whom_an_import_named_gets_no_cards_and_is_not_let_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workspace's list of people says so before the guest has said a word."""
    guest = (Address(PLATFORM, house.organization_id, "s"), Profile(email="s@example.jp", standing="guest"))
    monkeypatch.setattr(house.paper, "directory", lambda _tenant: (guest,))
    with house.services.db.transaction(house.organization_id) as session:
        directory.ask(session, house.services)
    house.settle()
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    assert house.cards("s") == []
    stands(house, monkeypatch, "guest")
    house.does("s", Said("help"))
    assert titles(house, "s") == [GUEST]


def test_somebody_expected_is_met_at_their_first_word_and_reads_their_own_language(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        now = house.services.clock()
        member, _ = people.save(session, name="n", email="n@example.jp", roles=[], by="system", now=now)
        expected.remember(session, member, PLATFORM, "n")
    stands(house, monkeypatch, "guest")
    house.does("n", Said("hello"))
    assert account(house, "n") is None
    stands(house, monkeypatch, "member", locale="en")
    house.does("n", Said("hello"))
    found = account(house, "n")
    assert found is not None
    house.does("n", Said("hello"))
    with house.services.db.snapshot(house.organization_id) as session:
        assert session.scalars(select(Member).filter_by(name="n")).one().locale == "en"


def test_somebody_expected_is_linked_when_the_workspace_comes(house: House) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        member = session.scalars(select(Member).filter_by(name="c")).one()
        expected.remember(session, member, "slack", "U0COLLEAGUE")
    installations.install(house.services, "slack", "T0AOBA", name="青葉町", bot_user="B", token="t")
    with house.services.db.snapshot(EVERY_ORGANIZATION) as session:
        found = people.identity_of(session, Address("slack", "T0AOBA", "U0COLLEAGUE"))
    assert found is not None
    assert found.member_id == member.id
