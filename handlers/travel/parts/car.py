"""A private car: yen for each whole kilometre of a leg, a day or the trip, or what it really cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from handlers.travel.facts import Context, Facts
from handlers.travel.items import Item
from handlers.travel.pack import Pack, least


def items(facts: Facts, pack: Pack, _context: Context) -> Iterator[Item]:
    """One item for all that counts together; the kilometres of a part are cut off below one."""
    rule = pack.car
    legs = [(number, leg) for number, leg in enumerate(facts.legs) if leg.mode == "car" and leg.paid_by != "host"]
    if not legs:
        return
    if rule is None or rule.rule == "actual" or rule.per_km is None or rule.per_km.yen is None:
        for number, leg in legs:
            amount = (leg.amount or 0) * (1 + leg.round_trip)
            asked = "" if leg.amount is not None else f"legs.{number}.amount"
            inputs = {"from": leg.origin, "to": leg.destination}
            confidence = rule.confidence if rule else "example"
            yield Item("car", amount, rule.paragraph if rule else "", confidence, inputs, asked, to=leg.paid_by)
        return
    groups: dict[str, list[Decimal]] = {}
    days: dict[str, date] = {}
    for number, leg in legs:
        day = leg.day or facts.departs
        if leg.km is None:
            inputs = {"from": leg.origin, "to": leg.destination}
            yield Item("car", 0, rule.paragraph, rule.confidence, inputs, asked=f"legs.{number}.km")
            continue
        key = {"leg": str(number), "day": day.isoformat(), "trip": ""}[rule.whole_km_of]
        groups.setdefault(key, []).append(leg.km * (1 + leg.round_trip))
        days[key] = day
    for key, distances in groups.items():
        whole = int(sum(distances))
        known = {"km": str(sum(distances)), "whole_km": whole, "per_km": rule.per_km.yen, "unit": rule.whole_km_of}
        known["day"] = days[key].isoformat()
        confidence = least(rule.confidence, rule.per_km.confidence)
        yield Item("car", whole * rule.per_km.yen, rule.paragraph, confidence, known)
