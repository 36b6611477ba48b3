"""What happened to a claim from its first day, from the audit record, for those who keep the books.

Decisions and words are told by the claim's own history, which puts these lines among them by their time.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import object_session

from handlers.cards.duplicates import KEEP_BOOKS
from handlers.cards.labels import FIELD_LABELS
from handlers.chat import Note
from handlers.claims import merged_into
from handlers.dates import show_moment
from handlers.turn import View
from storage.models import AuditEvent, Claim, Member

MOST = 15
TOLD = {
    "claim.drafted": "{when} {who}: drafted",
    "claim.corrected": "{when} {who}: corrected",
    "claim.split": "{when} {who}: receipt divided into lines",
    "claim.joined": "{when} {who}: receipt put together again",
    "claim.private_share": "{when} {who}: private share set",
    "claim.receipt_attached": "{when} {who}: photo put on a line",
    "claim.reasons": "{when} {who}: reasons given",
    "claim.submitted": "{when} {who}: submitted",
    "claim.withdrawn": "{when} {who}: withdrawn",
    "claim.cancelled": "{when} {who}: deleted",
    "claim.exported": "{when} {who}: exported",
    "claim.paid": "{when} {who}: paid",
}


def acts(view: View, claim: Claim) -> list[tuple[datetime, Note]]:
    """A line each with its moment, the oldest first; nothing for readers who do not keep the books."""
    session = object_session(claim)
    reader = session.get(Member, view.member_id) if session is not None and view.member_id else None
    if session is None or reader is None or not KEEP_BOOKS & set(reader.roles):
        return []
    told = select(AuditEvent).filter_by(subject=f"claim:{claim.id}").order_by(AuditEvent.sequence)
    lines = [
        (datetime.fromisoformat(event.at), Note(line))
        for event in session.scalars(told)
        if (line := _line(view, session.get(Member, event.actor), event))
    ]
    if len(lines) > MOST:
        earlier = view.t("and {count} earlier acts", count=len(lines) - MOST)
        lines[:-MOST] = [(lines[0][0], Note(earlier))]
    return lines


def gone(view: View, claim: Claim) -> list[Note]:
    """Of a draft that was put into another claim, where it went."""
    session = object_session(claim)
    into = merged_into(session, claim) if session is not None else None
    return [Note(view.t("#{number} is in #{into} now.", number=claim.number, into=into), "doubt")] if into else []


def _line(view: View, who: Member | None, event: AuditEvent) -> str:
    values = {"when": show_moment(datetime.fromisoformat(event.at), view.zone), "who": who.name if who else "Keihi"}
    if event.action == "claim.merged":
        numbers = ", ".join(f"#{number}" for number in event.data.get("from", ()))
        if numbers:
            return view.t("{when} {who}: {numbers} put into it", **values, numbers=numbers)
        return view.t("{when} {who}: put into #{number}", **values, number=event.data.get("into", ""))
    if event.action == "claim.divided":
        number = event.data.get("number", event.data.get("into", ""))
        return view.t("{when} {who}: a line went to #{number}", **values, number=number)
    text = TOLD.get(event.action)
    if text is None:
        return ""
    fields = [name for name in event.data.get("fields", ()) if name in FIELD_LABELS]
    said = view.t(text, **values)
    if not fields:
        return said
    named = view.t(", ").join(view.t(FIELD_LABELS[name]) for name in fields)
    return view.t("{what} ({fields})", what=said, fields=named)
