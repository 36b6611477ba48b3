"""Receipts, claims with their expenses and decisions, and what corrections taught."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.base import Base, OrganizationRow, new_id
from storage.models.approvals import ApprovalStep, Comment
from storage.models.people import Member


class Receipt(OrganizationRow, Base):
    """A file that a person sent, immutable once fetched. ``state``: waiting, fetched, read, failed, withdrawn.

    ``source`` is unique per file and platform, so a redelivered event meets the same row. ``position`` is the place
    among the files that were sent together. ``readings`` is what the reader said, one entry per receipt found on the
    picture.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("organization_id", "source"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    album_id: Mapped[str | None] = mapped_column(ForeignKey("album.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[str]
    message: Mapped[str] = mapped_column(default="")
    file: Mapped[dict[str, Any]]
    address: Mapped[dict[str, Any]]
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    failure: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    preview_sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int | None]
    readings: Mapped[list[Any]] = mapped_column(default=list)
    hashes: Mapped[list[Any]] = mapped_column(default=list)
    arrived_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Claim(OrganizationRow, Base):
    """What is approved. ``version`` steps at every change; a decision names the version it was made on.

    ``kind``: expense, or request (a trip asked for before, of estimates). ``round`` counts submissions, ``findings``
    is what the rules say (``handlers.policies``), ``reasons`` the applicant's answers by finding, ``submitted_facts``
    the figures of the last submission, against which an approver sees what changed. ``request_id``: the approved
    request that this claim settles. ``advance``: yen wanted beforehand on a request, paid and (what was left of it)
    given back at these times (``handlers.advances``).
    """

    __tablename__ = "claim"
    __table_args__ = (UniqueConstraint("organization_id", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[int]
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(8), default="expense")
    round: Mapped[int] = mapped_column(default=0)
    purpose: Mapped[str] = mapped_column(Text, default="")
    project: Mapped[str] = mapped_column(default="")
    budget_code: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[Any]] = mapped_column(default=list)
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    submitted_facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trip_id: Mapped[str | None] = mapped_column(ForeignKey("trip.id"), index=True)
    request_id: Mapped[str | None] = mapped_column(ForeignKey("claim.id"))
    advance: Mapped[int | None] = mapped_column(BigInteger)
    advance_paid_at: Mapped[datetime | None]
    advance_returned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    expenses: Mapped[list[Expense]] = relationship(
        back_populates="claim", order_by="Expense.position", foreign_keys="Expense.claim_id"
    )
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    steps: Mapped[list[ApprovalStep]] = relationship(order_by=(ApprovalStep.round, ApprovalStep.position))
    comments: Mapped[list[Comment]] = relationship(order_by=Comment.at)
    decisions: Mapped[list[Decision]] = relationship(order_by="Decision.claim_version")


class Expense(OrganizationRow, Base):
    """One line of a claim. ``amount`` and the taxes are minor units of ``currency``.

    ``taxes``: list of {rate, net, gross, tax}; ``doubts``: names of fields that the person has not confirmed yet;
    ``rejected_claim`` is the claim in which the same receipt was rejected before.
    ``kind``: receipt, note (typed), allowance (computed by a travel pack), estimate, statement. ``split`` numbers the
    lines made of one receipt. ``attendees``: list of {name, company, relation}. ``private_amount`` is not claimed.
    ``rate`` is yen for one unit of ``currency``, ``home_amount`` the claimed yen. ``journey``: {from, to, mode,
    round_trip, km}; ``basis``: the paragraph and inputs of a computed amount.
    ``recalled``: what the organisation's earlier claims changed in the reading; ``words``: what its category is
    learned from, kept when it is submitted.
    """

    __tablename__ = "expense"
    __table_args__ = (UniqueConstraint("receipt_id", "receipt_part", "split"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id"), index=True)
    receipt_id: Mapped[str | None] = mapped_column(ForeignKey("receipt.id"))
    receipt_part: Mapped[int] = mapped_column(default=0)
    split: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(16), default="receipt")
    payee: Mapped[str] = mapped_column(default="")
    date: Mapped[dt.date | None]
    amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="JPY")
    taxes: Mapped[list[Any]] = mapped_column(default=list)
    registration_number: Mapped[str] = mapped_column(String(14), default="")
    category: Mapped[str] = mapped_column(String(32), default="")
    category_reason: Mapped[str] = mapped_column(default="")
    payment_method: Mapped[str] = mapped_column(String(32), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    attendees: Mapped[list[Any]] = mapped_column(default=list)
    attendees_count: Mapped[int | None]
    private_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    missing_receipt: Mapped[str] = mapped_column(Text, default="")
    rate: Mapped[str] = mapped_column(String(32), default="")
    rate_day: Mapped[dt.date | None]
    rate_source: Mapped[str] = mapped_column(default="")
    home_amount: Mapped[int | None] = mapped_column(BigInteger)
    journey: Mapped[dict[str, Any]] = mapped_column(default=dict)
    basis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    doubts: Mapped[list[Any]] = mapped_column(default=list)
    corrected: Mapped[list[Any]] = mapped_column(default=list)
    recalled: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[list[Any]] = mapped_column(default=list)
    rejected_claim_id: Mapped[str | None] = mapped_column(ForeignKey("claim.id"))
    claim: Mapped[Claim] = relationship(back_populates="expenses", foreign_keys=[claim_id])
    rejected_claim: Mapped[Claim | None] = relationship(foreign_keys=[rejected_claim_id])
    receipt: Mapped[Receipt | None] = relationship()


class Lesson(OrganizationRow, Base):
    """What a person's corrections of one expense say of its issuer. Counts while the expense's claim stands.

    ``kind``: registration_number, phone or name; ``key`` in the form it is compared in. ``read_as`` is the name that
    was read. What was not corrected is None; ``rates`` are per cent as text.
    """

    __tablename__ = "lesson"
    __table_args__ = (Index("ix_lesson_key", "organization_id", "kind", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    expense_id: Mapped[str] = mapped_column(ForeignKey("expense.id"), unique=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str]
    read_as: Mapped[str] = mapped_column(default="")
    issuer: Mapped[str | None]
    category: Mapped[str | None] = mapped_column(String(32))
    rates: Mapped[list[Any] | None] = mapped_column(JSON)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    expense: Mapped[Expense] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    undone_by: Mapped[Member | None] = relationship(foreign_keys=[undone_by_id])


class Decision(OrganizationRow, Base):
    """One verdict (approved, returned, rejected) of one person on one version of a claim.

    ``for_member``: whose seat a delegate took. An undone decision stays, with the time it was undone.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("claim_id", "claim_version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id"), index=True)
    claim_version: Mapped[int]
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    for_member_id: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    step_id: Mapped[str | None] = mapped_column(ForeignKey("approval_step.id"))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    for_member: Mapped[Member | None] = relationship(foreign_keys=[for_member_id])
