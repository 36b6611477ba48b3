"""Which budget line bears which part of a claim, and what is left on it.

A company's line is department × account × project, any of them open (``*``); of the lines that fit, the most
particular bears the expense: project before account before department. A municipal line is 款/項/目/事業/節/細節: the
節 comes from the expense's category, the rest from the applicant's department or from what the claim names
(``Claim.budget_code``, a whole line or the part of it down to the 事業). What no line fits is not budgeted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from handlers import amounts, categories
from handlers.budgets.years import bearing_year
from handlers.errors import Refusal
from storage.models import Budget, BudgetEntry, Claim, Expense, Organization, Trip

COMPANY, MUNICIPAL = "company", "municipal"
LEVELS = 6  # 款 項 目 事業 節 細節
SETSU = 4
ANY = "*"
CANDIDATES = 4  # named where a word means no line


@dataclass(frozen=True)
class Outlook:
    """A line before and after a claim. ``needs`` is what the claim takes beyond what is held for it already; yen."""

    name: str
    year: int
    stopped: bool
    held: int
    needs: int
    left: int  # now

    @property
    def after(self) -> int:
        return self.left - self.needs


def used(session: Session) -> bool:
    """Whether the organisation has budgets at all."""
    return session.scalars(select(Budget.id).limit(1)).first() is not None


def left(line: Budget) -> int:
    return line.amount - line.reserved - line.consumed


def name(line: Budget) -> str:
    return line.name or line.code


def company_code(department: str, category: str, project: str) -> str:
    """``企画課/旅費交通費/基幹更新``; what is open is ``*``, and left out at the end."""
    account = categories.label("ja", category) if category else ""
    return "/".join(part or ANY for part in (department, account, project)).removesuffix("/*").removesuffix("/*")


def day_in(session: Session, claim: Claim, today: date | None = None) -> date:
    """The day on which the claim was handed in, as the organisation's calendar has it; ``today`` while it is not."""
    if claim.submitted_at is None and today is not None:
        return today
    organization = session.get_one(Organization, claim.organization_id)
    moment = claim.submitted_at or claim.created_at
    return moment.astimezone(ZoneInfo(organization.zone)).date()


def shares(session: Session, claim: Claim, today: date | None = None) -> dict[str, int]:
    """Yen of the claim by id of the budget line that bears them. Raises :class:`Refusal` where no line can be told.

    An expense without a day or an amount in yen is left out: it cannot be handed in either. All of a trip is borne by
    the year of the day of departure.
    """
    handed_in = day_in(session, claim, today)
    trip = session.get(Trip, claim.trip_id) if claim.trip_id else None
    sums: dict[str, int] = {}
    known: dict[int, Sequence[Budget]] = {}
    for expense in claim.expenses:
        amount, day = amounts.yen(expense), trip.starts if trip else expense.date
        if not amount or day is None:
            continue
        year = bearing_year(day, handed_in)
        if year not in known:
            known[year] = _open_to(session, claim, year)
        line = bearer(known[year], claim, expense, year)
        if line is not None:
            sums[line.id] = sums.get(line.id, 0) + amount
    return sums


def borne_by(session: Session, claim: Claim, today: date | None = None) -> frozenset[str]:
    """Codes of the lines that bear the claim, and the one it names. Where none can be told (yet) nothing is refused."""
    named = frozenset({claim.budget_code} - {""})
    try:
        borne = shares(session, claim, today) if used(session) else {}
    except Refusal:  # the card and the submission say which line is to be chosen
        return named
    return named | frozenset(session.scalars(select(Budget.code).where(Budget.id.in_(borne))))


def supposed(session: Session, claim: Claim, categories: Iterable[str], year: int) -> frozenset[str]:
    """As :func:`borne_by`, of a claim that nobody has made, of expenses of these categories."""
    fitting = _open_to(session, claim, year)
    found = [bearer(fitting, claim, Expense(category=category), year) for category in categories or ("",)]
    return frozenset({claim.budget_code, *(line.code for line in found if line is not None)} - {""})


def _open_to(session: Session, claim: Claim, year: int) -> Sequence[Budget]:
    """The lines of a year that can bear anything of this claim."""
    fitting = select(Budget).where(Budget.year == year).order_by(Budget.code).execution_options(populate_existing=True)
    if claim.budget_code:
        fitting = fitting.where(Budget.code.startswith(claim.budget_code, autoescape=True))
    else:
        fitting = fitting.where(
            Budget.department.in_(("", claim.member.department)), Budget.project.in_(("", claim.project))
        )
    return session.scalars(fitting).all()


def bearer(lines: Iterable[Budget], claim: Claim, expense: Expense, year: int) -> Budget | None:
    """The line that bears an expense, None when none does; :class:`Refusal` when the person has to say which."""
    code = claim.budget_code
    if code:
        under = [line for line in lines if line.code == code or line.code.startswith(f"{code}/")]
        if not under:
            raise Refusal(
                "There is no budget line “{code}” in the year {year}. Please choose another.", **_of(claim, year)
            )
        exact = next((line for line in under if line.code == code), None)
        if exact is not None:
            return exact
        fitting = [line for line in under if _fits_setsu(line, expense)]
    else:
        fitting = [line for line in lines if _fits(line, expense)]
    if not fitting:
        return None
    best = max(map(_particular, fitting))
    closest = [line for line in fitting if _particular(line) == best]
    if len(closest) > 1:
        some = " / ".join(name(line) for line in closest[:4])
        raise Refusal("Several budget lines fit: {lines}. Please choose one with “Budget”.", lines=some)
    return closest[0]


def _of(claim: Claim, year: int) -> dict[str, object]:
    return {"code": claim.budget_code, "year": year}


def _fits(line: Budget, expense: Expense) -> bool:
    """Department and project are compared by the query already."""
    if line.kind == MUNICIPAL:
        return bool(line.department or line.project) and _fits_setsu(line, expense)
    return line.category in ("", expense.category)


def _particular(line: Budget) -> tuple[bool, bool, bool, bool]:
    saisetsu = line.kind == MUNICIPAL and bool(_part(line, SETSU + 1))
    return bool(line.project), bool(line.category), bool(line.department), saisetsu


def _fits_setsu(line: Budget, expense: Expense) -> bool:
    """``8 旅費`` of the category against ``08旅費`` of the line; a 細節 that the line names must agree, too."""
    if line.kind != MUNICIPAL:
        return line.category in ("", expense.category)
    if line.category:
        return line.category == expense.category
    wanted = re.fullmatch(r"([^(]*)(?:\((.*)\))?", _plain(categories.setsu(expense.category)))
    setsu, saisetsu = wanted.groups(default="") if wanted else ("", "")
    own, own_detail = _part(line, SETSU), _part(line, SETSU + 1)
    return bool(setsu) and own == setsu and own_detail in ("", saisetsu)


def _part(line: Budget, level: int) -> str:
    parts = line.code.split("/")
    return _plain(parts[level]) if level < len(parts) and parts[level] != ANY else ""


def _plain(text: str) -> str:
    """Without the number in front, blanks and widths."""
    return re.sub(r"^\d+|\s", "", unicodedata.normalize("NFKC", text).strip())


def held(session: Session, claim_id: str, *, kinds: tuple[str, ...] = ("reserve", "consume")) -> dict[str, int]:
    """Yen that a claim holds or has spent now, by line."""
    sums: dict[str, int] = {}
    for entry in session.scalars(
        select(BudgetEntry).where(
            BudgetEntry.claim_id == claim_id, BudgetEntry.released_at.is_(None), BudgetEntry.kind.in_(kinds)
        )
    ):
        sums[entry.budget_id] = sums.get(entry.budget_id, 0) + entry.amount
    return sums


def outlook(claim: Claim, today: date) -> list[Outlook]:
    """What the claim means for each line that bears a part of it, in the order of their codes; yen.

    Raises :class:`Refusal` as :func:`shares` does.
    """
    session = object_session(claim)
    if session is None or not used(session):
        return []
    own = held(session, claim.id)
    before = held(session, claim.request_id) if claim.request_id and not own else {}
    parts = own if own else shares(session, claim, today)
    rows = session.scalars(
        select(Budget).where(Budget.id.in_(parts)).order_by(Budget.code).execution_options(populate_existing=True)
    )
    return [
        Outlook(
            name=name(line),
            year=line.year,
            stopped=line.stopped,
            held=own.get(line.id, 0) + before.get(line.id, 0),
            needs=0 if own else max(0, parts[line.id] - before.get(line.id, 0)),
            left=left(line),
        )
        for line in rows
    ]


def find(session: Session, word: str, year: int) -> str:
    """The code meant by a line's code, its name, or the part down to the 事業; :class:`Refusal` when there is none."""
    lines = session.scalars(select(Budget).where(Budget.year == year)).all()
    wanted = word.strip()
    if any(line.code == wanted or line.code.startswith(f"{wanted}/") for line in lines):
        return wanted
    named = [line.code for line in lines if wanted and _plain(wanted) == _plain(line.name)]
    if len(named) == 1:
        return named[0]
    raise Refusal("There is no budget line “{code}” in the year {year}. Please choose another.", code=wanted, year=year)


def known(session: Session, word: str) -> str:
    """As :func:`find`, in whatever year: for what is said once and holds for all of them, like a route."""
    wanted, codes, names = word.strip(), set[str](), dict[str, set[str]]()
    for code, called in session.execute(select(Budget.code, Budget.name).distinct().order_by(Budget.code)):
        codes.add(code)
        names.setdefault(_plain(called), set()).add(code)
    if any(code == wanted or code.startswith(f"{wanted}/") for code in codes):
        return wanted
    named = names.get(_plain(wanted), set()) if _plain(wanted) else set()
    if len(named) == 1:
        return next(iter(named))
    if not codes:
        raise Refusal("There is no budget line yet. “/keihi budget set” makes one.")
    near = sorted(named) or get_close_matches(wanted, sorted(codes), CANDIDATES, 0.3) or sorted(codes)[:CANDIDATES]
    text = "There is no budget line “{code}”. Do you mean one of these: {lines}? “/keihi budget” lists them all."
    raise Refusal(text, code=wanted[:60], lines=", ".join(near[:CANDIDATES]))
