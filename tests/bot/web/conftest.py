"""The local chat on a real database and store; its acts are remembered, and no jobs are run here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot import web
from bot.demo.organization import seed
from bot.settings import Settings
from bot.web import WebChat
from handlers import inbox
from handlers.chat import Address
from handlers.keys import Keys
from handlers.services import Limits, Services
from storage.blobs import Blobs
from storage.db import Database
from storage.jobs import Jobs
from storage.migrations import migrate
from tests.bot.web.page import Page

Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the newest schema, made once and copied for each test."""
    file = tmp_path_factory.mktemp("schema") / "keihi.db"
    db = Database(f"sqlite:///{file}")
    migrate(db)
    db.close()  # the last connection takes what stands in the write-ahead log into the file
    return file


@pytest.fixture
def services(tmp_path: Path, empty: Path) -> Iterator[Services]:
    shutil.copy(empty, tmp_path / "keihi.db")
    db = Database(f"sqlite:///{tmp_path / 'keihi.db'}")
    jobs = Jobs(db)
    jobs.register(inbox.JOB, lambda *_args, **_more: None)
    services = Services(
        db, Blobs((tmp_path / "receipts").as_uri()), jobs, cast(Any, None), Keys(b"a secret of the tests"),
        limits=Limits(file_bytes=1_000_000),
    )  # fmt: skip
    yield services
    jobs.stop()
    db.close()


@pytest.fixture
def home(services: Services) -> str:
    """The demo's organisation."""
    return seed(services)


@pytest.fixture
def chat(services: Services) -> WebChat:
    chat = WebChat(services)
    services.platforms["web"] = chat
    return chat


@pytest.fixture
def worker(home: str) -> Address:
    return Address("web", home, "worker")


@pytest.fixture
def supervisor(home: str) -> Address:
    return Address("web", home, "supervisor")


@pytest.fixture
def browser(services: Services, home: str, chat: WebChat, tmp_path: Path) -> Iterator[Opened]:
    """Makes a browser at the server: ``browser(demo=True, host=…, peer=…)``."""
    opened: list[TestClient] = []

    def make(*, host: str = "127.0.0.1:8000", peer: str = "127.0.0.1", **settings: Any) -> Page:
        app = FastAPI()
        app.include_router(web.routes(services, Settings(_env_file=None, data_dir=tmp_path, **settings)))
        client = TestClient(app, base_url=f"http://{host}", client=(peer, 50000), raise_server_exceptions=True)
        opened.append(client)
        return Page(client, services)

    yield make
    for client in opened:
        client.close()
