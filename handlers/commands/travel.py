"""``travel``: the travel rules in use and what in them is not verified yet. ``commuter``: my commuter passes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from handlers import money
from handlers.cards.parts import validity
from handlers.chat import Card, Field, Note, Row
from handlers.commands.base import Command, Gathered
from handlers.dates import parse_day, show_day
from handlers.errors import Refusal
from handlers.travel import load, replay
from handlers.travel.pack import SURE, Pack
from handlers.travel.sentences import CONFIDENCE_LABELS, yen
from handlers.travel.titles import title_of
from handlers.turn import Turn
from storage.models import CommuterPass, PackUse

SHOWN = 20
PACKS = ("packs", "一覧")
SHOW = ("show", "表示")
USE = ("use", "使う", "適用")
CONFIRM = ("confirm", "確認")
REPLAY = ("replay", "再計算")
FROM = ("from=", "開始=", "から=")
TO = ("to=", "終了=", "まで=")
SOURCE = ("source=", "出典=")


def _travel(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    act, rest = (words[0].lower(), words[1:]) if words else ("", [])
    if not words:
        _in_use(turn)
    elif act in PACKS:
        _packs(turn)
    elif act in USE:
        _use(turn, rest)
    elif act in CONFIRM:
        _confirm(turn, rest)
    elif act in REPLAY:
        _replay(turn, rest)
    else:
        name, *wanted = rest if act in SHOW and rest else words
        pack = load.get(turn.session, name)
        turn.tell(_search(turn, pack, " ".join(wanted)) if wanted else _pack_card(turn, pack))


def _in_use(turn: Turn) -> None:
    pack = load.pack_for(turn.session, turn.today)
    if pack is None:
        raise Refusal("No travel rules are in use. “/keihi travel packs” lists them, “/keihi travel use NAME” chooses.")
    turn.tell(_pack_card(turn, pack, uses=load.in_use(turn.session)))


def _pack_card(turn: Turn, pack: Pack, uses: list[PackUse] | None = None) -> Card:
    locale = turn.view.locale
    open_cells = load.unverified(pack)
    fields = [
        Field(turn.t("Travel pack"), pack.name),
        Field(turn.t("In force from"), show_day(pack.effective_from, locale)),
        Field(turn.t("Decided by"), turn.t("the day of departure")),
    ]
    fields += [Field(turn.t("In use from"), f"{show_day(use.valid_from, locale)} {use.pack}") for use in uses or ()]
    notes = [Note(turn.t("This is an example of a fictional town."), "doubt")] if pack.fictional else []
    if open_cells:
        text = turn.t(
            "{count} figures and rules are not verified. “/keihi travel confirm {pack} …” confirms one.",
            count=len(open_cells),
            pack=pack.name,
        )
        notes.append(Note(text, "doubt"))
    rows = tuple(_row(turn, pack, cell) for cell in open_cells[:SHOWN])
    more = len(open_cells) - SHOWN
    return Card(
        title=(pack.title_en if locale == "en" else "") or pack.title,
        lead=pack.note,
        fields=tuple(fields),
        rows=rows,
        notes=tuple(notes),
        footer=turn.t("and {count} more", count=more) if more > 0 else "",
        private=True,
    )


def _search(turn: Turn, pack: Pack, wanted: str) -> Card:
    """Every figure and rule with this word in its name, the sure ones, too, with where they stand."""
    found = [
        cell
        for cell in load.cells_of(pack)
        if wanted.lower() in f"{cell.name} {title_of(pack, cell.name, turn.view.locale)}".lower()
    ]
    if not found:
        raise Refusal("“{name}” has no figure “{cell}”.", name=pack.name, cell=wanted[:80])
    more = len(found) - SHOWN
    footer = turn.t("and {count} more", count=more) if more > 0 else ""
    rows = tuple(_row(turn, pack, cell) for cell in found[:SHOWN])
    return Card(title=f"{pack.name}: {wanted}", rows=rows, footer=footer, private=True)


def _row(turn: Turn, pack: Pack, cell: load.Cell) -> Row:
    """A figure in words; beside one that is to be confirmed stands how it is typed."""
    value = turn.t(CONFIDENCE_LABELS[cell.confidence])
    if cell.yen is not None:
        unit = f"{cell.yen} km" if cell.name.endswith("half_below") else yen(turn.view.locale, cell.yen)
        value = f"{unit} · {value}"
    doubted = cell.confidence not in SURE
    detail = " · ".join(part for part in (cell.name if doubted else "", cell.source) if part)
    return Row(title=title_of(pack, cell.name, turn.view.locale), detail=detail, value=value, doubted=doubted)


def _packs(turn: Turn) -> None:
    current = load.name_for(turn.session, turn.today)
    rows = []
    for name in load.names(turn.session):
        pack = load.get(turn.session, name)
        title = (pack.title_en if turn.view.locale == "en" else "") or pack.title
        decides = load.passed_over(turn.session, name)
        if decides is not None:
            told = turn.t("the series “{series}” uses {other}, not this one", series=pack.series, other=decides)
            title = f"{title} · {told}"
        value = turn.t("in use") if name == current else ""
        rows.append(Row(title=name, detail=title, value=value, doubted=decides is not None))
    card = Card(title=turn.t("{count} travel packs", count=len(rows)), rows=tuple(rows[: SHOWN * 2]), private=True)
    turn.tell(card)


def _use(turn: Turn, words: list[str]) -> None:
    name = next((word for word in words if "=" not in word), "")
    day = _day(turn, words, FROM) or turn.today
    if not name:
        raise Refusal("Please say which: /keihi travel use NAME [from=2026-04-01]")
    load.use(turn.session, name, day, by=turn.member.id, now=turn.services.clock())
    shown = show_day(day, turn.view.locale)
    turn.tell(turn.t("{name} is used for trips that depart on {day} or later.", name=name, day=shown), tone="good")


def _day(turn: Turn, words: list[str], key: tuple[str, ...]) -> date | None:
    said = next((word.partition("=")[2] for word in words if word.lower().startswith(key)), "")
    return parse_day(said, today=turn.today) if said else None


def _confirm(turn: Turn, words: list[str]) -> None:
    begin = next((i for i, word in enumerate(words) if word.lower().startswith(SOURCE)), len(words))
    if begin < 3:
        raise Refusal("Please say what: /keihi travel confirm PACK FIGURE YEN source=WHERE IT STANDS")
    pack, cell, value = words[:3]
    source = " ".join(words[begin:]).partition("=")[2]
    now, number = turn.services.clock(), money.parse(value)
    before = load.confirm(turn.session, pack, cell, number, source, member=turn.member, now=now)
    title = title_of(load.get(turn.session, pack), before.name, turn.view.locale)
    values = {"name": title, "before": yen(turn.view.locale, before.yen), "now": yen(turn.view.locale, number)}
    if before.name.endswith("half_below"):
        values |= {"before": f"{before.yen} km", "now": f"{number} km"}
    turn.tell(turn.t("Confirmed: {name} {before} → {now}", **values), tone="good")


def _replay(turn: Turn, words: list[str]) -> None:
    """As ``keihi travel replay`` on the server prints it: the trips under both, and the sum."""
    packs = [word for word in words if "=" not in word and word != "--pack"]  # written as on the server
    if len(packs) != 2:
        raise Refusal("Please say which two: /keihi travel replay PACK PACK [from=2026-04-01] [to=2026-09-30]")
    days = {"since": _day(turn, words, FROM), "until": _day(turn, words, TO)}
    trips = replay.replay(turn.session, packs[0], packs[1], **days)
    if not trips:
        raise Refusal("No trip departed on these days.")
    sums = sum(one.first for one in trips), sum(one.second for one in trips)
    more = len(trips) - SHOWN
    card = Card(
        title=turn.t("{count} trips: {first} → {second}", count=len(trips), first=packs[0], second=packs[1]),
        fields=(Field(turn.t("Total"), _both(turn, *sums)),),
        rows=tuple(_replayed(turn, one) for one in trips[:SHOWN]),
        footer=turn.t("and {count} more", count=more) if more > 0 else "",
        private=True,
    )
    turn.tell(card)


def _replayed(turn: Turn, one: replay.Replayed) -> Row:
    day = show_day(one.trip.starts, turn.view.locale)
    detail = [one.trip.member.name, *([turn.t("something of this trip is not known")] if one.open else [])]
    value = _both(turn, one.first, one.second)
    return Row(title=f"{day} {one.trip.destination}", detail=" · ".join(detail), value=value, doubted=one.open)


def _both(turn: Turn, first: int, second: int) -> str:
    before, after = (yen(turn.view.locale, amount) for amount in (first, second))
    return f"{before} → {after} ({second - first:+,})"


PASS_MODES = {"bus": "Bus", "both": "Train and bus"}  # a pass of the railway is the rule


def _commuter(turn: Turn, _words: list[str], _gathered: Gathered) -> None:
    mine = select(CommuterPass).filter_by(member_id=turn.member.id).order_by(CommuterPass.valid_from.desc())
    rows = []
    for row in turn.session.scalars(mine.limit(SHOWN)):
        valid = row.valid_from <= turn.today and (row.valid_to is None or turn.today <= row.valid_to)
        days = validity(turn.view, row.valid_from, row.valid_to)
        days += f" · {turn.t(PASS_MODES[row.mode])}" if row.mode in PASS_MODES else ""
        rows.append(Row(title=" > ".join(row.stations), detail=days, value=turn.t("valid") if valid else ""))
    if not rows:
        raise Refusal("No commuter pass of yours is known. Your administrator can import it.")
    turn.tell(Card(title=turn.t("My commuter passes"), rows=tuple(rows), private=True))


COMMANDS = (
    Command(
        "travel",
        ("旅費", "旅費規程"),
        "travel [packs | show NAME [WORD] | use NAME from=DATE | confirm PACK FIGURE YEN source=… | replay PACK PACK]",
        "The travel rules in use, and what in them is not verified yet.",
        _travel,
        role="admin",
    ),
    Command("commuter", ("定期", "定期券"), "commuter", "My commuter passes, which trips do not pay again.", _commuter),
)
