"""What an organisation's people correct is used the next time.

``lessons``: an issuer, told by its registration number, telephone or name, has the payee, category and tax rates that
people gave it. ``habits``: the category of an issuer that nobody corrected yet, from the words of the claims that the
organisation has made. ``words``: what both compare. ``notes``: how a card says what was used.

Everything is counted from the rows of claims that stand (submitted and not sent back, rejected or withdrawn), so that
there is nothing to be rebuilt: what is undone, withdrawn or deleted is not known any more at the next reading. Another
organisation's rows are out of reach (see ``storage.db``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.learning import habits, lessons, words
from handlers.learning.recalled import Recalled
from ocr.classify import classify, table
from ocr.reading import Reading
from storage.db import Database
from storage.models import Claim, Expense, Member

__all__ = ["Recalled", "put", "recall", "teach"]


def recall(database: Database, organization_id: str, readings: Sequence[Reading]) -> tuple[Recalled, ...]:
    """What the organisation knows of each reading: from corrections of this issuer first, else from its habits."""
    with database.snapshot(organization_id) as session:
        known = [lessons.recall(session, reading) for reading in readings]
        if all(recalled.category for recalled in known):
            return tuple(known)
        told = [_told(recalled, reading) for recalled, reading in zip(known, readings, strict=True)]
        learned = habits.train(habits.examples(session), frozenset().union(*told))
    return tuple(
        recalled if recalled.category else _by_habit(recalled, reading, learned)
        for recalled, reading in zip(known, readings, strict=True)
    )


def _told(recalled: Recalled, reading: Reading) -> tuple[str, ...]:
    first = reading.category.value
    issuer = recalled.issuer or reading.issuer.value or ""
    return (words.table_word(first.code if first else ""), *words.of_reading(issuer, reading))


def _by_habit(recalled: Recalled, reading: Reading, learned: habits.Habits) -> Recalled:
    first = reading.category.value
    if first is None:
        return recalled
    told = _told(recalled, reading)[1:]
    choice = learned.choose(told, first.code)
    if choice is None:
        return recalled
    account = table()[choice.category].category.account
    because = f"{'・'.join(choice.words)} → {account}" if choice.words else ""
    # what the table was sure of and the claims make probable too is no question for a person
    unsure = choice.confidence < habits.SURE and (choice.category != first.code or reading.category.doubted)
    return replace(
        recalled, category=choice.category, because=because, times=choice.times, by_habit=True, doubted=unsure
    )


def put(expense: Expense, recalled: Recalled) -> None:
    """Fill a fresh draft's expense with what is known; what people taught is doubted no more."""
    changed: list[str] = []
    doubts = list(expense.doubts)
    if recalled.issuer:
        changed += ["payee"] if expense.payee != recalled.issuer or "payee" in doubts else []
        expense.payee = recalled.issuer
        doubts = [name for name in doubts if name != "payee"]
    if recalled.category:
        differs = expense.category != recalled.category
        changed += ["category"] if differs or "category" in doubts else []
        expense.category = recalled.category
        doubts = [name for name in doubts if name != "category"] + (["category"] if recalled.doubted else [])
        if recalled.because and recalled.by_habit:
            expense.category_reason = recalled.because[:200]
    assumed = lessons.usual_tax(expense, recalled.rates)
    if assumed is not None:
        expense.taxes = [assumed]
        doubts = [*doubts, "taxes"] if "taxes" not in doubts else doubts  # it is not printed: a person must look
    expense.doubts = doubts
    expense.recalled = recalled.as_json(changed, assumed["rate"] if assumed else "")


def teach(session: Session, claim: Claim, *, by: Member, now: datetime) -> None:
    """The applicant stands by the claim: keep what they corrected, and the words of every expense with its category."""
    for expense in claim.expenses:
        if expense.split > 1:  # a part of a receipt: the words on it stand with its first line
            continue
        reading = lessons.reading_of(expense)
        expense.words = list(_words(expense, reading))
        if reading is not None:
            lessons.teach(session, expense, reading, by=by, now=now)
    session.flush()


def _words(expense: Expense, reading: Reading | None) -> tuple[str, ...]:
    if reading is None:
        first = classify(expense.payee, "").category.code
        return (words.table_word(first), *words.of_name(expense.payee))
    first = reading.category.value.code if reading.category.value else "misc"
    return (words.table_word(first), *words.of_reading(expense.payee, reading))
