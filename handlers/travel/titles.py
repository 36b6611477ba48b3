"""What a pack's figures and rules are called: their names (``lodging.caps.general.福島県``) are for typing only."""

from __future__ import annotations

from handlers.texts import t
from handlers.travel.pack import Pack
from handlers.travel.places import english

TITLES = {
    "start": "Where a trip begins",
    "agency": "Travel agency paid directly",
    "transport": "Fares",
    "car": "Use of a private car",
    "car.per_km": "Private car, by the kilometre",
    "lodging.flat.inside": "Lodging cap inside the prefecture",
    "lodging.flat.outside": "Lodging cap outside the prefecture",
    "lodging.over.limit": "Lodging over the cap, at most",
    "lodging_allowance.night": "Lodging allowance, a night",
    "lodging_allowance.one_meal": "Lodging allowance, one meal in the price",
    "lodging_allowance.two_meals": "Lodging allowance, two meals in the price",
    "daily.half_below": "Half the daily allowance below this distance",
    "package": "Transport and lodging at one price",
    "cancellation": "Costs of a trip that is called off",
    "commuter": "Sections that the commuting allowance pays",
}


def title_of(pack: Pack, name: str, locale: str) -> str:
    """The cell ``name`` in words."""
    table, _, key = name.rpartition(".")
    if table == "daily.yen" and pack.daily is not None:
        what = (pack.daily.label_en if locale == "en" else "") or pack.daily.label
        return t(locale, "{what} ({grade})", what=what, grade=_grade(pack, key, locale))
    if table.startswith("lodging.caps."):
        grade = _grade(pack, table.removeprefix("lodging.caps."), locale)
        where = english(key) if locale == "en" else key
        return t(locale, "Lodging cap {prefecture} ({grade})", prefecture=where, grade=grade)
    return t(locale, TITLES[name]) if name in TITLES else name


def _grade(pack: Pack, name: str, locale: str) -> str:
    if name == "all":
        return t(locale, "every grade")
    grade = next((one for one in pack.grades if one.name == name), None)
    return ((grade.label_en if locale == "en" else "") or grade.label) if grade else name
