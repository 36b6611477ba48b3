"""Escalation: a claim that has waited for too many business days comes before the next above as well.

The seat stays its owner's; the next above may decide *for* them, as a delegate would, and the card says so. It happens
once a step, when people are at work. Who has no way to be asked (the applicant, somebody who decides in this claim
anyway, somebody who left) is passed over for the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.approvals import posts, seats, steps
from handlers.approvals.reminders import habits
from handlers.approvals.sending import refresh, send_to
from handlers.calendar import at_work, business_days
from handlers.services import Services
from storage import audit
from storage.db import EVERY_ORGANIZATION
from storage.models import ApprovalStep, Claim, Member, Organization, Seat


def sweep(services: Services) -> None:
    """Ask the next above wherever a step has waited for as long as its organisation said."""
    now = services.clock()
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        organizations = {row.id: row for row in session.scalars(select(Organization))}
        waiting = select(ApprovalStep).filter_by(state="open", escalated_at=None)
        open_steps = session.scalars(waiting.where(ApprovalStep.opened_at.is_not(None))).all()
    for step in open_steps:
        organization = organizations[step.organization_id]
        if step.opened_at is not None and _is_due(organization, step.opened_at, now):
            with services.db.transaction(organization.id) as session:
                _escalate(session, services, step.claim_id, step.id, now)


def _is_due(organization: Organization, opened_at: datetime, now: datetime) -> bool:
    chosen, zone = habits(organization), ZoneInfo(organization.zone)
    if chosen.days is None or not at_work(now, organization.zone, chosen.quiet):
        return False
    return business_days(opened_at.astimezone(zone).date(), now.astimezone(zone).date()) >= chosen.days


def _escalate(session: Session, services: Services, claim_id: str, step_id: str, now: datetime) -> None:
    claim = session.scalars(select(Claim).filter_by(id=claim_id).with_for_update()).one()
    step = seats.open_step(session, claim)
    if step is None or step.id != step_id or step.escalated_at is not None:
        return
    step.escalated_at = now
    asked: dict[str, str] = {}
    for place in steps.places(step):
        seat, above = _somebody_above(session, claim, place)
        if seat is not None and above is not None:
            seat.stand_in_id = above.id
            asked[seat.member_id] = above.id
            session.flush()
            session.refresh(seat, ["stand_in"])
    data = {"number": claim.number, "step": step.position, "asked": asked}
    audit.record(session, actor="system", action="claim.escalated", subject=f"claim:{claim.id}", data=data)
    if asked:
        organization = session.get_one(Organization, claim.organization_id)
        refresh(session, services, organization, claim)
        for each in seats.deciders(session, claim, seats.today(services, organization)):
            if each.member.id in asked.values():
                send_to(session, services, organization, claim, each)


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
