"""Engine and sessions: SQLite for one machine, PostgreSQL for many, the same code.

A session is opened for one organisation (:meth:`Database.transaction`, :meth:`Database.snapshot`): every SELECT of an
organisation's table is narrowed to it, and a row of another organisation cannot be written. What belongs to no
organisation yet (which workspace is this? who is this LINE user?) is asked with :data:`EVERY_ORGANIZATION`, by name.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria

from storage.errors import WrongOrganization
from storage.models import OrganizationRow

EVERY_ORGANIZATION = "*"
BUSY_TIMEOUT_MS = 30_000


def normalise_url(url: str) -> str:
    """``postgres://`` and ``postgresql://`` become the psycopg 3 dialect; everything else is left alone."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _take_write_lock(connection: sa.Connection, retry_seconds: float) -> None:
    """BEGIN IMMEDIATE, tried again every ``retry_seconds``.

    SQLite's own waiting doubles its pauses up to 100 ms, so that a web server would come late whenever a worker is
    busy; short pauses for the one who answers people and longer ones for the other give the first the right of way.
    """
    database: Any = connection.connection.dbapi_connection
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    database.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                database.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(retry_seconds)
    finally:
        database.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def make_engine(url: str, *, pool_size: int = 10, retry_seconds: float = 0.001) -> sa.Engine:
    """An engine with the pragmas that keep SQLite safe with several writers (WAL, BEGIN IMMEDIATE, busy timeout)."""
    url = normalise_url(url)
    if make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(
            url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
        )
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A deferred transaction that turns into a writer can fail at once with "database is locked" whatever the
        # timeout; a transaction that may write takes the lock at its start and waits its turn instead.
        if connection.get_execution_options().get("reading"):
            connection.exec_driver_sql("BEGIN")
        else:
            _take_write_lock(connection, retry_seconds)

    return engine


class Database:
    """The one way to the tables. Nobody but this class commits."""

    def __init__(self, url: str, *, pool_size: int = 10, retry_seconds: float = 0.001) -> None:
        self.url = normalise_url(url)
        self.engine = make_engine(url, pool_size=pool_size, retry_seconds=retry_seconds)
        self._writing = sessionmaker(self.engine, expire_on_commit=False)
        # SQLite has one writer. Threads of a process queue here, in order, rather than each sleeping and trying again.
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if self.engine.dialect.name == "sqlite" else nullcontext()
        )
        self._reading = sessionmaker(self.engine.execution_options(reading=True), expire_on_commit=False)

    @contextmanager
    def transaction(self, organization_id: str) -> Iterator[Session]:
        """All or nothing: commits when the block ends, rolls back when it raises."""
        with self._turn, self._writing() as session, session.begin():
            session.info["organization_id"] = organization_id
            yield session

    @contextmanager
    def snapshot(self, organization_id: str) -> Iterator[Session]:
        """For reading only: takes no write lock; whatever was changed is thrown away."""
        with self._reading() as session:
            session.info["organization_id"] = organization_id
            yield session
            session.expunge_all()  # what was read stays readable outside

    def close(self) -> None:
        self.engine.dispose()


def alone(session: Session, what: str) -> None:
    """Past this point one transaction at a time for the same ``what``; the next sees what this one did.

    For the first of something, where there is no row yet that could be locked. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(zlib.crc32(what.encode()))))


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    organization_id = state.session.info.get("organization_id")
    if organization_id in (None, EVERY_ORGANIZATION) or state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(
        with_loader_criteria(OrganizationRow, lambda row: row.organization_id == organization_id, include_aliases=True)
    )


@event.listens_for(Session, "before_flush")
def _own_rows_only(session: Session, _context: object, _instances: object) -> None:
    organization_id = session.info.get("organization_id")
    if organization_id in (None, EVERY_ORGANIZATION):
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OrganizationRow):
            continue
        if row.organization_id is None:
            row.organization_id = organization_id
        elif row.organization_id != organization_id:
            raise WrongOrganization(f"{type(row).__name__} of another organisation")
