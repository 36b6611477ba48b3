"""Two packs side by side: what differs in their figures, and what past trips would have cost under each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from handlers.claims import ENDED
from handlers.travel import load
from handlers.travel.compute import compute
from handlers.travel.items import total
from handlers.travel.pack import Pack
from handlers.travel.trips import context_of, facts_of
from storage.models import Claim, Trip

TOLD_APART = ("name", "series", "title", "title_en", "note", "sources", "fictional", "effective_from")


@dataclass(frozen=True)
class Difference:
    """One place in which two packs differ; None where a pack has nothing there."""

    place: str
    first: Any
    second: Any


@dataclass(frozen=True)
class Replayed:
    """A trip under two packs (yen); ``open``: under at least one of them something must still be asked."""

    trip: Trip
    first: int
    second: int
    open: bool

    @property
    def difference(self) -> int:
        return self.second - self.first


def compare(first: Pack, second: Pack) -> list[Difference]:
    """Where two packs differ in what they say; names, notes and sources are left out."""
    one, two = dict(_leaves(_said(first))), dict(_leaves(_said(second)))
    places = [*one, *(place for place in two if place not in one)]
    return [Difference(p, one.get(p), two.get(p)) for p in places if one.get(p) != two.get(p)]


def replay(
    session: Session, first: str, second: str, *, since: date | None = None, until: date | None = None
) -> list[Replayed]:
    """Trips that departed within the days (both included), recomputed under two packs (or series).

    Trips that were only asked for are left out: a request that nobody approved, one that was given up.
    A series gives each trip the pack of its own day of departure. Raises :class:`Refusal` for an unknown name.
    """
    for name in (first, second):
        if name not in load.series(session):
            load.get(session, name)  # refuses at once what does not exist
    of_trip = select(Claim.trip_id).where(Claim.trip_id.is_not(None))
    only_asked = of_trip.where(Claim.kind == "request", Claim.state.not_in(("approved", "exported", "paid")))
    settled = of_trip.where(Claim.kind != "request", Claim.state.not_in(ENDED))
    trips = select(Trip).where(or_(Trip.id.not_in(only_asked), Trip.id.in_(settled))).order_by(Trip.starts, Trip.id)
    trips = trips.where(Trip.starts >= since) if since else trips
    trips = trips.where(Trip.starts <= until) if until else trips

    @cache
    def pack_of(name: str, departure: date) -> Pack:
        return load.resolve(session, name, departure)

    return [
        _replayed(session, trip, *(pack_of(n, trip.starts) for n in (first, second))) for trip in session.scalars(trips)
    ]


def _replayed(session: Session, trip: Trip, first: Pack, second: Pack) -> Replayed:
    facts, context = facts_of(trip), context_of(session, trip.member)
    given = [compute(facts, pack, context) for pack in (first, second)]
    unanswered = any(item.asked for items in given for item in items)
    return Replayed(trip, total(given[0]), total(given[1]), unanswered)


def _said(pack: Pack) -> dict[str, Any]:
    return pack.model_dump(mode="json", exclude=set(TOLD_APART), exclude_none=True)


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("source", "confidence"):
                yield from _leaves(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{number}")
    else:
        yield path, value
