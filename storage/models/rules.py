"""What the organisation's rules say, as dated rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, OrganizationRow, new_id


class Policy(OrganizationRow, Base):
    """A rule as this organisation wants it, from one day to another. ``strength``: off, note, reason, stop."""

    __tablename__ = "policy"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    rule: Mapped[str] = mapped_column(String(48), index=True)
    strength: Mapped[str] = mapped_column(String(8))
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    paragraph: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    created_by: Mapped[str | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
