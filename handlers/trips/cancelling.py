"""A trip that does not take place (取りやめ): its request ends, or what cannot be had back becomes a settlement.

What of the lost costs is paid is the travel rules' to say (``handlers.travel.parts.cancellation``): of each kind of
cost the smaller, what the trip would have given or what is lost. Without rules that say it, what was lost is claimed
as it is typed, for people to decide. The budget that the request holds is given back at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from handlers import budgets, claims, travel
from handlers.errors import Refusal
from handlers.texts import t
from handlers.travel import Item
from handlers.trips import evidence, settlement
from storage import audit
from storage.models import Claim, Expense, Member, Organization, Trip

KINDS = ("transport", "lodging", "package")
LABELS = {
    "transport": "Cancellation costs: transport",
    "lodging": "Cancellation costs: lodging",
    "package": "Cancellation costs: package",
}


def may_cancel(session: Session, request: Claim, *, by: Member) -> Trip:
    """The trip of an approved request that may still be called off; :class:`Refusal` says why it may not."""
    claims.own(request, by)
    trip = session.get(Trip, request.trip_id) if request.kind == "request" and request.trip_id else None
    if trip is None:
        raise Refusal("#{number} is no request for a trip.", number=request.number)
    if trip.cancelled_at is not None or request.state == "cancelled":
        raise Refusal("The trip of #{number} was called off.", number=request.number)
    made = settlement.of(session, request)
    if made is not None:
        raise Refusal("#{number} is settled with #{other} already.", number=request.number, other=made.number)
    if request.state != "approved":
        raise Refusal("Only the trip of an approved request is called off; withdraw or delete the request instead.")
    return trip


def call_off(
    session: Session,
    organization: Organization,
    request: Claim,
    *,
    by: Member,
    version: int,
    reason: str,
    lost: Mapping[str, int],
    now: dt.datetime,
    locale: str,
) -> Claim | None:
    """Call the trip off. ``lost``: yen that cannot be had back, by kind. Returns the claim of them; None without costs.

    Without costs the request is cancelled; with costs it stays approved until they are decided.
    """
    trip = may_cancel(session, request, by=by)
    if request.version != version:
        raise claims.stale(session, request, organization.zone)
    costs = {kind: amount for kind, amount in lost.items() if amount > 0}
    trip.cancelled_at = now
    trip.options = {
        **(trip.options or {}),
        "cancelled_because": reason,
        "lost": [{"kind": kind, "paid": amount} for kind, amount in costs.items()],
    }
    session.flush()
    data = {"number": request.number, "reason": reason, "lost": dict(costs)}
    audit.record(session, actor=by.id, action="trip.cancelled", subject=f"claim:{request.id}", data=data)
    if not costs:
        claims.step(session, request, "call_off", version=version, zone=organization.zone)
        audit.record(session, actor=by.id, action="claim.cancelled", subject=f"claim:{request.id}")
        return None
    budgets.follow(session, request)
    return _claim_of(session, organization, request, trip, costs, now=now, locale=locale)


def _claim_of(
    session: Session,
    organization: Organization,
    request: Claim,
    trip: Trip,
    costs: Mapping[str, int],
    *,
    now: dt.datetime,
    locale: str,
) -> Claim:
    given = travel.given(session, trip, request.member, estimate=True)
    trip.pack, trip.computed = given.pack.name if given.pack else "", [item.as_json() for item in given.items]
    judged = {str(item.inputs.get("of")): item for item in given.items if item.kind == "cancellation"}
    claim = settlement.begin(session, organization, request, now)
    day = now.astimezone(settlement.zone_of(organization)).date()
    for position, (kind, amount) in enumerate(costs.items()):
        session.add(_line(claim, trip, kind, amount, judged.get(kind), position, day, locale))
    session.flush()
    session.refresh(claim)
    return claim


def _line(
    claim: Claim, trip: Trip, kind: str, amount: int, item: Item | None, position: int, day: dt.date, locale: str
) -> Expense:
    """What was lost, and what of it is not paid."""
    sure = item is not None and not item.asked
    over = max(0, amount - item.amount) if item is not None and sure else 0
    basis = {"of_trip": trip.id, "kind": "cancellation", **({"item": item.as_json()} if item is not None else {})}
    return Expense(
        claim_id=claim.id,
        kind="note",
        position=position,
        payee=t(locale, LABELS[kind]),
        date=day,
        amount=amount,
        private_amount=over,
        category=evidence.TRAVEL,
        basis={**basis, **({"capped": over} if over else {})},
        taxes=[],
        doubts=[],
        corrected=[],
    )
