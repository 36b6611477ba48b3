"""The ``keihi`` command. Each subcommand is a few lines here or a module in ``bot/commands``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import travel
from bot.settings import load

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
audit_app = typer.Typer(no_args_is_help=True, help="The audit chain.")
members_app = typer.Typer(no_args_is_help=True, help="The people of an organisation.")
slack_app = typer.Typer(no_args_is_help=True, help="Slack set-up.")
app.add_typer(audit_app, name="audit")
app.add_typer(members_app, name="members")
app.add_typer(slack_app, name="slack")
budgets_app = typer.Typer(no_args_is_help=True, help="Budget lines.")
app.add_typer(budgets_app, name="budgets")
rates_app = typer.Typer(no_args_is_help=True, help="Exchange rates.")
app.add_typer(rates_app, name="rates")
app.add_typer(travel.travel_app, name="travel")
app.add_typer(travel.commuter_app, name="commuter")
app.add_typer(travel.fares_app, name="fares")
line_app = typer.Typer(no_args_is_help=True, help="LINE set-up.")
app.add_typer(line_app, name="line")

Organization = Annotated[str, typer.Option("--organization", help="Name or id, when there are several.")]


@app.command()
def serve() -> None:
    """Run the web server (and the jobs, unless KEIHI_WORKER=false)."""
    from bot.serve import serve as run

    run(load())


@app.command()
def worker() -> None:
    """Run the jobs only, beside a server that was started with KEIHI_WORKER=false."""
    from bot.serve import work

    work(load())


@app.command()
def demo() -> None:
    """Play the story of one receipt in the terminal, through the real server."""
    from bot.demo.story import play

    raise typer.Exit(play())


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from storage.db import Database
    from storage.migrations import migrate as upgrade

    settings = load()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(Database(settings.database_url))
    typer.echo("The database has the newest schema.")


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Photos or PDFs of receipts.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Every receipt in a file, not only the main one.")] = False,
    explain: Annotated[Path | None, typer.Option(help="Write a PNG here that shows where each field stands.")] = None,
) -> None:
    """Read receipts and print what they say."""
    from bot.commands.read import read_files

    engine = load().ocr_engine or None
    raise typer.Exit(read_files(files, as_json=json, engine=engine, everything=everything, explain=explain))


@app.command()
def note(
    text: Annotated[list[str], typer.Argument(help="A trip or an expense as one would write it.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    today: Annotated[str, typer.Option(help="The day it is written on, YYYY-MM-DD; today when left out.")] = "",
) -> None:
    """Read a trip note and print its legs, nights, amounts and what is still missing."""
    from bot.commands.note import print_note

    raise typer.Exit(print_note(" ".join(text), as_object=json, today=today))


@audit_app.command("verify")
def audit_verify() -> None:
    """Check every organisation's chain; exit status 1 names the first link that does not hold."""
    from bot.commands.audit import verify

    raise typer.Exit(verify(load()))


@audit_app.command("draw")
def audit_draw(
    month: Annotated[str, typer.Argument(help="2026-11; every month without it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Everything that it takes to reckon it elsewhere.")] = False,
) -> None:
    """Reckon the lane's random audits again from the audit chain; exit status 1 when something does not hold."""
    from bot.commands.audit import draw

    raise typer.Exit(draw(load(), month, as_json=as_json))


@members_app.command("import")
def members_import(file: Path, organization: Organization = "") -> None:
    """Add or update people from a CSV file (columns: name, email, manager_email, roles, department, grade, …)."""
    from bot.commands.members import import_file

    raise typer.Exit(import_file(load(), file, organization))


@members_app.command("list")
def members_list(organization: Organization = "") -> None:
    """Print everybody."""
    from bot.commands.members import print_members

    raise typer.Exit(print_members(load(), organization))


@members_app.command("code")
def members_code(email: str, organization: Organization = "") -> None:
    """Print a one-use code that connects a member's LINE or Slack account."""
    from bot.commands.members import print_code

    raise typer.Exit(print_code(load(), email, organization))


@budgets_app.command("import")
def budgets_import(file: Path, organization: Organization = "") -> None:
    """Add or revise budget lines from a CSV file."""
    from bot.commands.budgets import import_file

    raise typer.Exit(import_file(load(), file, organization))


@budgets_app.command("export")
def budgets_export(
    file: Annotated[Path | None, typer.Argument(help="Where to write; printed without it.")] = None,
    year: Annotated[int | None, typer.Option(help="Only this fiscal year.")] = None,
    organization: Organization = "",
) -> None:
    """Write the budget lines as CSV, with what is reserved, consumed and left."""
    from bot.commands.budgets import export

    raise typer.Exit(export(load(), organization, year, file))


@budgets_app.command("list")
def budgets_list(
    year: Annotated[int | None, typer.Option(help="Only this fiscal year.")] = None, organization: Organization = ""
) -> None:
    """Print the budget lines: year, code, stop or note, granted, reserved, consumed, left, name."""
    from bot.commands.budgets import print_lines

    raise typer.Exit(print_lines(load(), organization, year))


@rates_app.command("import")
def rates_import(
    file: Path,
    anyway: Annotated[bool, typer.Option("--anyway", help="Take rates more than ten times off, too.")] = False,
    organization: Organization = "",
) -> None:
    """Add or correct exchange rates from a CSV file (columns: currency, day, rate, per, source)."""
    from bot.commands.rates import import_file

    raise typer.Exit(import_file(load(), file, organization, anyway=anyway))


@rates_app.command("export")
def rates_export(
    file: Annotated[Path | None, typer.Argument(help="Where to write; printed without it.")] = None,
    currency: Annotated[str, typer.Option(help="Only this one.")] = "",
    organization: Organization = "",
) -> None:
    """Write the exchange rates as CSV."""
    from bot.commands.rates import export

    raise typer.Exit(export(load(), organization, currency, file))


@rates_app.command("list")
def rates_list(
    currency: Annotated[str, typer.Option(help="Only this one.")] = "", organization: Organization = ""
) -> None:
    """Print the exchange rates: currency, day, yen for one unit, source."""
    from bot.commands.rates import print_rates

    raise typer.Exit(print_rates(load(), organization, currency))


@app.command("local-link")
def local_link(email: str) -> None:
    """Print a one-time link to the local chat for one member (needs KEIHI_LOCAL_CHAT)."""
    from bot.commands.members import print_local_link

    raise typer.Exit(print_local_link(load(), email))


@slack_app.command("manifest")
def slack_manifest(
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which needs no open port.")] = False,
) -> None:
    """Print the app manifest to paste at Slack."""
    from bot.slack.manifest import text

    typer.echo(text(socket=socket, base_url=load().base_url))


@line_app.command("menu")
def line_menu() -> None:
    """Install the menu under the LINE conversation, or replace it."""
    from bot.commands.line import menu

    raise typer.Exit(menu(load()))


def main() -> None:
    """Entry point of the distribution."""
    app()


if __name__ == "__main__":
    main()
