"""A pack's figures as a table: out, to be checked against the regulation, and what was checked back in."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from sqlalchemy.orm import Session

from handlers import money
from handlers.errors import Refusal
from handlers.travel import load, tables
from handlers.travel.pack import Pack
from storage.models import Member

COLUMNS: tables.Columns = {
    "name": ("名前",),
    "yen": ("円", "値"),
    "confidence": ("確度",),
    "source": ("出典",),
    "checked_by": ("checked by", "確認者", "確認"),
}


def written(pack: Pack) -> str:
    """CSV of every figure: name, yen (kilometres of a distance), confidence, source, and an empty ``checked_by``."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for cell in load.cells_of(pack):
        if load.is_figure(pack, cell.name):
            table.writerow([cell.name, "" if cell.yen is None else cell.yen, cell.confidence, _plain(cell.source), ""])
    return out.getvalue()


def confirm_csv(session: Session, pack_name: str, data: bytes, *, member: Member, now: datetime) -> list[load.Cell]:
    """Confirm every row that names somebody in ``checked_by``, all or none; the cells as they were before.

    Raises :class:`Refusal` naming the line.
    """
    confirmed = []
    for line, row in tables.rows(data, COLUMNS, ("name", "yen", "source", "checked_by")):
        if not row["checked_by"]:
            continue
        try:
            value = money.parse(row["yen"])
        except Refusal as refusal:
            raise Refusal("Line {line}: an amount or a day cannot be read.", line=line) from refusal
        if not row["source"]:
            raise Refusal("Line {line}: please say where the figure stands.", line=line)
        source = f"{row['source']} ({row['checked_by']})"
        confirmed.append(load.confirm(session, pack_name, row["name"], value, source, member=member, now=now))
    return confirmed


def _plain(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
