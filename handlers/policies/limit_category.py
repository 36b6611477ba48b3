"""One expense of a category stays under the organisation's limit. The limit itself is allowed."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, category, yen


class _LimitCategory:
    name = "limit-category"
    title = "Over the limit of the category"
    what = "One expense of a category is over its limit."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = (
        Parameter("category", "category", None, "The category.", ("科目",), selects=True),
        Parameter("max", "yen", None, "The largest amount allowed (yen).", ("上限",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        limit = parameters.number("max")
        for line in case.lines:
            claimed = case.bought(line)
            if line.category != parameters.text("category") or claimed is None or claimed <= limit:
                continue
            yield Finding(
                self.name,
                "{category}: {amount} is {over} over the limit of {limit}.",
                {
                    "category": category(line.category),
                    "amount": yen(claimed),
                    "over": yen(claimed - limit),
                    "limit": yen(limit),
                },
                line.id,
            )


LIMIT_CATEGORY = _LimitCategory()
