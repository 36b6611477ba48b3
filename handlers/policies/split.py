"""Several receipts of one issuer and day that each stay under a limit and together do not.

The limits are the rule's own ``max``, those of the organisation's other rules (of a category, of a person, by head, for
what may go without a receipt or attendees) and what the lanes without an approver let pass. Of several that were kept
the smallest is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, Value, day, yen
from handlers.policies.words import folded


class _Split:
    name = "split"
    title = "Split under a limit"
    what = "Several receipts of one issuer and day stay under a limit one by one, but not together."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("category", "category", "", "The category; empty: all.", ("科目",), selects=True),
        Parameter("max", "yen", 10_000, "The limit (yen).", ("上限",)),
        Parameter(
            "allowed", "categories", ["travel_transport"], "Categories in which it is allowed, by comma.", ("許可",)
        ),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        only = parameters.text("category")
        groups: dict[tuple[str, str, dt.date], list[Line]] = {}
        for line in case.lines:
            if line.date is None or line.claimed is None or line.kind not in ("receipt", "note"):
                continue
            if only not in ("", line.category) or (not only and line.category in parameters.words("allowed")):
                continue
            issuer = line.registration_number or folded(line.payee)
            if issuer:
                groups.setdefault((issuer, line.category, line.date), []).append(line)
        for (issuer, code, date), lines in groups.items():
            # the lines that one receipt was split into are one purchase
            mine = _by_receipt(lines)
            first = lines[0]
            others = case.history.same_issuer(date, (first.registration_number, first.payee), code)
            amounts = [*mine, *others]
            kept = [limit for limit in _limits(case, lines, parameters) if max(amounts) <= limit < sum(amounts)]
            if len(amounts) < 2 or not kept:
                continue
            values: dict[str, Value] = {
                "count": len(amounts),
                "payee": first.payee or first.registration_number,
                "day": day(date),
                "limit": yen(min(kept)),
                "total": yen(sum(amounts)),
            }
            yield Finding(
                self.name,
                "{count} receipts of {payee} on {day}, each not over {limit}, are {total} together.",
                values,
                lines[-1].id,
                ":".join((self.name, issuer, code, date.isoformat())),
            )


def _limits(case: Case, lines: Sequence[Line], parameters: Parameters) -> set[int]:
    """The rule's own, those of the other rules in force and the lanes' that are for these lines of one category."""
    first, head = lines[0], max((line.persons or 1) for line in lines)
    papers = {bool(line.receipt_id) for line in lines}
    found = {parameters.number("max")}
    for limit in (*case.caps, *case.limits.get(first.date or case.day, ())):
        if limit.categories and first.category not in limit.categories:
            continue
        if limit.on_paper is None or papers == {limit.on_paper}:
            found.add(limit.amount * head if limit.by_head else limit.amount)
    return found


def _by_receipt(lines: Iterable[Line]) -> list[int]:
    sums: dict[tuple[str, int], int] = {}
    for line in lines:
        key = (line.receipt_id, line.receipt_part) if line.receipt_id else (line.id, 0)
        sums[key] = sums.get(key, 0) + (line.claimed or 0)
    return list(sums.values())


SPLIT = _Split()
