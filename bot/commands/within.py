"""One organisation's rows for a command on the server: which one, in one transaction, errors as lines."""

from __future__ import annotations

from collections.abc import Callable

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import Settings
from handlers.errors import Refusal, SheetWrong
from storage.db import EVERY_ORGANIZATION, Database
from storage.migrations import migrate
from storage.models import Organization


def within(settings: Settings, wanted: str, act: Callable[[Session, Organization], None]) -> int:
    """Do ``act`` in the organisation of this name or id (empty: the only one); the exit status.

    ``act`` may raise :class:`Refusal` or :class:`SheetWrong`: nothing is changed then, and the reasons are printed.
    """
    database = opened(settings)
    try:
        with database.transaction(EVERY_ORGANIZATION) as session:
            try:
                home = named(session, wanted)
            except SheetWrong as unclear:
                typer.echo(f"keihi: {'; '.join(unclear.lines)}", err=True)
                return 1
            session.info["organization_id"] = home.id
            act(session, home)
    except SheetWrong as wrong:
        typer.echo("\n".join(["keihi: nothing was imported:", *(f"  {line}" for line in wrong.lines)]), err=True)
        return 1
    except Refusal as refusal:
        typer.echo(f"keihi: {refusal}", err=True)
        return 1
    finally:
        database.close()
    return 0


def opened(settings: Settings) -> Database:
    """The database, brought to the newest schema first, as the server does it: a command may be the first to come."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    migrate(database)
    return database


def named(session: Session, wanted: str) -> Organization:
    """The organisation of this name or id; empty: the only one, the fictional one left out where there is a real one.

    Raises :class:`SheetWrong`, which says why, when there is none or more than one.
    """
    found = session.scalars(select(Organization).order_by(Organization.created_at)).all()
    if wanted:
        found = [home for home in found if wanted in (home.id, home.name)]
        if not found:
            raise SheetWrong([f"there is no organisation “{wanted}”"])
    else:
        found = [home for home in found if not home.settings.get("demo")] or found
    if not found:
        raise SheetWrong(["there is no organisation yet; “keihi members import” makes the first"])
    if len(found) > 1:
        raise SheetWrong(["there are several organisations; name one: " + ", ".join(home.name for home in found)])
    return found[0]
