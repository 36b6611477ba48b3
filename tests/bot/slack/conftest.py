"""A real database, store and keys in a temporary folder, and the fake Slack; no jobs are run here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.settings import Settings
from bot.slack.send import Slack
from handlers import installations
from handlers.keys import Keys
from handlers.services import Services
from storage.blobs import Blobs
from storage.db import Database
from storage.models import Base
from tests.fakes.slack import SlackServer
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_state import User


class Asked:
    """The jobs that were asked for; nobody does them here."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def enqueue(self, _session: object, name: str, _job_id: str, **_args: object) -> None:
        self.names.append(name)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    db = Database(f"sqlite:///{tmp_path / 'keihi.db'}")
    Base.metadata.create_all(db.engine)
    blobs = Blobs((tmp_path / "receipts").as_uri())
    unused = cast(Any, None)
    yield Services(db, blobs, jobs=cast(Any, Asked()), reader=unused, keys=Keys(b"a secret of the tests"))
    db.close()


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def settings(slack: SlackServer, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        slack_file_hosts=slack.file_host,
    )


@pytest.fixture
def worker(slack: SlackServer) -> User:
    return slack.add_user("tanaka", "tanaka@example.jp", real_name="田中 花")


@pytest.fixture
def installed(services: Services, slack: SlackServer) -> str:
    """The app is in the fake's workspace; the organisation's id."""
    team = slack.team
    return installations.install(services, "slack", team.id, name=team.name, bot_user=team.bot_user, token=team.token)


@pytest.fixture
def platform(services: Services, settings: Settings) -> Slack:
    return Slack(services, settings)


@pytest.fixture
def phone(slack: SlackServer, worker: User) -> SlackPhone:
    return SlackPhone(slack, worker)
