"""宿泊手当: a fixed amount for each night away, less where the lodging's price contains meals not shown apart."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.travel.facts import Context, Facts
from handlers.travel.items import Item
from handlers.travel.pack import Pack


def items(facts: Facts, pack: Pack, _context: Context) -> Iterator[Item]:
    """One item for each stay and package; none for a trip of one day or a night at a private home."""
    rule = pack.lodging_allowance
    if rule is None or facts.days < 2:
        return
    nights = [(stay.nights, stay.meals, stay.separable) for stay in facts.stays if not stay.private]
    nights += [(package.nights, package.meals, package.separable) for package in facts.packages]
    for count, meals, separable in nights:
        if count <= 0:
            continue
        reduced = 0 if separable else min(meals, 2)
        figure = (rule.night, rule.one_meal, rule.two_meals)[reduced]
        inputs = {"nights": count, "meals": meals, "separable": separable, "full": rule.night.yen, "night": figure.yen}
        asked = "" if figure.yen is not None else "lodging_allowance"
        yield Item("lodging_allowance", (figure.yen or 0) * count, rule.paragraph, figure.confidence, inputs, asked)
