"""Databases for tests, migrated once in a process and then copied: a migration costs more than most tests do.

A closed SQLite database is lent again with a fresh file, since its engine knows the compiled statements of the tests
before: to compile them again for each test took a quarter of the time.
"""

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


class Lent(Database):
    """A database on a file of this process, to be lent again when it was closed."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"sqlite:///{file}")
        self.file = file
        event.listen(self.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))

    def close(self) -> None:
        super().close()
        _closed.append(self)


_closed: list[Lent] = []


def sqlite() -> Database:
    """An empty, migrated database, which nothing waits to see safely on the disk."""
    lent = _closed.pop() if _closed else Lent(_folder() / f"{next(_numbers)}.db")
    for left in lent.file.parent.glob(f"{lent.file.name}*"):
        left.unlink()  # with its journal; whoever has it open still keeps what was theirs
    shutil.copyfile(_migrated_file(), lent.file)
    return lent


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="keihi-databases-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _migrated_file() -> Path:
    file = _folder() / "template.sqlite"
    made = Database(f"sqlite:///{file}")
    migrate(made)
    with made.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a journal mode is not changed inside a transaction
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")  # all of it in the one file
    made.close()
    return file


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
