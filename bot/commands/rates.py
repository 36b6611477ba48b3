"""``keihi rates …``: the table of exchange rates, in and out of CSV."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.within import within
from bot.settings import Settings
from handlers.errors import SheetWrong
from handlers.rates import sheets, wanted
from storage.models import ExchangeRate, Organization


def import_file(settings: Settings, file: Path, organization: str, *, anyway: bool) -> int:
    """Add or correct every rate of the file, all or none; drafts follow when the worker next looks."""

    def act(session: Session, home: Organization) -> None:
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise SheetWrong([f"{file}: {error.strerror}"]) from error
        now = datetime.now(UTC)
        quotes = sheets.understand(raw, today=now.astimezone(ZoneInfo(home.zone)).date())
        counts = sheets.store(session, quotes, by="system", now=now, anyway=anyway)
        session.refresh(home, with_for_update=True)  # its settings are written as a whole
        wanted.mark(home, {quote.currency for _, quote in quotes})
        typer.echo(f"{home.name}: {counts['new']} added, {counts['changed']} changed, {counts['same']} as before.")

    return within(settings, organization, act)


def export(settings: Settings, organization: str, currency: str, file: Path | None) -> int:
    """The table as CSV; to the file, or printed."""

    def act(session: Session, _home: Organization) -> None:
        text = sheets.written(_rows(session, currency))
        if file is None:
            typer.echo(text, nl=False)
        else:
            file.write_bytes(text.encode("utf-8-sig"))  # with the mark by which Excel knows UTF-8

    return within(settings, organization, act)


def print_rates(settings: Settings, organization: str, currency: str) -> int:
    """One line a rate: currency, day, yen for one unit, source."""

    def act(session: Session, _home: Organization) -> None:
        for row in _rows(session, currency):
            typer.echo("\t".join([row.currency, row.day.isoformat(), row.rate, row.source]))

    return within(settings, organization, act)


def _rows(session: Session, currency: str) -> list[ExchangeRate]:
    wanted_rows = select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.day)
    return list(session.scalars(wanted_rows.filter_by(currency=currency.upper()) if currency else wanted_rows))
