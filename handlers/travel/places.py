"""The prefecture that a place lies in, by name alone: prefectures, their capitals, and municipalities.

Nothing is guessed. A name that several municipalities bear (府中市, 高山), or that is none of these (a station, a
hotel), gives None, and the person is asked. ``municipalities.csv`` is taken from Japan Post's postal codes; wards of
the capital whose names other cities' wards bear, too, are left out of it.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent


def prefectures() -> tuple[str, ...]:
    """All 47, from north to south, as they are written: ``北海道`` … ``沖縄県``."""
    return tuple(row["prefecture"] for row in _prefecture_rows())


def english(prefecture: str) -> str:
    """``福島県`` → ``Fukushima``; what is no prefecture stays as it is."""
    return next((row["english"] for row in _prefecture_rows() if row["prefecture"] == prefecture), prefecture)


def municipality(place: str) -> str:
    """A place's name as lists of municipalities write it: NFKC, without blanks and 駅."""
    return "".join(unicodedata.normalize("NFKC", place).split()).removesuffix("駅")


def prefecture_of(place: str) -> str | None:
    """The prefecture of ``福島``, ``福島駅``, ``福島県耶麻郡磐梯町``, ``磐梯町``, ``Osaka``; None: it does not say."""
    name = municipality(place)
    if not name:
        return None
    by_name = _names()
    if name.casefold() in by_name:
        return by_name[name.casefold()]
    begins = [prefecture for prefecture in prefectures() if name.startswith(prefecture)]
    begins = begins or sorted({p for town, p in _towns() if len(town) > 1 and name.startswith(town)})
    return begins[0] if len(begins) == 1 else None


@lru_cache
def _prefecture_rows() -> tuple[dict[str, str], ...]:
    return tuple(_rows("prefectures.csv"))


@lru_cache
def _towns() -> tuple[tuple[str, str], ...]:
    return tuple((row["municipality"], row["prefecture"]) for row in _rows("municipalities.csv"))


@lru_cache
def _names() -> dict[str, str]:
    """Each name that means one prefecture only. A prefecture's name goes before a capital's, that before a town's."""
    short: dict[str, set[str]] = {}
    full: dict[str, set[str]] = {}
    for town, prefecture in _towns():
        full.setdefault(town, set()).add(prefecture)
        if town[-1] != "区":
            short.setdefault(town[:-1], set()).add(prefecture)
    names = {name: found.pop() for name, found in short.items() if len(found) == 1}
    names |= {name: next(iter(found)) for name, found in full.items() if len(found) == 1}
    for name, found in full.items():
        if len(found) > 1:
            names.pop(name, None)
    for row in _prefecture_rows():
        for spoken in (row["capital_english"], row["capital"].rstrip("市区"), row["capital"]):
            names[spoken.casefold()] = row["prefecture"]
    for row in _prefecture_rows():
        whole = row["prefecture"]
        bare = whole if whole == "北海道" else whole[:-1]
        for spoken in (row["english"], bare, whole):
            names[spoken.casefold()] = whole
    return names


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (_HERE / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
