"""A session belongs to one organisation, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from storage.db import EVERY_ORGANIZATION, Database, normalise_url
from storage.errors import WrongOrganization
from storage.migrations import is_current, migrate
from storage.models import Base, Member


def member(name: str, **more: object) -> Member:
    return Member(name=name, email=f"{name}@example.jp", roles=[], created_at=datetime.now(UTC), **more)


def test_an_organisation_sees_only_its_own_people(database: Database, towns: tuple[str, str]) -> None:
    for town, name in zip(towns, ("aoba", "wakakusa"), strict=True):
        with database.transaction(town) as session:
            session.add(member(name))
    with database.snapshot(towns[0]) as session:
        assert [m.name for m in session.scalars(select(Member))] == ["aoba"]
        assert session.scalars(select(Member).where(Member.name == "wakakusa")).first() is None
    with database.snapshot(EVERY_ORGANIZATION) as session:
        assert len(session.scalars(select(Member)).all()) == 2


def test_a_row_of_another_organisation_cannot_be_written(database: Database, towns: tuple[str, str]) -> None:
    with pytest.raises(WrongOrganization), database.transaction(towns[0]) as session:
        session.add(member("stray", organization_id=towns[1]))
    with database.snapshot(EVERY_ORGANIZATION) as session:
        assert session.scalars(select(Member)).all() == []


def test_a_row_cannot_be_fetched_by_key_across_organisations(database: Database, towns: tuple[str, str]) -> None:
    with database.transaction(towns[1]) as session:
        row = member("wakakusa")
        session.add(row)
        session.flush()
        key = row.id
    with database.snapshot(towns[0]) as session:
        assert session.get(Member, key) is None


def test_an_error_leaves_nothing_half_written(database: Database, towns: tuple[str, str]) -> None:
    with pytest.raises(RuntimeError), database.transaction(towns[0]) as session:
        session.add(member("half"))
        session.flush()
        raise RuntimeError
    with database.snapshot(towns[0]) as session:
        assert session.scalars(select(Member)).all() == []


def test_a_snapshot_keeps_nothing(database: Database, towns: tuple[str, str]) -> None:
    with database.snapshot(towns[0]) as session:
        session.add(member("ghost"))
    with database.snapshot(towns[0]) as session:
        assert session.scalars(select(Member)).all() == []


def test_times_come_back_in_utc_whatever_zone_they_went_in_with(database: Database, towns: tuple[str, str]) -> None:
    tokyo = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    with database.transaction(towns[0]) as session:
        session.add(Member(name="x", email="x@example.jp", roles=[], created_at=tokyo))
    with database.snapshot(towns[0]) as session:
        assert session.scalars(select(Member.created_at)).one() == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def test_migrating_again_changes_nothing_and_the_schema_is_the_models(database: Database) -> None:
    migrate(database)
    assert is_current(database)
    inspector = sa.inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        have = {column["name"] for column in inspector.get_columns(table.name)}
        assert have == {column.name for column in table.columns}, table.name


def test_two_writers_at_once_wait_for_each_other(database: Database, towns: tuple[str, str]) -> None:
    import threading

    def write(prefix: str) -> None:
        for number in range(20):
            with database.transaction(towns[0]) as session:
                session.scalars(select(Member)).all()  # a transaction that reads first and then writes
                session.add(member(f"{prefix}{number}"))

    threads = [threading.Thread(target=write, args=(prefix,)) for prefix in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.snapshot(towns[0]) as session:
        assert len(session.scalars(select(Member)).all()) == 60


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d"])
def test_the_usual_postgresql_address_means_psycopg_3(url: str) -> None:
    assert normalise_url(url) == "postgresql+psycopg://h/d"


def test_sqlite_is_opened_for_several_processes(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with opened.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
