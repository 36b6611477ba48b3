"""A claim's figures, as the audit chain and the screens count them."""

from __future__ import annotations

from typing import Any

from handlers import amounts
from storage.models import Claim, Comment


def facts(claim: Claim) -> dict[str, Any]:
    """The claim's figures for the audit chain."""
    return {
        "expenses": [
            {
                "payee": e.payee,
                "date": e.date.isoformat() if e.date else None,
                "amount": e.amount,
                "private": e.private_amount,
                "currency": e.currency,
                "category": e.category,
                "registration_number": e.registration_number,
                "receipt": e.receipt.sha256 if e.receipt else None,
                **({"yen": e.home_amount, "rate": e.rate} if e.rate_source else {}),
            }
            for e in claim.expenses
        ]
    }


def submitted(claim: Claim) -> dict[str, Any]:
    """What a person who decides sees of the claim, by field, as JSON; each expense by its id."""
    return {
        "purpose": claim.purpose,
        "project": claim.project,
        "budget_code": claim.budget_code,
        "expenses": {
            e.id: {
                "payee": e.payee,
                "date": e.date.isoformat() if e.date else "",
                "amount": e.amount,
                "currency": e.currency,
                "private_amount": e.private_amount,
                "taxes": amounts.taxes(e),
                "registration_number": e.registration_number,
                "category": e.category,
                "payment_method": e.payment_method,
                "description": e.description,
                "yen": e.home_amount,
                "missing_receipt": e.missing_receipt,
                "attendees": e.attendees,
                "attendees_count": e.attendees_count,
            }
            for e in claim.expenses
        },
    }


def open_questions(claim: Claim) -> list[Comment]:
    """Questions that came after the applicant's last answer."""
    asked: list[Comment] = []
    for comment in claim.comments:
        if comment.kind == "answer":
            asked.clear()
        elif comment.kind == "question":
            asked.append(comment)
    return asked
