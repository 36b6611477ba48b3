"""Budgets, what is held and spent of them, and the exchange rates their yen are reckoned by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.base import Base, OrganizationRow, new_id


class Budget(OrganizationRow, Base):
    """A budget line of a fiscal year (``year`` = the calendar year in which it begins, April).

    ``code`` names the line: ``department/account/project`` or ``款/項/目/事業/節/細節``. ``stopped``: nothing may go
    over it. ``reserved`` and ``consumed`` change only in one conditional statement (``handlers.budgets``).
    """

    __tablename__ = "budget"
    __table_args__ = (UniqueConstraint("organization_id", "year", "code"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    year: Mapped[int]
    code: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16), default="company")
    department: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(String(32), default="")
    project: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    amount: Mapped[int] = mapped_column(BigInteger)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    consumed: Mapped[int] = mapped_column(BigInteger, default=0)
    stopped: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]


class BudgetEntry(OrganizationRow, Base):
    """What one claim holds (``reserve``) or has spent (``consume``) of a line; ``released_at`` gives it back."""

    __tablename__ = "budget_entry"
    __table_args__ = (UniqueConstraint("claim_id", "budget_id", "round", "kind"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    budget_id: Mapped[str] = mapped_column(ForeignKey("budget.id"), index=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id"), index=True)
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    budget: Mapped[Budget] = relationship()


class ExchangeRate(OrganizationRow, Base):
    """Yen for one unit of ``currency`` on a day, as decimal text; the newest not after the expense's day is taken."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("organization_id", "currency", "day"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[date]
    rate: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(default="")
    imported_by: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
