"""``keihi note``: what the grammar of notes makes of a line, for people, for scripts and for measuring."""

from __future__ import annotations

import json
from datetime import date

import typer

from handlers.notes import Reading, as_json, read


def print_note(text: str, *, as_object: bool, today: str = "") -> int:
    """Print the reading and return the exit status: 2 when ``today`` is no day.

    ``today`` is ISO; empty means this machine's day.
    """
    try:
        day = date.fromisoformat(today) if today else date.today()
    except ValueError:
        typer.echo(f"keihi note: {today} is not a day (YYYY-MM-DD)", err=True)
        return 2
    reading = read(text, day)
    typer.echo(json.dumps(as_json(reading), ensure_ascii=False) if as_object else summary(reading))
    return 0


def summary(reading: Reading) -> str:
    """A few lines for people; what is missing at the end."""
    if reading.kind == "unknown":
        return "not a note"
    days = " - ".join(dict.fromkeys(str(day) for day in (reading.start, reading.end) if day))
    nights = f", {reading.nights} night(s)" if reading.nights else ""
    lines = [f"{reading.kind}: {days or 'no date'}{nights}", f"  purpose: {reading.purpose or '-'}"]
    for leg in reading.legs:
        way = f"{leg.origin or '?'} {'<->' if leg.round_trip else '->'} {leg.destination or '?'}"
        via = f" via {', '.join(leg.via)}" if leg.via else ""
        lines.append(f"  {leg.date or '?'} {way}{via} {leg.mode or '?'} {_sum(leg.amount, leg.currency, leg.km)}")
    for stay in reading.lodging:
        lines.append(f"  lodging {stay.nights} night(s) {stay.place or ''} {_sum(stay.amount, stay.currency)}")
    for item in reading.expenses:
        lines.append(f"  {item.date or '?'} {item.what or '?'} ({item.category}) {_sum(item.amount, item.currency)}")
    if reading.attendees or reading.attendees_count:
        count = f"{reading.attendees_count} " if reading.attendees_count else ""
        lines.append(f"  with: {count}{', '.join(reading.attendees)}")
    if reading.questions:
        lines.append(f"  to ask: {', '.join(reading.questions)}")
    return "\n".join(lines)


def _sum(amount: object, currency: str, km: object = None) -> str:
    parts = [f"{amount} {currency}"] if amount is not None else []
    parts += [f"{km} km"] if km is not None else []
    return " ".join(parts) or "amount ?"
