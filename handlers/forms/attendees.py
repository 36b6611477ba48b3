"""Who took part, by name and company, and how many: one question where forms are asked in conversation."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import attendees, claims
from handlers.actions import Action
from handlers.attendees import Party, Relation, Table
from handlers.cards.attendees import text as written
from handlers.chat import Form, Input
from handlers.dialogues import EMPTY
from handlers.errors import Refusal
from handlers.forms.kind import Asked, FormKind, Values, Wrong
from handlers.notes.normal import normal
from handlers.screen import claim_of, put
from handlers.turn import Turn, View
from storage.models import Claim, Expense

EXAMPLE = "Yourself included, for example: 山田商事 山田様、自社 2名"
RELATIONS = {"own": "Of your own organisation", "outside": "Outside guests"}
NEWEST, SUGGESTED = 200, 4


def attendees_form(view: View, session: Session, claim: Claim, expense: Expense, *, whole: bool) -> Form:
    """``whole``: all questions at once; else the one that takes names and numbers alike."""
    people = attendees.parties(expense.attendees)
    known = sum(party.count for party in people)
    more = expense.attendees_count if expense.attendees_count not in (None, known) else None
    before = [written(view, parties, "、") for parties in earlier(session, claim, expense)]
    hint = view.t(EXAMPLE)
    names = written(view, people)
    if not whole:
        counted = view.t("total {count} people", count=more) if more else ""
        now = "、".join(part for part in (names.replace("\n", "、"), counted) if part)
        options = tuple((text, text) for text in before)
        empty = (("", view.t(EMPTY)),) if now else ()
        asked: tuple[Input, ...] = (
            Input("names", view.t("Attendees"), "text", now, (*options, *empty), hint=hint, max_length=1000),
        )
    else:
        if before:
            hint += "\n" + view.t("Last time: {names}", names=before[0])
        labels = tuple((code, view.t(label)) for code, label in RELATIONS.items())
        asked = (
            Input("names", view.t("Attendees"), "long_text", names, hint=hint, max_length=1000),
            Input(
                "count",
                view.t("Number of people"),
                value=str(more or ""),
                hint=view.t("Leave it empty if everybody is written above."),
                max_length=4,
            ),
            Input("relation", view.t("Those without a company are"), "choice", options=labels),
        )
    return Form(
        token=view.token("attendees", claim.id, claim.version, expense.id),
        title=view.t("Attendees of #{number}", number=claim.number),
        submit=view.t("Save"),
        inputs=asked,
    )


def earlier(session: Session, claim: Claim, expense: Expense) -> list[tuple[Party, ...]]:
    """Whom the applicant wrote down before, those of a company that this claim speaks of first. Nobody else's data."""
    mine = (
        select(Expense)
        .join(Claim, Expense.claim_id == Claim.id)
        .where(Claim.member_id == claim.member_id, Expense.id != expense.id, Expense.attendees_count.is_not(None))
        .order_by(Claim.number.desc(), Expense.position)
        .limit(NEWEST)
    )
    found = dict.fromkeys(attendees.parties(row.attendees) for row in session.scalars(mine))
    about = f"{claim.purpose} {expense.payee} {expense.description}"
    known = [parties for parties in found if any(party.name for party in parties)]
    return sorted(known, key=lambda parties: not any(p.company and p.company in about for p in parties))[:SUGGESTED]


def _meant(session: Session, claim: Claim, expense: Expense, values: Values) -> Table:
    """What the answers say. Raises :class:`Refusal`."""
    said = values.get("names", "")
    relation = values.get("relation", "")
    otherwise: Relation = "own" if relation == "own" else "outside" if relation == "outside" else ""
    colleagues = attendees.colleagues(session)
    try:
        table = attendees.read(said, applicant=claim.member.name, colleagues=colleagues, otherwise=otherwise)
    except Refusal as refusal:
        raise _with_names(session, claim, expense, refusal) from refusal
    parties: Sequence[Party] = table.parties
    if not parties and table.total and "count" not in values:  # only a number was sent: whoever is known stays
        parties = attendees.parties(expense.attendees)
    return attendees.checked(parties, _count(values.get("count", "")) or table.total)


def _with_names(session: Session, claim: Claim, expense: Expense, refusal: Refusal) -> Refusal:
    """Of a company that was named alone, whom the person met there before."""
    company = str(refusal.values.get("word", ""))
    met = [
        party.name
        for parties in earlier(session, claim, expense)
        for party in parties
        if company and party.name and party.company == company
    ]
    if not met:
        return refusal
    names = "、".join(dict.fromkeys(met))
    return Refusal("Who of {company} was there? Last time: {names}", company=company, names=names)


def _count(text: str) -> int:
    """``4``, ``4名``; 0 where nothing is written."""
    plain = normal(text).removesuffix("名").removesuffix("人").strip()
    if plain and not (plain.isdecimal() and int(plain)):
        raise Refusal("Please enter the number of people in figures, for example 4.")
    return int(plain or 0)


def _check(asked: Asked, values: Values) -> Wrong:
    claim = asked.claim()
    expense = claims.line(claim, asked.action.extra)
    try:
        _count(values.get("count", ""))
    except Refusal as refusal:
        return {"count": refusal}
    try:
        _meant(asked.session, claim, expense, values)
    except Refusal as refusal:
        return {"names": refusal}
    return {}


def _answer(turn: Turn, action: Action, values: Values) -> None:
    claim = claim_of(turn, action)
    expense = claims.line(claim, action.extra)
    table = _meant(turn.session, claim, expense, values)
    claims.correct(
        turn.session,
        claim,
        by=turn.member,
        version=action.version,
        parsed={"attendees": attendees.rows(table), "attendees_count": table.total or None},
        zone=turn.organization.zone,
        expense_id=expense.id,
    )
    put(turn, claim)


FORMS = {"attendees": FormKind(_check, _answer)}
