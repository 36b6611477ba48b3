"""A platform may tell one act twice, once without its files: it is answered once, and never not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import conversation, inbox
from handlers.chat import Act, Address, FileRef, Incoming, Said
from storage.db import EVERY_ORGANIZATION
from storage.jobs import Later
from storage.models import InboxEvent
from tests.handlers.house import PLATFORM, House
from tests.handlers.waiting import titles

MENTION, POST = "mention:1", "post:1"
WORDS, PHOTO = Said("会議のお茶"), Said("会議のお茶", (FileRef("f1", message="m1"),))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.paper.files["f1"] = b"1280"
    now = built.services.clock()
    built.services.clock = lambda: now
    yield built
    built.close()


def tells(house: House, event_id: str, act: Act, unless: str = "") -> None:
    """Remembered, and answered if it can be now."""
    sender = Address(PLATFORM, house.organization_id, "w")
    inbox.accept(house.services, Incoming(event_id, house.services.clock(), sender, act, unless=unless))
    with house.services.db.snapshot(EVERY_ORGANIZATION) as session:
        known = session.scalars(select(InboxEvent).filter_by(event_id=event_id)).one()
    with suppress(Later):
        house.answers(known.id)


def later(house: House) -> None:
    """When the one that waits is looked at again."""
    after = house.services.clock() + conversation.FULLER_WITHIN + timedelta(seconds=1)
    house.services.clock = lambda: after
    house.settle()


@pytest.mark.parametrize("order", [(MENTION, POST), (POST, MENTION)], ids=" ".join)
def test_the_one_with_the_files_is_answered_whichever_comes_first(house: House, order: tuple[str, str]) -> None:
    for event_id in order:
        tells(house, event_id, *((WORDS, POST) if event_id == MENTION else (PHOTO,)))
    later(house)
    assert len(house.claims()) == 1
    assert [title for title in titles(house, "w") if "Draft" not in title] == []


def test_the_one_without_files_is_answered_when_no_other_comes(house: House) -> None:
    tells(house, MENTION, WORDS, POST)
    assert titles(house, "w") == []
    later(house)
    assert len(titles(house, "w")) == 1


def test_a_mention_that_has_its_files_is_not_lost_either(house: House) -> None:
    tells(house, MENTION, PHOTO, POST)
    later(house)
    assert len(house.claims()) == 1
