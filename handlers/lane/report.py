"""A month of the lane in figures, and what goes by the calendar: seeds committed ahead, revealed, and reported once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import amounts, outbox, people
from handlers.approvals.reminders import habits
from handlers.calendar import at_work
from handlers.cards import lane as shown
from handlers.lane import draw, rules, verdicts
from handlers.services import Services
from handlers.turn import view_of
from storage.db import EVERY_ORGANIZATION
from storage.models import Claim, LaneDecision, LaneDraw, LaneRule, Organization

log = structlog.get_logger()


@dataclass(frozen=True)
class Month:
    """Claims by what became of them. ``passed`` counts those that were reopened later, too; ``audited`` = ``upheld`` +
    ``overturned`` + ``waiting``. ``yen``: the sum of what passed. ``doubtful``: overturned or reopened.
    """

    month: str
    submitted: int
    passed: int
    yen: int
    audited: int
    upheld: int
    overturned: int
    waiting: int
    reopened: int
    doubtful: tuple[Claim, ...]
    revealed: bool


def month_of(session: Session, organization: Organization, month: str) -> Month:
    """The figures of a month, by the latest decision of each claim."""
    begin, end = draw.bounds(month, organization.zone)
    submitted = select(func.count(Claim.id)).where(
        Claim.kind == "expense", Claim.submitted_at >= begin, Claim.submitted_at < end
    )
    rows = {
        row.claim_id: row
        for row in session.scalars(select(LaneDecision).filter_by(month=month).order_by(LaneDecision.round))
    }
    claims = {claim.id: claim for claim in session.scalars(select(Claim).where(Claim.id.in_(rows)))}
    audited = [row for row in rows.values() if shown.is_drawn(row)]
    passed = [row for row in rows.values() if not shown.is_drawn(row)]
    doubtful = [row for row in rows.values() if row.state == verdicts.OVERTURNED]

    def count(found: list[LaneDecision], state: str) -> int:
        return sum(row.state == state for row in found)

    seed = session.scalars(select(LaneDraw).filter_by(month=month)).first()
    return Month(
        month=month,
        submitted=session.scalar(submitted) or 0,
        passed=len(passed),
        yen=sum(amounts.total_yen(claims[row.claim_id].expenses) or 0 for row in passed),
        audited=len(audited),
        upheld=count(audited, verdicts.UPHELD),
        overturned=count(audited, verdicts.OVERTURNED),
        waiting=count(audited, verdicts.AUDITED),
        reopened=count(passed, verdicts.OVERTURNED),
        doubtful=tuple(sorted((claims[row.claim_id] for row in doubtful), key=lambda claim: claim.number)),
        revealed=seed is not None and seed.revealed_at is not None,
    )


# --- by the calendar --------------------------------------------------------------------------------------------------


def sweep(services: Services) -> None:
    """Commit the draws of this month and the next wherever a lane is open; reveal those of months that are over.

    A month is revealed, and its report sent to the administrators, on the first business morning after it.
    """
    now = services.clock()
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        organizations = {row.id: row for row in session.scalars(select(Organization))}
        fixed = {(row.organization_id, row.month) for row in session.scalars(select(LaneDraw))}
        open_lanes = set(session.scalars(select(LaneRule.organization_id).filter_by(state=rules.ACTIVE)))
        secret = session.scalars(select(LaneDraw).filter_by(revealed_at=None)).all()
    for home in open_lanes:
        month = draw.month_of(now, organizations[home].zone)
        if {(home, month), (home, draw.following(month))} - fixed:
            with services.db.transaction(home) as session:
                rules.prepare(session, services.keys, session.get_one(Organization, home), now)
    for row in secret:
        organization = organizations[row.organization_id]
        is_over = row.month < draw.month_of(now, organization.zone)
        if is_over and at_work(now, organization.zone, habits(organization).quiet):
            with services.db.transaction(organization.id) as session:
                _reveal(session, services, row.id, now)


def _reveal(session: Session, services: Services, draw_id: str, now: datetime) -> None:
    row = session.get_one(LaneDraw, draw_id)
    try:
        if not draw.reveal(session, services.keys, row, now):
            return
    except ValueError:
        log.error("the seed of the lane cannot be read: it was encrypted with another secret key", month=row.month)
        return
    organization = session.get_one(Organization, row.organization_id)
    month = month_of(session, organization, row.month)
    if not month.passed and not month.audited:
        return
    for member in people.with_role(session, "admin"):
        identity = people.where(session, services, member)
        if identity is not None:
            card = shown.report(view_of(services, organization, member), month)
            outbox.tell(session, services, people.address_of(identity), card, member_id=member.id)
