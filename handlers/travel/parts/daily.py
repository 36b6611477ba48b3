"""日当 and 旅行雑費: an amount for each day, half of it near by, none of it in places that the pack lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.travel.facts import Context, Facts
from handlers.travel.items import Item
from handlers.travel.pack import Figure, Pack, least
from handlers.travel.places import municipality


def items(facts: Facts, pack: Pack, context: Context) -> Iterator[Item]:
    """One item for the trip."""
    rule = pack.daily
    if rule is None:
        return
    grade = pack.grade_of(context.grade)
    figure = rule.yen.get(grade.name) or rule.yen.get("all") or Figure(confidence="unknown")
    inputs: dict[str, Any] = {"label": rule.label, "label_en": rule.label_en, "days": facts.days, "day": figure.yen}
    confidence, amount, asked = figure.confidence, (figure.yen or 0) * facts.days, ""
    if figure.yen is None:
        asked = f"daily.{grade.name}"
    if rule.only_without_lodging and facts.nights:
        inputs["none"] = "lodging"
        amount = 0
    elif (place := _listed(facts.destination, rule.none_in)) is not None:
        inputs["none"], inputs["place"] = "listed", place
        amount = 0
    elif rule.half_below:
        confidence = least(confidence, rule.half_below.confidence)
        inputs["half_below"] = rule.half_below.km
        if facts.distance_km is None:
            asked = asked or "distance_km"
        else:
            inputs["km"] = str(facts.distance_km)
        if facts.distance_km is None or facts.distance_km < rule.half_below.km:
            inputs["half"] = True
            amount = (figure.yen or 0) // 2 * facts.days
    if amount or asked or "none" in inputs:
        yield Item("daily", amount, rule.paragraph, confidence, inputs, asked)


def _listed(destination: str, places: tuple[str, ...]) -> str | None:
    name = municipality(destination)
    return next((place for place in places if name and name in (place, place[:-1])), None) or next(
        (place for place in places if name.startswith(place) or name.endswith(place)), None
    )
