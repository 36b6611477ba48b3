"""Which packs there are, which one an organisation uses on a day, and what its administrators confirmed in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.errors import Refusal
from handlers.travel.pack import SURE, Confidence, Pack, Sourced, cells, merged, number, read_toml, validated
from storage import audit
from storage.models import AuditEvent, Member, PackCell, PackUse, TravelPack

# What a pack says of itself is not handed on to those that extend it.
OWN = ("series", "note", "title_en", "fictional")
CONFIRMED = "confirmed:"  # begins the source of what an administrator confirmed
MAX_TEXT = 300_000  # characters of an imported file


@dataclass(frozen=True)
class Cell:
    """A figure or rule of a pack, as an administrator sees it. ``yen`` is kilometres where the figure is a distance."""

    name: str
    yen: int | None
    confidence: Confidence
    source: str


@lru_cache
def built_in() -> dict[str, str]:
    """Name → file text of the packs that come along."""
    files = sorted((Path(__file__).with_name("packs")).glob("*.toml"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def names(session: Session) -> list[str]:
    """Names of all packs, built-in and imported."""
    return sorted({*built_in(), *session.scalars(select(TravelPack.name))})


def text_of(session: Session, name: str) -> str:
    """A pack's file as it came along or was imported. :class:`Refusal` when there is none of this name."""
    imported = session.scalars(select(TravelPack).filter_by(name=name)).first()
    if imported is not None:
        return imported.body
    if name in built_in():
        return built_in()[name]
    raise Refusal("There is no travel pack “{name}”. Packs: {names}", name=name[:64], names=", ".join(names(session)))


def get(session: Session, name: str) -> Pack:
    """A pack with what the organisation confirmed in it. :class:`Refusal` when it is missing or has a fault."""
    return validated(_tables(session, name))


def _tables(session: Session, name: str, text: str = "", seen: tuple[str, ...] = ()) -> dict[str, Any]:
    if name in seen:
        raise Refusal("The packs extend each other in a circle: {names}", names=" → ".join((*seen, name)))
    tables = read_toml(text or text_of(session, name))
    base = tables.get("extends")
    if isinstance(base, str):
        inherited = {k: v for k, v in _tables(session, base, seen=(*seen, name)).items() if k not in OWN}
        tables = merged(inherited, tables)
    else:
        tables = merged({}, tables)
    for cell in session.scalars(select(PackCell).filter_by(pack=name)):
        _confirm_in(tables, cell)
    return tables


def _confirm_in(tables: dict[str, Any], cell: PackCell) -> None:
    """Put a confirmed figure in its place; one whose place the pack no longer has is left."""
    *way, last = cell.cell.split(".")
    inner: Any = tables
    for step in way:
        inner = inner.get(step) if isinstance(inner, dict) else None
    if isinstance(inner, dict) and isinstance(inner.get(last), dict):
        unit = "km" if "km" in inner[last] else "yen"
        source = f"{CONFIRMED}{cell.id}"
        inner[last] = {unit: cell.value, "confidence": "confirmed", "source": source}
        tables.setdefault("sources", {})[source] = cell.source


def cells_of(pack: Pack) -> list[Cell]:
    """Everything in a pack that has a source, in its order, with the source written out."""
    return [
        Cell(name, number(cell), cell.confidence, pack.sources.get(cell.source, cell.source))
        for name, cell in cells(pack)
    ]


def unverified(pack: Pack) -> list[Cell]:
    """The figures (and rules) of a pack that nobody has confirmed and no published source bears out."""
    return [cell for cell in cells_of(pack) if cell.confidence not in SURE]


# --- which one --------------------------------------------------------------------------------------------------------


def in_use(session: Session) -> list[PackUse]:
    """The uses that count, the latest first."""
    live = select(PackUse).filter_by(ended_at=None)
    return list(session.scalars(live.order_by(PackUse.valid_from.desc(), PackUse.created_at.desc())))


def name_for(session: Session, departure: date) -> str | None:
    """The name of the pack for a trip that departs on this day; None when the organisation has chosen none for it."""
    use = next((use for use in in_use(session) if use.valid_from <= departure), None)
    return _of_series(session, use.pack, departure) if use else None


def pack_for(session: Session, departure: date) -> Pack | None:
    """The pack for a trip that departs on this day: the day of departure decides, whenever the trip ends."""
    name = name_for(session, departure)
    return get(session, name) if name else None


def resolve(session: Session, name: str, departure: date) -> Pack:
    """A pack by its own name, or the one of a series that holds on a day. :class:`Refusal` when there is none."""
    return get(session, _of_series(session, name, departure) or name)


def _of_series(session: Session, name: str, day: date) -> str | None:
    """The newest of the series ``name`` that is in force on ``day``; where there is no such series, the pack itself."""
    found = of_series(session, name)
    if not found:
        return name if name in names(session) else None
    return next((packs[0] for since, packs in reversed(found.items()) if since <= day), None)


def the_one(session: Session, name: str, day: date) -> Pack:
    """As :func:`resolve`; where nothing of a series is in force on the day, :class:`Refusal` names what it has."""
    found = of_series(session, name)
    if found and min(found) > day:
        listed = ", ".join(f"{packs[0]} ({since})" for since, packs in found.items())
        text = "No pack of “{name}” is in force on {day}. It has: {packs}"
        raise Refusal(text, name=name, day=day.isoformat(), packs=listed)
    return resolve(session, name, day)


def of_series(session: Session, series: str) -> dict[date, list[str]]:
    """The packs of a series by their day of effect, the first day first; the first of a day's packs decides.

    No import makes a second one of a day. Of those that are there all the same the one that was there first decides,
    so that a later copy never takes over what others use.
    """
    found: dict[date, list[str]] = {}
    for name in names(session):
        of, since = _head(text_of(session, name))
        if of and of == series and since:
            found.setdefault(since, []).append(name)
    for packs in found.values():
        if len(packs) > 1:
            packs.sort(key=lambda name: (_came(session, name), name))
    return dict(sorted(found.items()))


def _came(session: Session, name: str) -> int:
    """Where a pack's first import stands in the audit chain (``imported_at`` is that of the last); built-in: 0."""
    if name in built_in():
        return 0
    imports = select(func.min(AuditEvent.sequence)).filter_by(action="travel.pack_imported", subject=_subject(name))
    return session.scalar(imports) or 0


def passed_over(session: Session, name: str) -> str | None:
    """The pack that decides for a series in place of this one, which has the same series and day of effect."""
    of, since = _head(text_of(session, name))
    packs = of_series(session, of).get(since, []) if of and since else []
    return packs[0] if name in packs[1:] else None


def series(session: Session) -> set[str]:
    """Names of all series."""
    return {_head(text_of(session, name))[0] for name in names(session)} - {""}


@lru_cache(maxsize=256)
def _head(text: str) -> tuple[str, date | None]:
    """Series and day of effect that a file states itself; neither is taken from a pack that it extends."""
    tables = read_toml(text)
    return tables.get("series") or "", tables.get("effective_from")


def _subject(name: str) -> str:
    return f"pack:{name}"[:64]


def use(session: Session, name: str, since: date, *, by: str, now: datetime) -> PackUse:
    """Use a pack (or a series) for trips that depart on ``since`` or later; a choice for the same day ends. Audited.

    Raises :class:`Refusal` for an unknown pack and for a day before the pack takes effect.
    """
    if name not in series(session):
        pack = get(session, name)
        if since < pack.effective_from:
            day = pack.effective_from.isoformat()
            raise Refusal("“{name}” takes effect on {day}. Please choose that day or a later one.", name=name, day=day)
    elif _of_series(session, name, since) is None:
        raise Refusal("No pack of “{name}” is in force on {day}.", name=name, day=since.isoformat())
    for old in in_use(session):
        if old.valid_from == since:
            old.ended_at = now
    chosen = PackUse(pack=name, valid_from=since, chosen_by=by, created_at=now)
    session.add(chosen)
    data = {"pack": name, "from": since.isoformat()}
    audit.record(session, actor=by, action="travel.pack_chosen", subject=_subject(name), data=data)
    return chosen


# --- import and confirmation ------------------------------------------------------------------------------------------


def import_pack(session: Session, text: str, *, by: str, now: datetime) -> Pack:
    """Keep a pack's file, or a newer one of the same name. Audited. Raises :class:`Refusal` for a file with a fault."""
    if len(text) > MAX_TEXT:
        raise Refusal("The file is too large for a travel pack.")
    name = read_toml(text).get("name")
    if not isinstance(name, str):
        raise Refusal("The pack has no name.")
    if name in built_in():
        raise Refusal("“{name}” comes with the program. Please give your pack a name of its own.", name=name)
    pack = validated(_tables(session, name, text))
    _stands_alone(session, pack.name, text)
    row = session.scalars(select(TravelPack).filter_by(name=pack.name)).first()
    if row is None:
        row = TravelPack(name=pack.name)
        session.add(row)
    row.body, row.imported_by, row.imported_at = text, by, now
    session.flush()
    data = {"effective_from": pack.effective_from.isoformat(), "figures": len(cells_of(pack))}
    audit.record(session, actor=by, action="travel.pack_imported", subject=_subject(name), data=data)
    return pack


def _stands_alone(session: Session, name: str, text: str) -> None:
    """Refuse a file that would decide for a series which another pack has: a copy keeps the series of its original."""
    if any(packs != [name] for packs in of_series(session, name).values()):
        raise Refusal("“{name}” is the name of a series. Please give your pack another name.", name=name)
    of, since = _head(text)
    if not of or since is None:
        return
    others = [pack for pack in of_series(session, of).get(since, ()) if pack != name]
    if others:
        raise Refusal(
            "“{other}” is the pack of the series “{series}” from {day} already. "
            "Please write a series of its own into the file (series = …), or take that line out.",
            other=others[0],
            series=of,
            day=since.isoformat(),
        )


def cell_named(pack: Pack, word: str) -> Cell:
    """The cell that a name or the end of one means: ``福島県``, ``general.福島県``, ``lodging.caps.general.福島県``.

    Raises :class:`Refusal` when there is none or more than one.
    """
    figures = [cell for cell in cells_of(pack) if is_figure(pack, cell.name)]
    found = [cell for cell in figures if cell.name == word]
    found = found or [cell for cell in figures if f".{cell.name}".endswith(f".{word}")]
    if not found:
        raise Refusal("“{name}” has no figure “{cell}”.", name=pack.name, cell=word[:80])
    if len(found) > 1:
        known = ", ".join(cell.name for cell in found[:6])
        raise Refusal("Several figures have that name: {names}", names=known)
    return found[0]


def is_figure(pack: Pack, name: str) -> bool:
    """Whether a cell has yen or kilometres, and is not a rule in words."""
    part: Sourced = dict(cells(pack))[name]
    return "yen" in type(part).model_fields or "km" in type(part).model_fields


def confirm(
    session: Session, pack_name: str, word: str, value: int, source: str, *, member: Member, now: datetime
) -> Cell:
    """Note that an administrator has checked (or set right) a figure, and where. Audited. Returns it as it was before.

    Raises :class:`Refusal` for an unknown cell, a missing source or a figure that cannot be.
    """
    cell = cell_named(get(session, pack_name), word)
    if not source.strip():
        raise Refusal("Please say where the figure stands: source=…")
    if not 0 <= value <= 1_000_000:
        raise Refusal("That amount is too large.")
    row = session.scalars(select(PackCell).filter_by(pack=pack_name, cell=cell.name)).first()
    if row is None:
        row = PackCell(pack=pack_name, cell=cell.name)
        session.add(row)
    row.value, row.source, row.confirmed_by, row.confirmed_at = value, source.strip()[:500], member.id, now
    session.flush()
    data = {"cell": cell.name, "value": value, "before": cell.yen, "source": row.source}
    audit.record(session, actor=member.id, action="travel.cell_confirmed", subject=_subject(pack_name), data=data)
    return cell
