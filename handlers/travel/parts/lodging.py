"""宿泊費: the price of the nights, up to the cap of the grade and the prefecture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.travel.facts import Context, Facts, Stay
from handlers.travel.items import Item
from handlers.travel.pack import Figure, Lodging, Pack, least
from handlers.travel.places import prefecture_of


def items(facts: Facts, pack: Pack, context: Context) -> Iterator[Item]:
    """One item for each stay that costs something."""
    rule = pack.lodging
    for number, stay in enumerate(facts.stays):
        if rule and stay.nights > 0 and not stay.private and stay.paid_by != "host":
            yield _stay(number, stay, facts, pack, rule, context)


def cap_of(pack: Pack, rule: Lodging, prefecture: str, grade: str) -> Figure | None:
    """The cap of a night; None where the pack has no cell for it or the prefecture is not known."""
    if rule.flat:
        return rule.flat.inside if prefecture == pack.home_prefecture else rule.flat.outside if prefecture else None
    return rule.caps.get(grade, {}).get(prefecture)


def where(stay_prefecture: str, place: str, destination: str) -> str:
    """The prefecture of a night: as it was said, by the lodging's place, or by the trip's destination."""
    return stay_prefecture or prefecture_of(place) or ("" if place else prefecture_of(destination) or "")


def _stay(number: int, stay: Stay, facts: Facts, pack: Pack, rule: Lodging, context: Context) -> Item:
    prefecture = where(stay.prefecture, stay.place, facts.destination)
    grade = pack.grade_of(context.grade)
    inputs: dict[str, Any] = {"prefecture": prefecture, "grade": grade.name, "nights": stay.nights}
    inputs["stay"] = number
    if stay.amount is not None:
        inputs["actual"] = stay.amount
    cap = cap_of(pack, rule, prefecture, grade.name)
    if cap is None or cap.yen is None:
        asked = f"stays.{number}.prefecture" if not prefecture else f"cap.{grade.name}.{prefecture}"
        return Item("lodging", 0, rule.paragraph, "unknown", inputs, asked, to=stay.paid_by)
    allowed = cap.yen * stay.nights
    inputs |= {"cap": cap.yen}
    if stay.amount is None:
        asked = f"stays.{number}.amount"
        amount = allowed if facts.estimate else 0
        return Item("lodging", amount, rule.paragraph, cap.confidence, inputs, asked, to=stay.paid_by)
    over = max(0, stay.amount - allowed)
    missing = f"stays.{number}.receipt" if rule.receipt and not stay.receipt else ""
    if missing:
        inputs["receipt"] = "missing"
    if not over or rule.over is None:
        paid = stay.amount - over
        return Item("lodging", paid, rule.paragraph, cap.confidence, inputs, missing, over=over, to=stay.paid_by)
    confidence, limit = cap.confidence, stay.amount
    if rule.over.limit:
        confidence = least(confidence, rule.over.limit.confidence)
        inputs["limit"] = rule.over.limit.yen
        limit = min(limit, max(allowed, (rule.over.limit.yen or cap.yen) * stay.nights))
    inputs["reason"] = stay.over_reason
    inputs["allowed_over"] = limit - allowed
    amount, asked = limit, missing
    if not stay.over_reason:
        amount, asked = allowed, f"stays.{number}.over_reason" if limit > allowed else missing
    paragraph = f"{rule.paragraph}、{rule.over.paragraph}"
    return Item("lodging", amount, paragraph, confidence, inputs, asked, over=stay.amount - amount, to=stay.paid_by)
