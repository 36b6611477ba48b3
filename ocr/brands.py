"""Known brands, for names printed as logos or slightly misread. Data: ocr/brands.csv (its head names the source)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from ocr.text import JAPANESE, skeleton


@dataclass(frozen=True)
class Brand:
    """``names[0]`` is the name to show; ``kind`` the OpenStreetMap kind of place; ``category`` a code.

    ``place`` says that other shops are inside: "whole" for a mall, "part" for a large shop that has tenants, or "".
    """

    names: tuple[str, ...]
    kind: str
    category: str
    place: str = ""


@cache
def table() -> dict[str, Brand]:
    """Skeleton of every name → brand. Names too short to be told from other words are left out."""
    out: dict[str, Brand] = {}
    text = files("ocr").joinpath("brands.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        brand = Brand(tuple(row["names"].split("|")), row["kind"], row["category"], row["place"] or "")
        for name in brand.names:
            key = skeleton(name)
            if len(key) >= (2 if JAPANESE.search(name) else 3):
                out.setdefault(key, brand)
    return out


def match(text: str, cutoff: float = 84) -> tuple[Brand, str, float] | None:
    """The brand that ``text`` names as a whole or begins with, the name as the table spells it, and how alike 0..1.

    ``cutoff`` 0..100 is the likeness from which a misread name counts.
    """
    key = skeleton(text)
    if len(key) < 2:
        return None
    brands = table()
    if key in brands:
        return brands[key], _spelling(brands[key], key), 1.0
    for length in range(min(len(key) - 1, 24), 2, -1):
        if key[:length] in brands and (length >= 4 or JAPANESE.search(text)):
            if key[:length].isascii() and key[length].isascii() and key[length].isalnum():
                continue  # "sub" of "subtotal"
            return brands[key[:length]], _spelling(brands[key[:length]], key[:length]), 0.95
    if len(key) >= 4:
        hit = process.extractOne(key, brands.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
        if hit is not None:
            return brands[hit[0]], _spelling(brands[hit[0]], hit[0]), hit[1] / 100
    return None


def within(sheet: str) -> dict[str, str]:
    """Brands that stand somewhere in ``sheet`` (a skeleton): their skeleton and their spelling."""
    return {key: _spelling(brand, key) for key, brand in table().items() if len(key) >= 3 and key in sheet}


def near(text: str, known: dict[str, str]) -> str | None:
    """The one of ``known`` (as ``within`` gives them) that differs from ``text`` in one character."""
    key = skeleton(text)
    if not 3 <= len(key) <= 10:
        return None
    return next((name for other, name in known.items() if Levenshtein.distance(key, other) == 1), None)


def _spelling(brand: Brand, key: str) -> str:
    return next((name for name in brand.names if skeleton(name) == key), brand.names[0])
