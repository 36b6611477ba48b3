"""包括宿泊費: a price for transport and lodging together, up to the ordinary fare plus the caps of its nights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.travel.facts import Context, Facts
from handlers.travel.items import Item
from handlers.travel.pack import Pack, least
from handlers.travel.parts.lodging import cap_of, where


def items(facts: Facts, pack: Pack, context: Context) -> Iterator[Item]:
    """One item a package. Without the ordinary fare only the caps of its nights hold, and the fare is asked."""
    rule = pack.package
    for number, package in enumerate(facts.packages):
        if package.paid_by == "host":
            continue
        prefecture = where(package.prefecture, "", facts.destination)
        inputs: dict[str, Any] = {"actual": package.amount, "nights": package.nights, "prefecture": prefecture}
        if rule is None or pack.lodging is None:
            yield Item("package", 0, "", "unknown", inputs, asked=f"packages.{number}.rule", to=package.paid_by)
            continue
        cap = cap_of(pack, pack.lodging, prefecture, pack.grade_of(context.grade).name)
        if cap is None or cap.yen is None:
            asked = f"packages.{number}.prefecture"
            yield Item("package", 0, rule.paragraph, "unknown", inputs, asked, to=package.paid_by)
            continue
        asked = "" if package.fare is not None else f"packages.{number}.fare"
        allowed = (package.fare or 0) + cap.yen * package.nights
        inputs |= {"cap": cap.yen, "fare": package.fare, "allowed": allowed}
        amount = min(package.amount, allowed)
        confidence, over = least(rule.confidence, cap.confidence), package.amount - amount
        yield Item("package", amount, rule.paragraph, confidence, inputs, asked, over=over, to=package.paid_by)
