"""Databases for tests, migrated once in a process and then copied: a migration costs more than most tests do."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import make_url

from storage.db import Database
from storage.migrations import migrate

TEMPLATE = "keihi_template"
_numbers = itertools.count(1)


def sqlite(folder: Path) -> Database:
    """An empty, migrated database in ``folder``, which nothing waits to see safely on the disk."""
    file = folder / "keihi.db"
    shutil.copyfile(_migrated_file(), file)
    database = Database(f"sqlite:///{file}")
    event.listen(database.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    return database


@cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="keihi-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Database(f"sqlite:///{folder / 'template.db'}")
    migrate(made)
    with made.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a journal mode is not changed inside a transaction
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")  # all of it in the one file
    made.close()
    return folder / "template.db"


def postgresql(server: str, *, migrated: bool) -> str:
    """URL of a new database on ``server``, with the newest schema or with nothing in it."""
    template = _migrated_template(server) if migrated else "template0"
    name = f"keihi_{next(_numbers)}"
    _alone(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return _named(server, name)


def drop(server: str, url: str) -> None:
    _alone(server, f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


def hurry(server: str) -> None:
    """Nobody needs these databases after a power cut: the server need not wait for the disk."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _alone(server, f"ALTER SYSTEM SET {setting} = off")
    _alone(server, "SELECT pg_reload_conf()")


@cache
def _migrated_template(server: str) -> str:
    _alone(server, f"CREATE DATABASE {TEMPLATE}")
    made = Database(_named(server, TEMPLATE))
    migrate(made)
    made.close()
    return TEMPLATE


def _alone(server: str, statement: str) -> None:
    """Databases are made and dropped outside a transaction."""
    database = Database(server)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
    database.close()


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)
