"""``keihi members …`` and ``keihi local-link``: people without a chat."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import web
from bot.settings import Settings
from bot.wiring import Wiring, build
from handlers import directory, expected, installations, people
from handlers.chat import Address
from handlers.errors import Refusal
from handlers.services import Services
from handlers.texts import t
from storage import audit
from storage.db import EVERY_ORGANIZATION, alone
from storage.models import Identity, Member, Organization

COLUMNS = {
    "name": ("name", "氏名", "名前"),
    "email": ("email", "e-mail", "mail", "メール", "メールアドレス"),
    "manager": ("manager", "manager_email", "manager's e-mail", "managers_email", "上司", "上司メール", "承認者"),
    "roles": ("roles", "role", "役割"),
    "department": ("department", "部署", "所属"),
    "grade": ("grade", "等級", "職級"),
    "slack": ("slack", "slack_user_id", "slack user id", "slack_id"),
    "line": ("line", "line_user_id", "line user id", "line_id"),
    "locale": ("locale", "language", "言語"),
}


def import_file(settings: Settings, file: Path, organization: str) -> int:
    """Add or update everybody in the file, all or nobody; prints what was wrong, by line."""
    try:
        rows = _rows(file)
    except (OSError, ValueError) as error:
        typer.echo(f"keihi: {file}: {error}", err=True)
        return 1
    wiring = build(settings)
    services = wiring.services
    try:
        with services.db.transaction(EVERY_ORGANIZATION) as session:
            home = _organization(session, services, organization)
            session.info["organization_id"] = home.id
            with audit.many(session):
                new, changed = _save_all(session, services, rows)
            directory.ask(session, services)
    except _Wrong as wrong:
        typer.echo("\n".join(["keihi: nothing was imported:", *wrong.lines]), err=True)
        return 1
    finally:
        _close(wiring)
    typer.echo(f"{home.name}: {new} added, {changed} updated.")
    return 0


class _Wrong(Exception):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(lines)
        self.lines = lines


def _rows(file: Path) -> list[dict[str, str]]:
    """Rows by our own column names. UTF-8 (with or without BOM) or Shift_JIS, as Excel in Japan writes it."""
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError("the file is neither UTF-8 nor Shift_JIS text")
    reader = csv.DictReader(io.StringIO(text))
    names = {alias: ours for ours, aliases in COLUMNS.items() for alias in aliases}
    header = {column: names.get(column.strip().lower()) for column in reader.fieldnames or ()}
    if not {"name", "email"} <= set(header.values()):
        raise ValueError("the first line must name the columns; at least “name” and “email” are needed")
    return [{ours: (row[column] or "").strip() for column, ours in header.items() if ours} for row in reader]


def _save_all(session: Session, services: Services, rows: list[dict[str, str]]) -> tuple[int, int]:
    wrong: list[str] = []
    new = changed = 0
    saved: list[tuple[int, dict[str, str], Member]] = []
    known = {member.email: member for member in session.scalars(select(Member)) if member.email}
    for line, row in enumerate(rows, start=2):
        try:
            member, is_new = people.save(
                session,
                name=row["name"],
                email=row["email"],
                roles=people.parse_roles(row.get("roles", "")),
                by="system",
                now=services.clock(),
                department=row.get("department", ""),
                grade=row.get("grade", ""),
                locale=row.get("locale", ""),
                known=known,
            )
        except Refusal as refusal:
            wrong.append(f"  line {line}: {refusal}")
            continue
        saved.append((line, row, member))
        new, changed = new + is_new, changed + (not is_new)
    for line, row, member in saved:  # everybody is known now: who leads whom, and which accounts are whose
        manager = known.get(people.clean_email(row.get("manager", "")))
        manager = manager if manager is not None and manager.active else None
        if row.get("manager") and manager is None:
            wrong.append(f"  line {line}: nobody has the address {row['manager']}")
        elif manager is member:
            wrong.append(f"  line {line}: {member.name} cannot be their own supervisor")
        elif manager is not None:
            if member.manager_id != manager.id:
                member.manager_id = manager.id
                data = {"roles": list(member.roles), "manager": manager.id}
                audit.record(session, actor="system", action="member.changed", subject=f"member:{member.id}", data=data)
            people.lead(session, manager, by="system")
        for platform in ("slack", "line"):
            if row.get(platform):
                _account(session, services, platform, row[platform], member)
    if wrong:
        raise _Wrong(wrong)
    return new, changed


def _account(session: Session, services: Services, platform: str, user: str, member: Member) -> None:
    """Tie the account to the member; where its workspace or channel is not known yet, remember it until it is."""
    tenants = [tenant for name, tenant in installations.tenants(session, platform)]
    if len(tenants) == 1:
        people.link(session, Address(platform, tenants[0], user), member, how="import", now=services.clock())
    else:
        expected.remember(session, member, platform, user)


def _organization(session: Session, services: Services, wanted: str) -> Organization:
    alone(session, installations.FOUNDING)
    found = session.scalars(select(Organization)).all()
    if wanted:
        found = [o for o in found if wanted in (o.id, o.name)]
        if not found:
            raise _Wrong([f"  there is no organisation “{wanted}”"])
    else:  # the fictional one is chosen by name, or where there is no other chat than its own
        real = [o for o in found if not o.settings.get("demo")]
        found = real if real or {"slack", "line"} & set(services.platforms) else found
    if len(found) > 1:
        raise _Wrong(["  there are several organisations; name one: " + ", ".join(o.name for o in found)])
    if found:
        return found[0]
    home = Organization(
        name="Keihi", zone=services.zone, locale=services.locale, settings={}, created_at=services.clock()
    )
    session.add(home)
    session.flush()
    return home


def print_members(settings: Settings, organization: str) -> int:
    """Everybody, with what they are connected to."""
    wiring = build(settings)
    try:
        with wiring.services.db.transaction(EVERY_ORGANIZATION) as session:
            home = _organization(session, wiring.services, organization)
            for member in session.scalars(
                select(Member).filter_by(organization_id=home.id).order_by(Member.created_at)
            ):
                accounts = session.scalars(select(Identity).filter_by(member_id=member.id)).all()
                connected = ",".join(sorted({a.platform for a in accounts})) or "-"
                state = "" if member.active else " (removed)"
                typer.echo(f"{member.name}\t{member.email}\t{','.join(member.roles)}\t{connected}{state}")
    except _Wrong as wrong:
        typer.echo("\n".join(["keihi:", *wrong.lines]), err=True)
        return 1
    finally:
        _close(wiring)
    return 0


def print_code(settings: Settings, email: str, organization: str) -> int:
    """A one-use code for one member."""
    wiring = build(settings)
    try:
        with wiring.services.db.transaction(EVERY_ORGANIZATION) as session:
            home = _organization(session, wiring.services, organization)
            session.info["organization_id"] = home.id
            member = people.by_email(session, email)
            if member is None:
                raise _Wrong([f"  nobody has the address {email}"])
            code = people.issue_code(session, wiring.services, member, by="system")
    except _Wrong as wrong:
        typer.echo("\n".join(["keihi:", *wrong.lines]), err=True)
        return 1
    finally:
        _close(wiring)
    typer.echo(code)
    return 0


def print_local_link(settings: Settings, email: str) -> int:
    """A one-time address that signs a member in to the local chat."""
    if not settings.local_chat and not settings.demo:
        typer.echo(
            "keihi: the local chat is off. Set KEIHI_LOCAL_CHAT=1 for the server and for this command.", err=True
        )
        return 1
    wiring = build(settings)
    try:
        typer.echo(web.issue_link(wiring.services, settings, email))
    except Refusal as refusal:
        typer.echo(f"keihi: {t('en', refusal.text, **refusal.values)}", err=True)
        return 1
    finally:
        _close(wiring)
    return 0


def _close(wiring: Wiring) -> None:
    wiring.services.jobs.stop()
    wiring.services.db.close()
