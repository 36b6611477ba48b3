"""Tables as offices write them: CSV in UTF-8 or Shift_JIS, its first line naming the columns in Japanese or English."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date

from handlers.dates import parse_day
from handlers.errors import Refusal

Columns = Mapping[str, tuple[str, ...]]


def rows(data: bytes, columns: Columns, needed: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """(line, values by our own column names). :class:`Refusal` for another encoding or a missing column."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refusal("The file is neither UTF-8 nor Shift_JIS text.")
    pasted = "\t" in text.partition("\n")[0]  # cells copied out of a spreadsheet
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if pasted else ",")
    names = {alias: ours for ours, aliases in columns.items() for alias in (ours, *aliases)}
    header = {column: names.get((column or "").strip().lower()) for column in reader.fieldnames or ()}
    missing = [name for name in needed if name not in header.values()]
    if missing:
        raise Refusal("The first line must name the columns; missing: {columns}", columns=", ".join(missing))
    return [
        (reader.line_num, {ours: (row.get(column) or "").strip() for column, ours in header.items() if ours})
        for row in reader
    ]


def day_or_none(text: str) -> date | None:
    """A day with its year; empty → None. :class:`Refusal` when it is no day."""
    if not text:
        return None
    if len(re.findall(r"\d+", text)) == 2:
        raise Refusal("Please enter a date, for example 2026-11-20.")
    return parse_day(text, today=date.max)
