"""The audit chain and the work in hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, OrganizationRow, new_id


class AuditEvent(OrganizationRow, Base):
    """One link of the organisation's audit chain; written only by ``storage.audit``, never changed."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("organization_id", "sequence"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    sequence: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    data: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(OrganizationRow, Base):
    """Where the organisation's chain ends: how many links it has and the hash of the last. Moved with every link."""

    __tablename__ = "audit_head"
    organization_id: Mapped[str] = mapped_column(String(32), ForeignKey("organization.id"), primary_key=True)
    links: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


class JobRecord(OrganizationRow, Base):
    """A job as we count it, so that a poisonous one stops and a person is told.

    ``state``: queued, running, waiting (until ``next_at``), done, dead. ``runs`` numbers the engine's workflows of this
    job, ``attempts`` the tries that failed or broke off, ``waits`` how often the job asked to be called later.
    """

    __tablename__ = "job_record"
    __table_args__ = (Index("ix_job_due", "state", "next_at"),)
    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    args: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default="queued")
    runs: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    waits: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]


class Executor(Base):
    """A process that runs jobs, and when it was last alive. Belongs to the deployment, not to an organisation."""

    __tablename__ = "executor"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]
