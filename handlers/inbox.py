"""The way in: an event is remembered, with the job that will answer it, before the platform hears "200"."""

from __future__ import annotations

import time

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from handlers import people
from handlers.chat import INCOMING, Incoming
from handlers.services import Services
from storage.db import EVERY_ORGANIZATION
from storage.models import InboxEvent

log = structlog.get_logger()

JOB = "inbox.answer"


def accept(services: Services, incoming: Incoming) -> bool:
    """Remember one act and ask for its answer, in one transaction. False when it was known, or nobody's.

    Redelivered events meet the unique (platform, event id) and change nothing. An event from a workspace that has not
    installed us is not kept: there is no organisation whose it could be.
    """
    sender = incoming.sender
    known = select(InboxEvent.id).filter_by(platform=sender.platform, event_id=incoming.event_id)
    with services.db.snapshot(EVERY_ORGANIZATION) as session:  # looking takes no lock, so a redelivery costs little
        if session.scalars(known).first() is not None:
            return False
        organization_id = people.organization_of(session, sender)
    if organization_id is None:
        log.warning("event of an unknown workspace", platform=sender.platform, tenant=sender.tenant)
        return False
    try:
        with services.db.transaction(organization_id) as session:
            event = InboxEvent(
                organization_id=organization_id,
                platform=sender.platform,
                event_id=incoming.event_id,
                sender=f"{sender.platform}:{sender.tenant}:{sender.user}",
                order=time.time_ns(),
                incoming=INCOMING.dump_python(incoming, mode="json"),
                received_at=services.clock(),
            )
            session.add(event)
            session.flush()
            services.jobs.enqueue(session, JOB, f"event:{event.id}", inbox_id=event.id)
    except IntegrityError:  # the same event was accepted elsewhere between our look and our write
        return False
    return True
