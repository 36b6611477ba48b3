"""Claims for rules to look at, without a database, and a past that says what a test wants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy.orm import Session

from handlers.cards.findings import sentence
from handlers.keys import Keys
from handlers.policies import RULES, Case, Finding, Line, Parameters, Person
from handlers.policies.evaluation import check
from handlers.policies.history import History, Row
from handlers.policies.in_force import InForce
from handlers.services import Services
from handlers.turn import View

DAY = dt.date(2026, 11, 20)  # a Friday
TODAY = dt.date(2026, 11, 23)
NOWHERE = cast(Session, None)
KEYS = Keys(b"test")
WORKER = Person("w", "佐藤 花子", "hanako@example.jp", "企画課", "4級")


@dataclass(frozen=True)
class Past(History):
    """A history of plain values. ``spends``: what every span holds; the others answer as they are asked."""

    session: Session = NOWHERE
    claim_id: str = "claim"
    member_id: str = "w"
    spends: int = 0
    by_issuer: tuple[int, ...] = ()
    by_category: tuple[int, ...] = ()
    there: tuple[int, ...] = ()
    allowed: tuple[str, ...] = ()
    journeys: tuple[Row, ...] = ()
    home: frozenset[str] = frozenset()

    def spent(self, first: dt.date, last: dt.date, categories: Sequence[str] = ()) -> int:
        return self.spends

    def amounts(
        self, since: dt.date, *, category: str = "", issuer: tuple[str, str] | None = None, mine: bool = False
    ) -> list[int]:
        return list(self.by_issuer if issuer is not None else self.by_category)

    def same_issuer(self, date: dt.date, issuer: tuple[str, str], category: str = "") -> list[int]:
        return list(self.there)

    def allowances(self, first: dt.date, last: dt.date) -> list[str]:
        return list(self.allowed)

    def homes(self, on: dt.date) -> frozenset[str]:
        return self.home

    def rows(self, first: dt.date, last: dt.date, kind: str = "") -> list[Row]:
        return [row for row in self.journeys if first <= row.date <= last]


def line(claimed: int | None = 1_000, **facts: Any) -> Line:
    """An expense of a receipt in yen, on a Friday, with a registration number."""
    known: dict[str, Any] = {
        "id": "e1",
        "payee": "喫茶ひかり",
        "date": DAY,
        "amount": claimed,
        "claimed": claimed,
        "receipt_id": "r1",
        "registration_number": "T6012345678901",
        "category": "meeting",
    }
    return Line(**(known | facts))


def case(*lines: Line, **facts: Any) -> Case:
    """A claim of these lines, looked at on the Monday after."""
    made = Case("claim", "expense", "打合せ", TODAY, WORKER, lines, lines, Past())
    return replace(made, **facts)


def found(name: str, looked_at: Case, **values: Any) -> list[Finding]:
    """What one rule says, with its own defaults and these values."""
    rule = RULES[name]
    defaults = {p.name: p.default for p in rule.parameters if p.default is not None}
    return list(rule.check(looked_at, Parameters({**defaults, **values})))


def under(looked_at: Case, *policies: InForce) -> list[Finding]:
    """What these policies say, the last written first, as a whole evaluation gives it."""
    return check(looked_at, policies, RULES)


def spoken(finding: Finding) -> tuple[str, str]:
    """The sentence in Japanese and in English."""
    services = cast(Services, _Nobody())
    japanese, english = (sentence(View(services, locale, "Asia/Tokyo"), finding) for locale in ("ja", "en"))
    assert "{" not in japanese + english
    return japanese, english


@dataclass(frozen=True)
class _Nobody:
    keys: Keys = KEYS
