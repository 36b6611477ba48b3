"""Delegates: who decides for somebody who is away, on which days, and how both of them hear of it.

A delegation gives no seat away: the principal may go on deciding, and who decides what on a day is read from the rows
(``seats``), so that nothing has to be switched on in the morning or off at night. It is not passed on: a delegate's own
delegate decides nothing for the first. On its first day the delegate is told once what already waits.
"""

from __future__ import annotations

from datetime import date

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import outbox, people
from handlers.approvals import seats
from handlers.approvals.reminders import habits
from handlers.approvals.sending import refresh
from handlers.approvals.waiting import Entry, entries
from handlers.calendar import at_work
from handlers.cards.delegates import appointed, days, delegation, delegation_ended, standing_in
from handlers.chat import Card
from handlers.errors import NotAllowed, Refusal
from handlers.periods import Period
from handlers.services import Services
from handlers.turn import Turn, view_of
from storage import audit
from storage.db import EVERY_ORGANIZATION, alone
from storage.models import Delegation, Member, Organization

log = structlog.get_logger()

LONGEST_DAYS = 366


def appoint(turn: Turn, principal: Member, delegate: Member, period: Period) -> Delegation:
    """Let ``delegate`` decide for ``principal``; both are told. :class:`Refusal` where that cannot be."""
    _check(turn, principal, delegate, period)
    now = turn.services.clock()
    row = Delegation(
        principal_id=principal.id,
        delegate_id=delegate.id,
        starts=max(period.starts, turn.today),
        ends=period.ends,
        created_by=turn.member.id,
        created_at=now,
    )
    turn.session.add(row)
    turn.session.flush()
    turn.session.refresh(row)
    _record(turn, row, "delegation.created")
    begun = row.starts <= turn.today
    row.announced_at = now if begun else None
    for reader in (principal, delegate):
        if reader is not turn.member:
            view = view_of(turn.services, turn.organization, reader)
            waiting = _waiting(turn.session, row, turn.today) if begun and reader is delegate else ()
            _tell(turn.session, turn.services, reader, appointed(view, row, by=turn.member, waiting=waiting))
    turn.tell(delegation(turn.view, row, own=_of_their_own(turn, row), away=_away(turn, row)))
    return row


def end(turn: Turn, row: Delegation) -> None:
    """Let a delegation end now. By the principal, by the delegate, or by an administrator."""
    if turn.member.id not in (row.principal_id, row.delegate_id) and "admin" not in turn.member.roles:
        raise NotAllowed("Only {name}, their delegate or an administrator can end this.", name=row.principal.name)
    if row.revoked_at is not None or row.ends < turn.today:
        raise Refusal("This has ended already.")
    row.revoked_at = turn.services.clock()
    turn.session.flush()
    _record(turn, row, "delegation.ended")
    for claim in seats.waiting_for(turn.session, row.principal, turn.today):
        refresh(turn.session, turn.services, turn.organization, claim)
    for reader in (row.principal, row.delegate):
        if reader is not turn.member:
            view = view_of(turn.services, turn.organization, reader)
            _tell(turn.session, turn.services, reader, delegation_ended(view, row))
    turn.tell(delegation_ended(turn.view, row))


def current(session: Session, member: Member, turn: Turn) -> list[Delegation]:
    """Delegations of today and of days to come in which ``member`` is one of the two, the nearest first."""
    query = select(Delegation).where(
        Delegation.revoked_at.is_(None),
        Delegation.ends >= turn.today,
        (Delegation.principal_id == member.id) | (Delegation.delegate_id == member.id),
    )
    return list(session.scalars(query.order_by(Delegation.starts, Delegation.created_at)))


# --- the first day ----------------------------------------------------------------------------------------------------


def sweep(services: Services) -> None:
    """Tell delegates whose first day has come, once, when they are at work."""
    now = services.clock()
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        query = select(Delegation).where(Delegation.announced_at.is_(None), Delegation.revoked_at.is_(None))
        due = [(row.organization_id, row.id) for row in session.scalars(query)]
    for organization_id, delegation_id in due:
        with services.db.transaction(organization_id) as session:
            row = session.scalars(select(Delegation).filter_by(id=delegation_id).with_for_update()).one()
            organization = session.get_one(Organization, organization_id)
            zone, day = people.zone_of(row.delegate, organization), seats.today(services, organization)
            if row.announced_at is not None or row.revoked_at is not None or not row.starts <= day <= row.ends:
                continue
            if at_work(now, zone, habits(organization).quiet):
                card = standing_in(view_of(services, organization, row.delegate), row, _waiting(session, row, day))
                row.announced_at = now if _tell(session, services, row.delegate, card) else None


# --- pieces -----------------------------------------------------------------------------------------------------------


def _check(turn: Turn, principal: Member, delegate: Member, period: Period) -> None:
    alone(turn.session, f"delegate:{principal.id}")
    if delegate is principal:
        raise Refusal("Nobody can be their own delegate.")
    if not delegate.active:
        raise Refusal("{name} can no longer use the bot.", name=delegate.name)
    if people.where(turn.session, turn.services, delegate) is None:
        raise Refusal("{name} is not connected to the chat yet and could not decide anything.", name=delegate.name)
    if period.ends < turn.today:
        raise Refusal("These days are over already.")
    if (period.ends - period.starts).days >= LONGEST_DAYS:
        raise Refusal("Somebody can decide for another for a year at most. Please check the days.")
    for row in current(turn.session, principal, turn):
        if row.principal_id == principal.id and row.starts <= period.ends and period.starts <= row.ends:
            raise Refusal(
                "{name} is the delegate on these days already ({days}). “/keihi delegate off” ends that.",
                name=row.delegate.name,
                days=days(turn.view, row.starts, row.ends),
            )


def _of_their_own(turn: Turn, row: Delegation) -> int:
    """Claims of the delegate's own that wait for the principal: nobody else decides those."""
    waiting = seats.waiting_for(turn.session, row.principal, turn.today)
    return sum(claim.member_id == row.delegate_id for claim in waiting)


def _away(turn: Turn, row: Delegation) -> Delegation | None:
    """A delegation by which the delegate is away themselves on some of these days."""
    for other in current(turn.session, row.delegate, turn):
        if other.principal_id == row.delegate_id and other.starts <= row.ends and row.starts <= other.ends:
            return other
    return None


def _waiting(session: Session, row: Delegation, day: date) -> list[Entry]:
    """What waits for the principal and the delegate may decide."""
    return [entry for entry in entries(session, row.delegate, day) if entry.on_behalf is row.principal]


def _tell(session: Session, services: Services, reader: Member, card: Card) -> bool:
    identity = people.where(session, services, reader)
    if identity is None:
        log.info("nobody to be told of a delegation", member=reader.id)
        return False
    outbox.tell(session, services, people.address_of(identity), card, member_id=reader.id)
    return True


def _record(turn: Turn, row: Delegation, action: str) -> None:
    data = {"delegate": row.delegate_id, "from": row.starts.isoformat(), "to": row.ends.isoformat()}
    audit.record(turn.session, actor=turn.member.id, action=action, subject=f"member:{row.principal_id}", data=data)
