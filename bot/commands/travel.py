"""``keihi travel …``, ``keihi commuter …``, ``keihi fares …``: travel packs, commuter passes and the fare table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:  # the command's help must not wait for the database's library
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from storage.models import Organization as Home

    _Act = Callable[[Session, Home], None]

travel_app = typer.Typer(no_args_is_help=True, help="Travel rules as dated packs.")
commuter_app = typer.Typer(no_args_is_help=True, help="Commuter passes.")
fares_app = typer.Typer(no_args_is_help=True, help="The fare table.")

Organization = Annotated[str, typer.Option("--organization", help="Name or id, when there are several.")]
Since = Annotated[str, typer.Option("--from", help="The first day of departure, 2026-04-01.")]
Until = Annotated[str, typer.Option("--to", help="The last day of departure.")]


@travel_app.command("packs")
def packs(organization: Organization = "") -> None:
    """Print every pack: name, effective from, how many figures are not verified, in use from, title.

    A pack that its series passes over says which one decides in its place.
    """

    def act(session: Session, _home: Home) -> None:
        from handlers.travel import load

        uses = {use.pack: use.valid_from.isoformat() for use in load.in_use(session)}
        for name in load.names(session):
            pack = load.get(session, name)
            decides = load.passed_over(session, name)
            used = uses.get(name) or (uses.get(pack.series) if decides is None else None) or "-"
            open_cells = str(len(load.unverified(pack)))
            told = [] if decides is None else [f"series {pack.series}: {decides} decides, not this one"]
            typer.echo("\t".join([name, pack.effective_from.isoformat(), open_cells, used, pack.title, *told]))

    _run(organization, act)


@travel_app.command("show")
def show(pack: str, organization: Organization = "") -> None:
    """Print a pack's figures and rules: name, yen (or km), confidence, source."""

    def act(session: Session, _home: Home) -> None:
        from handlers.travel import load

        found = load.get(session, pack)
        typer.echo(f"{found.name}\t{found.title}\tfrom {found.effective_from}\tdecided by the day of departure")
        for cell in load.cells_of(found):
            value = "-" if cell.yen is None else str(cell.yen)
            typer.echo("\t".join([cell.name, value, cell.confidence, cell.source]))

    _run(organization, act)


@travel_app.command("import")
def import_(
    file: Path,
    pack: Annotated[str, typer.Option("--pack", help="For a CSV of checked figures: the pack.")] = "",
    by: Annotated[str, typer.Option("--by", help="For a CSV of checked figures: the administrator's e-mail.")] = "",
    organization: Organization = "",
) -> None:
    """Import a pack (TOML), or the figures of a pack that were checked (CSV with a name in checked_by)."""

    def act(session: Session, _home: Home) -> None:
        from handlers import people
        from handlers.errors import Refusal
        from handlers.travel import load, sheets

        data, now = _bytes(file), datetime.now(UTC)
        if file.suffix.lower() == ".csv":
            member = people.by_email(session, by)
            if member is None or "admin" not in member.roles:
                raise Refusal("Say who checked the figures: --by E-MAIL of an administrator.")
            if not pack:
                raise Refusal("Say of which pack the figures are: --pack NAME.")
            confirmed = sheets.confirm_csv(session, pack, data, member=member, now=now)
            typer.echo(f"{pack}: {len(confirmed)} figures confirmed.")
            return
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refusal("The pack is not UTF-8 text.") from error
        made = load.import_pack(session, text, by="system", now=now)
        typer.echo(f"{made.name}: {len(load.cells_of(made))} figures and rules, from {made.effective_from}.")

    _run(organization, act)


@travel_app.command("export")
def export(
    pack: str,
    as_csv: Annotated[bool, typer.Option("--csv", help="The figures as a table, to check and import again.")] = False,
    organization: Organization = "",
) -> None:
    """Print a pack's file, with the figures that administrators confirmed."""

    def act(session: Session, _home: Home) -> None:
        from handlers.travel import exported, load, sheets

        text = sheets.written(load.get(session, pack)) if as_csv else exported.written(session, pack)
        typer.echo(text, nl=False)

    _run(organization, act)


@travel_app.command("compare")
def compare(
    first: str,
    second: str,
    on: Annotated[str, typer.Option("--on", help="Of a series: the pack of this day (today).")] = "",
    organization: Organization = "",
) -> None:
    """Print where two packs (or series) differ: place, in the first, in the second."""

    def act(session: Session, home: Home) -> None:
        from handlers.travel import load, replay

        day = _day(on, home) or datetime.now(ZoneInfo(home.zone)).date()
        packs = [load.the_one(session, name, day) for name in (first, second)]
        for name, pack in zip((first, second), packs, strict=True):
            if name != pack.name:  # beside the table, which may go to a file
                typer.echo(f"{name} on {day}: {pack.name}", err=True)
        found = replay.compare(*packs)
        if not found:
            typer.echo("No difference. Names, days of effect, notes and sources are not compared.")
        for one in found:
            values = ["-" if value is None else str(value) for value in (one.first, one.second)]
            typer.echo("\t".join([one.place, *values]))

    _run(organization, act)


@travel_app.command("use")
def use(pack: str, since: Since = "", organization: Organization = "") -> None:
    """Use a pack, or a series of packs, for trips that depart on a day or later (today without --from)."""

    def act(session: Session, home: Home) -> None:
        from handlers.travel import load

        day = _day(since, home) or datetime.now(ZoneInfo(home.zone)).date()
        load.use(session, pack, day, by="system", now=datetime.now(UTC))
        typer.echo(f"{home.name}: {pack} for trips that depart on {day} or later.")

    _run(organization, act)


@travel_app.command("replay")
def replay_(
    packs: Annotated[list[str], typer.Option("--pack", help="Twice: the pack before, the pack after.")],
    since: Since = "",
    until: Until = "",
    organization: Organization = "",
) -> None:
    """Recompute past trips under two packs: departure, who, where, yen before, yen after, difference; then the sum."""

    def act(session: Session, home: Home) -> None:
        from handlers.errors import Refusal
        from handlers.travel import replay

        if len(packs) != 2:
            raise Refusal("Two packs are needed: --pack A --pack B.")
        days = {"since": _day(since, home), "until": _day(until, home)}
        trips = replay.replay(session, packs[0], packs[1], **days)
        typer.echo("\t".join(["departure", "member", "destination", packs[0], packs[1], "difference", ""]))
        for one in trips:
            who = [one.trip.starts.isoformat(), one.trip.member.name, one.trip.destination]
            asked = "incomplete" if one.open else ""
            typer.echo("\t".join([*who, str(one.first), str(one.second), f"{one.difference:+d}", asked]))
        sums = [sum(one.first for one in trips), sum(one.second for one in trips)]
        typer.echo("\t".join([f"{len(trips)} trips", "", "", *map(str, sums), f"{sums[1] - sums[0]:+d}", ""]))

    _run(organization, act)


@commuter_app.command("import")
def commuter_import(file: Path, organization: Organization = "") -> None:
    """Add or change commuter passes from a CSV file (columns: email, stations separated by >, from, to)."""

    def act(session: Session, home: Home) -> None:
        from handlers.travel import commuter

        added, changed = commuter.import_csv(session, _bytes(file), file=file.name, by="system")
        typer.echo(f"{home.name}: {added} added, {changed} changed.")

    _run(organization, act)


@fares_app.command("import")
def fares_import(file: Path, organization: Organization = "") -> None:
    """Add or change fares from a CSV file (columns: from, to, mode, amount, km, valid_from, valid_to, source)."""

    def act(session: Session, home: Home) -> None:
        from handlers.travel import fares

        added, changed = fares.import_csv(session, _bytes(file), file=file.name, by="system")
        typer.echo(f"{home.name}: {added} added, {changed} changed.")

    _run(organization, act)


def _run(organization: str, act: _Act) -> None:
    from bot.commands.within import within
    from bot.settings import load

    raise typer.Exit(within(load(), organization, act))


def _bytes(file: Path) -> bytes:
    from handlers.errors import Refusal

    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal("{file}: {why}", file=file, why=error.strerror or "cannot be read") from error


def _day(text: str, home: Home) -> date | None:
    from handlers.dates import parse_day

    return parse_day(text, today=datetime.now(ZoneInfo(home.zone)).date()) if text else None
