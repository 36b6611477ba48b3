"""Asking every rule about a claim, and keeping what they said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from handlers.policies import in_force, limits
from handlers.policies.base import STRENGTHS, Case, Finding, Line, Parameters, Rule
from handlers.policies.facts import case_of
from handlers.policies.in_force import InForce
from storage.models import Claim, Organization


def evaluate(
    session: Session, organization: Organization, claim: Claim, today: dt.date, rules: Mapping[str, Rule]
) -> list[Finding]:
    """What the rules in force say of the claim, the strongest first. The day of an expense picks its rules."""
    session.flush()
    return check(case_of(session, organization, claim, today), in_force.policies(session, rules), rules)


def check(case: Case, policies: Sequence[InForce], rules: Mapping[str, Rule]) -> list[Finding]:
    """The same for a case and policies at hand. A key stands once, with the strongest of its findings."""
    found: dict[str, Finding] = {}
    days = {line.date or case.day for line in case.lines} or {case.day}
    live = {day: in_force.on(day, policies, rules) for day in days}
    case = replace(case, limits={day: limits.of(case.member, rows, rules) for day, rows in live.items()})
    for row, lines in _by_policy(case, live):
        rule = rules[row.rule]
        values = {p.name: p.default for p in rule.parameters if p.default is not None} | dict(row.values)
        for finding in rule.check(replace(case, lines=lines), Parameters(values, row.strength)):
            made = replace(
                finding,
                strength=finding.strength or row.as_strength,
                paragraph=finding.paragraph or row.paragraph,
                key=finding.key or ":".join(part for part in (finding.rule, finding.expense_id) if part),
            )
            known = found.get(made.key)
            if known is None or _weight(made) > _weight(known):
                found[made.key] = made
    return sorted(found.values(), key=_weight, reverse=True)


def _weight(finding: Finding) -> int:
    return STRENGTHS.index(finding.strength) if finding.strength else 0


def _by_policy(case: Case, live: Mapping[dt.date, Sequence[InForce]]) -> list[tuple[InForce, tuple[Line, ...]]]:
    """Each policy with the lines on whose days it counts; a line without a day counts as of the case's day.

    A claim without any line still meets the rules of the case's day, for what concerns the claim as a whole.
    """
    chosen: dict[int, tuple[InForce, list[Line]]] = {}
    for line in case.lines:
        for row in live[line.date or case.day]:
            chosen.setdefault(id(row), (row, []))[1].append(line)
    if not case.lines:
        return [(row, ()) for row in live[case.day]]
    return [(row, tuple(lines)) for row, lines in chosen.values()]
