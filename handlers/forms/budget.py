"""Which budget line, and which project, a draft is put on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from handlers import budgets, claims
from handlers.actions import Action
from handlers.budgets.lines import MUNICIPAL
from handlers.chat import Form, Input
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.screen import claim_of, put
from handlers.turn import Turn, View
from storage import audit
from storage.models import Budget, Claim, Trip

MOST = 50
_ABOVE_SETSU = 4  # 款/項/目/事業


def budget_form(view: View, claim: Claim, today: date) -> Form:
    """The lines of the applicant's department as suggestions; both answers may stay empty."""
    session = object_session(claim)
    options = _options(session, claim, _year(session, claim, today)) if session is not None else ()
    hint = view.t("Leave it empty to let department, category and project decide.")
    return Form(
        token=view.token("budget", claim.id, claim.version),
        title=view.t("Budget of #{number}", number=claim.number),
        submit=view.t("Save"),
        inputs=(
            Input("budget", view.t("Budget line"), value=claim.budget_code, options=options, hint=hint),
            Input("project", view.t("Project"), value=claim.project),
        ),
    )


def _year(session: Session, claim: Claim, today: date) -> int:
    trip = session.get(Trip, claim.trip_id) if claim.trip_id else None
    day = trip.starts if trip else next((e.date for e in claim.expenses if e.date), today)
    return budgets.bearing_year(day, today)


def _options(session: Session, claim: Claim, year: int) -> tuple[tuple[str, str], ...]:
    mine = select(Budget).where(Budget.year == year, Budget.department.in_(("", claim.member.department)))
    found: dict[str, str] = {}
    for line in session.scalars(mine.order_by(Budget.code)):
        code = "/".join(line.code.split("/")[:_ABOVE_SETSU]) if line.kind == MUNICIPAL else line.code
        found.setdefault(code, code)
    return tuple(found.items())[:MOST]


def _check(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    try:
        _meant(asked.session, claim, values, asked.today)
    except Refusal as refusal:
        return {"budget": refusal}
    return {}


def _meant(session: Session, claim: Claim, values: Values, today: date) -> str:
    word = values.get("budget", claim.budget_code).strip()
    return budgets.find(session, word, _year(session, claim, today)) if word else ""


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    code = _meant(turn.session, claim, values, turn.today)
    claims.step(turn.session, claim, "correct", version=action.version, zone=turn.organization.zone)
    claim.budget_code, claim.project = code, values.get("project", claim.project).strip()[:200]
    data = {"fields": ["budget_code", "project"], "budget": code, "project": claim.project}
    audit.record(turn.session, actor=turn.member.id, action="claim.corrected", subject=f"claim:{claim.id}", data=data)
    put(turn, claim)


FORMS = {"budget": FormKind(_check, _answer)}
