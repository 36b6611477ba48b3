"""Accounts that an import named before their workspace or channel was known: linked as soon as that is.

People can be loaded before the chat is connected; until then nobody knows in which workspace an account id lives.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import people
from handlers.chat import Address
from storage.models import ExpectedAccount, Identity, Member


def remember(session: Session, member: Member, platform: str, user: str) -> None:
    """The account ``user`` will be ``member``'s; the newest import counts."""
    row = _of(session, platform, user)
    if row is None:
        row = ExpectedAccount(organization_id=member.organization_id, platform=platform, user=user)
        session.add(row)
    row.member_id = member.id
    session.flush()


def arrive(session: Session, platform: str, tenant: str, *, now: datetime) -> None:
    """``tenant`` is known from now on: link everybody who was expected on this platform."""
    for row in session.scalars(select(ExpectedAccount).filter_by(platform=platform)).all():
        _link(session, row, tenant, now)


def meet(session: Session, address: Address, *, now: datetime) -> Identity | None:
    """Link this account if it was expected; for an organisation with several workspaces of a platform."""
    row = _of(session, address.platform, address.user)
    return _link(session, row, address.tenant, now) if row is not None else None


def _of(session: Session, platform: str, user: str) -> ExpectedAccount | None:
    return session.scalars(select(ExpectedAccount).filter_by(platform=platform, user=user)).first()


def _link(session: Session, row: ExpectedAccount, tenant: str, now: datetime) -> Identity:
    address, member = Address(row.platform, tenant, row.user), row.member
    session.delete(row)
    return people.link(session, address, member, how="import", now=now)
