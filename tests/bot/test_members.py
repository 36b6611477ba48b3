"""People imported from a file: many at once, without keeping everybody else from the database for long."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event, select

from bot.commands.members import import_file
from bot.settings import Settings
from storage import audit
from storage.db import EVERY_ORGANIZATION, Database
from storage.models import ExpectedAccount, Member, Organization
from tests import databases

MANY = 120


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    database = databases.sqlite()
    database.close()
    return Settings(_env_file=None, data_dir=tmp_path, database_url=database.url, secret_key="k" * 40)


def people(folder: Path, boss: str = "p0@example.jp") -> Path:
    rows = [f"人{n},p{n}@example.jp,{boss if n else ''},企画課" for n in range(MANY)]
    file = folder / "members.csv"
    file.write_text("\n".join(["name,email,manager_email,department", *rows]), encoding="utf-8")
    return file


def test_many_people_take_few_statements_each_and_one_whole_chain(settings: Settings, tmp_path: Path) -> None:
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    file = people(tmp_path)
    assert import_file(settings, file, "") == 0
    event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        assert import_file(settings, file, "") == 0  # the same again: nobody is added
    finally:
        event.remove(sa.Engine, "before_cursor_execute", count)
    assert asked < 3 * MANY  # while it writes, nobody else on SQLite can
    database = Database(settings.database_url)
    with database.snapshot(EVERY_ORGANIZATION) as session:
        home = session.scalars(select(Organization)).one()
    with database.snapshot(home.id) as session:
        members = session.scalars(select(Member)).all()
        links, broken = audit.verify(session)
    database.close()
    assert len(members) == MANY
    assert len([m for m in members if m.manager_id]) == MANY - 1
    assert [m.name for m in members if "approver" in m.roles] == ["人0"]
    assert (links, broken) == (3 * MANY, None)


def test_a_supervisor_nobody_knows_imports_nobody(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_file(settings, people(tmp_path, boss="nobody@example.jp"), "") == 1
    assert "line 3: nobody has the address nobody@example.jp" in capsys.readouterr().err
    database = Database(settings.database_url)
    with database.snapshot(EVERY_ORGANIZATION) as session:
        assert session.scalars(select(Member)).all() == []
    database.close()


def test_accounts_are_kept_until_their_chat_is_known(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    rows = "name,email,slack_user_id,line_user_id\n佐藤 花,hana@example.jp,U0HANA,Uhana\n"
    file.write_text(rows, encoding="utf-8")
    assert import_file(settings, file, "") == 0
    assert import_file(settings, file, "") == 0  # the same again is the same
    database = Database(settings.database_url)
    with database.snapshot(EVERY_ORGANIZATION) as session:
        found = session.scalars(select(ExpectedAccount).order_by(ExpectedAccount.platform)).all()
    database.close()
    assert [(account.platform, account.user) for account in found] == [("line", "Uhana"), ("slack", "U0HANA")]


def test_beside_the_demo_people_go_to_the_real_organisation(settings: Settings, tmp_path: Path) -> None:
    database = Database(settings.database_url)
    with database.transaction(EVERY_ORGANIZATION) as session:
        for name, kind in (("架空町", {"demo": True}), ("青葉町", {})):
            session.add(Organization(name=name, settings=kind, created_at=datetime.now(UTC)))
    file = tmp_path / "members.csv"
    file.write_text("name,email\n佐藤 花,hana@example.jp\n", encoding="utf-8")
    assert import_file(settings, file, "") == 0
    with database.snapshot(EVERY_ORGANIZATION) as session:
        member = session.scalars(select(Member)).one()
        assert session.get_one(Organization, member.organization_id).name == "青葉町"
    database.close()
