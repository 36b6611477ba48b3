"""Reminders: one message a person and business day of what has waited for longer than a day.

It comes at an hour of the organisation, by the clock on the person's wall, never in quiet hours or on a holiday. Where
a message costs and few are left this month, none is sent: the next answer that the person gets carries the words along.
A row for each person and day makes it once, in however many processes this runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import advances, outbox, people
from handlers.approvals import bulk, seats
from handlers.approvals import waiting as listed
from handlers.approvals.waiting import Entry, entries
from handlers.calendar import Quiet, at_work
from handlers.cards import advances as unsettled
from handlers.cards.waiting import postscript, reminder
from handlers.chat import Card, Note
from handlers.errors import PlatformError
from handlers.lane import verdicts
from handlers.services import Services
from handlers.turn import Turn, View, view_of
from storage import audit
from storage.db import EVERY_ORGANIZATION, alone
from storage.models import ApprovalStep, Delegation, Digest, Identity, Member, Organization, Seat

log = structlog.get_logger()

WAITED = timedelta(days=1)
MONTH = timedelta(days=31)
SETTING = "remind"
NIGHT = Quiet(19, 8)


@dataclass(frozen=True)
class Habits:
    """How an organisation wants to be reminded.

    ``hour`` (0-23) of the daily message and ``days`` (business days) until the next above is asked; None for never.
    ``reserve``: where messages are counted, reminders leave so many of the month's for claims themselves.
    ``settle``: business days after a trip from which on whoever holds an advance is reminded; None for never. Two weeks
    are common practice, and not every regulation's: an organisation sets its own.
    """

    hour: int | None = 9
    days: int | None = 3
    quiet: Quiet = NIGHT
    reserve: int = 50
    settle: int | None = 10


def habits(organization: Organization) -> Habits:
    """As the administrator set them, else the defaults."""
    kept = dict(organization.settings.get(SETTING, {}))
    if "quiet" in kept:
        kept["quiet"] = Quiet(*kept["quiet"])
    return Habits(**kept)


def set_habits(turn: Turn, chosen: Habits) -> None:
    """Keep them, audited."""
    data = {
        "hour": chosen.hour,
        "days": chosen.days,
        "quiet": [chosen.quiet.begins, chosen.quiet.ends],
        "reserve": chosen.reserve,
        "settle": chosen.settle,
    }
    turn.organization.settings = {**turn.organization.settings, SETTING: data}
    audit.record(turn.session, actor=turn.member.id, action="reminders.set", subject="organization", data=data)


# --- sending ----------------------------------------------------------------------------------------------------------


def sweep(services: Services) -> None:
    """Remind everybody whose hour has come and who was not reminded today."""
    spare = Spare(services)
    for organization_id, member_id, reserve in _due(services):
        with services.db.snapshot(organization_id) as session:
            identity = people.where(session, services, session.get_one(Member, member_id))
        if identity is not None:
            _remind(services, organization_id, member_id, push=spare.allows(identity, reserve))


def _due(services: Services) -> list[tuple[str, str, int]]:
    """(organisation, member, reserve) of those who may have something to decide and got no reminder today."""
    now = services.clock()
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        organizations = {row.id: row for row in session.scalars(select(Organization))}
        concerned = _asked(session, now) | advances.holders(session)
        members = session.scalars(select(Member).where(Member.active, Member.id.in_(concerned))).all()
        recent = select(Digest).where(Digest.day >= now.date() - timedelta(days=1))
        done = {(row.member_id, row.day) for row in session.scalars(recent)}
    due = []
    for member in members:
        organization = organizations[member.organization_id]
        chosen, zone = habits(organization), people.zone_of(member, organization)
        local = now.astimezone(ZoneInfo(zone))
        if chosen.hour is None or local.hour < chosen.hour or (member.id, local.date()) in done:
            continue
        if at_work(now, zone, chosen.quiet):
            due.append((member.organization_id, member.id, chosen.reserve))
    return due


def _asked(session: Session, now: datetime) -> set[str]:
    """Ids of those who have had an open seat for long enough, of who was asked beside them, and of their delegates."""
    query = (
        select(Seat.member_id, Seat.stand_in_id)
        .join(ApprovalStep, ApprovalStep.id == Seat.step_id)
        .where(ApprovalStep.state == "open", Seat.state == "open", ApprovalStep.opened_at <= now - WAITED)
    )
    found = {member_id for row in session.execute(query) for member_id in row if member_id}
    absent = select(Delegation.delegate_id).where(Delegation.principal_id.in_(found), Delegation.revoked_at.is_(None))
    return found | set(session.scalars(absent))


def _remind(services: Services, organization_id: str, member_id: str, *, push: bool) -> None:
    now = services.clock()
    with services.db.transaction(organization_id) as session:
        alone(session, f"reminder:{member_id}")
        member = session.get_one(Member, member_id)
        organization = session.get_one(Organization, organization_id)
        day = now.astimezone(ZoneInfo(people.zone_of(member, organization))).date()
        identity = people.where(session, services, member)
        if identity is None or session.scalars(select(Digest).filter_by(member_id=member.id, day=day)).first():
            return
        waiting = _overdue(session, member, seats.today(services, organization), now)
        late = advances.due_today(session, member, day, habits(organization).settle)
        row = Digest(member_id=member.id, day=day, way="none", created_at=now)
        session.add(row)
        row.due = [entry.claim.number for entry in waiting] + [claim.number for claim, _ in late]
        if (waiting or late) and push:
            row.way, row.sent_at = "push", now
            view = view_of(services, organization, member)
            judged = listed.judged(session, services, organization, waiting)
            card = reminder(view, judged.entries, bulk.batch(judged.entries), judged.found)
            card = _with_lane(session, view, member, card, now)
            if late:
                card = unsettled.with_waiting(view_of(services, organization, member), card if waiting else None, late)
            outbox.tell(session, services, people.address_of(identity), card, member_id=member.id)
        elif waiting or late:
            row.way = "carry"


def _with_lane(session: Session, view: View, member: Member, card: Card, now: datetime) -> Card:
    """How many claims passed without this person since their last reminder, at most a month ago."""
    last = session.scalar(select(func.max(Digest.sent_at)).where(Digest.member_id == member.id, Digest.sent_at < now))
    count = verdicts.passed_since(session, member.id, max(last or now - MONTH, now - MONTH))
    text = "{count} claims of your people were approved by the rules."
    return replace(card, notes=(*card.notes, Note(view.t(text, count=count)))) if count else card


def _overdue(session: Session, member: Member, today: date, now: datetime) -> list[Entry]:
    return [entry for entry in entries(session, member, today) if entry.since <= now - WAITED]


class Spare:
    """Whether a push may be spent on somebody; each platform is asked once a sweep."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._left: dict[tuple[str, str], int] = {}

    def allows(self, identity: Identity, reserve: int) -> bool:
        platform = self._services.platforms[identity.platform]
        if not platform.capabilities.counts_pushes:
            return True
        place = (identity.platform, identity.tenant)
        if place not in self._left:
            try:
                left = platform.pushes_left(identity.tenant)
            except PlatformError as error:
                log.info("nobody says how many messages are left", platform=identity.platform, error=str(error))
                left = 0
            self._left[place] = 10**9 if left is None else left
        if self._left[place] <= reserve:
            return False
        self._left[place] -= 1
        return True


# --- carried along ----------------------------------------------------------------------------------------------------


def carried(turn: Turn) -> Callable[[Card], Card] | None:
    """What adds the reminder that was not sent to the first answer of this turn; None when there is none."""
    held = select(Digest).filter_by(member_id=turn.member.id, way="carry", sent_at=None)
    rows = turn.session.scalars(held.order_by(Digest.day)).all()
    return partial(_carry, turn, rows) if rows else None


def _carry(turn: Turn, rows: Sequence[Digest], card: Card) -> Card:
    now = turn.services.clock()
    for row in rows:
        row.sent_at = now
    waiting = _overdue(turn.session, turn.member, turn.today, now)
    card = postscript(turn.view, card, waiting) if waiting else card
    late = advances.overdue(turn.session, turn.member, turn.today, habits(turn.organization).settle)
    return unsettled.postscript(turn.view, card, late) if late else card


def held_back(session: Session) -> int:
    """How many reminders wait for their readers' next act, for the administrator."""
    return session.scalar(select(func.count(Digest.id)).filter_by(way="carry", sent_at=None)) or 0


def shown(view: View, chosen: Habits) -> tuple[tuple[str, str], ...]:
    """The habits as (label, value), as ``/keihi remind`` shows them."""
    quiet = chosen.quiet
    never = view.t("never")
    return (
        (view.t("Daily reminder"), never if chosen.hour is None else f"{chosen.hour}:00"),
        (
            view.t("Next above is asked"),
            never if chosen.days is None else view.t("after {count} business days", count=chosen.days),
        ),
        (
            view.t("Quiet hours"),
            view.t("none") if quiet.begins == quiet.ends else f"{quiet.begins}:00–{quiet.ends}:00",
        ),
        (view.t("Messages kept for claims"), str(chosen.reserve)),
        (
            view.t("Advances are asked to be settled"),
            never if chosen.settle is None else view.t("after {count} business days", count=chosen.settle),
        ),
    )
