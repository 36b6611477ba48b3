"""What a card says of a claim that was typed as a note: what was written, what was concluded, what is still asked."""

from __future__ import annotations

from datetime import date

from handlers.chat import Button, Note
from handlers.claims import EDITABLE
from handlers.dates import show_day
from handlers.notes import drafts
from handlers.notes.drafts import LABELS
from handlers.turn import View
from storage.models import Claim, Expense

SHOWN = 8
MARKED = ("date", "from", "to", "mode", "amount", "km", "attendees")


def notes(view: View, claim: Claim) -> list[Note]:
    """The note itself, the trip's days, and a line for each line of the claim; nothing for claims of receipts."""
    lines = [expense for expense in claim.expenses if expense.kind == drafts.KIND and expense.basis.get("part")]
    if not lines:
        return []
    written = " / ".join(dict.fromkeys(str(line.basis.get("note", "")) for line in lines))
    made = [Note(view.t("Your note: {note}", note=written[:300]))]
    made += [Note(_trip(view, line)) for line in lines if line.basis.get("nights")]
    if claim.state in EDITABLE:
        made += [_marks(view, line, several=len(claim.expenses) > 1) for line in lines[:SHOWN]]
    else:  # whoever approves sees where a fare is from that nobody typed
        made += [Note(f"{line.payee}: {_fare(view, line)}") for line in lines[:SHOWN] if line.basis.get("fare_source")]
    return made


def buttons(view: View, claim: Claim) -> tuple[Button, ...]:
    """Asks on, while something is missing."""
    if claim.state not in EDITABLE or not drafts.questions(claim, also_left=True):
        return ()
    return (Button(view.t("Fill in what is missing"), view.token("note_complete", claim.id, claim.version)),)


def _trip(view: View, line: Expense) -> str:
    basis = line.basis
    first, last = (show_day(date.fromisoformat(basis[name]), view.locale) for name in ("start", "end"))
    said = view.t("Trip: {first} to {last}, nights: {nights}", first=first, last=last, nights=basis["nights"])
    concluded = [view.t(CONCLUDED[name]) for name in basis.get("concluded", ()) if name in CONCLUDED]
    return f"{said} ({view.t('concluded: {fields}', fields=_list(view, concluded))})" if concluded else said


CONCLUDED = {"start": "first day", "end": "last day", "nights": "nights"}


def _marks(view: View, line: Expense, *, several: bool) -> Note:
    asked = drafts.open_fields(line)
    made = [name for name in line.basis.get("computed", ()) if name in MARKED and name not in asked]
    concluded = [name for name in made if name != "amount"]
    computed = [name for name in made if name == "amount"]  # a sum of what is known is no guess
    known = [name for name in MARKED if _has(line, name) and name not in made]
    said = {
        "known: {fields}": known,
        "concluded: {fields}": concluded,
        "computed: {fields}": computed,
        "asked: {fields}": asked,
    }
    parts = [
        view.t(text, fields=_list(view, [view.t(LABELS[name]) for name in names]))
        for text, names in said.items()
        if names
    ]
    if line.basis.get("fare_source"):
        parts.append(_fare(view, line))
    head = f"{line.payee}: " if several else ""
    return Note(head + " / ".join(parts), "doubt" if asked else "plain")


def _fare(view: View, line: Expense) -> str:
    return view.t("fare: {source}", source=line.basis["fare_source"])


def _has(line: Expense, name: str) -> bool:
    if name in ("from", "to", "mode", "km"):
        return bool((line.journey or {}).get(name))
    if name == "attendees":
        return bool(line.attendees) or line.attendees_count is not None
    return getattr(line, name) is not None


def _list(view: View, names: list[str]) -> str:
    return (", " if view.locale == "en" else "・").join(names)
