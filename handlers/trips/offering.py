"""Once a trip is over, its traveller is asked once whether to settle it: in business hours of their zone.

The time stands in ``Trip.options["offered_at"]`` and is set under the trip's lock, so that it is asked once in however
many processes this runs. Where messages are counted and few are left this month, the offer waits.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers import outbox, people
from handlers.approvals import reminders
from handlers.calendar import at_work
from handlers.cards import settlements as shown
from handlers.services import Services
from handlers.trips import settlement
from handlers.turn import view_of
from storage.db import EVERY_ORGANIZATION
from storage.models import Claim, Member, Organization, Trip

LOOK_BACK = dt.timedelta(days=60)  # older trips were left alone on purpose


def sweep(services: Services) -> None:
    """Offer every trip that has ended and that nobody settles yet."""
    spare = reminders.Spare(services)
    for organization_id, request_id, member_id in _due(services):
        with services.db.snapshot(organization_id) as session:
            organization = session.get_one(Organization, organization_id)
            member = session.get_one(Member, member_id)
            identity = people.where(session, services, member)
            habits = reminders.habits(organization)
        zone = people.zone_of(member, organization)
        if identity is None or not at_work(services.clock(), zone, habits.quiet):
            continue
        if spare.allows(identity, habits.reserve):
            _offer(services, organization_id, request_id)


def _due(services: Services) -> list[tuple[str, str, str]]:
    """(organisation, request, member) of approved requests whose trip's last day is over."""
    now = services.clock()
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        zones = {row.id: row.zone for row in session.scalars(select(Organization))}
        found = session.execute(
            select(Claim, Trip)
            .join(Trip, Claim.trip_id == Trip.id)
            .where(Claim.kind == "request", Claim.state == "approved", Trip.cancelled_at.is_(None))
            .where(Trip.ends < now.date() + dt.timedelta(days=1), Trip.ends >= now.date() - LOOK_BACK)
        ).all()
        return [
            (claim.organization_id, claim.id, claim.member_id)
            for claim, trip in found
            if not (trip.options or {}).get("offered_at")
            and trip.ends < now.astimezone(ZoneInfo(zones[claim.organization_id])).date()
        ]


def _offer(services: Services, organization_id: str, request_id: str) -> None:
    with services.db.transaction(organization_id) as session:
        request = session.scalars(select(Claim).filter_by(id=request_id).with_for_update()).one()
        trip = session.scalars(select(Trip).filter_by(id=request.trip_id).with_for_update()).one()
        if request.state != "approved" or trip.cancelled_at is not None or (trip.options or {}).get("offered_at"):
            return
        trip.options = {**(trip.options or {}), "offered_at": services.clock().isoformat()}
        identity = people.where(session, services, request.member)
        if settlement.of(session, request) is not None or identity is None:
            return
        organization = session.get_one(Organization, organization_id)
        card = shown.offered(view_of(services, organization, request.member), request, trip)
        outbox.tell(session, services, people.address_of(identity), card, member_id=request.member_id)
