"""What people taught of one issuer: by whom it is known again, what counts when they disagree, and how it is undone.

An issuer is known again by its registration number, without one by its telephone number, without either by its name,
folded so that look-alike characters are the same; whatever the reader doubted identifies nobody, nor do the toll-free
numbers that a chain's shops share. A company with one number may run shops of several names: where the name was read
well and is neither the one taught nor the one that was corrected, it is another shop, and nothing is recalled.

Only corrections count, not silence; each person counts once for an issuer, with what they said last; what most people
say holds, and of equally many what was said last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.errors import Refusal
from handlers.learning.habits import STANDING
from handlers.learning.recalled import Recalled
from ocr.reading import Reading
from ocr.text import skeleton
from storage import audit
from storage.models import Claim, Expense, Lesson, Member

ALIKE = 75  # per cent, from which two spellings are the same name misread
AKIN = 40  # per cent, from which one text can be a misreading of another at all
SURE_PHONE = 0.5
_SHARED = ("0120", "0800", "0570", "0990")
_TAX_FIELD = re.compile("tax(es|_.*)?")

T = TypeVar("T", bound=Hashable)


class Key(NamedTuple):
    kind: str
    text: str


# --- by what an issuer is known again ---------------------------------------------------------------------------------


def keys(reading: Reading) -> list[Key]:
    """By what this reading's issuer may be known, the surest first."""
    number, phone, name = reading.registration_number, reading.phone, reading.issuer
    found: list[Key] = []
    if number.value and not number.doubted:
        found.append(Key("registration_number", number.value))
    if phone.value and not phone.doubted and phone.confidence >= SURE_PHONE:
        digits = re.sub(r"\D", "", phone.value)
        if not digits.startswith(_SHARED):
            found.append(Key("phone", digits))
    if name.value and not name.doubted and len(skeleton(name.value)) >= 2:
        found.append(Key("name", skeleton(name.value)))
    return found


def _key_to_teach(expense: Expense, reading: Reading) -> Key | None:
    """The surest of the keys; a number that the person changed is the person's, one that they removed is none."""
    found = dict(keys(reading))
    if "registration_number" in expense.corrected:
        found.pop("registration_number", None)
        if expense.registration_number:
            return Key("registration_number", expense.registration_number)
    for kind in ("registration_number", "phone"):
        if kind in found:
            return Key(kind, found[kind])
    # By name alone only what can be a misreading of the name: many a shop prints the same heading or slogan.
    if "name" in found and fuzz.ratio(found["name"], skeleton(expense.payee)) >= AKIN:
        return Key("name", found["name"])
    return None


def reading_of(expense: Expense) -> Reading | None:
    """What the reader said of this expense's receipt."""
    if expense.receipt is None or expense.receipt_part >= len(expense.receipt.readings):
        return None
    return Reading.from_json(json.dumps(expense.receipt.readings[expense.receipt_part]))


# --- teaching ---------------------------------------------------------------------------------------------------------


def teach(session: Session, expense: Expense, reading: Reading, *, by: Member, now: datetime) -> None:
    """Keep what was corrected in this expense; submitting it again replaces what it taught before."""
    old = session.scalars(select(Lesson).filter_by(expense_id=expense.id)).first()
    key = _key_to_teach(expense, reading)
    issuer = expense.payee if "payee" in expense.corrected and expense.payee else None
    whole = _Whole.of(expense)
    category = whole.category if "category" in whole.corrected else None
    taxed = any(_TAX_FIELD.fullmatch(name) for name in whole.corrected)
    rates = [str(line["rate"]) for line in whole.taxes if line.get("tax") is not None] if taxed else None
    if key is None or (issuer is None and category is None and not rates):
        if old is not None:
            session.delete(old)
        return
    lesson = old or Lesson(expense_id=expense.id, member_id=by.id)
    if old is not None and old.undone_at is not None and (old.issuer, old.category) == (issuer, category):
        return  # undone by an administrator: sending the same again does not bring it back
    lesson.kind, lesson.key = key.kind, key.text[:255]
    lesson.read_as = (reading.issuer.value or "")[:255]
    lesson.issuer, lesson.category, lesson.rates = issuer, category, rates or None
    lesson.at, lesson.undone_at, lesson.undone_by_id = now, None, None
    session.add(lesson)
    session.flush()
    fields = [name for name, value in (("payee", issuer), ("category", category), ("taxes", rates)) if value]
    audit.record(session, actor=by.id, action="lesson.learned", subject=f"lesson:{lesson.id}", data={"fields": fields})


class _Whole(NamedTuple):
    """What was said of a receipt as a whole: of one that was split into lines, before it was."""

    category: str
    taxes: Sequence[dict[str, Any]]
    corrected: Sequence[str]

    @staticmethod
    def of(expense: Expense) -> _Whole:
        before = ((expense.basis or {}).get("split") or {}).get("whole")
        if before is None:
            return _Whole(expense.category, expense.taxes, expense.corrected)
        return _Whole(before["category"], before["taxes"], before["corrected"])


# --- recalling --------------------------------------------------------------------------------------------------------


def recall(session: Session, reading: Reading) -> Recalled:
    """What was taught of the issuer of this reading."""
    for key in keys(reading):
        found = standing(session, key)
        if found and _same_shop(reading, found):
            return settled(found)
    return Recalled()


def standing(session: Session, key: Key | None = None, member_id: str = "") -> list[Lesson]:
    """Lessons in force, oldest first: of one issuer, of one person, or all."""
    chosen = (
        select(Lesson)
        .join(Expense, Expense.id == Lesson.expense_id)
        .join(Claim, Claim.id == Expense.claim_id)
        .where(Lesson.undone_at.is_(None), Claim.state.in_(STANDING))
        .order_by(Lesson.at, Lesson.id)
    )
    if key is not None:
        chosen = chosen.where(Lesson.kind == key.kind, Lesson.key == key.text)
    if member_id:
        chosen = chosen.where(Lesson.member_id == member_id)
    return list(session.scalars(chosen))


def _same_shop(reading: Reading, found: Sequence[Lesson]) -> bool:
    name = reading.issuer
    if not name.value or name.doubted:
        return True
    seen = skeleton(name.value)
    known = {skeleton(text) for lesson in found for text in (lesson.issuer or "", lesson.read_as) if text}
    return not known or any(seen == k or fuzz.ratio(seen, k) >= ALIKE or _within(seen, k) for k in known)


def _within(one: str, other: str) -> bool:
    """One name holds the other: the same shop with and without its branch or company form."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 and short in long


def settled(found: Sequence[Lesson]) -> Recalled:
    """What lessons of one issuer, oldest first, amount to."""
    latest = {
        name: list({lesson.member_id: lesson for lesson in found if getattr(lesson, name)}.values())
        for name in ("issuer", "category", "rates")
    }
    issuer = _most(lesson.issuer for lesson in _by_time(latest["issuer"]))
    category = _most(lesson.category for lesson in _by_time(latest["category"]))
    rates = _most(tuple(lesson.rates or ()) for lesson in _by_time(latest["rates"]))
    at = max((lesson.at for lesson in found), default=None)
    return Recalled(issuer or "", category or "", rates or (), at)


def _by_time(found: Iterable[Lesson]) -> list[Lesson]:
    return sorted(found, key=lambda lesson: (lesson.at, lesson.id))


def _most(values: Iterable[T]) -> T | None:
    """The value that stands there most often; of equally many the one that stands last."""
    told = list(values)
    return max(reversed(told), key=told.count, default=None)


def usual_tax(expense: Expense, rates: Sequence[str]) -> dict[str, Any] | None:
    """The one tax line that the issuer's usual rate gives where the receipt's tax was not found; None elsewhere.

    Inside the total, fractions of a minor unit dropped, as most tills do.
    """
    unread = not any(line.get("tax") is not None for line in expense.taxes)
    if len(rates) != 1 or not unread or expense.amount is None:
        return None
    rate = Decimal(rates[0])
    tax = int(expense.amount * rate / (100 + rate))
    return {"rate": rates[0], "net": None, "gross": expense.amount, "tax": tax, "inclusive": True}


# --- undoing ----------------------------------------------------------------------------------------------------------


def forget(session: Session, lesson: Lesson, *, by: Member, now: datetime) -> Recalled:
    """Undo what is known of this lesson's issuer; returns what that was. :class:`Refusal` when it is undone already."""
    if lesson.undone_at is not None:
        raise Refusal("This was already forgotten.")
    found = standing(session, Key(lesson.kind, lesson.key))
    if lesson not in found:
        raise Refusal("This was already forgotten.")
    known = settled(found)
    for one in found:
        one.undone_at, one.undone_by_id = now, by.id
    session.flush()
    audit.record(
        session,
        actor=by.id,
        action="lesson.forgotten",
        subject=f"lesson:{lesson.id}",
        data={"kind": lesson.kind, "lessons": [one.id for one in found]},
    )
    return known
