"""``keihi budgets …``: the budget lines of an organisation, in and out of CSV."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.within import within
from bot.settings import Settings
from handlers.budgets import lines, sheets
from handlers.errors import SheetWrong
from storage.models import Budget, Organization


def import_file(settings: Settings, file: Path, organization: str) -> int:
    """Add or revise every line of the file, all or none."""

    def act(session: Session, home: Organization) -> None:
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise SheetWrong([f"{file}: {error.strerror}"]) from error
        rows = sheets.understand(raw)
        new, changed = sheets.save(session, rows, by="system", now=datetime.now(UTC), sha256=sheets.digest(raw))
        typer.echo(f"{home.name}: {new} added, {changed} changed, {len(rows) - new - changed} as before.")

    return within(settings, organization, act)


def export(settings: Settings, organization: str, year: int | None, file: Path | None) -> int:
    """The lines with what is reserved, consumed and left; to the file, or printed."""

    def act(session: Session, _home: Organization) -> None:
        text = sheets.written(_lines(session, year))
        if file is None:
            typer.echo(text, nl=False)
        else:
            file.write_bytes(text.encode("utf-8-sig"))  # with the mark by which Excel knows UTF-8

    return within(settings, organization, act)


def print_lines(settings: Settings, organization: str, year: int | None) -> int:
    """One line a budget line: year, code, amount, reserved, consumed, left."""

    def act(session: Session, _home: Organization) -> None:
        for line in _lines(session, year):
            figures = (line.amount, line.reserved, line.consumed, lines.left(line))
            stop = "stop" if line.stopped else "note"
            typer.echo("\t".join([str(line.year), line.code, stop, *map(str, figures), line.name]))

    return within(settings, organization, act)


def _lines(session: Session, year: int | None) -> list[Budget]:
    wanted = select(Budget).order_by(Budget.year, Budget.code)
    return list(session.scalars(wanted.filter_by(year=year) if year else wanted))
