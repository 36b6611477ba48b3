"""What is paid out of a claim, where that is less than what is claimed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import object_session

from handlers import advances, categories, money, payers
from handlers.amounts import total_yen
from handlers.cards.parts import sums
from handlers.chat import Note
from handlers.turn import View
from storage.models import Claim, Expense


def notes(view: View, claim: Claim) -> list[Note]:
    """``申請合計 ¥12,300 ／ 支払額 ¥8,000（法人カード ¥4,300 は立替ではありません）``; nothing if all is paid."""
    found = payers.sums(claim)
    if found is None or not found.by_office or claim.kind == "request":
        return []
    by_office = view.t(", ").join(
        f"{categories.payment_label(view.locale, method)} {money.show(amount)}"
        for method, amount in found.by_office.items()
    )
    text = view.t(
        "Claimed {claimed}, paid out {payable} ({by_office}: not out of your pocket)",
        claimed=money.show(found.claimed),
        payable=money.show(found.payable),
        by_office=by_office,
    )
    return [Note(text)]


def brief(view: View, claim: Claim) -> str:
    """``支払額 ¥8,000`` for a line of a list; empty where all that is claimed is paid out."""
    session, claimed = object_session(claim), total_yen(claim.expenses)
    out = advances.payout(session, claim) if session is not None and claim.kind != "request" else None
    return view.t("paid out {amount}", amount=money.show(out)) if out is not None and out != claimed else ""


def total(view: View, claims: Sequence[Claim]) -> str:
    """What is paid out for these claims, with what is claimed where that is another sum."""
    claimed = sums(claims) or "—"
    found = [(advances.payout(session, claim), claim) for claim in claims if (session := object_session(claim))]
    if any(out is None for out, _ in found) or all(out == total_yen(claim.expenses) for out, claim in found):
        return claimed
    return view.t(
        "{total} paid out, {claimed} claimed", total=money.show(sum(out or 0 for out, _ in found)), claimed=claimed
    )


def by_office(view: View, expense: Expense) -> str:
    """How the organisation has paid an expense of several; empty where the person laid it out."""
    method = expense.payment_method or ""
    return "" if payers.reimbursed(method) else categories.payment_label(view.locale, method)
