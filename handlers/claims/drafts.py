"""Drafts: what a reading, or a person, first says of an expense."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import attendees, payers, taxes
from ocr.reading import Reading
from storage import audit
from storage.models import Claim, Expense, Member, Organization, Receipt

READ_FIELDS = {  # the reader's name of a field → ours
    "issuer": "payee",
    "date": "date",
    "total": "amount",
    "currency": "currency",
    "taxes": "taxes",
    "registration_number": "registration_number",
    "category": "category",
    "payment": "payment_method",
}


def draft(
    session: Session,
    organization: Organization,
    member: Member,
    receipt: Receipt,
    part: int,
    reading: Reading | None,
    now: dt.datetime,
    rejected: Claim | None = None,
) -> Claim:
    """A draft claim of one expense from one reading (None: the person will type it in).

    ``rejected`` is the claim in which the same receipt was refused before.
    """
    told = attendees.of_caption(session, member, receipt.note)
    purpose = told.pop("purpose")
    claim = Claim(number=next_number(session, organization), member_id=member.id, purpose=purpose, created_at=now)
    session.add(claim)
    session.flush()
    expense = Expense(claim_id=claim.id, receipt_id=receipt.id, receipt_part=part, taxes=[], doubts=[], corrected=[])
    expense.rejected_claim_id = rejected.id if rejected else None
    if reading is None:
        expense.doubts = ["payee", "date", "amount"]
    else:
        _fill(expense, reading)
        if not claim.purpose and reading.description.value:
            claim.purpose = reading.description.value[:200]
    _who_paid(expense, receipt.note)
    for name, value in told.items():
        setattr(expense, name, value)
    session.add(expense)
    session.flush()
    session.refresh(claim)
    audit.record(
        session, actor=member.id, action="claim.drafted", subject=f"claim:{claim.id}", data={"number": claim.number}
    )
    return claim


def _fill(expense: Expense, reading: Reading) -> None:
    currency = reading.currency.value or "JPY"
    expense.payee = (reading.issuer.value or "")[:200]
    expense.date = reading.date.value
    expense.amount = reading.total.value
    expense.currency = currency
    expense.taxes = [
        {
            "rate": taxes.rate_text(line.rate),
            "tax": line.tax,
            "net": line.net,
            "gross": line.gross,
            "inclusive": line.inclusive,
        }
        for line in reading.taxes.value or ()
    ]
    expense.registration_number = reading.registration_number.value or ""
    category = reading.category.value
    expense.category = category.code if category else "misc"
    expense.category_reason = "; ".join(reading.category.evidence)[:200]
    expense.payment_method = reading.payment.value.method if reading.payment.value else ""
    expense.doubts = [READ_FIELDS[name] for name in reading.doubts if name in READ_FIELDS]


def _who_paid(expense: Expense, note: str) -> None:
    """A note that came with the photo knows better than the receipt whose card it was."""
    method = payers.said(note)
    if method:
        expense.payment_method = method
        expense.doubts = [name for name in expense.doubts if name != "payment_method"]


def next_number(session: Session, organization: Organization) -> int:
    row = session.scalars(select(Organization).where(Organization.id == organization.id).with_for_update()).one()
    session.refresh(row)
    number = row.next_claim_number
    row.next_claim_number = number + 1
    session.flush()
    return number
