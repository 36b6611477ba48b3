"""What a person claims for a span of days, other claims counted along: what ``limit-day`` and ``limit-month`` share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from handlers.policies.base import Case, Line, Parameter, Parameters, Value, category, said, yen

Span = tuple[dt.date, dt.date]  # both days included
PARAMETERS: tuple[Parameter, ...] = (
    Parameter("category", "category", "", "The category; empty: all.", ("科目",), selects=True),
    Parameter("max", "yen", None, "The largest sum allowed (yen).", ("上限",)),
)


@dataclass(frozen=True)
class Excess:
    """A span whose sum is over the limit. ``values`` fill a sentence: category, total, over and limit."""

    span: Span
    only: str
    line: Line  # the last of the claim's that count
    values: Mapping[str, Value]


def over(case: Case, parameters: Parameters, span_of: Callable[[dt.date], Span]) -> Iterator[Excess]:
    """Each span of the claim's days, in their order, in which the person claims more than ``max``."""
    limit, only = parameters.number("max"), parameters.text("category")
    spans: dict[Span, list[Line]] = {}
    for line in case.lines:
        if line.date is not None and line.claimed is not None and only in ("", line.category):
            spans.setdefault(span_of(line.date), []).append(line)
    for span, lines in spans.items():
        total = sum(line.claimed or 0 for line in lines) + case.history.spent(*span, (only,) if only else ())
        if total > limit:
            named = category(only) if only else said("All categories")
            values = {"category": named, "total": yen(total), "over": yen(total - limit), "limit": yen(limit)}
            yield Excess(span, only, lines[-1], values)
