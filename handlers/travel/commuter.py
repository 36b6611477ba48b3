"""Commuter passes: the sections that a person's commuting allowance already pays, imported by an administrator."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import people
from handlers.errors import Refusal
from handlers.travel import fares, tables
from handlers.travel.facts import PASSES, Section
from handlers.travel.overlap import Overlap, deduct
from storage import audit
from storage.models import CommuterPass, Member, StatementRow

COLUMNS: tables.Columns = {
    "email": ("e-mail", "mail", "メール", "メールアドレス"),
    "stations": ("駅", "区間", "経路", "route"),
    "from": ("valid_from", "開始日", "開始"),
    "to": ("valid_to", "終了日", "終了"),
    "mode": ("手段", "交通手段"),
}
MODE_WORDS = {"": "train", **fares.MODE_WORDS, "共通": "both", "電車・バス": "both", **{mode: mode for mode in PASSES}}
_SEPARATORS = re.compile(r"\s*(?:>|→|〜|~)\s*")


def sections(session: Session, member: Member) -> tuple[Section, ...]:
    """The member's sections, past and to come."""
    return tuple(
        Section(tuple(row.stations), row.valid_from, row.valid_to, row.mode)
        for row in session.scalars(
            select(CommuterPass).filter_by(member_id=member.id).order_by(CommuterPass.valid_from)
        )
    )


def left_of_row(session: Session, row: StatementRow, member: Member) -> Overlap:
    """What of an IC card's row is left when the member's passes are taken off, as it is for a typed journey."""

    def fare_of(origin: str, destination: str, mode: str, day: date) -> fares.Quote | None:
        return fares.fare(session, origin, destination, mode, day, member_id=member.id)

    path = (row.origin, row.destination)
    return deduct(path, row.amount, "train", row.date, sections(session, member), fare_of)


def import_csv(session: Session, data: bytes, *, file: str, by: str) -> tuple[int, int]:
    """Add or change passes, all or none; (added, changed). Audited. Raises :class:`Refusal` naming the line."""
    added = changed = 0
    for line, row in tables.rows(data, COLUMNS, ("email", "stations", "from")):
        member = people.by_email(session, row["email"])
        if member is None:
            raise Refusal("Line {line}: nobody has the address {email}.", line=line, email=row["email"][:80])
        stations = [word for word in _SEPARATORS.split(unicodedata.normalize("NFKC", row["stations"])) if word]
        starts, ends = _days(line, row)
        if len(stations) < 2 or starts is None:
            raise Refusal(
                "Line {line}: two stations or more, separated by “>”, and the first day are needed.", line=line
            )
        if ends is not None and ends < starts:
            raise Refusal("Line {line}: the last day is before the first.", line=line)
        mode = MODE_WORDS.get(row.get("mode", ""), "")
        if mode not in PASSES:
            raise Refusal("Line {line}: “{mode}” is no means of transport.", line=line, mode=row["mode"][:20])
        known = select(CommuterPass).filter_by(member_id=member.id, valid_from=starts)
        kept = next((one for one in session.scalars(known) if one.stations == stations), None)
        if kept is None:
            session.add(
                CommuterPass(
                    member_id=member.id,
                    stations=stations,
                    valid_from=starts,
                    valid_to=ends,
                    mode=mode,
                    source=PurePath(file).name,
                )
            )
            added += 1
        elif (kept.valid_to, kept.mode) != (ends, mode):
            kept.valid_to, kept.mode, kept.source = ends, mode, PurePath(file).name
            changed += 1
    session.flush()
    data_ = {"added": added, "changed": changed}
    audit.record(session, actor=by, action="commuter.imported", subject="commuter", data=data_)
    return added, changed


def _days(line: int, row: dict[str, str]) -> tuple[date | None, date | None]:
    try:
        return tables.day_or_none(row["from"]), tables.day_or_none(row.get("to", ""))
    except Refusal as refusal:
        raise Refusal("Line {line}: a day is not written as one, for example 2026-04-01.", line=line) from refusal
