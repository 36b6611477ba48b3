"""A real database, store and keys in a temporary folder, the fake LINE, and a queue in which nobody works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.line import receive
from bot.line.client import Line
from bot.line.send import LinePlatform
from bot.settings import Settings
from handlers import installations
from handlers.chat import INCOMING, Address, Incoming
from handlers.keys import Keys
from handlers.services import Services
from storage.blobs import Blobs
from storage.db import EVERY_ORGANIZATION, Database
from storage.models import Base, InboxEvent
from tests.fakes.line import LineServer, LineUser


class Queue:
    """Takes jobs as ``storage.jobs.Jobs`` does and leaves them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def enqueue(self, _session: Session, name: str, job_id: str, **_args: Any) -> None:
        self.asked.append((name, job_id))


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    db = Database(f"sqlite:///{tmp_path / 'keihi.db'}")
    Base.metadata.create_all(db.engine)
    blobs = Blobs((tmp_path / "receipts").as_uri())
    yield Services(db, blobs, jobs=cast(Any, Queue()), reader=cast(Any, None), keys=Keys(b"a secret of the tests"))
    db.close()


@pytest.fixture(autouse=True)
def answer_seconds(monkeypatch: pytest.MonkeyPatch) -> float:
    """The webhook's limit, lifted for the test: a slow disk is no fault of what is tested. Returns the real one."""
    real = receive.ANSWER_SECONDS
    monkeypatch.setattr(receive, "ANSWER_SECONDS", 60.0)
    return real


@pytest.fixture
def line() -> Iterator[LineServer]:
    with LineServer() as server:
        yield server


@pytest.fixture
def settings(line: LineServer, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        line_channel_secret=line.channel_secret,
        line_channel_token=line.channel_token,
        line_api_host=line.url,
        line_data_host=line.data.url,
    )


@pytest.fixture
def platform(services: Services, settings: Settings) -> LinePlatform:
    return LinePlatform(services, Line(settings))


@pytest.fixture
def installed(services: Services, line: LineServer) -> str:
    """The channel is known; the organisation's id."""
    return installations.install(services, "line", line.bot_id, name="経費", bot_user=line.bot_id, token="")


@pytest.fixture
def worker(line: LineServer) -> LineUser:
    return line.add_user("田中 花")


@pytest.fixture
def to(line: LineServer, worker: LineUser) -> Address:
    return Address("line", line.bot_id, worker.id)


def kept(services: Services) -> list[Incoming]:
    """What the inbox remembers, oldest first."""
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        rows = session.scalars(select(InboxEvent).order_by(InboxEvent.received_at)).all()
        return [INCOMING.validate_python(row.incoming) for row in rows]
