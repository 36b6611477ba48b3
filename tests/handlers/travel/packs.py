"""The packs that come along, read without a database, and short ways to write facts."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from handlers.travel.facts import Facts, Leg, Stay
from handlers.travel.load import OWN, built_in
from handlers.travel.pack import Pack, merged, read_toml, validated

DAY = date(2025, 11, 20)


def tables(name: str) -> dict[str, Any]:
    """A built-in pack's tables, with those it extends."""
    own = read_toml(built_in()[name])
    base = own.get("extends")
    inherited = {k: v for k, v in tables(base).items() if k not in OWN} if base else {}
    return merged(inherited, own)


@cache
def pack(name: str) -> Pack:
    return validated(tables(name))


def night(amount: int | None = None, nights: int = 1, **more: Any) -> Facts:
    """A trip to Fukushima of some nights at one place."""
    stay = Stay(nights, amount, **{"prefecture": "福島県", **more})
    return Facts(DAY, date.fromordinal(DAY.toordinal() + nights), "福島", stays=(stay,))


def ride(amount: int | None = 8950, **more: Any) -> Facts:
    """A trip of one day with one ride."""
    leg = {"day": DAY, "origin": "東京", "destination": "福島", "mode": "shinkansen", "amount": amount, **more}
    return Facts(DAY, DAY, "福島", legs=(Leg(**leg),))
