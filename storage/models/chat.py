"""What was said and what is shown: events, albums, deliveries, dialogues, uploaded pictures, the local chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, OrganizationRow, new_id


class InboxEvent(OrganizationRow, Base):
    """What a platform told us, remembered before it was answered; JSON of a ``handlers.chat.Incoming``.

    ``sender`` and ``order`` (nanoseconds) let one person's acts be answered in the order in which they came; ``spare``
    marks a text that nothing used, which may still become the purpose of a photo that follows.
    """

    __tablename__ = "inbox_event"
    __table_args__ = (UniqueConstraint("platform", "event_id"), Index("ix_inbox_sender", "sender", "order"))
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    platform: Mapped[str] = mapped_column(String(16))
    event_id: Mapped[str]
    sender: Mapped[str] = mapped_column(String(600))
    order: Mapped[int] = mapped_column(BigInteger)
    incoming: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    spare: Mapped[bool] = mapped_column(default=False)


class Album(OrganizationRow, Base):
    """Receipts sent together: answered with one progress message and one list."""

    __tablename__ = "album"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str]
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"))
    expected: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[dict[str, Any]]
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    closed_at: Mapped[datetime | None]
    last_at: Mapped[datetime]
    created_at: Mapped[datetime]


class Delivery(OrganizationRow, Base):
    """A message that must reach somebody, once. ``id`` is the idempotency key, stored before the first try.

    ``slot`` names the place on the person's screen (one claim's card, say): the newest card of a slot replaces the
    older. ``state``: pending, sending, held (the month's messages are used up), sent, replaced, dead. ``reply`` also
    names what an answer carries along (``handlers.held``).
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "state", "next_at"),
        Index("ix_delivery_slot", "organization_id", "slot"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slot: Mapped[str]
    subject: Mapped[str] = mapped_column(String(64), default="", index=True)
    member_id: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    address: Mapped[dict[str, Any]]
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    operation: Mapped[str] = mapped_column(String(8), default="send")
    card: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    reference: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    order: Mapped[int] = mapped_column(BigInteger, default=0)


class Dialogue(OrganizationRow, Base):
    """A form asked question by question where the platform has none. One at a time for each identity."""

    __tablename__ = "dialogue"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identity.id"), unique=True)
    form: Mapped[dict[str, Any]]
    asking: Mapped[str] = mapped_column(String(32), default="")
    expires_at: Mapped[datetime]


class PlatformFile(OrganizationRow, Base):
    """A picture that was uploaded to a platform, so that it is uploaded once."""

    __tablename__ = "platform_file"
    __table_args__ = (UniqueConstraint("platform", "tenant", "sha256"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[str]


class WebMessage(OrganizationRow, Base):
    """A bubble of the local chat. ``sequence`` grows with every change, so that a page can ask what is new."""

    __tablename__ = "web_message"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    author: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[list[Any]] = mapped_column(default=list)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    form: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    removed: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(BigInteger, index=True)
    created_at: Mapped[datetime]
