"""The other claims that hold the same receipt, for those who keep the books: whose they are, and a way to open each.

The applicant and an approver read only that there is another one; that sentence stands among the findings.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, object_session

from handlers import policies
from handlers.chat import Button, Note
from handlers.turn import View
from storage.models import Claim, Expense, Member

KEEP_BOOKS = {"accountant", "admin"}
BUTTONS = 3  # beside those that decide the claim


def notes(view: View, claim: Claim) -> list[Note]:
    """A line for each other claim, with its number and whose it is; nothing for readers who do not keep the books."""
    text = "Same receipt: #{number}, {name}"
    return [Note(view.t(text, number=other.number, name=other.member.name), "doubt") for other in _others(view, claim)]


def buttons(view: View, claim: Claim) -> tuple[Button, ...]:
    """To each of the first of them."""
    return tuple(
        Button(view.t("Open #{number}", number=other.number), view.token("open", other.id))
        for other in _others(view, claim)[:BUTTONS]
    )


def _others(view: View, claim: Claim) -> list[Claim]:
    session = object_session(claim)
    named = [str(f.values["others"]).split(",") for f in policies.findings(claim) if f.values.get("others")]
    if session is None or not named or not view.member_id or view.member_id == claim.member_id:
        return []
    reader = session.get(Member, view.member_id)
    if reader is None or not KEEP_BOOKS & set(reader.roles):
        return []
    asked = (
        select(Claim)
        .join(Expense, Expense.claim_id == Claim.id)
        .where(Expense.id.in_([id for ids in named for id in ids]), Claim.id != claim.id)
        .options(joinedload(Claim.member))
    )
    return list(session.scalars(asked.order_by(Claim.number)).unique())
