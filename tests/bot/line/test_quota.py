"""A month whose pushes are used up: cards wait, follow their claim, and are overtaken by what can go as a reply."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.line.send import LinePlatform
from handlers import outbox
from handlers.chat import Address, Card, Reply
from handlers.services import Services
from storage.jobs import Later
from storage.models import Delivery
from tests.fakes.http import HangUp
from tests.fakes.line import LineServer

SLOT, SUBJECT = "claim:1:sato", "claim:1"


@pytest.fixture
def organization(services: Services, platform: LinePlatform, installed: str) -> str:
    services.platforms["line"] = platform
    return installed


def show(services: Services, organization: str, to: Address, title: str, reply: Reply | None = None) -> str:
    with services.db.transaction(organization) as session:
        return outbox.show(session, services, to, SLOT, Card(title=title), subject=SUBJECT, reply=reply).id


def refresh(services: Services, organization: str, title: str) -> None:
    with services.db.transaction(organization) as session:
        for copy in outbox.copies(session, SUBJECT):
            outbox.refresh(session, services, copy, Card(title=title))


def states(services: Services, organization: str) -> list[str]:
    with services.db.snapshot(organization) as session:
        return [row.state for row in session.scalars(select(Delivery).order_by(Delivery.order))]


def seen(line: LineServer, to: Address) -> list[str]:
    return [bubble.body["text"] for bubble in line.bot_bubbles(to.user)]


def test_a_waiting_card_shows_what_the_claim_has_become(
    line: LineServer, services: Services, organization: str, to: Address
) -> None:
    line.quota = 0
    waiting = show(services, organization, to, "承認待ち")
    with pytest.raises(Later) as later:
        outbox.deliver(services, organization, waiting)
    assert later.value.seconds >= 3600
    refresh(services, organization, "取下げ")
    line.quota = 200
    tried_again = services.clock() + timedelta(seconds=later.value.seconds)
    services.clock = lambda: tried_again
    outbox.deliver(services, organization, waiting)
    assert seen(line, to) == ["取下げ"]


def test_a_newer_card_with_a_reply_overtakes_a_waiting_one(
    line: LineServer, services: Services, organization: str, to: Address
) -> None:
    line.quota = 0
    waiting = show(services, organization, to, "前の内容")
    with pytest.raises(Later):
        outbox.deliver(services, organization, waiting)
    reply = Reply(line.new_reply_token(to.user), services.clock() + timedelta(seconds=50))
    outbox.deliver(services, organization, show(services, organization, to, "新しい内容", reply))
    line.quota = 200
    outbox.deliver(services, organization, waiting)
    assert seen(line, to) == ["新しい内容"]
    assert states(services, organization) == ["replaced", "sent"]


def test_what_may_have_arrived_is_not_taken_back(
    line: LineServer, services: Services, organization: str, to: Address
) -> None:
    line.faults.next("push", HangUp())
    first = show(services, organization, to, "内容")
    with pytest.raises(Later):
        outbox.deliver(services, organization, first)
    line.quota = 0
    with pytest.raises(Later):
        outbox.deliver(services, organization, first)
    assert states(services, organization) == ["sending"]
    line.quota = 200
    outbox.deliver(services, organization, first)
    assert seen(line, to) == ["内容"]
