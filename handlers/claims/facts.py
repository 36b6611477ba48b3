"""A claim's figures, as the audit chain and the screens count them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import object_session

from handlers import amounts
from storage.models import Claim, Comment, Expense, Trip

INTERNAL = ("said", "expense_id", "expense_ids")  # of a ride or a night: which line stands for it


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
    """What a person who decides sees of the claim, by field, as JSON; each expense by its id.

    Whatever a form can change and a card shows belongs here: ``handlers.cards.changes`` tells the difference of two.
    """
    return {
        "purpose": claim.purpose,
        "project": claim.project,
        "budget_code": claim.budget_code,
        "advance": claim.advance,
        "reasons": dict(claim.reasons or {}),
        "trip": _trip(claim),
        "expenses": {expense.id: _expense(expense, alone=not claim.trip_id) for expense in claim.expenses},
    }


def _expense(e: Expense, *, alone: bool) -> dict[str, Any]:
    """``alone``: of no trip, whose rides and nights are told with it."""
    return {
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
        "rate": [e.rate, e.rate_day.isoformat() if e.rate_day else "", e.rate_source] if e.rate_source else [],
        "missing_receipt": e.missing_receipt,
        "receipt": (e.receipt.sha256 or "") if e.receipt else "",
        "attendees": e.attendees,
        "attendees_count": e.attendees_count,
        "journey": _said(e.journey or {}) if alone else {},
    }


def _trip(claim: Claim) -> dict[str, Any]:
    """The journey as it was said; empty for a claim without one. What it costs stands in the lines."""
    session = object_session(claim)
    trip = session.get(Trip, claim.trip_id) if session is not None and claim.trip_id else None
    if trip is None:
        return {}
    return {
        "starts": trip.starts.isoformat(),
        "ends": trip.ends.isoformat(),
        "nights": trip.nights,
        "destination": trip.destination,
        "prefecture": trip.prefecture,
        "distance_km": str((trip.options or {}).get("distance_km") or ""),
        "rides": [_said(leg) for leg in trip.legs or () if not leg.get("expense_id")],
        "lodging": [_said(stay) for stay in trip.lodging or ()],
    }


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Of a row what was said: an empty answer is none."""
    return {name: value for name, value in row.items() if name not in INTERNAL and value not in (None, "", [], False)}


def open_questions(claim: Claim) -> list[Comment]:
    """Questions that came after the applicant's last answer."""
    asked: list[Comment] = []
    for comment in claim.comments:
        if comment.kind == "answer":
            asked.clear()
        elif comment.kind == "question":
            asked.append(comment)
    return asked
