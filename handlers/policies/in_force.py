"""Which rules are in force on which day: the organisation's rows, and the built-in ones where it has none.

Built-in rules are data (``defaults.toml``) with a source and a confidence each. Of several rows for the same expenses
that cover a day, the one written last counts, so that a row for some weeks leaves the one under it as it is.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.policies.base import Plain, Rule, Strength
from storage.models import Policy


@dataclass(frozen=True)
class InForce:
    """A rule with its values from one day to another (None: open). ``strength`` may be ``off``.

    ``row_id`` is empty for a built-in one, which has a ``source`` and a ``confidence``: verified, usual or unverified.
    """

    rule: str
    strength: str
    values: Mapping[str, Plain]
    valid_from: dt.date
    valid_to: dt.date | None = None
    paragraph: str = ""
    source: str = ""
    confidence: str = ""
    row_id: str = ""

    @property
    def own(self) -> bool:
        """Whether the organisation wrote it."""
        return bool(self.row_id)

    @property
    def as_strength(self) -> Strength:
        return cast(Strength, self.strength)

    def covers(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def group(self, rule: Rule) -> tuple[object, ...]:
        """What it is for: rows of one group replace each other."""
        chosen = (self.values.get(p.name, p.default) for p in rule.parameters if p.selects)
        return (self.rule, *(tuple(sorted(v)) if isinstance(v, list) else v for v in chosen))


@lru_cache
def defaults() -> tuple[InForce, ...]:
    """The built-in rules of ``defaults.toml``, in its order."""
    table = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text(encoding="utf-8"))
    return tuple(
        InForce(
            rule=row["rule"],
            strength=row["strength"],
            values=row.get("values", {}),
            valid_from=row["from"],
            valid_to=row.get("to"),
            paragraph=row.get("paragraph", ""),
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in table["policy"]
    )


def written(session: Session, rule: str = "") -> list[InForce]:
    """The organisation's rows, in the order they were written; those that ended are among them."""
    asked = select(Policy).order_by(Policy.created_at, Policy.id)
    if rule:
        asked = asked.where(Policy.rule == rule)
    return [
        InForce(p.rule, p.strength, p.parameters, p.valid_from, p.valid_to, p.paragraph, row_id=p.id)
        for p in session.scalars(asked)
    ]


def policies(session: Session, rules: Mapping[str, Rule]) -> list[InForce]:
    """Everything that may be in force some day, a later one before an earlier one; of known rules only."""
    known = [row for row in (*defaults(), *written(session)) if row.rule in rules]
    return list(reversed(known))


def on(day: dt.date, found: Iterable[InForce], rules: Mapping[str, Rule]) -> list[InForce]:
    """What counts on ``day`` of what :func:`policies` gave, in the order of the registry; what is off is left out."""
    chosen: dict[tuple[object, ...], InForce] = {}
    silenced: set[str] = set()
    for row in found:
        if not row.covers(day) or row.rule in silenced:
            continue
        rule = rules[row.rule]
        if row.strength == "off" and not row.values:
            silenced.add(row.rule)  # off without saying for what: nothing written before counts
            continue
        chosen.setdefault(row.group(rule), row)
    order = list(rules)
    live = [row for row in chosen.values() if row.strength != "off"]
    return sorted(live, key=lambda row: order.index(row.rule))
