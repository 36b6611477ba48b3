"""The bot comes into a workspace: whose it is, also when several come at the same moment."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import select

from bot.demo.organization import seed
from handlers import directory, installations
from handlers.keys import Keys
from handlers.services import Services
from storage.blobs import Blobs
from storage.db import EVERY_ORGANIZATION, Database
from storage.jobs import Jobs
from storage.models import Installation, Organization
from tests.handlers.house import PaperReader

COMING = (("slack", "T0HIKARI"), ("slack", "T0HIKARI"), ("line", "U0HIKARI"), ("line", "U0HIKARI"), ("demo", ""))


def services(database: Database, folder: Path) -> Services:
    jobs = Jobs(database)
    jobs.register(directory.JOB, directory.link_everybody)
    return Services(
        db=database,
        blobs=Blobs((folder / "blobs").as_uri()),
        jobs=jobs,
        reader=PaperReader(),
        keys=Keys(b"test"),
        platforms={},
    )


def comes(to: Services, platform: str, tenant: str) -> str:
    if platform == "demo":
        return seed(to)
    return installations.install(to, platform, tenant, name="ひかり町役場", bot_user="B", token=f"token of {tenant}")


def test_slack_line_and_the_demo_at_the_same_first_moment_make_one_organisation_each_kind(
    database: Database, tmp_path: Path
) -> None:
    """As when a server starts for the first time beside a worker, or two servers at once."""
    made = services(database, tmp_path)
    gate = threading.Barrier(len(COMING))
    homes: list[tuple[str, str]] = []

    def come(platform: str, tenant: str) -> None:
        gate.wait(timeout=30)
        homes.append((platform, comes(made, platform, tenant)))

    threads = [threading.Thread(target=come, args=who) for who in COMING]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(homes) == len(COMING), "one of them failed"
    assert len({home for platform, home in homes if platform != "demo"}) == 1
    with database.snapshot(EVERY_ORGANIZATION) as session:
        organizations = session.scalars(select(Organization)).all()
        assert sorted(bool(o.settings.get("demo")) for o in organizations) == [False, True]
        found = session.scalars(select(Installation)).all()
        assert sorted((i.platform, i.tenant) for i in found) == [("line", "U0HIKARI"), ("slack", "T0HIKARI")]


def test_a_second_workspace_has_an_organisation_of_its_own(database: Database, tmp_path: Path) -> None:
    made = services(database, tmp_path)
    first = comes(made, "slack", "T0HIKARI")
    assert comes(made, "line", "U0HIKARI") == first
    assert comes(made, "slack", "T0OTHER") != first
    assert comes(made, "slack", "T0HIKARI") == first


def test_a_workspace_that_anybody_may_install_never_walks_into_an_organisation_that_is_there(
    database: Database, tmp_path: Path
) -> None:
    made = services(database, tmp_path)
    here = comes(made, "line", "U0HIKARI")
    named = {"name": "よその会社", "bot_user": "B", "token": "t", "adopts": False}
    theirs = installations.install(made, "slack", "T0THEIRS", **named)
    assert theirs != here
    installations.uninstall(made, "slack", "T0THEIRS")
    assert installations.install(made, "slack", "T0OTHERS", **named) not in (here, theirs)
    assert installations.install(made, "slack", "T0THEIRS", **named) == theirs


def test_what_was_removed_is_not_taken_over_by_the_next(database: Database, tmp_path: Path) -> None:
    made = services(database, tmp_path)
    first = comes(made, "slack", "T0HIKARI")
    installations.uninstall(made, "slack", "T0HIKARI")
    assert comes(made, "slack", "T0NEXT") != first
