"""A reading as the lines of a draft claim, what its lines still lack, and what an answer changes.

What was written stays with the line (``Expense.basis``): the note, the figure as written, what was concluded and what
the person left for later. The questions follow from the lines as they are, so that a correction answers them, too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from handlers import attendees, claims, money
from handlers.claims.drafts import next_number
from handlers.dates import parse_day
from handlers.errors import Refusal
from handlers.notes.reading import MODES, Item, Leg, Lodging, Reading
from handlers.texts import LOCALES, t
from handlers.travel import sentences
from storage import audit
from storage.models import Claim, Expense, Member, Organization

KIND = "note"
MODE_LABELS = {**sentences.MODES, "car": "Own or company car", "walk": "On foot"}
LABELS = {
    "date": "Date",
    "from": "From where",
    "to": "To where",
    "mode": "Means of travel",
    "amount": "Total",
    "covers": "What the amount stands for",
    "km": "Kilometres",
    "purpose": "Purpose",
    "attendees": "Who was there",
}
COVERS = {"one_way": "One way", "round_trip": "There and back"}
MEALS = ("meeting", "entertainment")
LONGEST = 200
LATER = "Later"
USUAL_PLACES = ("Office", "Home")


@dataclass(frozen=True)
class Question:
    """A field of a line (or of the claim: ``purpose``, with the first line's id) that nobody has said yet."""

    expense_id: str
    field: str


# --- drafting ---------------------------------------------------------------------------------------------------------


def draft(
    session: Session,
    organization: Organization,
    member: Member,
    reading: Reading,
    text: str,
    now: dt.datetime,
    locale: str,
) -> Claim:
    """A draft claim with a line for each ride, stay and thing of the note."""
    number = next_number(session, organization)
    claim = Claim(number=number, member_id=member.id, purpose=(reading.purpose or "")[:LONGEST], created_at=now)
    session.add(claim)
    session.flush()
    who = attendees.listed(session, member, reading.listed, reading.attendees)
    for position, expense in enumerate(_lines(reading, text, locale)):
        if expense.category in MEALS:
            _met(expense, who, reading.attendees_count)
        expense.claim_id, expense.position = claim.id, position
        session.add(expense)
    session.flush()
    session.refresh(claim)
    audit.record(
        session, actor=member.id, action="claim.drafted", subject=f"claim:{claim.id}", data={"number": claim.number}
    )
    return claim


def has_lines(reading: Reading) -> bool:
    """Whether a claim can be made of it: a walk alone costs nothing."""
    rides = [leg for leg in reading.legs if leg.mode != "walk" or leg.amount is not None]
    return bool(rides or reading.lodging or reading.expenses)


def _lines(reading: Reading, text: str, locale: str) -> list[Expense]:
    lines = [_ride(leg, locale) for leg in reading.legs if leg.mode != "walk" or leg.amount is not None]
    lines += [_stay(stay, reading, locale) for stay in reading.lodging]
    lines += [_thing(item) for item in reading.expenses]
    for line in lines:
        line.basis = {**line.basis, "note": text[:500], "trip": reading.kind == "trip"}
        line.doubts = [name for name in ("date", "amount") if getattr(line, name) is None]
        if "covers" in open_fields(line):
            line.doubts = [*line.doubts, "amount"]
    if reading.kind == "trip" and lines and reading.start and reading.end:
        days = {"start": reading.start.isoformat(), "end": reading.end.isoformat(), "nights": reading.nights}
        lines[0].basis = {**lines[0].basis, **days, "concluded": sorted(reading.computed)}
    return lines


def _line(date: dt.date | None, payee: str, category: str, amount: Decimal | None, currency: str) -> Expense:
    return Expense(
        kind=KIND,
        payee=payee[:LONGEST],
        date=date,
        amount=_minor(amount, currency),
        currency=currency,
        category=category,
        taxes=[],
        doubts=[],
        corrected=[],
    )


def _ride(leg: Leg, locale: str) -> Expense:
    journey = {
        "from": leg.origin,
        "to": leg.destination,
        "via": list(leg.via),
        "mode": leg.mode,
        "round_trip": leg.round_trip,
        "km": str(leg.km) if leg.km is not None else None,
    }
    total = leg.total if leg.total is not None else leg.amount
    line = _line(leg.date, way(journey, locale), "travel_transport", total, leg.currency)
    computed = set(leg.computed) | ({"amount"} if total is not None and total != leg.amount else set())
    written = _minor(leg.amount, leg.currency)
    line.journey, line.payment_method = journey, leg.payer
    line.basis = {"part": "leg", "written": written, "covers": leg.covers, "computed": sorted(computed)}
    return line


def _stay(stay: Lodging, reading: Reading, locale: str) -> Expense:
    payee = stay.place or t(locale, "Lodging")
    line = _line(reading.start, payee, "travel_transport", stay.amount, stay.currency)
    line.payment_method = stay.payer
    line.basis = {
        "part": "lodging",
        "stay_nights": stay.nights,
        "meals": stay.meals and list(stay.meals),
        "computed": [],
    }
    return line


def _thing(item: Item) -> Expense:
    line = _line(item.date, item.what or "", item.category, item.amount, item.currency)
    line.payment_method = item.payer
    line.basis = {"part": "item", "computed": []}
    return line


def _met(line: Expense, who: Mapping[str, Any], said: int | None) -> None:
    """Who was there; a number that the note gives counts when it is no less than those it lists."""
    line.attendees = who.get("attendees", [])
    listed = who.get("attendees_count")
    line.attendees_count = max(said or 0, listed or 0) or None


def way(journey: Mapping[str, Any], locale: str) -> str:
    """``新幹線 東京→福島`` or ``タクシー 会社⇔客先``, as far as it is known."""
    mode = t(locale, MODE_LABELS[journey["mode"]]) if journey.get("mode") in MODE_LABELS else ""
    stops = [journey.get("from") or "?", *(journey.get("via") or ()), journey.get("to") or "?"]
    known = journey.get("from") or journey.get("to")
    return " ".join(
        part for part in (mode, ("⇔" if journey.get("round_trip") else "→").join(stops) if known else "") if part
    )


def _minor(amount: Decimal | None, currency: str) -> int | None:
    """Minor units; None where the currency has no such figure (half a yen), which is then asked."""
    if amount is None:
        return None
    minor = amount.scaleb(money.digits(currency))
    return int(minor) if minor == minor.to_integral_value() and minor <= money.MAX_MINOR_UNITS else None


# --- what is missing --------------------------------------------------------------------------------------------------


def questions(claim: Claim, *, also_left: bool = False) -> list[Question]:
    """What to ask, most important first; ``also_left``: with what the person left for later."""
    lines = [e for e in claim.expenses if e.kind == KIND and e.basis.get("part")]
    if not lines:
        return []
    asked = [
        Question(line.id, name) for line in lines for name in open_fields(line) if also_left or not _left(line, name)
    ]
    wanted = lines[0].basis.get("trip") or any(line.category in MEALS for line in lines)
    if wanted and not claim.purpose and (also_left or not _left(lines[0], "purpose")):
        asked.append(Question(lines[0].id, "purpose"))
    return asked


def _left(line: Expense, name: str) -> bool:
    return name in line.basis.get("left", ())


def open_fields(line: Expense) -> list[str]:
    """Fields of a line that are neither written nor concluded."""
    basis, journey = line.basis, line.journey or {}
    fields = ["date"] if line.date is None else []
    if basis.get("part") == "leg":
        fields += [name for name in ("from", "to", "mode") if not journey.get(name)]
        if journey.get("mode") == "car" and journey.get("km") is None:
            fields.append("km")
    if line.amount is None:
        fields.append("amount")
    elif basis.get("part") == "leg" and journey.get("round_trip") and not basis.get("covers"):
        fields.append("covers")
    if line.category in MEALS and not line.attendees and line.attendees_count is None:
        fields.append("attendees")
    return fields


# --- answers ----------------------------------------------------------------------------------------------------------


def understand(line: Expense, name: str, text: str, *, today: dt.date, locale: str = "ja") -> dict[str, Any]:
    """What an answer makes of the line's columns (and the claim's purpose); :class:`Refusal` when it means nothing."""
    said = text.strip()
    basis: dict[str, Any] = {**line.basis, "computed": [n for n in line.basis.get("computed", ()) if n != name]}
    if not said:
        return {"basis": {**basis, "left": sorted({*basis.get("left", ()), name})}}
    if name == "purpose":
        return {"purpose": said[:LONGEST]}
    if name == "date":
        return {"date": parse_day(said, today=today), "basis": basis}
    if name == "amount":
        amount = money.parse(said, line.currency)
        return {"amount": amount, "basis": {**basis, "written": amount, "covers": ""}}
    if name == "covers":
        covers = chosen(said, COVERS)
        written = int(line.basis.get("written") or line.amount or 0)
        doubled = {"computed": [*basis["computed"], "amount"]} if covers == "one_way" else {}
        return {"amount": written * (2 if covers == "one_way" else 1), "basis": {**basis, "covers": covers, **doubled}}
    if name == "attendees":
        return {**_attendees(said), "basis": basis}
    value = chosen(said, MODE_LABELS) if name == "mode" else kilometres(said) if name == "km" else said[:60]
    journey = {**(line.journey or {}), name: value}
    changed: dict[str, Any] = {"journey": journey, "basis": basis}
    if "payee" not in line.corrected:
        changed["payee"] = way(journey, locale)[:LONGEST]
    return changed


def answer(session: Session, claim: Claim, line: Expense, changed: Mapping[str, Any], *, by: Member, zone: str) -> None:
    """Carry an understood answer out; the payee that we wrote ourselves stays ours."""
    corrected = list(line.corrected)
    claims.correct(session, claim, by=by, version=claim.version, parsed=changed, zone=zone, expense_id=line.id)
    line.corrected = sorted({*corrected, *(changed.keys() & {"date", "amount", "attendees"})})
    if "covers" in open_fields(line):
        line.doubts = sorted({*line.doubts, "amount"})
    session.flush()


def chosen(said: str, labels: Mapping[str, str]) -> str:
    names = {code: {code, *(t(locale, label).lower() for locale in LOCALES)} for code, label in labels.items()}
    found = next((code for code, known in names.items() if said.lower() in known), None)
    if found is None:
        raise Refusal("Please choose one of the suggestions.")
    return found


def kilometres(said: str) -> str:
    found = re.fullmatch(r"(\d{1,5}(?:\.\d{1,2})?)\s*(?:km|キロ)?", said.lower().replace(",", ""))
    if found is None:
        raise Refusal("Please enter the kilometres in figures, for example 34.")
    return found[1]


def _attendees(said: str) -> dict[str, Any]:
    table = attendees.read(f"{said}名" if said.isdecimal() else said)
    if not table.parties:
        return {"attendees_count": table.total}
    return {"attendees": attendees.rows(table), "attendees_count": table.total}


assert set(MODE_LABELS) == set(MODES)
