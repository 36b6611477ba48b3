"""Schema history. :func:`migrate` brings any database, empty or old, to the newest schema."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.db import Database
from storage.jobs import migrate_engine

_LOCK_NUMBER = 0x6B656968  # "keih"
_ours = threading.Lock()


def config() -> Config:
    """Alembic's configuration, without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    return settings


def migrate(database: Database) -> None:
    """Upgrade to the newest schema. Several processes may call it at once: one works, the others wait."""
    if database.engine.dialect.name == "sqlite" and database.engine.url.database:
        Path(database.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(database):
        settings = config()
        settings.attributes["engine"] = database.engine
        command.upgrade(settings, "head")
        migrate_engine(database)


def is_current(database: Database) -> bool:
    """Whether the schema is the newest."""
    with database.engine.connect() as connection:
        have = MigrationContext.configure(connection).get_current_revision()
    return have == ScriptDirectory.from_config(config()).get_current_head()


@contextmanager
def _one_at_a_time(database: Database) -> Iterator[None]:
    if database.engine.dialect.name == "postgresql":
        # Autocommit: an open transaction here would hold up the engine's CREATE INDEX CONCURRENTLY for ever.
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("SELECT pg_advisory_lock(:n)"), {"n": _LOCK_NUMBER})
            try:
                yield
            finally:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:n)"), {"n": _LOCK_NUMBER})
        return
    import fcntl  # only where SQLite files live

    path = database.engine.url.database
    with _ours:
        if not path or path == ":memory:":
            yield
            return
        with open(f"{path}.migrating", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
