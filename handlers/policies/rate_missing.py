"""An expense in another currency has a rate; one that the applicant declared is said to those who decide.

A rate of the day itself, or the newest before it (Corporation Tax Basic Circular 13の2-1-2, note 3); how old that may
be is the organisation's to say, and so is what happens to part of a yen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from handlers.policies import in_force
from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, day
from handlers.rates import HOME, Terms


class _RateMissing:
    name = "rate-missing"
    title = "No exchange rate"
    what = "There is no exchange rate for an expense in another currency."
    strength: Strength = "stop"
    parameters: tuple[Parameter, ...] = (
        Parameter("days", "number", 7, "How many days older than the expense a rate may be.", ("日数",)),
        Parameter("down", "flag", False, "Part of a yen is dropped; otherwise it is rounded.", ("切り捨て",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            if line.currency == HOME or line.amount is None:
                continue
            own = line.basis.get("declared_rate") or {}
            date = min(line.date, case.day) if line.date else case.day if case.kind == "request" else None
            if line.claimed is None and date is not None:
                yield Finding(
                    self.name,
                    "There is no exchange rate of {currency} for {day} (up to {days} days older would do). "
                    "An administrator has to register it.",
                    {"currency": line.currency, "day": day(date), "days": parameters.number("days")},
                    line.id,
                )
            elif own.get("currency") == line.currency:
                yield Finding(
                    self.name,
                    "{currency} is converted at the applicant's own rate {rate}: {reason}",
                    {"currency": line.currency, "rate": str(own["rate"]), "reason": str(own["reason"])},
                    line.id,
                    strength="note",
                )


RATE_MISSING = _RateMissing()


def terms(session: Session, date: dt.date) -> Terms:
    """How the organisation converts expenses of this day; where the rule is off, as is built in."""
    rules = {RATE_MISSING.name: RATE_MISSING}
    live = in_force.on(date, in_force.policies(session, rules), rules)
    values = {p.name: p.default for p in RATE_MISSING.parameters if p.default is not None}
    chosen = Parameters({**values, **(live[0].values if live else {})})
    return Terms(chosen.number("days"), chosen.flag("down"))
