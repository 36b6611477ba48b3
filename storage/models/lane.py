"""The lane in which clean claims pass without an approver: its rules, the monthly draw, and what passed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, OrganizationRow, new_id


class LaneRule(OrganizationRow, Base):
    """Claims of these categories up to this amount (yen) may pass by themselves.

    ``state``: proposed, active, refused, ended. Opening, widening and closing take a second administrator.
    ``audit_share`` in ten-thousandths. ``replaces_id``: the rule that this one changes once it is confirmed.
    """

    __tablename__ = "lane_rule"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    act: Mapped[str] = mapped_column(String(8), default="open")
    categories: Mapped[list[Any]] = mapped_column(default=list)
    max_amount: Mapped[int] = mapped_column(BigInteger)
    audit_share: Mapped[int]
    wants_statement: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(16), default="proposed")
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("lane_rule.id"))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("member.id"))
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    active_from: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class LaneDraw(OrganizationRow, Base):
    """The draw of a month: ``commitment`` is the SHA-256 of the seed, in the audit chain before the first claim."""

    __tablename__ = "lane_draw"
    __table_args__ = (UniqueConstraint("organization_id", "month"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    month: Mapped[str] = mapped_column(String(7))
    commitment: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(Text)  # encrypted until it is revealed
    revealed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LaneDecision(OrganizationRow, Base):
    """One claim that took the lane. ``state``: passed, audited (waits for a person), upheld, overturned."""

    __tablename__ = "lane_decision"
    __table_args__ = (UniqueConstraint("claim_id", "round"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id"), index=True)
    round: Mapped[int]
    rule_id: Mapped[str] = mapped_column(ForeignKey("lane_rule.id"))
    month: Mapped[str] = mapped_column(String(7), index=True)
    checks: Mapped[list[Any]] = mapped_column(default=list)
    draw: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
