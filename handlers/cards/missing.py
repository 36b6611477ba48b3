"""A line without a receipt: why, the way to say it, and the photo that may belong to it."""

from __future__ import annotations

from handlers import policies
from handlers.chat import Button, Field, Note
from handlers.claims import EDITABLE
from handlers.claims.attaching import ATTACHED, line_for
from handlers.policies.receipt_missing import RECEIPT_MISSING
from handlers.turn import View
from storage.models import Claim, Expense


def fields(view: View, expense: Expense) -> list[Field]:
    """The declared reason, marked for whoever looks."""
    if expense.receipt_id is not None or not expense.missing_receipt:
        return []
    return [Field(view.t("Receipt"), view.t("none: {reason}", reason=expense.missing_receipt), doubted=True)]


def wants(claim: Claim, expense: Expense) -> bool:
    """Whether the reason is to be asked: a rule wants it, or it was said already and may be changed."""
    if claim.state not in EDITABLE or expense.receipt_id is not None:
        return False
    found = (f for f in policies.findings(claim) if f.rule == RECEIPT_MISSING.name and f.expense_id == expense.id)
    return bool(expense.missing_receipt) or any(finding.strength == "reason" for finding in found)


def buttons(view: View, claim: Claim, expense: Expense) -> tuple[Button, ...]:
    if not wants(claim, expense):
        return ()
    token = view.token("missing", claim.id, claim.version, expense.id)
    return (Button(view.t("Why no receipt"), token, opens_form=True),)


# --- the photo that comes later ---------------------------------------------------------------------------------------


def photo_notes(view: View, claim: Claim) -> list[Note]:
    """On a photo's own draft: which typed line it may belong to, and where it is once it was put there."""
    moved = [e.basis[ATTACHED] for e in claim.expenses if ATTACHED in (e.basis or {})]
    if moved:
        return [Note(view.t("Its photo is on #{number} now.", number=moved[0]))]
    line = line_for(claim)
    if line is None:
        return []
    text = "This may be the receipt of #{number}, {payee}, which has none yet."
    return [Note(view.t(text, number=line.claim.number, payee=line.payee or view.t("Payee unknown")), "doubt")]


def photo_buttons(view: View, claim: Claim) -> tuple[Button, ...]:
    line = line_for(claim)
    if line is None:
        return ()
    token = view.token("attach", claim.id, claim.version, line.id)
    return (Button(view.t("Put it on #{number}", number=line.claim.number), token),)
