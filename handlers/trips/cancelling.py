"""A trip that does not take place (取りやめ): its request ends, or what cannot be had back becomes a settlement.

What of the lost costs is paid is the travel rules' to say (``handlers.travel.parts.cancellation``): of each ride, stay
or package the smaller, what the trip would have given for it or what is lost of it. Costs that were only said by their
kind are compared with all of that kind together. Without rules that say it, what was lost is claimed as it is typed,
for people to decide. The budget that the request holds is given back at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Cost:
    """Yen that cannot be had back: of one line of the request (``ref``: its ride, stay or package), or of a kind."""

    kind: str
    amount: int
    ref: str = ""
    what: str = ""

    @property
    def key(self) -> str:
        return self.ref or self.kind


def lines(request: Claim) -> list[tuple[Expense, Cost]]:
    """The lines of a request that may cost something although the trip does not take place, each as no cost yet."""
    found = []
    for line in request.expenses:
        part, _, number = str(line.basis.get("key") or "").partition(".")
        kind = "transport" if part == "car" else part
        if kind not in KINDS:
            continue
        names = {"transport": "legs", "lodging": "stays", "package": "packages"}
        ref = str(line.basis.get("ref") or "") if part == "car" else f"{names[kind]}.{number}"
        found.append((line, Cost(kind, 0, ref, line.payee)))
    return found


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
    lost: Sequence[Cost],
    now: dt.datetime,
    locale: str,
) -> Claim | None:
    """Call the trip off. ``lost``: what cannot be had back. Returns the claim of them; None without costs.

    Without costs the request is cancelled; with costs it stays approved until they are decided.
    """
    trip = may_cancel(session, request, by=by)
    if request.version != version:
        raise claims.stale(session, request, organization.zone)
    costs = [cost for cost in lost if cost.amount > 0]
    trip.cancelled_at = now
    trip.options = {
        **(trip.options or {}),
        "cancelled_because": reason,
        "lost": [{"kind": cost.kind, "paid": cost.amount, "ref": cost.ref} for cost in costs],
    }
    session.flush()
    data = {"number": request.number, "reason": reason, "lost": {cost.key: cost.amount for cost in costs}}
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
    costs: Sequence[Cost],
    *,
    now: dt.datetime,
    locale: str,
) -> Claim:
    given = travel.given(session, trip, request.member, estimate=True)
    trip.pack, trip.computed = given.pack.name if given.pack else "", [item.as_json() for item in given.items]
    judged = {
        str(item.inputs.get("ref") or item.inputs.get("of")): item
        for item in given.items
        if item.kind == "cancellation"
    }
    claim = settlement.begin(session, organization, request, now)
    day = now.astimezone(settlement.zone_of(organization)).date()
    for position, cost in enumerate(costs):
        session.add(_line(claim, trip, cost, judged.get(cost.key), position, day, locale))
    session.flush()
    session.refresh(claim)
    return claim


def _line(claim: Claim, trip: Trip, cost: Cost, item: Item | None, position: int, day: dt.date, locale: str) -> Expense:
    """What was lost, and what of it is not paid."""
    amount = cost.amount
    if item is not None and cost.what:
        item = replace(item, inputs={**item.inputs, "what": cost.what})
    sure = item is not None and not item.asked
    over = max(0, amount - item.amount) if item is not None and sure else 0
    basis = {"of_trip": trip.id, "kind": "cancellation", **({"item": item.as_json()} if item is not None else {})}
    return Expense(
        claim_id=claim.id,
        kind="note",
        position=position,
        payee=_name(cost, locale)[:200],
        date=day,
        amount=amount,
        private_amount=over,
        category=evidence.TRAVEL,
        basis={**basis, **({"capped": over} if over else {})},
        taxes=[],
        doubts=[],
        corrected=[],
    )


def _name(cost: Cost, locale: str) -> str:
    return t(locale, "Cancellation costs: {what}", what=cost.what) if cost.what else t(locale, LABELS[cost.kind])
