"""Consumption tax by rate: bases and tax amounts paired so that the arithmetic holds.

Japanese rule: the tax is rounded once per rate and invoice (down, half up or up are all allowed), so a printed tax may
lie less than one yen from amount × rate. Source: 消費税法施行令 70 条の 10.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from ocr.fields.amounts import Amount
from ocr.reading import TaxLine

JAPANESE_RATES = ("10", "8", "5", "3")
HIGHEST = 30


@dataclass(frozen=True)
class RateTax:
    """One rate solved: ``proved`` when amount and tax fit each other within the rounding rule."""

    line: TaxLine
    proved: bool
    evidence: str
    source: Amount | None


def exclusive(base: int, tax: int, rate: Decimal) -> bool:
    """Whether ``tax`` is what ``rate`` per cent on top of ``base`` gives, rounded any way."""
    return abs(Decimal(tax) - Decimal(base) * rate / 100) < 1


def inclusive(base: int, tax: int, rate: Decimal) -> bool:
    """Whether ``tax`` is what is contained in ``base`` at ``rate`` per cent, rounded any way."""
    return abs(Decimal(tax) - Decimal(base) * rate / (100 + rate)) < 1


def solve(amounts: list[Amount], currency: str) -> list[RateTax]:
    """One entry for each rate that the receipt names or that its tax implies, highest rate first."""
    solved: dict[str, RateTax] = {}
    for rate in _rates(amounts, currency):
        if (found := _of_rate(amounts, rate)) is not None:
            solved[rate] = found
    if not solved and (implied := _implied(amounts, currency)) is not None:
        solved[str(implied.line.rate)] = implied
    return [solved[rate] for rate in sorted(solved, key=Decimal, reverse=True)]


def _rates(amounts: list[Amount], currency: str) -> list[str]:
    named = dict.fromkeys(a.rate for a in amounts if a.rate and a.label.role in ("base", "tax"))
    allowed = JAPANESE_RATES if currency == "JPY" else None
    return [r for r in named if (r in allowed if allowed else Decimal(r) <= HIGHEST)]


def _of_rate(amounts: list[Amount], rate: str) -> RateTax | None:
    percent = Decimal(rate)
    bases = [a for a in amounts if a.rate == rate and a.label.role == "base" and a.value >= 0]
    taxes = [a for a in amounts if a.rate == rate and a.label.role == "tax" and a.value >= 0]
    whole = [a for a in amounts if a.label.role in ("subtotal", "total") and a.value > 0]
    served = _served(amounts)
    loose = [a for a in amounts if a.rate is None and a.label.role == "tax" and a.value >= 0]
    table = [a for a in amounts if a.rate == rate and a.label.role in ("base", "tax", "")]
    for pairs in (
        product(bases, taxes),
        product(table, table),
        product(bases, loose),
        product(served, taxes),
        product(whole, taxes),
        product([a for a in amounts if a.label.role == "payment" and a.value > 0], taxes),
    ):
        best: tuple[float, RateTax] | None = None
        for base, tax in pairs:
            if base is tax or tax.value > base.value or (tax.value == 0 and base.value >= 100):
                continue
            fits = _fit(base, tax, percent)
            if fits is None:
                continue
            distance = abs(base.row.index - tax.row.index)
            if best is None or distance < best[0]:
                best = (distance, fits)
        if best is not None:
            return best[1]
    if taxes:
        return RateTax(TaxLine(percent, taxes[0].value), False, f"{rate}%: {taxes[0].text}", taxes[0])
    if bases:
        base = bases[0]
        return RateTax(TaxLine(percent, None, None, base.value), False, f"{rate}%: {base.text}", base)
    return None


def _served(amounts: list[Amount]) -> list[Amount]:
    """Subtotals with the service charges that follow them: they are taxed like what was served."""
    charges = [a for a in amounts if a.label.role == "service" and a.value > 0]
    sums: list[Amount] = []
    for a in amounts:
        if charges and a.label.role == "subtotal" and a.value > 0:
            after = [charge.value for charge in charges if charge.order > a.order]
            sums += [replace(a, value=a.value + extra) for extra in dict.fromkeys((sum(after), *after)) if extra]
    return sums


def _fit(base: Amount, tax: Amount, rate: Decimal) -> RateTax | None:
    outside, inside = exclusive(base.value, tax.value, rate), inclusive(base.value, tax.value, rate)
    if outside and inside:
        words = base.words + tax.words
        inside = "外" not in words and ("内" in words or "込" in words or base.label.role == "total")
        outside = not inside
    if inside:
        net, gross = base.value - tax.value, base.value
    elif outside:
        net, gross = base.value, base.value + tax.value
    else:
        return None
    note = f"{base.value} {'⊃' if inside else '+'} {tax.value} = {rate}%"
    return RateTax(TaxLine(rate, tax.value, net, gross, inside), True, note, tax)


def _implied(amounts: list[Amount], currency: str) -> RateTax | None:
    """A tax without a named rate: the total, base or subtotal beside it tells which rate it is."""
    if currency != "JPY":
        return None
    taxes = [a for a in amounts if a.label.role == "tax" and a.value > 0]
    for role in ("base", "total", "subtotal", ""):
        bases = [a for a in amounts if a.label.role == role and (role or a.marked)]
        bases += _served(amounts) if role == "subtotal" else []
        for base, tax, rate in product(bases, taxes, JAPANESE_RATES[:2]):
            if base.value >= 100 and (fit := _fit(base, tax, Decimal(rate))) is not None:
                return fit
    return None
