"""Fares that are known: what the person paid on the same stretch before, else the table that was imported.

Never a guess: no distance is turned into a fare, and no fare is put together from two others.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import PurePath

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from handlers import money
from handlers.claims import ENDED
from handlers.errors import Refusal
from handlers.travel import tables
from handlers.travel.facts import Quote
from handlers.travel.places import municipality as plain
from storage import audit
from storage.models import Claim, Expense, Fare, StatementRow

__all__ = ["Quote", "between", "fare", "import_csv"]

STILL_TRUE = timedelta(days=400)  # what was paid longer ago says little of today's fare
MODES = ("shinkansen", "train", "bus", "air", "ship", "taxi", "rental_car")
MODE_WORDS = {
    "新幹線": "shinkansen",
    "電車": "train",
    "鉄道": "train",
    "バス": "bus",
    "飛行機": "air",
    "航空": "air",
    "船": "ship",
    "フェリー": "ship",
}
COLUMNS: tables.Columns = {
    "from": ("origin", "発", "出発", "乗車駅"),
    "to": ("destination", "着", "到着", "降車駅"),
    "mode": ("手段", "交通手段"),
    "amount": ("fare", "運賃", "金額"),
    "km": ("キロ", "距離"),
    "valid_from": ("開始日", "開始"),
    "valid_to": ("終了日", "終了"),
    "source": ("出典",),
}


def fare(session: Session, origin: str, destination: str, mode: str, day: date, *, member_id: str = "") -> Quote | None:
    """Yen of one way, in either direction; None when nobody knows.

    First the member's IC rows, then their receipts (newest before ``day``), then the imported table of that day.
    """
    ends = (plain(origin), plain(destination))
    if not all(ends):
        return None
    own = (
        (_by_card(session, ends, mode, day, member_id) or _by_receipt(session, ends, mode, day, member_id))
        if member_id
        else None
    )
    return own or _by_table(session, ends, mode, day)


def _by_card(session: Session, ends: tuple[str, str], mode: str, day: date, member_id: str) -> Quote | None:
    if mode not in ("train", "bus"):
        return None
    rows = (
        select(StatementRow)
        .filter_by(member_id=member_id, kind="ic", currency="JPY")
        .where(StatementRow.date <= day, StatementRow.date >= day - STILL_TRUE, StatementRow.amount > 0)
        .where(_either(StatementRow.origin, StatementRow.destination, ends))
    )
    row = session.scalars(rows.order_by(StatementRow.date.desc()).limit(1)).first()
    return Quote(row.amount, f"IC {row.date.isoformat()}") if row else None


def _by_receipt(session: Session, ends: tuple[str, str], mode: str, day: date, member_id: str) -> Quote | None:
    """Expenses that name their journey and have a receipt or a statement row; what was merely typed is no evidence."""
    rows = (
        select(Expense)
        .join(Claim, Expense.claim_id == Claim.id)
        .where(Claim.member_id == member_id, Claim.state.not_in(ENDED), Expense.kind.in_(("receipt", "statement")))
        .where(Expense.date <= day, Expense.date >= day - STILL_TRUE, Expense.currency == "JPY", Expense.amount > 0)
    )
    for expense in session.scalars(rows.order_by(Expense.date.desc())):
        journey = expense.journey or {}
        said = (plain(journey.get("from") or ""), plain(journey.get("to") or ""))
        if set(said) != set(ends) or journey.get("mode") != mode or not expense.amount or not expense.date:
            continue
        one_way, odd = divmod(expense.amount, 1 + bool(journey.get("round_trip")))
        if journey.get("round_trip") and (odd or mode not in ("train", "bus")):
            continue  # a return ticket may be cheaper than two: its half is no fare
        return Quote(one_way, f"#{expense.claim.number} {expense.date.isoformat()}")
    return None


def _by_table(session: Session, ends: tuple[str, str], mode: str, day: date) -> Quote | None:
    valid = and_(Fare.valid_from <= day, or_(Fare.valid_to.is_(None), Fare.valid_to >= day))
    rows = select(Fare).filter_by(mode=mode).where(valid, _either(Fare.origin, Fare.destination, ends))
    row = session.scalars(rows.order_by(Fare.valid_from.desc()).limit(1)).first()
    return Quote(row.amount, row.source) if row else None


def between(session: Session, *places: str) -> list[Fare]:
    """The table's fares that touch all of these places (none: every fare), by place, the newest first."""
    rows = select(Fare).order_by(Fare.origin, Fare.destination, Fare.mode, Fare.valid_from.desc())
    for place in map(plain, places):
        rows = rows.where(or_(Fare.origin == place, Fare.destination == place))
    return list(session.scalars(rows))


def _either(
    origin: InstrumentedAttribute[str], destination: InstrumentedAttribute[str], ends: tuple[str, str]
) -> ColumnElement[bool]:
    there = and_(origin == ends[0], destination == ends[1])
    return or_(there, and_(origin == ends[1], destination == ends[0]))


def import_csv(session: Session, data: bytes, *, file: str, by: str) -> tuple[int, int]:
    """Add or change fares, all or none; (added, changed). Audited. Raises :class:`Refusal` naming the line."""
    added = changed = 0
    for line, row in tables.rows(data, COLUMNS, ("from", "to", "amount", "valid_from")):
        try:
            amount = money.parse(row["amount"])
            starts, ends = tables.day_or_none(row["valid_from"]), tables.day_or_none(row.get("valid_to", ""))
        except Refusal as refusal:
            raise Refusal("Line {line}: an amount or a day cannot be read.", line=line) from refusal
        origin, destination = plain(row["from"]), plain(row["to"])
        mode = MODE_WORDS.get(row.get("mode", ""), row.get("mode", "") or "train")
        if not origin or not destination or starts is None:
            raise Refusal("Line {line}: both places, the fare and the first day are needed.", line=line)
        if ends is not None and ends < starts:  # it would never be found, and nobody would know why
            raise Refusal("Line {line}: the last day is before the first.", line=line)
        if mode not in MODES:
            raise Refusal("Line {line}: “{mode}” is no means of transport.", line=line, mode=mode[:20])
        same = {"origin": origin, "destination": destination, "mode": mode, "valid_from": starts}
        kept = session.scalars(select(Fare).filter_by(**same)).first()
        values = {
            "amount": amount, "km": row.get("km", "")[:16], "valid_to": ends,
            "source": row.get("source") or PurePath(file).name,
        }  # fmt: skip
        if kept is None:
            session.add(Fare(**same, **values))
            added += 1
        elif any(getattr(kept, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(kept, name, value)
            changed += 1
    session.flush()
    counts = {"added": added, "changed": changed}
    audit.record(session, actor=by, action="fares.imported", subject="fares", data=counts)
    return added, changed
