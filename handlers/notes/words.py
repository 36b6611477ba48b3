"""The words of notes, from ``words.toml``: rides, stays, purposes, things that are paid, places known by name.

A word is looked for at each place of the text, the longest first; English words stand alone.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from handlers.notes.reading import MODES, Mode
from ocr.classify import table

_TABLES: dict[str, dict[str, Any]] = tomllib.loads(
    files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
)


def listed(text: str) -> tuple[str, ...]:
    """Words of a table's cell; an underscore stands for a space."""
    return tuple(word.replace("_", " ") for word in text.split())


def _rides(name: str) -> dict[str, Mode]:
    return {word: mode for mode in MODES for word in listed(_TABLES[name].get(mode, ""))}


DOUBTFUL_RIDES = _rides("doubtful_rides")
STAYS = listed(_TABLES["lodging"]["stays"])
MEALS: dict[str, tuple[str, ...]] = {
    word: tuple(kind.split("_and_")) if kind != "none" else ()
    for kind, cell in _TABLES["meals"].items()
    for word in listed(cell)
}
ACTS = listed(_TABLES["acts"]["ja"])
ACTS_EN = listed(_TABLES["acts"]["en"])
REASONS = listed(_TABLES["acts"]["reasons_ja"])
REASONS_EN = listed(_TABLES["acts"]["reasons_en"])
KNOWN_PLACES = frozenset(listed(_TABLES["places"]["ja"]))
KNOWN_PLACES_EN = frozenset(listed(_TABLES["places"]["en"]))
FRONTS_EN = frozenset(listed(_TABLES["places"]["en_fronts"]))
PLACE_ENDS = listed(_TABLES["places"]["ends"])
ONE_CITY = tuple(frozenset(listed(cell)) for cell in _TABLES["places"]["airports_of_one_city"])
AIRPORTS = frozenset(listed(_TABLES["places"]["airports"]))
HOUSE_HEADS = listed(_TABLES["houses"]["heads"])
NOT_OF_A_HOUSE = listed(_TABLES["houses"]["not_of_a_house"])
HOUSE_ENDS = listed(_TABLES["houses"]["ends"])
DOUBTFUL_HOUSE_ENDS = listed(_TABLES["houses"]["doubtful_ends"])
KNOWN_HOUSES = listed(_TABLES["houses"]["known"])
TRADES = listed(_TABLES["trades"]["ends"])
CARRIERS: dict[str, tuple[str, ...]] = {mode: listed(cell) for mode, cell in _TABLES["carriers"].items()}
NO_RAILWAYS = listed(_TABLES["lines"]["no_railways"])
EATERIES = frozenset(listed(_TABLES["eateries"]["ja"]))
PARTIES = frozenset(listed(_TABLES["parties"]["ja"]))
OTHERS = listed(_TABLES["parties"]["others"])
FIRMS = listed(_TABLES["parties"]["firms"])
SAME = listed(_TABLES["signs"]["same"])
ACCOUNTS = frozenset(listed(_TABLES["figures"]["accounts"]))
NEVER_BOUGHT = listed(_TABLES["figures"]["never_bought"])
SIGNS = {sort: listed(cell) for sort, cell in _TABLES["signs"].items()}


@cache
def things() -> dict[str, str]:
    """Word in small letters → category."""
    return {word.lower(): code for code, cell in _TABLES["things"].items() for word in listed(cell)}


BOOKS = tuple(word for word, code in things().items() if code == "books")
LONG_THINGS = tuple(word for word in things() if len(word) > 1)


@cache
def rides() -> dict[str, Mode]:
    """Word in small letters → way of travelling."""
    return {word.lower(): mode for word, mode in _rides("rides").items()}


def thing_at_the_end(what: str) -> str:
    """The category of the thing that a name ends in: 会議弁当; empty when it ends in none."""
    return next((code for word, code in things().items() if len(word) > 1 and what.lower().endswith(word)), "")


def category_of(what: str) -> str:
    """The category of a thing that no word of ours names: by the word table of receipts, else ``misc``."""
    plain = what.lower()
    known = thing_at_the_end(what)
    if known:
        return known
    for code, row in table().items():
        if any(len(word) > 1 and word.lower() in plain for word in row.text):
            return code
    for code, row in table().items():
        if any(len(word) > 2 and word.lower() in plain for word in row.name):
            return code
    return "misc"
