"""Escalation: a claim that has waited for too many business days comes before the next above as well.

The seat stays its owner's; the next above may decide *for* them, as a delegate would, and the card says so. It happens
once a step, when whoever is asked is at work, by the clock on their wall; where messages are counted and few are left
this month, their next answer tells them. Who has no way to be asked (the applicant, somebody who decides in this claim
anyway, somebody who left) is passed over for the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import people
from handlers.approvals import posts, seats, steps
from handlers.approvals.reminders import Spare, habits
from handlers.approvals.sending import refresh, send_to
from handlers.calendar import ONE_DAY, at_work, business_days
from handlers.services import Services
from storage import audit
from storage.db import EVERY_ORGANIZATION
from storage.models import ApprovalStep, Claim, Member, Organization, Seat


def sweep(services: Services) -> None:
    """Ask the next above wherever a step has waited for as long as its organisation said."""
    now, spare = services.clock(), Spare(services)
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        organizations = {row.id: row for row in session.scalars(select(Organization))}
        waiting = select(ApprovalStep).filter_by(state="open", escalated_at=None)
        open_steps = session.scalars(waiting.where(ApprovalStep.opened_at.is_not(None))).all()
    for step in open_steps:
        organization = organizations[step.organization_id]
        if step.opened_at is not None and _may_be_due(organization, step.opened_at, now):
            with services.db.snapshot(organization.id) as session:  # most are looked at and left, without a lock
                due = _due(session, step.claim_id, step.id, now)
            if due is not None:
                with services.db.transaction(organization.id) as session:
                    _escalate(session, services, step.claim_id, step.id, now, spare)


def _may_be_due(organization: Organization, opened_at: datetime, now: datetime) -> bool:
    """Whether the days are over for anybody, wherever their clock stands: it is a day apart from here at most."""
    days, zone = habits(organization).days, ZoneInfo(organization.zone)
    if days is None:
        return False
    first, last = opened_at.astimezone(zone).date() - ONE_DAY, now.astimezone(zone).date() + ONE_DAY
    return business_days(first, last) >= days


@dataclass
class _Due:
    """``asked``: seats and who may decide beside their owners from now on. ``later``: others are not at work yet."""

    asked: list[tuple[Seat, Member]] = field(default_factory=list)
    later: bool = False


def _due(session: Session, claim_id: str, step_id: str, now: datetime) -> _Due | None:
    """What is to be done about a step now, by the clock of each who would be asked; None when nothing is."""
    claim = session.get_one(Claim, claim_id)
    step = seats.open_step(session, claim)
    if step is None or step.id != step_id or step.escalated_at is not None or step.opened_at is None:
        return None
    organization = session.get_one(Organization, claim.organization_id)
    found, anybody = _Due(), False
    for place in steps.places(step):
        if any(seat.stand_in_id is not None for seat in place):  # asked before, when the others were not at work
            continue
        seat, above = _somebody_above(session, claim, place)
        if seat is None or above is None:
            continue
        anybody = True
        if _is_due(organization, people.zone_of(above, organization), step.opened_at, now):
            found.asked.append((seat, above))
        else:
            found.later = True
    if not anybody:  # nobody is above: noted once, so that nobody is looked for again
        return found if _is_due(organization, organization.zone, step.opened_at, now) else None
    return found if found.asked else None


def _is_due(organization: Organization, zone: str, opened_at: datetime, now: datetime) -> bool:
    chosen = habits(organization)
    if chosen.days is None or not at_work(now, zone, chosen.quiet):
        return False
    first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (opened_at, now))
    return business_days(first, last) >= chosen.days


def _escalate(session: Session, services: Services, claim_id: str, step_id: str, now: datetime, spare: Spare) -> None:
    claim = session.scalars(select(Claim).filter_by(id=claim_id).with_for_update()).one()
    due = _due(session, claim_id, step_id, now)
    if due is None:
        return
    step = session.get_one(ApprovalStep, step_id)
    step.escalated_at = None if due.later else now
    asked = {seat.member_id: above.id for seat, above in due.asked}
    for seat, above in due.asked:
        seat.stand_in_id = above.id
        session.flush()
        session.refresh(seat, ["stand_in"])
    data = {"number": claim.number, "step": step.position, "asked": asked}
    audit.record(session, actor="system", action="claim.escalated", subject=f"claim:{claim.id}", data=data)
    if asked:
        organization = session.get_one(Organization, claim.organization_id)
        reserve = habits(organization).reserve
        refresh(session, services, organization, claim)
        for each in seats.deciders(session, claim, seats.today(services, organization)):
            identity = people.where(session, services, each.member) if each.member.id in asked.values() else None
            if identity is not None:  # where few messages are left, their next answer carries it
                send_to(session, services, organization, claim, each, push=spare.allows(identity, reserve))


def _somebody_above(session: Session, claim: Claim, place: Sequence[Seat]) -> tuple[Seat | None, Member | None]:
    """One person for a place: its people are as good as each other, so is who is above any of them."""
    for seat in place:
        above = next_above(session, claim, seat) if seat.state == "open" else None
        if above is not None:
            return seat, above
    return None, None


def next_above(session: Session, claim: Claim, seat: Seat) -> Member | None:
    """The first person above the owner of a seat who can be asked; None when nobody is left."""
    out = {claim.member_id, seat.member_id, *seats.decided(session, claim)}
    out |= {each.member_id for step in seats.steps(session, claim) for each in step.seats if each.state == "open"}
    candidates = (*_above_the_post(session, claim, seat), *_supervisors(session, seat.member))
    return next((member for member in candidates if member.active and member.id not in out), None)


def _above_the_post(session: Session, claim: Claim, seat: Seat) -> list[Member]:
    """Who holds the posts above the one by which somebody has their seat (``routes``)."""
    kind, _, name = seat.title.partition(":")
    title, _, department = name.partition("/")
    first = posts.find(session, title, department or claim.member.department) if kind == "post" else None
    chain = list(posts.upwards(first)) if first is not None else []
    own = next((number for number, post in enumerate(chain) if post.member_id == seat.member_id), -1)
    return [post.member for post in chain[own + 1 :] if post.member is not None]


def _supervisors(session: Session, member: Member) -> list[Member]:
    """Supervisor, supervisor's supervisor, … each once, also where the chart goes in a circle."""
    found, met = [], {member.id}
    while member.manager_id is not None and member.manager_id not in met:
        member = session.get_one(Member, member.manager_id)
        met.add(member.id)
        found.append(member)
    return found
