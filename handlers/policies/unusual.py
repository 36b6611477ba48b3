"""An amount far above what the organisation's own history says is usual: for the issuer, or for the person's category.

Robust statistics: the median, and the median absolute deviation (MAD) times 1.4826, which is the standard deviation
where amounts are normally distributed; an amount is unusual when it lies more than ``distance`` tenths of that above
the median (35 = 3.5, Iglewicz and Hoaglin 1993) and is at least ``times`` per cent of it. Few values say nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, Value, category, yen

NORMAL = 1.4826
NARROW = 0.05  # history that never differs still allows for this share of the median as its spread
SPAN = dt.timedelta(days=730)


@dataclass(frozen=True)
class Usual:
    """What is usual: yen, and how many values it rests on."""

    middle: float
    spread: float
    count: int

    @staticmethod
    def of(amounts: Sequence[int]) -> Usual:
        middle = median(amounts)
        deviation = NORMAL * median(abs(amount - middle) for amount in amounts)
        return Usual(middle, max(deviation, NARROW * middle), len(amounts))

    def allows(self, amount: int, distance: int, times: int) -> bool:
        return (amount - self.middle) * 10 <= distance * self.spread or amount * 100 < times * self.middle


class _Unusual:
    name = "unusual"
    title = "Unusual amount"
    what = "An amount is far above what is usual for its issuer, or for the person in that category."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("least", "number", 8, "So many earlier expenses are needed.", ("件数",)),
        Parameter("distance", "number", 35, "Tenths of the usual spread above the median.", ("距離",)),
        Parameter("times", "number", 200, "At least this share of the median (per cent).", ("倍率",)),
        Parameter("min", "yen", 3_000, "From this amount on (yen).", ("金額",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            if line.claimed is None or line.claimed < parameters.number("min"):
                continue
            if line.kind not in ("receipt", "note") or line.date is None:
                continue
            finding = self._finding(case, line, line.claimed, line.date - SPAN, parameters)
            if finding is not None:
                yield finding

    def _finding(self, case: Case, line: Line, amount: int, since: dt.date, parameters: Parameters) -> Finding | None:
        """The issuer's history where there is enough of it, else the person's own in the category."""
        least, distance, times = (parameters.number(name) for name in ("least", "distance", "times"))
        if line.payee or line.registration_number:
            amounts = case.history.amounts(since, issuer=(line.registration_number, line.payee))
            if len(amounts) >= least:
                usual = Usual.of(amounts)
                if usual.allows(amount, distance, times):
                    return None
                return Finding(
                    self.name,
                    "{amount} is unusual for {payee}: {times} times the median {median} of {count} expenses "
                    "(usually {low} to {high}).",
                    {**_values(amount, usual, distance), "payee": line.payee or line.registration_number},
                    line.id,
                )
        amounts = case.history.amounts(since, category=line.category, mine=True)
        if len(amounts) < least or Usual.of(amounts).allows(amount, distance, times):
            return None
        return Finding(
            self.name,
            "{amount} is unusual for this person in {category}: {times} times the median {median} of {count} expenses "
            "(usually {low} to {high}).",
            {**_values(amount, Usual.of(amounts), distance), "category": category(line.category)},
            line.id,
        )


def _values(amount: int, usual: Usual, distance: int) -> dict[str, Value]:
    reach = distance * usual.spread / 10
    return {
        "amount": yen(amount),
        "median": yen(round(usual.middle)),
        "times": f"{amount / usual.middle:.1f}" if usual.middle else "–",
        "count": usual.count,
        "low": yen(max(0, round(usual.middle - reach))),
        "high": yen(round(usual.middle + reach)),
    }


UNUSUAL = _Unusual()
