"""Organizations, the bot in their workspaces, their people and those people's accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.base import Base, OrganizationRow, new_id


class Organization(Base):
    """A company or municipality. ``settings`` holds what its administrator switched; absent means the default."""

    __tablename__ = "organization"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(default="Asia/Tokyo")
    locale: Mapped[str] = mapped_column(String(8), default="ja")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    next_claim_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Installation(OrganizationRow, Base):
    """The bot inside one workspace or channel. ``token`` is encrypted."""

    __tablename__ = "installation"
    __table_args__ = (UniqueConstraint("platform", "tenant"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    bot_user: Mapped[str] = mapped_column(default="")
    token: Mapped[str] = mapped_column(Text, default="")
    scopes: Mapped[str] = mapped_column(Text, default="")
    installed_by: Mapped[str] = mapped_column(default="")
    installed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Member(OrganizationRow, Base):
    """A person of the organisation. ``roles``: employee, approver, accountant, admin; ``zone`` empty: as the others."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("organization_id", "email"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str]
    email: Mapped[str | None]
    locale: Mapped[str] = mapped_column(String(8), default="")
    zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    department: Mapped[str] = mapped_column(default="")
    grade: Mapped[str] = mapped_column(default="")
    manager_id: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    roles: Mapped[list[Any]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Identity(OrganizationRow, Base):
    """A member's account on a platform; ``vouched_at``: when the platform last said that it is one of the office's.

    ``barred`` is what it is instead (guest, bot, stranger, left), as the platform last said; empty: nothing of these.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("platform", "tenant", "user"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str]
    user: Mapped[str]
    reachable: Mapped[bool] = mapped_column(default=True)
    linked_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    vouched_at: Mapped[datetime | None]
    barred: Mapped[str] = mapped_column(String(16), default="", server_default="")
    member: Mapped[Member] = relationship()


class ExpectedAccount(OrganizationRow, Base):
    """An account that was imported before the workspace or channel was known that it is met in."""

    __tablename__ = "expected_account"
    __table_args__ = (UniqueConstraint("organization_id", "platform", "user"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    platform: Mapped[str] = mapped_column(String(16))
    user: Mapped[str]
    member: Mapped[Member] = relationship()


class LinkSecret(OrganizationRow, Base):
    """A one-use secret that links an account to a member: an administrator's code, or the nonce of an account link.

    Only a keyed hash is kept. ``attempts`` on the pseudo row of a person who guesses lives in :class:`Throttle`.
    """

    __tablename__ = "link_secret"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(OrganizationRow, Base):
    """How often somebody tried something lately (codes), by an opaque key."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str]
    count: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime]
