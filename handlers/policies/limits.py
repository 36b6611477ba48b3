"""The amounts of the organisation's own limits: what somebody would split a purchase for.

Each is up to an amount that gets on easier. Limits of a day's or a month's sum are none of them: they count everything
of it anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from handlers.policies.attendees_missing import ATTENDEES_MISSING
from handlers.policies.base import Limit, Parameters, Person, Plain, Rule
from handlers.policies.in_force import InForce
from handlers.policies.limit_category import LIMIT_CATEGORY
from handlers.policies.limit_head import ENTERTAINMENT, LIMIT_HEAD, MEETING
from handlers.policies.limit_person import LIMIT_PERSON, meant
from handlers.policies.receipt_missing import RECEIPT_MISSING


def of(member: Person, rows: Iterable[InForce], rules: Mapping[str, Rule]) -> tuple[Limit, ...]:
    """Those of the rules in force, as far as they are for this person, the smallest first."""
    found = {limit for row in rows if row.rule in rules for limit in _of_row(member, row, rules[row.rule])}
    return tuple(sorted(found, key=lambda limit: (limit.amount, sorted(limit.categories))))


def _of_row(member: Person, row: InForce, rule: Rule) -> Iterator[Limit]:
    defaults: dict[str, Plain] = {p.name: p.default for p in rule.parameters if p.default is not None}
    values = Parameters(defaults | dict(row.values), row.strength)
    if row.rule == LIMIT_CATEGORY.name or (row.rule == LIMIT_PERSON.name and meant(member, values)):
        yield Limit(values.number("max"), _only(values))
    elif row.rule == LIMIT_HEAD.name:
        yield Limit(values.number("max"), frozenset((MEETING, ENTERTAINMENT)), by_head=True)
    elif row.rule == ATTENDEES_MISSING.name and values.number("min") > 1:
        yield Limit(values.number("min") - 1, _only(values))
    elif row.rule == RECEIPT_MISSING.name:
        if values.number("min") > 1:
            yield Limit(values.number("min") - 1, _only(values), on_paper=False)
        if values.number("declared"):
            yield Limit(values.number("declared"), _only(values), on_paper=False)


def _only(values: Parameters) -> frozenset[str]:
    return frozenset((values.text("category"),)) if values.text("category") else frozenset()
