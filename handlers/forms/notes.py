"""One thing that a note did not say: asked in the chat, the next one after its answer."""

from __future__ import annotations

from handlers import claims
from handlers.actions import Action
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.notes import chat, drafts
from handlers.screen import claim_of, put
from handlers.texts import LOCALES, t
from handlers.turn import Turn
from storage.models import Claim, Expense


def _line_of(claim: Claim, action: Action) -> tuple[Expense, str]:
    expense_id, _, name = action.extra.partition(":")
    return claims.line(claim, expense_id), name


def _said(values: Values, name: str) -> str:
    """The answer; “Later”, in any language, is none."""
    text = values.get(name, "").strip()
    return "" if text in {t(locale, chat.LATER) for locale in LOCALES} else text


def _check(asked: Asked, values: Values) -> Wrong:
    line, name = _line_of(asked.claim(), asked.action)
    try:
        drafts.understand(line, name, _said(values, name), today=asked.today)
    except Refusal as refusal:
        return {name: refusal}
    return {}


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    line, name = _line_of(claim, action)
    changed = drafts.understand(line, name, _said(values, name), today=turn.today, locale=turn.view.locale)
    by_pack = bool(line.basis.get("by_pack"))
    drafts.answer(turn.session, claim, line, changed, by=turn.member, zone=turn.organization.zone)
    if by_pack and name == "covers":  # what the kilometres stand for: the amount stays the travel rules' to compute
        line.corrected = [field for field in line.corrected if field != "amount"]
    more = bool(drafts.questions(claim))
    put(turn, claim, quietly=more)
    chat.ask_next(turn, claim)


FORMS = {chat.FORM: FormKind(_check, _answer)}
