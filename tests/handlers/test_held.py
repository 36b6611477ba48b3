"""Where the month's messages are used up nothing is lost: the next answer carries it, or the next month sends it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import actions, inbox
from handlers.approvals import escalation
from handlers.chat import Act, Address, Card, Incoming, Reply, Said, Tapped
from handlers.errors import PlatformBusy
from storage.models import Claim, Delivery, Seat
from tests.handlers.house import PLATFORM, House, Paper
from tests.handlers.lanes import words
from tests.handlers.waiting import TOKYO, at, change, titles, types

WAITED = "This waited for you:"
HOUR = dt.timedelta(hours=1)


@dataclass
class Counting(Paper):
    """It counts what is pushed, and has no more of it; an answer is free and takes one message."""

    pushes: int = 0
    answered: int = 0

    def send(self, to: Address, card: Card, *, key: str, reply: Reply | None, interrupted: bool) -> str:
        if reply is not None and reply.handle not in self.screens:
            self.screens[reply.handle] = {}  # used
            self.answered += 1
        elif self.pushes > 0:
            self.pushes -= 1
        else:
            raise PlatformBusy("monthly", 6 * 3600.0, unsent=True, held=True)
        return super().send(to, card, key=key, reply=reply, interrupted=interrupted)


class Poor(House):
    """A house on such a platform, whose people's acts come with a reply handle."""

    patience = 2  # a held message's job waits

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.paper = Counting(left=0)
        flags = self.paper.capabilities
        self.paper.capabilities = replace(flags, can_edit=False, has_forms=False, counts_pushes=True)
        self.services.platforms[PLATFORM] = self.paper
        self._events = itertools.count(1)

    def does(self, user: str, act: Act, event_id: str = "") -> None:
        number = next(self._events)
        sender, now = Address(PLATFORM, self.organization_id, user), self.services.clock()
        reply = Reply(f"reply-{number}", now + dt.timedelta(minutes=1))
        inbox.accept(self.services, Incoming(f"p{number}", now, sender, act, reply=reply))
        self.settle()

    def settle(self) -> None:
        """As far as it goes: a held message's job waits."""
        with suppress(AssertionError):
            super().settle()

    def rows(self, state: str) -> list[Delivery]:
        with self.services.db.snapshot(self.organization_id) as session:
            return list(session.scalars(select(Delivery).filter_by(state=state).order_by(Delivery.order)))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Poor]:
    built = Poor(tmp_path)
    at(built, 11, 24, 10)
    yield built
    built.close()


def waits(house: Poor, amount: int = 1280) -> Claim:
    """A claim before an approver who cannot be told."""
    house.sends_receipt("w", amount)
    house.taps("w", house.button("w", "Submit"))
    return house.claims()[-1]


def test_the_next_answer_carries_the_claim_and_the_way_to_it(house: Poor) -> None:
    claim = waits(house)
    assert titles(house, "s") == []
    assert [row.subject for row in house.rows("held")] == [f"claim:{claim.id}"]
    house.does("s", Said("hello"))
    answer = house.last("s")
    assert f"{WAITED} #1 Waiting for approval w" in words(answer)
    opens = next(choice for choice in answer.choices if choice.label == "Open #1")
    assert not house.rows("held")
    house.does("s", Tapped(opens.token))
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[-1].state == "approved"


def test_a_decision_reaches_its_applicant_with_a_photo_too(house: Poor) -> None:
    waits(house)
    house.does("s", Said("hello"))
    house.does("s", Tapped(next(c.token for c in house.last("s").choices if c.label == "Open #1")))
    house.taps("s", house.button("s", "Approve"))
    assert not any("Approved by s" in title for title in titles(house, "w"))
    house.sends_receipt("w", 990)
    assert any(f"{WAITED} #1 Approved by s" in words(card) for card in house.cards("w"))
    house.does("w", Said("hello"))
    assert sum(f"{WAITED} #1 Approved by s" in words(card) for card in house.cards("w")) == 1, "once"


def test_an_answer_carries_five_and_the_next_the_rest(house: Poor) -> None:
    for amount in range(1001, 1008):
        waits(house, amount)
    house.does("s", Said("hello"))
    assert sum(WAITED in note.text for note in house.last("s").notes) == 5
    house.does("s", Said("hello again"))
    assert sum(WAITED in note.text for note in house.last("s").notes) == 2


def test_it_is_not_given_up_before_the_next_month_has_begun(house: Poor) -> None:
    waits(house)
    at(house, 11, 27, 10)
    house.settle()
    [row] = house.rows("held")
    assert row.error == "held: monthly"
    at(house, 12, 1, 12)
    house.paper.pushes = 1
    house.settle()
    assert titles(house, "s")[-1].startswith("#1 Waiting")
    assert not house.rows("held")


def test_a_day_after_the_next_month_began_it_is_a_dead_letter(house: Poor) -> None:
    waits(house)
    at(house, 12, 1, 12)
    house.settle()
    assert house.rows("held")
    at(house, 12, 2, 12)
    house.settle()
    [dead] = house.rows("dead")
    assert dead.error == "no success within the month: monthly"


def test_a_newer_card_takes_the_place_of_a_held_one(house: Poor) -> None:
    claim = waits(house)
    house.does("w", Tapped(actions.token(house.services.keys, "withdraw", claim.id, claim.version)))
    assert house.claims()[-1].state == "draft"
    assert "Approve" not in [button["label"] for row in house.rows("held") for button in row.card["buttons"]]


def test_what_an_answer_carried_in_vain_is_held_again(house: Poor, monkeypatch: pytest.MonkeyPatch) -> None:
    waits(house)

    def fails(*_: object, **__: object) -> str:
        raise PlatformBusy("monthly", 6 * 3600.0, unsent=True, held=True)

    with monkeypatch.context() as broken:
        broken.setattr(house.paper, "send", fails)
        house.does("s", Said("hello"))
    held = house.rows("held")
    assert len(held) == 2, "the claim, and the answer that came too late"
    assert not any(WAITED in str(row.card) for row in held)
    house.does("s", Said("hello again"))
    assert sum(WAITED in note.text for note in house.last("s").notes) == 2


def test_the_status_counts_what_is_held(house: Poor) -> None:
    assert types(house, "a", "status") == "Everything runs"
    assert not any("held" in field.label for field in house.last("a").fields)
    waits(house)
    types(house, "a", "status")
    shown = [(field.label, field.value) for field in house.last("a").fields]
    assert shown.count(("Messages held for the next answer or month", "1")) == 1


# --- the next above ---------------------------------------------------------------------------------------------------


def stand_in(house: House) -> str | None:
    with house.services.db.snapshot(house.organization_id) as session:
        return session.scalars(select(Seat.stand_in_id)).one()


def test_escalation_keeps_the_reserve_and_comes_with_the_next_answer(house: Poor) -> None:
    house.paper.pushes, house.paper.left = 9, 50
    waits(house)
    at(house, 11, 27, 10)
    escalation.sweep(house.services)
    house.settle()
    assert stand_in(house) is not None
    assert not any(title.startswith("#1") for title in titles(house, "a"))
    house.does("a", Said("hello"))
    assert f"{WAITED} #1 Waiting for approval" in words(house.last("a"))


def test_escalation_goes_by_the_clock_of_who_is_asked(house: Poor) -> None:
    house.paper.pushes, house.paper.left = 9, None
    change(house, "a", zone="Europe/London")
    waits(house)
    at(house, 11, 27, 10)  # one o'clock at night in London
    escalation.sweep(house.services)
    assert stand_in(house) is None
    at(house, 11, 27, 20)  # the evening in Tokyo, eleven o'clock in London
    escalation.sweep(house.services)
    house.settle()
    assert stand_in(house) is not None
    assert any(title.startswith("#1") for title in titles(house, "a"))
    assert house.services.clock().astimezone(TOKYO).hour == 20


def test_an_old_key_on_a_held_button_does_no_harm(house: Poor) -> None:
    claim = waits(house)
    with house.services.db.transaction(house.organization_id) as session:
        row = session.scalars(select(Delivery).filter_by(state="held")).one()
        buttons = [{**button, "token": button["token"][:-1] + "A"} for button in row.card["buttons"]]
        row.card = {**row.card, "buttons": buttons}
    house.does("s", Said("hello"))
    [choice] = [c for c in house.last("s").choices if c.label == "Open #1"]
    assert actions.read(house.services.keys, choice.token).subject == claim.id
