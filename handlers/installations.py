"""The bot inside a workspace or channel: installed, found, removed. Tokens are encrypted at rest."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import expected
from handlers.services import Services
from storage import audit
from storage.db import EVERY_ORGANIZATION, alone
from storage.models import Installation as InstallationRow
from storage.models import Organization, new_id

FOUNDING = "the first organisation"  # whoever looks whether there is one, and makes one, does so alone


@dataclass(frozen=True)
class Installation:
    """One workspace or channel that has the bot; ``token`` is in clear, so never log this."""

    organization_id: str
    tenant: str
    name: str
    bot_user: str
    token: str

    def __repr__(self) -> str:
        return f"Installation({self.tenant!r}, {self.name!r})"


def install(
    services: Services,
    platform: str,
    tenant: str,
    *,
    name: str,
    bot_user: str,
    token: str,
    scopes: str = "",
    installed_by: str = "",
    organization_id: str = "",
    adopts: bool = True,
) -> str:
    """Remember the bot in ``tenant`` and return its organisation's id. Doing it again only renews the token.

    A tenant that is new joins the named organisation; without a name the only one there is, if that never had an
    installation of this platform; otherwise an organisation of its own is made, so that workspaces never see each
    other. ``adopts`` is false where anybody may install: a stranger's workspace, which says itself whose addresses its
    people have, must not walk into an organisation that is there.
    """
    with services.db.transaction(EVERY_ORGANIZATION) as session:
        alone(session, FOUNDING)
        row = session.scalars(select(InstallationRow).filter_by(platform=platform, tenant=tenant)).first()
        if row is None:
            row = InstallationRow(
                organization_id=organization_id or _home(session, services, platform, name, adopts=adopts),
                platform=platform,
                tenant=tenant,
                installed_at=services.clock(),
            )
            session.add(row)
        elif row.name == name and row.bot_user == bot_user and _same(services, row.token, token) and not row.removed_at:
            return row.organization_id
        row.name, row.bot_user, row.scopes, row.installed_by = name, bot_user, scopes, installed_by
        row.token, row.removed_at = services.keys.encrypt(token) if token else "", None
        session.flush()
        session.info["organization_id"] = row.organization_id
        audit.record(
            session, actor=installed_by or "system", action="platform.installed", subject=f"{platform}:{tenant}"
        )
        expected.arrive(session, platform, tenant, now=services.clock())
        services.jobs.enqueue(session, "people.directory", f"directory:{row.id}:{new_id()}")
        return row.organization_id


def uninstall(services: Services, platform: str, tenant: str) -> None:
    """Forget the token; people, claims and receipts stay."""
    with services.db.transaction(EVERY_ORGANIZATION) as session:
        row = session.scalars(select(InstallationRow).filter_by(platform=platform, tenant=tenant)).first()
        if row is None or row.removed_at is not None:
            return
        row.token, row.removed_at = "", services.clock()
        session.info["organization_id"] = row.organization_id
        audit.record(session, actor="system", action="platform.removed", subject=f"{platform}:{tenant}")


def find(services: Services, platform: str, tenant: str) -> Installation | None:
    """The living installation of a tenant, or None."""
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        row = session.scalars(
            select(InstallationRow).filter_by(platform=platform, tenant=tenant, removed_at=None)
        ).first()
        if row is None:
            return None
        token = services.keys.decrypt(row.token) if row.token else ""
        return Installation(row.organization_id, row.tenant, row.name, row.bot_user, token)


def tenants(session: Session, platform: str | None = None) -> list[tuple[str, str]]:
    """(platform, tenant) of the living installations that the session may see."""
    rows = session.scalars(select(InstallationRow).filter_by(removed_at=None))
    return [(row.platform, row.tenant) for row in rows if platform in (None, row.platform)]


def _home(session: Session, services: Services, platform: str, name: str, *, adopts: bool) -> str:
    organizations = [o for o in session.scalars(select(Organization)) if not o.settings.get("demo")]
    if adopts and len(organizations) == 1:
        only = organizations[0]  # one that was removed counts: its people and claims are another workspace's
        taken = session.scalars(select(InstallationRow).filter_by(organization_id=only.id, platform=platform)).first()
        if taken is None:
            return only.id
    made = Organization(name=name or platform, zone=services.zone, locale=services.locale, created_at=services.clock())
    session.add(made)
    session.flush()
    return made.id


def _same(services: Services, encrypted: str, token: str) -> bool:
    try:
        return (services.keys.decrypt(encrypted) if encrypted else "") == token
    except ValueError:
        return False
