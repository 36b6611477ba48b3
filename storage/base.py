"""What every table stands on: ids, UTC times, JSON columns, and belonging to an organisation."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Date, DateTime, ForeignKey, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


def new_id() -> str:
    """A random 128-bit id, 32 hexadecimal digits."""
    return uuid.uuid4().hex


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on both databases (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base; plain ``dict``/``list`` annotations are JSON columns."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own class attribute
        dict[str, Any]: JSON,
        list[Any]: JSON,
        datetime: UtcTime,
        date: Date,
        str: String(255),
    }


class OrganizationRow:
    """Mixin of every table that belongs to an organisation; sessions narrow on it (see ``storage.db``)."""

    organization_id: Mapped[str] = mapped_column(String(32), ForeignKey("organization.id"), index=True)
