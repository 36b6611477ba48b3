"""A registration number that is missing or wrong, and what that costs: the tax that cannot be deducted.

The share that may still be deducted goes by the day of the purchase (``invoice_rates.toml``). Nothing is lost where the
books alone suffice: public transport under 30,000 yen a purchase (ship, bus, rail; no taxi, no aircraft), travel money
that the employer pays to its people, and, for small organisations until 2029-09-30, purchases under 10,000 yen.
Source: Consumption Tax Act art. 30 (7), its enforcement order art. 49 (1), and the 2016 amendment's supplementary
provisions art. 53-2. A valid check digit is no proof of a registration; the register itself is not asked here.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from stdnum.jp import cn

from handlers import payers
from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, yen

PUBLIC = ("train", "shinkansen", "bus", "ship")
UNTAXED = ("taxes", "membership", "insurance", "donation", "clearing", "personal")  # unless a tax is printed
PUBLIC_UNDER = 30_000
SMALL_UNDER, SMALL_UNTIL = 10_000, dt.date(2029, 9, 30)


@dataclass(frozen=True)
class Transition:
    """``percent`` of the tax that is deducted without a number, from one day to another (None: open)."""

    first: dt.date
    last: dt.date | None
    percent: int
    source: str
    confidence: str


@lru_cache
def transitions() -> tuple[Transition, ...]:
    """The table of ``invoice_rates.toml``, oldest first."""
    rows = tomllib.loads(Path(__file__).with_name("invoice_rates.toml").read_text(encoding="utf-8"))["rate"]
    return tuple(Transition(r["from"], r.get("to"), r["percent"], r["source"], r["confidence"]) for r in rows)


def transition_on(day: dt.date) -> Transition | None:
    """The row of a day; None before the invoice system began."""
    return next((t for t in transitions() if t.first <= day and (t.last is None or day <= t.last)), None)


class _RegistrationNumber:
    name = "registration-number"
    title = "Registration number"
    what = "The issuer's registration number is missing or not valid, and what that costs."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("small", "flag", False, "The organisation may use the exception for small amounts.", ("少額特例",)),
        Parameter("min", "yen", 1, "From this cost on (yen).", ("金額",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            transition = transition_on(line.date) if line.date is not None else None
            if transition is None or not _concerns(line) or _books_suffice(case, line, parameters):
                continue
            number = line.registration_number
            if number and cn.is_valid(number.removeprefix("T")):
                continue
            tax = tax_of(line)
            cost = tax - tax * transition.percent // 100
            if cost < max(1, parameters.number("min")):
                continue
            values = {"tax": yen(tax), "percent": transition.percent, "cost": yen(cost), "number": number}
            paragraph = "" if transition.confidence == "verified" else transition.source
            if number:
                yield Finding(
                    self.name,
                    "The registration number {number} is not valid: of the tax {tax} only {percent}% is deducted, "
                    "which costs {cost}.",
                    values,
                    line.id,
                    paragraph=paragraph,
                )
            else:
                del values["number"]
                yield Finding(
                    self.name,
                    "No registration number: of the tax {tax} only {percent}% is deducted, which costs {cost}.",
                    values,
                    line.id,
                    paragraph=paragraph,
                )


def _concerns(line: Line) -> bool:
    """Japanese purchases that are taxed."""
    if line.currency != "JPY" or not line.amount or line.kind not in ("receipt", "note", "statement"):
        return False
    return bool(line.taxes) or line.category not in UNTAXED


def _books_suffice(case: Case, line: Line, parameters: Parameters) -> bool:
    amount = line.amount or 0
    public = line.journey.get("mode") in PUBLIC or line.seen.kind == "ticket"
    if public and amount < PUBLIC_UNDER:
        return True
    if case.trip is not None and line.category == "travel_transport" and payers.reimbursed(line.payment_method):
        return True
    small = parameters.flag("small") and amount < SMALL_UNDER
    return small and line.date is not None and line.date <= SMALL_UNTIL


def tax_of(line: Line) -> int:
    """The tax in yen as printed; where the receipt does not say, what 10% included comes to."""
    printed = sum(int(row.get("tax") or 0) for row in line.taxes)
    if printed or any(row.get("tax") is not None for row in line.taxes):
        return printed
    return (line.claimed or 0) * 10 // 110


REGISTRATION_NUMBER = _RegistrationNumber()
