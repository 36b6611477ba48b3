"""What a form may hold: checked while the form is still open, and once more when its answer is carried out.

A form is one module: the questions it asks, and a :class:`FormKind` in the table at the end.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import actions, people
from handlers.cards import FIELD_LABELS
from handlers.chat import Address, FormSent
from handlers.errors import Choices, Refusal
from handlers.forms import attendees, budget, calling_off, comments, edit, findings, reason, settlements, trips
from handlers.forms import by_hand as hand_forms
from handlers.forms import missing as missing_forms
from handlers.forms import notes as note_forms
from handlers.forms import purpose as purposes
from handlers.forms import rates as rate_forms
from handlers.forms import split as divided
from handlers.forms.kind import Asked, FormKind, Wrong
from handlers.services import Services
from handlers.texts import t
from handlers.turn import Turn
from storage.db import EVERY_ORGANIZATION
from storage.models import Organization


def check(services: Services, sender: Address, sent: FormSent) -> dict[str, str]:
    """Sentence by input name, in the sender's language; the empty name means the whole form. Empty: all well."""
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        identity = people.identity_of(session, sender)
        if identity is None:
            return {"": t(services.locale, "You are not registered yet.")}
        organization = session.get_one(Organization, identity.organization_id)
        locale = people.locale_of(identity.member, organization)
        session.info["organization_id"] = organization.id
        try:
            wrong = problems(session, services, organization, sent)
        except Refusal as refusal:
            wrong = {"": refusal}
    return {name: sentence(locale, refusal) for name, refusal in wrong.items()}


def problems(session: Session, services: Services, organization: Organization, sent: FormSent) -> Wrong:
    """The same as refusals. Raises :class:`Refusal` when the form belongs to a card that is old."""
    action = actions.read(services.keys, sent.token)
    return _kind(action.name).check(Asked(session, services, organization, action), dict(sent.values))


def carry_out(turn: Turn, sent: FormSent) -> None:
    """Do what a form without problems asks for."""
    action = actions.read(turn.services.keys, sent.token)
    _kind(action.name).answer(turn, action, dict(sent.values))


def _kind(name: str) -> FormKind:
    kind = FORMS.get(name)
    if kind is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    return kind


def sentence(locale: str, refusal: Refusal) -> str:
    """A refusal in the person's language; names of fields and roles inside it too."""
    values = dict(refusal.values)
    fields = values.get("fields")
    if isinstance(fields, tuple):
        separator = "・" if locale != "en" else ", "
        values["fields"] = separator.join(t(locale, FIELD_LABELS[name]) for name in dict.fromkeys(fields))
    for name in ("role", "roles"):
        if isinstance(values.get(name), str):
            values[name] = people.role_names(locale, str(values[name]))
    if isinstance(choices := values.get("choices"), Choices):
        values["choices"] = choices.in_words(locale)
    return t(locale, refusal.text, **values)


FORMS: dict[str, FormKind] = {
    **edit.FORMS,
    **budget.FORMS,
    **reason.FORMS,
    **comments.FORMS,
    **findings.FORMS,
    **note_forms.FORMS,
    **divided.FORMS,
    **settlements.FORMS,
    **calling_off.FORMS,
    **attendees.FORMS,
    **trips.FORMS,
    **rate_forms.FORMS,
    **hand_forms.FORMS,
    **missing_forms.FORMS,
    **purposes.FORMS,
}
