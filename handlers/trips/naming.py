"""How rides and their kilometres are named on cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.notes.drafts import way
from handlers.texts import t


def drive(leg: Mapping[str, Any], locale: str) -> str:
    """``自家用車 青葉町役場⇔会津若松 34 km（往復）``: a ride with its kilometres, and what they stand for."""
    return " ".join(part for part in (way(leg, locale), distance(leg, locale)) if part)


def distance(leg: Mapping[str, Any], locale: str) -> str:
    """``34 km``, ``34 km（往復）``, ``34 km × 2（往復）``; empty where no kilometres were said."""
    km = leg.get("km")
    if km in (None, ""):
        return ""
    covers = (leg.get("km_covers") or leg.get("covers")) if leg.get("round_trip") else ""
    if covers == "round_trip":
        return t(locale, "{km} km (there and back)", km=km)
    if covers == "one_way":
        return t(locale, "{km} km × 2 (there and back)", km=km)
    return t(locale, "{km} km", km=km)
