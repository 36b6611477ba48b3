"""Fares of trains, buses, ships, planes, hired cars: what was paid, less what a pass or the start from home saves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.travel.facts import Context, Facts, Leg
from handlers.travel.items import Item
from handlers.travel.overlap import deduct
from handlers.travel.pack import Confidence, Pack, least

BY_OTHER_RULES = ("car", "walk")


def items(facts: Facts, pack: Pack, context: Context) -> Iterator[Item]:
    """One item a leg; none for a walk, a private car, what a host paid or a package contains."""
    for number, leg in enumerate(facts.legs):
        if leg.mode not in BY_OTHER_RULES and leg.paid_by != "host" and not leg.packed:
            yield _leg(number, leg, facts, pack, context)


def _leg(number: int, leg: Leg, facts: Facts, pack: Pack, context: Context) -> Item:
    rule = pack.transport
    confidence: Confidence = rule.confidence if rule else "example"
    day = leg.day or facts.departs
    one, source = leg.amount, ""
    if one is None:
        quote = context.fare(leg.origin, leg.destination, leg.mode, day)
        one, source = (quote.amount, quote.source) if quote else (None, "")
    inputs: dict[str, Any] = {"from": leg.origin, "to": leg.destination, "mode": leg.mode, "ways": 1 + leg.round_trip}
    inputs["leg"] = number
    if source:
        inputs["fare_source"] = source
    paragraph = rule.paragraph if rule else ""
    if one is None:
        return Item("transport", 0, paragraph, confidence, inputs, asked=f"legs.{number}.amount", to=leg.paid_by)
    inputs["fare"] = one
    asked, odd = "", 0
    if leg.round_trip and leg.amount is not None and leg.covers != "one":
        inputs["covers"] = leg.covers
        asked = f"legs.{number}.covers" if leg.covers == "unsaid" else ""
        one, odd = divmod(one, 2)
    if leg.from_home and pack.start:
        confidence, paragraph = least(confidence, pack.start.confidence), _both(paragraph, pack.start.paragraph)
        before = one
        one, wanted = _from_home(number, leg, one, pack.start.rule, inputs)
        asked, odd = asked or wanted, odd if one == before else 0
    if pack.commuter:
        left = deduct((leg.origin, *leg.via, leg.destination), one, leg.mode, day, context.sections, context.fare)
        if left.section:
            confidence = least(confidence, pack.commuter.confidence)
            paragraph = _both(paragraph, pack.commuter.paragraph)
            inputs |= {"section": left.section, "deducted": one - left.amount, "rest": left.rest, "unsure": left.unsure}
            one, odd = left.amount, 0 if left.amount < one else odd
    if rule and leg.mode in rule.needs_reason:
        inputs["reason"] = leg.reason
        asked = asked or ("" if leg.reason else f"legs.{number}.reason")
    amount = one * (1 + leg.round_trip) + odd
    return Item("transport", amount, paragraph, confidence, inputs, asked=asked, to=leg.paid_by)


def _from_home(number: int, leg: Leg, one: int, rule: str, inputs: dict[str, Any]) -> tuple[int, str]:
    """The fare of one way by the pack's rule of where a trip begins, and what must be asked for it."""
    inputs["start"] = rule
    if rule == "home":
        return one, ""
    if leg.office_amount is None:
        return one, f"legs.{number}.office_amount"
    inputs["office_fare"] = leg.office_amount
    return (min(one, leg.office_amount) if rule == "cheaper" else leg.office_amount), ""


def _both(first: str, second: str) -> str:
    return "、".join(part for part in (first, second) if part)
