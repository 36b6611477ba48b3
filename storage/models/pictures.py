"""What pictures of receipts look like: hashes by which alike ones are found, and the pairs that were found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, OrganizationRow, new_id
from storage.models.claims import Expense


class PictureBand(OrganizationRow, Base):
    """A quarter of a 64-bit hash of a receipt's picture (``ocr.likeness``): alike pictures share at least one.

    ``place``: whole, first or last (which window of the picture), ``band`` 0 to 3, ``value`` its 16 bits.
    """

    __tablename__ = "picture_band"
    __table_args__ = (Index("ix_picture_band_value", "organization_id", "place", "band", "value"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    receipt_id: Mapped[str] = mapped_column(ForeignKey("receipt.id"), index=True)
    place: Mapped[str] = mapped_column(String(8))
    band: Mapped[int]
    value: Mapped[int]


class LikePicture(OrganizationRow, Base):
    """Two receipts whose pictures were laid over each other and are one. ``share``: thousandths that agree.

    ``receipt_id`` is the one that came later. ``drawn``: one of them is no photograph but a file made by a program
    (PDF, screenshot), whose like may be another receipt of the same form.
    """

    __tablename__ = "like_picture"
    __table_args__ = (UniqueConstraint("receipt_id", "other_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    receipt_id: Mapped[str] = mapped_column(ForeignKey("receipt.id"))
    other_id: Mapped[str] = mapped_column(ForeignKey("receipt.id"), index=True)
    share: Mapped[int]
    drawn: Mapped[bool] = mapped_column(default=False)
    found_at: Mapped[datetime]


# By these the expenses are found that may be the same purchase.
Index("ix_expense_day", Expense.organization_id, Expense.date)
Index("ix_expense_amount", Expense.organization_id, Expense.amount)
