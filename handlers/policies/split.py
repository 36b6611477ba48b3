"""Several receipts of one issuer and day that each stay under a limit and together do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

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
        limit, only = parameters.number("max"), parameters.text("category")
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
            if len(amounts) < 2 or max(amounts) > limit or sum(amounts) <= limit:
                continue
            values: dict[str, Value] = {
                "count": len(amounts),
                "payee": first.payee or first.registration_number,
                "day": day(date),
                "limit": yen(limit),
                "total": yen(sum(amounts)),
            }
            yield Finding(
                self.name,
                "{count} receipts of {payee} on {day}, each not over {limit}, are {total} together.",
                values,
                lines[-1].id,
                ":".join((self.name, issuer, code, date.isoformat())),
            )


def _by_receipt(lines: Iterable[Line]) -> list[int]:
    sums: dict[tuple[str, int], int] = {}
    for line in lines:
        key = (line.receipt_id, line.receipt_part) if line.receipt_id else (line.id, 0)
        sums[key] = sums.get(key, 0) + (line.claimed or 0)
    return list(sums.values())


SPLIT = _Split()
