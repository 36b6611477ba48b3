"""A private car: yen for each whole kilometre of a leg, a day or the trip, or what it really cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.travel.facts import Context, Covers, Facts, Leg
from handlers.travel.items import Item
from handlers.travel.pack import Car, Pack, least


def items(facts: Facts, pack: Pack, _context: Context) -> Iterator[Item]:
    """One item for all that counts together; the kilometres of a part are cut off below one."""
    rule = pack.car
    legs = [
        (number, leg)
        for number, leg in enumerate(facts.legs)
        if leg.mode == "car" and leg.paid_by != "host" and not leg.packed
    ]
    if rule is None or rule.rule == "actual" or rule.per_km is None or rule.per_km.yen is None:
        yield from (_actual(number, leg, rule) for number, leg in legs)
        return
    groups: dict[str, list[tuple[int, Leg, Decimal]]] = {}
    for number, leg in legs:
        day = leg.day or facts.departs
        if leg.km is None:
            yield Item("car", 0, rule.paragraph, rule.confidence, _ends(leg, number), asked=f"legs.{number}.km")
            continue
        key = {"leg": str(number), "day": day.isoformat(), "trip": ""}[rule.whole_km_of]
        groups.setdefault(key, []).append((number, leg, leg.km * _times(leg, leg.km_covers)))
    for group in groups.values():
        yield _per_km(group, rule, rule.per_km.yen, facts.departs)


def _per_km(group: list[tuple[int, Leg, Decimal]], rule: Car, per_km: int, departs: date) -> Item:
    """What the kilometres of these legs give together."""
    whole = int(sum(km for _, _, km in group))
    known: dict[str, Any] = {"km": str(sum(km for _, _, km in group)), "whole_km": whole, "per_km": per_km}
    known |= {"unit": rule.whole_km_of, "legs": [number for number, _, _ in group]}
    known["day"] = (group[-1][1].day or departs).isoformat()
    if len(group) == 1 and group[0][1].round_trip:  # the person sees what the figure was taken for
        known |= {"covers": group[0][1].km_covers, "said_km": str(group[0][1].km)}
    unsaid = [number for number, leg, _ in group if leg.round_trip and leg.km_covers == "unsaid"]
    asked = f"legs.{unsaid[0]}.km_covers" if unsaid else ""
    confidence = least(rule.confidence, rule.per_km.confidence if rule.per_km else rule.confidence)
    return Item("car", whole * per_km, rule.paragraph, confidence, known, asked)


def _actual(number: int, leg: Leg, rule: Car | None) -> Item:
    amount = (leg.amount or 0) * _times(leg, leg.covers)
    asked = "" if leg.amount is not None else f"legs.{number}.amount"
    if leg.amount is not None and leg.round_trip and leg.covers == "unsaid":
        asked = f"legs.{number}.covers"
    paragraph, confidence = (rule.paragraph, rule.confidence) if rule else ("", "example")
    return Item("car", amount, paragraph, confidence, _ends(leg, number), asked, to=leg.paid_by)


def _times(leg: Leg, covers: Covers) -> int:
    """How often a figure counts: twice where it is that of one way of two."""
    return 2 if leg.round_trip and covers == "one" else 1


def _ends(leg: Leg, number: int) -> dict[str, Any]:
    return {"from": leg.origin, "to": leg.destination, "legs": [number]}
