"""The same purchase twice, told by what the receipts say: issuer, date, amount, time and the other numbers on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength
from handlers.policies.duplicates import others, pictures, same
from handlers.policies.duplicates.others import Other
from handlers.policies.duplicates.same import Facts
from storage.models import Receipt

FAR = 45  # days around a date within which one of its digits may have been misread
TRANSPORT = "travel_transport"


class _DuplicateFacts:
    name = "duplicate-facts"
    title = "The same purchase"
    what = "Another claim has a receipt of the same issuer, date and amount, or one that differs by a misread digit."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        for line in case.papers():
            found = _found(case, line) if line.date and line.amount and line.kind in others.KINDS else []
            if found:
                yield Finding(
                    self.name,
                    "Your claim #{number} has the same purchase: issuer, date and amount agree."
                    if others.own(case, found[0])
                    else "The same purchase is already in another claim: issuer, date and amount agree.",
                    others.values(case, found),
                    line.id,
                    key=others.key(self.name, line, found),
                )


def _found(case: Case, line: Line) -> list[Other]:
    session = case.history.session
    close = others.counts(session, case, line, others.near(session, line, FAR))
    if not close:
        return []
    by_picture = {id for id, _ in pictures.alike(session, line.receipt_id)} if line.receipt_id else set()
    own: Facts | None = None
    found = []
    for other in close:
        if other.receipt_id in by_picture or (line.sha256 and other.sha256 == line.sha256):
            continue  # told by its own rule, or another paper on the same photo
        if _without_paper(line, other):
            if _typed(case, line, other):
                found.append(other)
            continue
        if not _may_be(line, other):
            continue
        own = own or facts_of(session, line, line.receipt_part)
        if same.same(own, facts_of(session, other, other.part)):
            found.append(other)
    return found


def _without_paper(line: Line, other: Other) -> bool:
    return not (line.receipt_id and other.receipt_id)


def _typed(case: Case, line: Line, other: Other) -> bool:
    """A typed expense and its receipt: one person, one day, one amount, and no two names. Two typed ones are two."""
    if other.member_id != case.member.id or other.date != line.date or other.amount != line.amount:
        return False
    if not line.receipt_id and not other.receipt_id:
        return False
    return same.named(line.payee, other.payee) != "other"


def _may_be(line: Line, other: Other) -> bool:
    """What the columns alone can tell, so that only few readings are opened."""
    cheap = Facts(line.payee, line.registration_number, line.date, None, line.amount)
    theirs = Facts(other.payee, other.registration_number, other.date, None, other.amount)
    return same.may_be(cheap, theirs)


def facts_of(session: Session, of: Line | Other, part: int) -> Facts:
    """What the claim and the reading of its receipt say."""
    receipt = session.get(Receipt, of.receipt_id) if of.receipt_id else None
    readings = receipt.readings if receipt else []
    reading: Mapping[str, Any] = readings[part] if part < len(readings) else {}
    text = "\n".join(str(line.get("text", "")) for line in reading.get("lines") or ())
    return Facts(
        payee=of.payee,
        registration_number=of.registration_number,
        date=of.date,
        time=_time(_value(reading, "time")),
        amount=of.amount,
        serials=same.serials(text),
        ticket=_value(reading, "kind") == "ticket" or of.category == TRANSPORT,
    )


def _value(reading: Mapping[str, Any], name: str) -> Any:
    found = reading.get(name)
    return found.get("value") if isinstance(found, dict) else None


def _time(text: Any) -> dt.time | None:
    try:
        return dt.time.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


DUPLICATE_FACTS = _DuplicateFacts()
