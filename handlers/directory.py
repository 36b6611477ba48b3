"""Linking members before they first speak: the workspace's own list of people, by e-mail address.

Also who of those that are linked, by an import perhaps, is a guest there, and so gets no messages.

Without this a supervisor who never wrote to the bot could not be sent a claim.
"""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session

from handlers import approvals, installations, people
from handlers.errors import PlatformBusy, PlatformRefused
from handlers.services import Services
from storage.jobs import Later
from storage.models import Organization, new_id

log = structlog.get_logger()

JOB = "people.directory"


def ask(session: Session, services: Services) -> None:
    """Have the directories looked through again, after people or a workspace were added."""
    services.jobs.enqueue(session, JOB, f"directory:{new_id()}")


def link_everybody(services: Services, organization_id: str) -> None:
    """Job: link every member whose address a workspace vouches for, and send them what already waits."""
    with services.db.snapshot(organization_id) as session:
        tenants = installations.tenants(session)
    for platform_name, tenant in tenants:
        platform = services.platforms.get(platform_name)
        if platform is None:
            continue
        try:
            entries = platform.directory(tenant)
        except PlatformBusy as busy:
            raise Later(busy.retry_after or 10.0, str(busy)) from busy
        except PlatformRefused as refused:
            log.warning("the directory cannot be read", platform=platform_name, code=refused.code)
            continue
        for address, profile in entries:
            with services.db.transaction(organization_id) as session:
                known = people.identity_of(session, address)
                if known is not None:
                    people.note_standing(known, profile, now=services.clock())
                    continue
                identity = people.link_by_profile(session, address, profile, now=services.clock())
                if identity is not None:
                    organization = session.get_one(Organization, organization_id)
                    approvals.send_waiting(session, services, organization, identity.member)
