"""Notes in the chat: a line of text becomes a draft, and what it lacks is asked, one question at a time."""

from __future__ import annotations

from handlers import actions, claims, dialogues, money, notes
from handlers.chat import Form, FormSent, Input
from handlers.notes import drafts
from handlers.notes.drafts import COVERS, LABELS, MODE_LABELS, USUAL_PLACES, Question
from handlers.notes.reading import Reading
from handlers.screen import put
from handlers.trips import chat as trip_chat
from handlers.trips import requests
from handlers.turn import Turn
from storage.models import Claim, Expense

FORM = "note"
LATER = drafts.LATER


def received(turn: Turn, text: str, *, with_amount: bool = False) -> bool:
    """Make a draft of a note and ask for what is missing; False when the text is none (``with_amount``: has no amount).

    A trip that lies ahead becomes a request; one that is over a draft with a line for each ride and stay.
    """
    reading = notes.read(text, turn.today)
    if reading.kind == "unknown" or not drafts.has_lines(reading) or (with_amount and not reading.has_amount):
        return False
    if requests.lies_ahead(reading, turn.today):
        plan = requests.of_reading(reading, text)
        now, locale = turn.services.clock(), turn.view.locale
        claim = requests.draft(turn.session, turn.organization, turn.member, plan, now, locale)
        put(turn, claim)
        trip_chat.ask_next(turn, claim)
    else:
        paid(turn, reading, text)
    return True


def paid(turn: Turn, reading: Reading, text: str) -> None:
    """A draft of what was paid, with a line for each ride, stay and thing."""
    now, locale = turn.services.clock(), turn.view.locale
    claim = drafts.draft(turn.session, turn.organization, turn.member, reading, text, now, locale)
    put(turn, claim)
    ask_next(turn, claim)


def is_another(turn: Turn, reply: FormSent, text: str) -> bool:
    """Whether the message is a note of its own, not the answer to the open question about another."""
    asked = actions.read(turn.services.keys, reply.token)
    reading = notes.read(text, turn.today)
    about_purpose = any(name == "purpose" for name, _ in reply.values)
    return (
        asked.name in (FORM, trip_chat.FORM) and reading.kind != "unknown" and (reading.has_amount or not about_purpose)
    )


def ask_next(turn: Turn, claim: Claim, *, also_left: bool = False) -> bool:
    """Ask the next thing that is missing; False when there is none."""
    asked = drafts.questions(claim, also_left=also_left)
    if not asked:
        return False
    question = asked[0]
    line = claims.line(claim, question.expense_id)
    token = turn.view.token(FORM, claim.id, claim.version, f"{line.id}:{question.field}")
    title = turn.t("What is missing in #{number}", number=claim.number)
    dialogues.converse(turn, Form(token, title, turn.t("Save"), (_input(turn, claim, line, question),)))
    return True


def _input(turn: Turn, claim: Claim, line: Expense, question: Question) -> Input:
    name = question.field
    label = turn.t(LABELS[name])
    later = ("", turn.t(LATER))
    whose = line.payee if name != "purpose" else f"#{claim.number}"
    if name == "date":
        return Input(name, label, "date", value=turn.today.isoformat(), hint=whose)
    if name == "mode":
        return Input(name, label, "choice", options=(*_labels(turn, MODE_LABELS), later), hint=whose)
    if name == "covers":
        return Input(
            name,
            label,
            "choice",
            options=_labels(turn, COVERS),
            hint=f"{whose}: {money.show(line.amount, line.currency)}",
        )
    places = tuple((turn.t(place), turn.t(place)) for place in USUAL_PLACES) if name in ("from", "to") else ()
    return Input(name, label, "text", options=(*places, later), hint=whose)


def _labels(turn: Turn, labels: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((code, turn.t(label)) for code, label in labels.items())
