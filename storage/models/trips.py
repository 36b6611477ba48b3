"""Trips, the dated packs their allowances come from, commuter passes, fares, and statement rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.base import Base, OrganizationRow, new_id
from storage.models.people import Member


class Trip(OrganizationRow, Base):
    """A journey for work. ``legs``, ``lodging`` as a note's reading gives them (``handlers.notes``).

    ``computed``: what the pack gives, each yen with its paragraph and inputs. ``cancelled_at``: it did not take place.
    """

    __tablename__ = "trip"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    starts: Mapped[date]
    ends: Mapped[date]
    nights: Mapped[int] = mapped_column(default=0)
    destination: Mapped[str] = mapped_column(default="")
    prefecture: Mapped[str] = mapped_column(String(16), default="")
    legs: Mapped[list[Any]] = mapped_column(default=list)
    lodging: Mapped[list[Any]] = mapped_column(default=list)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pack: Mapped[str] = mapped_column(String(64), default="")
    computed: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    member: Mapped[Member] = relationship()


class TravelPack(OrganizationRow, Base):
    """A travel regulation as data (``handlers.travel.packs``), imported by a person. Built-in packs need no row."""

    __tablename__ = "travel_pack"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    imported_by: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]


class PackUse(OrganizationRow, Base):
    """The organisation's pack from a day on (the day of departure decides)."""

    __tablename__ = "pack_use"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    pack: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date]
    chosen_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PackCell(OrganizationRow, Base):
    """An unverified figure of a pack that an administrator has confirmed (or set right) for the organisation."""

    __tablename__ = "pack_cell"
    __table_args__ = (UniqueConstraint("organization_id", "pack", "cell"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    pack: Mapped[str] = mapped_column(String(64))
    cell: Mapped[str] = mapped_column(String(128))
    value: Mapped[int]
    source: Mapped[str] = mapped_column(Text, default="")
    confirmed_by: Mapped[str] = mapped_column(ForeignKey("member.id"))
    confirmed_at: Mapped[datetime]


class CommuterPass(OrganizationRow, Base):
    """A section that a person's commuting allowance already pays: ``stations`` in order, both ends included.

    ``mode``: what it is valid for: train, bus, or both.
    """

    __tablename__ = "commuter_pass"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    stations: Mapped[list[Any]] = mapped_column(default=list)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    mode: Mapped[str] = mapped_column(String(16), default="train", server_default="train")
    source: Mapped[str] = mapped_column(default="")


class Fare(OrganizationRow, Base):
    """A fare between two places that the organisation imported (one way, minor units of yen)."""

    __tablename__ = "fare"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    origin: Mapped[str] = mapped_column(index=True)
    destination: Mapped[str]
    mode: Mapped[str] = mapped_column(String(16), default="train")
    amount: Mapped[int]
    km: Mapped[str] = mapped_column(String(16), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")


class StatementRow(OrganizationRow, Base):
    """One row of a card or IC statement. ``key`` is unique, so that the same file twice adds nothing."""

    __tablename__ = "statement_row"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str]
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    date: Mapped[date]
    payee: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="")
    destination: Mapped[str] = mapped_column(default="")
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="JPY")
    expense_id: Mapped[str | None] = mapped_column(ForeignKey("expense.id"), index=True)
    imported_at: Mapped[datetime]
