"""What a claim is called in lists and in the news of it: by its first expense, a request by its trip."""

from __future__ import annotations

from handlers.trips import requests
from handlers.turn import View
from storage.models import Claim, Trip


def called(view: View, claim: Claim) -> str:
    """``喫茶 さくら +2``, ``出張伺い 福島 12/3–12/4``; of a claim without a name that it has none."""
    trip = requests.trip_of(claim) if claim.kind == requests.KIND else None
    if trip is not None:
        return f"{view.t('Trip request')} {journey(view, trip)}"
    first = claim.expenses[0].payee if claim.expenses else ""
    more = f" +{len(claim.expenses) - 1}" if len(claim.expenses) > 1 else ""
    return f"{first or view.t('Payee unknown')}{more}"


def journey(view: View, trip: Trip) -> str:
    """A trip in a few words: ``福島 12/3–12/4``."""
    days = f"{trip.starts.month}/{trip.starts.day}"
    if trip.ends != trip.starts:
        days += f"–{trip.ends.month}/{trip.ends.day}"
    return f"{trip.destination or view.t('Trip')} {days}"
