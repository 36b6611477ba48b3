"""A trip that is over and that a note tells of: its draft becomes a settlement at the first look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.notes import drafts as notes
from handlers.travel import load
from handlers.travel.places import prefecture_of
from handlers.trips import spoken
from storage.models import Claim, Expense, Trip

FAR_MODES = ("shinkansen", "air", "ship")


def trip_of(session: Session, claim: Claim, locale: str) -> Trip | None:
    """The trip that a draft of a note tells of, made at the first look; None for errands in town."""
    told = [e for e in claim.expenses if e.kind == notes.KIND and e.basis.get("trip") and not e.basis.get("of_trip")]
    days = [e.date for e in told if e.date]
    if claim.kind != "expense" or not told or not days or not _leaves_town(session, told, min(days)):
        return None
    if _asked_for(session, claim, min(days), max(days)):
        return None  # it is gathered for the settlement of that request
    first = told[0].basis
    starts = dt.date.fromisoformat(first["start"]) if first.get("start") else min(days)
    ends = dt.date.fromisoformat(first["end"]) if first.get("end") else max(days)
    goals = [str((e.journey or {}).get("to") or "") for e in told if e.basis.get("part") == "leg"]
    known = next((goal for goal in goals if prefecture_of(goal)), "")
    trip = Trip(
        member_id=claim.member_id,
        purpose=claim.purpose,
        note=str(first.get("note", "")),
        starts=min(starts, *days),
        ends=max(ends, *days),
        nights=int(first.get("nights") or 0),
        destination=known or next((goal for goal in goals if goal), ""),
        prefecture=prefecture_of(known) or "",
        options={"said": {"legs": [], "lodging": []}},
        created_at=claim.created_at,
    )
    session.add(trip)
    session.flush()
    claim.trip_id = trip.id
    for line in told:
        line.basis = {**line.basis, "of_trip": trip.id}
    spoken.of_lines(session, claim, trip, told, locale)
    session.flush()
    return trip


def _asked_for(session: Session, claim: Claim, first: dt.date, last: dt.date) -> bool:
    """Whether these days are of a trip whose request is approved."""
    found = select(Trip.id).join(Claim, Claim.trip_id == Trip.id)
    found = found.where(Claim.member_id == claim.member_id, Claim.kind == "request", Claim.state == "approved")
    found = found.where(Trip.cancelled_at.is_(None), Trip.starts <= first, Trip.ends >= last)
    return session.scalars(found.limit(1)).first() is not None


def _leaves_town(session: Session, told: Sequence[Expense], first: dt.date) -> bool:
    """Whether it is a trip for which travel rules give anything beside the fares.

    So is a drive of so many kilometres where the rules pay by the kilometre.
    """
    if any(e.basis.get("part") == "lodging" or int(e.basis.get("nights") or 0) for e in told):
        return True
    if "出張" in str(told[0].basis.get("note", "")) or len({e.date for e in told if e.date}) > 1:
        return True
    journeys = [e.journey or {} for e in told if e.basis.get("part") == "leg"]
    if any(j.get("mode") in FAR_MODES or _crosses(j) for j in journeys):
        return True
    pack = load.pack_for(session, first)
    by_km = pack is not None and pack.car is not None and pack.car.rule == "per_km"
    return by_km and any(j.get("mode") == "car" and j.get("km") is not None for j in journeys)


def _crosses(journey: dict[str, Any]) -> bool:
    begin, end = (prefecture_of(str(journey.get(name) or "")) for name in ("from", "to"))
    return begin is not None and end is not None and begin != end
