"""Meals by head: up to the limit with people from outside a meeting's meal, above it entertainment as a whole.

Source: Act on Special Measures Concerning Taxation art. 61-4 (6) and its enforcement order art. 37-5, 10,000 yen a
person since 2024-04-01. Meals among one's own people alone are never outside entertainment by this rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, category, yen

MEETING, ENTERTAINMENT = "meeting", "entertainment"


class _LimitHead:
    name = "limit-head"
    title = "Over the limit by head"
    what = "A meal by head is over the limit of meeting expenses, or under it and booked as entertainment."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = (
        Parameter("max", "yen", 10_000, "The largest amount by head (yen).", ("上限",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        limit = parameters.number("max")
        for line in case.lines:
            whole = _meal(case, line)
            if not line.persons or whole is None or line.category not in (MEETING, ENTERTAINMENT):
                continue
            other = ENTERTAINMENT if line.category == MEETING else MEETING
            values = {
                "head": yen(-(-whole // line.persons)),
                "amount": yen(whole),
                "persons": line.persons,
                "limit": yen(limit),
                "category": category(line.category),
                "other": category(other),
            }
            over = whole > limit * line.persons
            if over and line.category == MEETING:
                yield Finding(
                    self.name,
                    "{head} by head ({amount} for {persons}) is over {limit}: this is “{other}”, not “{category}”.",
                    values,
                    line.id,
                )
            elif not over and line.category == ENTERTAINMENT and any(a.relation == "outside" for a in line.attendees):
                yield Finding(
                    self.name,
                    "{head} by head ({amount} for {persons}) is not over {limit}: this can be “{other}”.",
                    values,
                    line.id,
                    strength="note",
                )


def _meal(case: Case, line: Line) -> int | None:
    """Yen of the whole meal, into however many lines its receipt was split."""
    mates = [m for m in case.claim_lines if m.purchase == line.purchase and m.category in (MEETING, ENTERTAINMENT)]
    amounts = [mate.amount if mate.currency == "JPY" else mate.claimed for mate in mates or [line]]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


LIMIT_HEAD = _LimitHead()
