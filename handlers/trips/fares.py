"""The fares of journeys that a note of no trip tells without a price: those that are known, as for a trip.

The person's own rows and receipts come first, then the imported table (``handlers.travel.fares``); nothing is guessed.
Where travel rules judge a trip, its lines take their fares from these (``handlers.travel.parts.transport``).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import travel
from handlers.notes.drafts import KIND
from storage.models import Claim, Expense

MODES = ("train", "bus", "shinkansen", "air", "ship")


def fill(session: Session, claim: Claim) -> None:
    """Give every typed journey that has no price its fare, and follow what was corrected of its ends or its day."""
    for line in claim.expenses:
        if line.kind != KIND or line.basis.get("part") != "leg" or line.basis.get("by_pack"):
            continue
        ours = bool(line.basis.get("fare_source"))
        if ours and "amount" in line.corrected:
            line.basis = {name: value for name, value in line.basis.items() if name != "fare_source"}
        elif ours or line.amount is None:
            _follow(line, _known(session, line, claim))


def _known(session: Session, line: Expense, claim: Claim) -> travel.Quote | None:
    journey = line.journey or {}
    begin, end, mode = (str(journey.get(name) or "") for name in ("from", "to", "mode"))
    if not begin or not end or mode not in MODES or line.date is None or line.currency != "JPY":
        return None
    return travel.fare(session, begin, end, mode, line.date, member_id=claim.member_id)


def _follow(line: Expense, quote: travel.Quote | None) -> None:
    """The fare both ways where one went both ways: what is known is of one way."""
    kept = {name: value for name, value in line.basis.items() if name != "fare_source"}
    computed = [name for name in kept.get("computed", ()) if name != "amount"]
    doubts = [name for name in line.doubts if name != "amount"]
    if quote is None:
        if "fare_source" in line.basis:  # the table knows no fare of the corrected journey: it is asked again
            line.amount, line.doubts = None, [*doubts, "amount"]
            line.basis = {**kept, "computed": computed, "written": None, "covers": ""}
        return
    both = bool((line.journey or {}).get("round_trip"))
    line.amount, line.doubts = quote.amount * (1 + both), doubts
    line.basis = {
        **kept,
        "computed": [*computed, "amount"],
        "written": quote.amount,
        "covers": "one_way" if both else "",
        "fare_source": quote.source,
    }
