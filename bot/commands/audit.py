"""``keihi audit verify`` and ``keihi audit draw``."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import typer
from sqlalchemy import select

from bot.commands.within import opened
from bot.settings import Settings
from handlers.dates import parse_month
from handlers.lane import proof
from storage import audit
from storage.db import EVERY_ORGANIZATION
from storage.models import AuditEvent, Organization

WHY = {
    "missing": "it is missing",
    "changed": "its content was changed",
    "unchained": "it does not follow the link before it",
}


def verify(settings: Settings) -> int:
    """Print every organisation's result; 1 when a chain is broken, naming the first broken row."""
    database = opened(settings)
    with database.snapshot(EVERY_ORGANIZATION) as session:
        organizations = session.scalars(select(Organization).order_by(Organization.created_at)).all()
    failed = 0
    for organization in organizations:
        with database.snapshot(organization.id) as session:
            good, broken = audit.verify(session)
            if broken is None:
                typer.echo(f"{organization.name}: {good} links, all hold")
                continue
            failed = 1
            row = session.scalars(select(AuditEvent).filter_by(sequence=broken.sequence)).first()
            what = f" ({row.action} of {row.at})" if row else ""
            typer.echo(f"{organization.name}: BROKEN at link {broken.sequence}{what}: {WHY[broken.why]}")
    return failed


def draw(settings: Settings, month: str, *, as_json: bool) -> int:
    """Print a month of the lane (or every month) reckoned again, organisation by organisation; 1 when it is wrong, or
    when the word is no month.
    """
    if month:
        meant = parse_month(month, today=datetime.now(UTC).date())
        if meant is None:
            typer.echo(f"keihi: “{month}” is no month. Please write it like this: 2026-11", err=True)
            return 1
        month = f"{meant:%Y-%m}"
    database = opened(settings)
    with database.snapshot(EVERY_ORGANIZATION) as session:
        organizations = session.scalars(select(Organization).order_by(Organization.created_at)).all()
    failed = 0
    nothing = True
    for organization in organizations:
        with database.snapshot(organization.id) as session:
            wanted = [month] if month else proof.months(session)
            for each in wanted:
                found = proof.prove(session, each)
                if not found.commitment and not found.decisions and each not in proof.months(session):
                    continue
                nothing = False
                failed |= bool(found.wrong)
                if as_json:
                    typer.echo(json.dumps({"organization": organization.name, **found.as_json()}, ensure_ascii=False))
                else:
                    _print(organization, found)
            _, broken = audit.verify(session)
            if broken is not None:
                failed = 1
                typer.echo(f"{organization.name}: the audit chain is BROKEN at link {broken.sequence}", err=True)
    if nothing:
        typer.echo(f"No draws{' in ' + month if month else ''}.", err=as_json)
    return failed


def _print(organization: Organization, found: proof.Proof) -> None:
    figures = f"{len(found.decisions)} draws, {found.audited} audited"
    seed = f"seed {found.seed}" if found.seed else "the seed is not revealed yet"
    holds = "; ".join(found.wrong) if found.wrong else "all hold" if found.seed else "so far all hold"
    typer.echo(f"{organization.name} {found.month}: {figures}; {'WRONG: ' if found.wrong else ''}{holds}")
    typer.echo(f"  commitment {found.commitment or '(none)'}; {seed}")
