"""The stream: everything at first, then only what is new, and the audit chain for the administrator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from bot.web import WebChat
from bot.web.access import Phone
from bot.web.events import Stream
from bot.web.trail import Trail
from handlers.chat import Address, Card
from handlers.services import Services
from storage import audit
from storage.models import AuditEvent, Member

Listen = Callable[..., list[tuple[str, dict[str, Any], int | None]]]


def phones(services: Services, home: str, *users: str) -> tuple[Phone, ...]:
    emails = {"worker": "misaki.sato", "supervisor": "kenichi.tanaka", "administrator": "yoko.suzuki"}
    with services.db.snapshot(home) as session:
        members = {user: session.query(Member).filter_by(email=f"{emails[user]}@example.jp").one() for user in users}
        return tuple(
            Phone(home, member.id, user, member.name, "ja", tuple(member.roles), user == "supervisor")
            for user, member in members.items()
        )


@pytest.fixture
def listen(services: Services, chat: WebChat) -> Listen:
    def heard(
        shown: tuple[Phone, ...],
        count: int,
        seen: int | None = None,
        then: Callable[[], object] = lambda: None,
        at: str = "ready",
    ) -> list[tuple[str, dict[str, Any], int | None]]:
        """The first ``count`` events; ``then`` runs after each ``at``."""

        async def run() -> list[tuple[str, dict[str, Any], int | None]]:
            events: list[tuple[str, dict[str, Any], int | None]] = []
            stream = Stream(services, chat.bell, shown, "ja", seen)
            async with asyncio.timeout(20):
                async for text in stream.events():
                    lines = dict(line.split(": ", 1) for line in text.strip().splitlines() if ": " in line)
                    if "event" not in lines:
                        continue
                    number = int(lines["id"]) if "id" in lines else None
                    events.append((lines["event"], json.loads(lines["data"]), number))
                    if lines["event"] == at and len(events) < count:
                        await asyncio.to_thread(then)
                    if len(events) == count:
                        break
            return events

        return asyncio.run(run())

    return heard


def test_a_page_gets_what_was_said_and_then_what_is_new(
    services: Services, home: str, chat: WebChat, worker: Address, supervisor: Address, listen: Listen
) -> None:
    chat.send(worker, Card("一"), key="1" * 32, reply=None, interrupted=False)
    chat.send(supervisor, Card("他人の"), key="2" * 32, reply=None, interrupted=False)
    mine = phones(services, home, "worker")
    events = listen(mine, 3, then=lambda: chat.send(worker, Card("二"), key="3" * 32, reply=None, interrupted=False))
    assert [name for name, _, _ in events] == ["bubble", "ready", "bubble"]
    assert [data["card"]["title"] for name, data, _ in events if name == "bubble"] == ["一", "二"]
    assert {data["phone"] for name, data, _ in events if name == "bubble"} == {"worker"}


def test_a_page_that_was_away_gets_only_what_it_missed(
    services: Services, home: str, chat: WebChat, worker: Address, listen: Listen
) -> None:
    first = chat.send(worker, Card("一"), key="1" * 32, reply=None, interrupted=False)
    chat.send(worker, Card("二"), key="2" * 32, reply=None, interrupted=False)
    mine = phones(services, home, "worker")
    seen = listen(mine, 3)[-1][2]
    chat.update(worker, first, Card("一、変更"))
    events = listen(mine, 2, seen=seen)
    assert [name for name, _, _ in events] == ["bubble", "ready"]
    assert events[0][1]["card"]["title"] == "一、変更"
    assert events[0][2] == events[1][2]


def test_the_administrator_sees_the_chain_and_the_worker_does_not(
    services: Services, home: str, listen: Listen
) -> None:
    def record() -> None:
        with services.db.transaction(home) as session:
            audit.record(session, actor="system", action="claim.approved", subject="claim:unknown")

    both = phones(services, home, "worker", "administrator")
    events = listen(both, 3, then=record, at="audit")
    assert [name for name, _, _ in events] == ["ready", "audit", "audit"]
    last = events[-1][1]
    assert last["broken"] == 0
    assert last["lines"][-1]["action"] == "claim.approved"
    assert last["lines"][-1]["what"] == "申請の承認"
    worker_only = listen(phones(services, home, "worker"), 1)
    assert [name for name, _, _ in worker_only] == ["ready"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_changed_link_breaks_the_chain_on_screen(services: Services, home: str, when: str) -> None:
    trail = Trail(home, "ja")
    if when == "after":
        with services.db.snapshot(home) as session:
            assert trail.news(session) is not None
        with services.db.transaction(home) as session:
            audit.record(session, actor="system", action="claim.approved", subject="claim:x")
            length = audit.length(session)
    else:
        length = 2
    with services.db.transaction(home) as session:
        session.execute(update(AuditEvent).where(AuditEvent.sequence == length).values(action="claim.rejected"))
    with services.db.snapshot(home) as session:
        news = trail.news(session)
    assert news is not None
    assert news["broken"] == length


def test_streams_end_when_the_server_stops(services: Services, home: str, chat: WebChat) -> None:
    async def run() -> None:
        stream = Stream(services, chat.bell, phones(services, home, "worker"), "ja", None)
        async with asyncio.timeout(10):
            async for text in stream.events():
                if "event: ready" in text:
                    chat.bell.end()

    asyncio.run(run())
