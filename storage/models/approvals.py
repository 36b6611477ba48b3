"""Who decides a claim: routes, posts, the steps of one claim and their seats, delegates, words between people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.base import Base, OrganizationRow, new_id
from storage.models.people import Member


class Route(OrganizationRow, Base):
    """One line of the organisation's routes: the first by ``position`` whose conditions hold is a claim's route.

    ``conditions``: amount_from, amount_to (yen), categories, departments, grades, projects, budgets, kinds; absent
    means any. ``steps``: list of {"who": [words], "mode": "any" | "all"}; a word is ``manager``, ``post:課長``,
    ``role:accountant`` or ``member:<id>``.
    """

    __tablename__ = "route"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    steps: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Post(OrganizationRow, Base):
    """A post of the organisation (係長, 課長) in a department, or of the whole (department empty); may be vacant."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("organization_id", "title", "department"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    title: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    member_id: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    above_id: Mapped[str | None] = mapped_column(ForeignKey("post.id"))
    member: Mapped[Member | None] = relationship()
    above: Mapped[Post | None] = relationship(remote_side=[id])


class Delegation(OrganizationRow, Base):
    """``delegate`` may decide for ``principal`` from ``starts`` to ``ends``, both days included."""

    __tablename__ = "delegation"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    principal_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    delegate_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    starts: Mapped[date]
    ends: Mapped[date]
    created_by: Mapped[str] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    principal: Mapped[Member] = relationship(foreign_keys=[principal_id])
    delegate: Mapped[Member] = relationship(foreign_keys=[delegate_id])


class ApprovalStep(OrganizationRow, Base):
    """A step of one submission (``round``). ``state``: ahead, open, passed, skipped, void.

    ``notes``: why somebody was left out or stands in, as [{"text": msgid, "values": {…}}].
    """

    __tablename__ = "approval_step"
    __table_args__ = (UniqueConstraint("claim_id", "round", "position"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id"), index=True)
    round: Mapped[int]
    position: Mapped[int]
    label: Mapped[str] = mapped_column(default="")
    mode: Mapped[str] = mapped_column(String(8), default="any")
    state: Mapped[str] = mapped_column(String(8), default="ahead")
    notes: Mapped[list[Any]] = mapped_column(default=list)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    seats: Mapped[list[Seat]] = relationship(back_populates="step", order_by="Seat.position")


class Seat(OrganizationRow, Base):
    """One person's place in a step. ``state``: open, approved, skipped, void.

    ``stand_in``: the next above, who may decide for this person since the step has waited too long.
    """

    __tablename__ = "seat"
    __table_args__ = (Index("ix_seat_member", "member_id", "state"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    step_id: Mapped[str] = mapped_column(ForeignKey("approval_step.id"), index=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    stand_in_id: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    step: Mapped[ApprovalStep] = relationship(back_populates="seats")
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    stand_in: Mapped[Member | None] = relationship(foreign_keys=[stand_in_id])


class Comment(OrganizationRow, Base):
    """Words on a claim without a decision. ``kind``: comment, question, answer."""

    __tablename__ = "comment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(8), default="comment")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    member: Mapped[Member] = relationship()


class Digest(OrganizationRow, Base):
    """That a person got their reminder of a day; unique, so that it goes out once. ``due`` lists what it was about."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("member_id", "day"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    day: Mapped[date]
    way: Mapped[str] = mapped_column(String(8), default="push")
    due: Mapped[list[Any]] = mapped_column(default=list)
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
