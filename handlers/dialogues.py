"""A form asked in conversation, where the platform has no forms: first which field, then the new value.

A dialogue is one row for each account. It ends with the answer, with "Stop", with any other tap, or after a while.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from handlers.chat import FORM, Card, Choice, Form, FormSent, Input
from handlers.turn import Turn
from storage.models import Dialogue

LIFE = timedelta(minutes=30)
EMPTY = "Leave empty"  # a message cannot be empty as a form's field can
MOST_CHOICES = 12  # LINE shows 13 suggestions; one is "Stop"


def ask(turn: Turn, form: Form) -> None:
    """Let the person answer a form, by whichever way the platform has."""
    if turn.capabilities.has_forms:
        turn.form = form
    else:
        converse(turn, form)


def converse(turn: Turn, form: Form) -> None:
    """Ask in the conversation, also where there are forms: what follows from a message has no tap to open one."""
    end(turn)
    row = Dialogue(
        identity_id=turn.identity.id,
        form=FORM.dump_python(form, mode="json"),
        expires_at=turn.services.clock() + LIFE,
    )
    turn.session.add(row)
    turn.session.flush()
    if len(form.inputs) == 1:
        _question(turn, row, form.inputs[0])
    else:
        _menu(turn, form)


def chosen(turn: Turn, name: str, picked: str) -> FormSent | None:
    """A field was tapped: ask for it, or take the value that its picker brought along."""
    row = current(turn)
    if row is None:
        turn.tell(turn.t("This question is closed. Please start again from the card."))
        return None
    form = FORM.validate_python(row.form)
    wanted = next((question for question in form.inputs if question.name == name), None)
    if wanted is None:
        return None
    if picked:
        return FormSent(form.token, ((name, picked),))
    _question(turn, row, wanted)
    return None


def answered(turn: Turn, text: str) -> FormSent | None:
    """A message while a question is open is its answer; None when no question is open."""
    row = current(turn)
    if row is None or not row.asking:
        return None
    form = FORM.validate_python(row.form)
    asked = next(question for question in form.inputs if question.name == row.asking)
    emptied = not asked.required and text.strip() == turn.t(EMPTY)
    return FormSent(form.token, ((row.asking, "" if emptied else text.strip()),))


def ask_again(turn: Turn, why: str) -> None:
    """The answer was no good: say why and keep the question open."""
    turn.tell(Card(title=why, tone="doubt", choices=(_stop(turn),)))


def current(turn: Turn) -> Dialogue | None:
    row = turn.session.scalars(select(Dialogue).filter_by(identity_id=turn.identity.id)).first()
    return row if row is not None and row.expires_at > turn.services.clock() else None


def end(turn: Turn) -> None:
    """Forget the open question."""
    turn.session.execute(delete(Dialogue).where(Dialogue.identity_id == turn.identity.id))


def _menu(turn: Turn, form: Form) -> None:
    choices = []
    for question in form.inputs[:MOST_CHOICES]:
        token = turn.view.token("field", "", 0, question.name)
        if question.kind == "date":
            choices.append(Choice(question.label, token, picker="date", initial=question.value))
        else:
            choices.append(Choice(question.label, token))
    title = turn.t("Which field do you want to change?")
    turn.tell(Card(title=title, choices=(*choices, _stop(turn))))


def _question(turn: Turn, row: Dialogue, question: Input) -> None:
    row.asking = question.name
    choices: tuple[Choice, ...] = ()
    now = turn.t("Now: {value}", value=_shown(question)) if question.value else ""
    lead = "\n".join(line for line in (now, question.hint) if line)
    if question.kind == "date":
        token = turn.view.token("field", "", 0, question.name)
        choices = (Choice(turn.t("Choose a date"), token, picker="date", initial=question.value),)
    elif question.options:
        choices = tuple(Choice(label, text=label) for _, label in question.options[:MOST_CHOICES])
    elif question.value and not question.required:
        choices = (Choice(turn.t(EMPTY), text=turn.t(EMPTY)),)
    title = turn.t("Please send: {field}", field=question.label)
    turn.tell(Card(title=title, lead=lead, choices=(*choices, _stop(turn))))


def _shown(question: Input) -> str:
    return dict(question.options).get(question.value, question.value)


def _stop(turn: Turn) -> Choice:
    return Choice(turn.t("Stop"), turn.view.token("stop"))
