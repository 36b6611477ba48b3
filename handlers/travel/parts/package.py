"""包括宿泊費: a price for transport and lodging together, up to the ordinary fare plus the caps of its nights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.travel.facts import Context, Facts, PackagePrice
from handlers.travel.items import Item
from handlers.travel.pack import Pack, least
from handlers.travel.parts.lodging import cap_of, where


def items(facts: Facts, pack: Pack, context: Context) -> Iterator[Item]:
    """One item a package. Without the ordinary fare only the caps of its nights hold, and the fare is asked."""
    for number, package in enumerate(facts.packages):
        if package.paid_by != "host":
            yield _package(number, package, facts, pack, context)


def _package(number: int, package: PackagePrice, facts: Facts, pack: Pack, context: Context) -> Item:
    rule, to = pack.package, package.paid_by
    prefecture = where(package.prefecture, "", facts.destination)
    inputs: dict[str, Any] = {"actual": package.amount, "nights": package.nights, "prefecture": prefecture}
    inputs["package"] = number
    paragraph = rule.paragraph if rule else ""
    if package.amount is None:
        return Item("package", 0, paragraph, "unknown", inputs, asked=f"packages.{number}.amount", to=to)
    if rule is None or pack.lodging is None:
        return Item("package", 0, "", "unknown", inputs, asked=f"packages.{number}.rule", to=to)
    cap = cap_of(pack, pack.lodging, prefecture, pack.grade_of(context.grade).name)
    if cap is None or cap.yen is None:
        return Item("package", 0, paragraph, "unknown", inputs, asked=f"packages.{number}.prefecture", to=to)
    fare, source = package.fare, ""
    if fare is None:
        fare, source = _ordinary(facts, context)
    if source:
        inputs["fare_source"] = source
    asked = "" if fare is not None else f"packages.{number}.fare"
    allowed = (fare or 0) + cap.yen * package.nights
    inputs |= {"cap": cap.yen, "fare": fare, "allowed": allowed}
    amount = min(package.amount, allowed)
    confidence, over = least(rule.confidence, cap.confidence), package.amount - amount
    return Item("package", amount, paragraph, confidence, inputs, asked, over=over, to=to)


def _ordinary(facts: Facts, context: Context) -> tuple[int | None, str]:
    """What the rides of the trip's only package cost by themselves, both ways, where every fare is known."""
    rides = [leg for leg in facts.legs if leg.packed]
    if len(facts.packages) != 1 or not rides:
        return None, ""
    quotes = [context.fare(leg.origin, leg.destination, leg.mode, leg.day or facts.departs) for leg in rides]
    if not all(quotes):
        return None, ""
    known = [(quote, leg) for quote, leg in zip(quotes, rides, strict=True) if quote is not None]
    total = sum(quote.amount * (1 + leg.round_trip) for quote, leg in known)
    return total, ", ".join(dict.fromkeys(quote.source for quote, _ in known))
