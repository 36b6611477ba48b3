"""Budget lines as CSV, the same columns in and out.

A company's columns: year, department, account, project, name, amount, stopped. A municipality's: 年度, 款, 項, 目,
事業, 節, 細節, 部署, 名称, 予算額, 超過. A line is known by its year and code, so the same file twice changes nothing
and a file with new amounts is a budget revision (補正). ``reserved``, ``consumed`` and ``left`` are written and never
read. All lines of a file or none.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from handlers import categories, money
from handlers.budgets.lines import ANY, COMPANY, LEVELS, MUNICIPAL, SETSU, company_code, left
from handlers.errors import Refusal, SheetWrong
from storage import audit
from storage.models import Budget

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "year": ("year", "年度"),
    "kan": ("kan", "款"),
    "ko": ("ko", "項"),
    "moku": ("moku", "目"),
    "jigyo": ("jigyo", "事業"),
    "setsu": ("setsu", "節"),
    "saisetsu": ("saisetsu", "細節"),
    "department": ("department", "部署", "所属"),
    "account": ("account", "category", "科目", "勘定科目"),
    "project": ("project", "プロジェクト"),
    "name": ("name", "名称"),
    "amount": ("amount", "予算額"),
    "stopped": ("stopped", "超過"),
    "reserved": ("reserved", "予約額"),
    "consumed": ("consumed", "執行額"),
    "left": ("left", "残額"),
}
_LEVELS = ("kan", "ko", "moku", "jigyo", "setsu", "saisetsu")
_YES = ("", "yes", "true", "1", "stop", "不可", "停止", "はい")
_NO = ("no", "false", "0", "note", "可", "警告", "いいえ")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One line of a file, understood. ``category`` is our code; ``amount`` in yen."""

    number: int
    year: int
    code: str
    kind: str
    department: str
    category: str
    project: str
    name: str
    amount: int
    stopped: bool


def understand(raw: bytes) -> list[Row]:
    """The rows of a file (UTF-8, with or without BOM, or Shift_JIS). :class:`SheetWrong` names every bad line."""
    reader = csv.DictReader(io.StringIO(_text(raw), newline=""))
    names = {alias: ours for ours, aliases in COLUMNS.items() for alias in aliases}
    header = {column: names.get(_plain(column).lower()) for column in reader.fieldnames or ()}
    lacking = {"year", "amount"} - {name for name in header.values() if name}
    if lacking:
        raise SheetWrong(
            ["the first line must name the columns; at least “year” (年度) and “amount” (予算額) are needed"]
        )
    unknown = [column for column, ours in header.items() if not ours and _plain(column or "")]
    if unknown:  # left out, a column of codes or of another budget system would make other lines than were meant
        known = ", ".join(aliases[-1] for aliases in COLUMNS.values())
        raise SheetWrong([f"there is no column {', '.join(f'“{name}”' for name in unknown)}; the columns are {known}"])
    rows: list[Row] = []
    wrong: list[str] = []
    seen: dict[tuple[int, str], int] = {}
    for raw_row in reader:
        number = reader.line_num
        cells = {ours: _cell(raw_row[column]) for column, ours in header.items() if ours}
        if not any(cells.values()):
            continue
        try:
            found = row(number, cells)
        except (Refusal, ValueError) as error:
            wrong.append(f"line {number}: {error}")
            continue
        first = seen.setdefault((found.year, found.code), number)
        if first != number:
            wrong.append(f"line {number}: the same budget line as in line {first} ({found.code})")
        rows.append(found)
    if wrong:
        raise SheetWrong(wrong)
    return rows


def save(session: Session, rows: Iterable[Row], *, by: str, now: datetime, sha256: str = "") -> tuple[int, int]:
    """(new, changed) lines. :class:`SheetWrong` when a stopped line would get less than is spent of it already."""
    new = changed = 0
    wrong: list[str] = []
    for wanted in rows:
        line = session.scalars(select(Budget).filter_by(year=wanted.year, code=wanted.code)).first()
        values = {
            "department": wanted.department,
            "category": wanted.category,
            "project": wanted.project,
            "name": wanted.name,
            "amount": wanted.amount,
            "stopped": wanted.stopped,
        }
        if line is None:
            session.add(Budget(year=wanted.year, code=wanted.code, kind=wanted.kind, updated_at=now, **values))
            new += 1
        elif any(getattr(line, key) != value for key, value in values.items()):
            enough = Budget.reserved + Budget.consumed <= wanted.amount
            done = session.execute(
                update(Budget)
                .where(Budget.id == line.id, enough if wanted.stopped else true())
                .values(**values, updated_at=now)
                .execution_options(synchronize_session=False)
            )
            session.refresh(line)
            if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's CursorResult
                spent = money.show(line.reserved + line.consumed)
                wrong.append(f"line {wanted.number}: {spent} of {wanted.code} are reserved or spent already")
            changed += 1
    if wrong:
        raise SheetWrong(wrong)
    session.flush()
    if new or changed:
        data = {"new": new, "changed": changed, "sha256": sha256}
        audit.record(session, actor=by, action="budgets.imported", subject="budgets", data=data)
    return new, changed


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def written(lines: Iterable[Budget]) -> str:
    """The lines as CSV that :func:`understand` takes back; what a spreadsheet would take for a formula is quoted."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([aliases[-1] if aliases[0] in _LEVELS else aliases[0] for aliases in COLUMNS.values()])
    for line in lines:
        levels = line.code.split("/") if line.kind == MUNICIPAL else []
        levels += [""] * (LEVELS - len(levels))
        account = categories.label("ja", line.category) if line.category else ""
        texts = ["" if level == ANY else level for level in levels]
        texts += [line.department, account, line.project, line.name]
        rows.writerow(
            [
                line.year,
                *map(_safe, texts),
                line.amount,
                "yes" if line.stopped else "no",
                line.reserved,
                line.consumed,
                left(line),
            ]
        )
    return out.getvalue()


def row(number: int, cells: Mapping[str, str]) -> Row:
    """One line from its cells by our column names. :class:`Refusal` or ``ValueError`` (English) says what is wrong."""

    def get(name: str) -> str:
        return cells.get(name, "")  # a column that the file does not have is empty

    year = _year(get("year"))
    levels = [get(level).replace("/", "／") for level in _LEVELS]
    category = categories.find(get("account")) if get("account") else ""
    department, project = get("department"), get("project")
    if any(levels):
        if not levels[SETSU]:
            raise ValueError("a municipal line needs its 節")
        while not levels[-1]:
            levels.pop()
        code, kind = "/".join(level or ANY for level in levels), MUNICIPAL
    else:
        code, kind = company_code(department, category, project), COMPANY
    stopped = get("stopped").lower()
    if stopped not in (*_YES, *_NO):
        raise ValueError("“stopped” is yes or no (超過: 不可 or 可)")
    return Row(
        number,
        year,
        code,
        kind,
        department,
        category,
        project,
        get("name"),
        money.parse(get("amount")),
        stopped in _YES,
    )


def _year(text: str) -> int:
    """``2026``, ``令和8`` and ``R8``."""
    plain = text.removesuffix("年度")
    for era in ("令和", "R", "r"):
        if plain.startswith(era) and plain.removeprefix(era).isdigit():
            return 2018 + int(plain.removeprefix(era))
    if not (plain.isdigit() and 2000 <= int(plain) <= 2200):
        raise ValueError(f"“{text}” is no year")
    return int(plain)


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetWrong(["the file is neither UTF-8 nor Shift_JIS text"])


def _cell(text: object) -> str:
    plain = _plain(text if isinstance(text, str) else "")
    return plain[1:] if plain[:1] == "'" and plain[1:2] in _RISKY else plain


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text
