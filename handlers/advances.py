"""Money paid before a trip (概算払): asked for with the request, paid out once that is approved, settled by the claim
that follows, and what is left of it given back.

What stage it has reached follows from the rows as they are; nothing here changes one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from handlers import calendar, money, payers
from handlers.amounts import yen
from handlers.errors import Refusal
from storage.models import Claim, Member, Organization, Trip

ENDED = ("rejected", "cancelled")
SETTLED = ("approved", "exported", "paid")
OPEN = ("to_pay", "held", "to_return")
NEWEST = 500
AGAIN = 5  # business days between two reminders of one advance

# wanted: its request is not approved yet. to_pay: approved. held: paid, not settled. to_return: settled, with a rest.
# done: settled, and given back what was left. dropped: never paid, and it will not be.
Stage = Literal["wanted", "to_pay", "held", "to_return", "done", "dropped"]


@dataclass(frozen=True)
class Advance:
    """``amount``, ``spent`` in yen. ``request``, ``settlement``: numbers of claims.

    ``spent`` is what the settlement pays out in all, None while there is none (0 where the trip is off and cost
    nothing). ``since``: the day from which it should be settled: the trip's last, else that of the decision.
    """

    request: int
    amount: int
    approved: bool
    off: bool
    paid_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    settlement: int | None = None
    settlement_state: str = ""
    spent: int | None = None
    since: dt.date | None = None

    @property
    def settled(self) -> bool:
        return self.settlement_state in SETTLED or (self.off and self.settlement is None)

    @property
    def rest(self) -> int:
        """What was paid and not spent; negative where more is to be paid. The whole while nothing is known of costs."""
        return self.amount - (self.spent or 0)

    @property
    def stage(self) -> Stage:
        if self.paid_at is None:
            if self.off or self.settled:
                return "dropped"
            return "to_pay" if self.approved else "wanted"
        if not self.settled:
            return "held"
        return "to_return" if self.rest > 0 and self.returned_at is None else "done"


def of(session: Session, claim: Claim) -> Advance | None:
    """The advance of a request, or of the request that a claim settles; None where none was asked for."""
    request = claim if claim.kind == "request" else session.get(Claim, claim.request_id) if claim.request_id else None
    if request is None or not request.advance:
        return None
    settlement = claim if claim is not request and claim.state not in ENDED else _settlement(session, request)
    trip = session.get(Trip, request.trip_id) if request.trip_id else None
    off = request.state in ENDED or (trip is not None and trip.cancelled_at is not None)
    found = payers.sums(settlement) if settlement is not None else None
    return Advance(
        request=request.number,
        amount=request.advance,
        approved=request.state in SETTLED,
        off=off,
        paid_at=request.advance_paid_at,
        returned_at=request.advance_returned_at,
        settlement=settlement.number if settlement is not None else None,
        settlement_state=settlement.state if settlement is not None else "",
        spent=found.payable if found is not None else 0 if off and settlement is None else None,
        since=trip.ends if trip is not None else _day(session, request),
    )


def _settlement(session: Session, request: Claim) -> Claim | None:
    """The claim that settles it: of several the one that has come furthest, else the newest."""
    live = select(Claim).where(Claim.request_id == request.id, Claim.state.not_in(ENDED)).order_by(Claim.number.desc())
    found = session.scalars(live).all()
    return next((claim for claim in found if claim.state in SETTLED), found[0] if found else None)


def _day(session: Session, request: Claim) -> dt.date | None:
    organization = session.get_one(Organization, request.organization_id)
    return request.decided_at.astimezone(ZoneInfo(organization.zone)).date() if request.decided_at else None


def payout(session: Session, claim: Claim) -> int | None:
    """Yen that are paid out for a claim now: without what the office paid, and less the advance. None while unknown."""
    found = payers.sums(claim)
    if found is None:
        return None
    advance = of(session, claim) if claim.request_id else None
    return max(found.payable - (advance.amount if advance and advance.paid_at else 0), 0)


def at_submission(claim: Claim) -> None:
    """Raises :class:`Refusal` where the estimate has become less than the advance that is asked for."""
    if claim.kind == "request":
        at_most(claim, claim.advance)


def at_most(claim: Claim, wanted: int | None) -> None:
    """:class:`Refusal` for more than the traveller is going to lay out, as far as the estimate is known."""
    estimate = [(yen(line) or 0, payers.reimbursed(line.payment_method or "")) for line in claim.expenses]
    own = sum(amount for amount, theirs in estimate if theirs)
    if not wanted or wanted <= own:
        return
    if own < sum(amount for amount, _ in estimate):
        raise Refusal("An advance cannot be more than what you will pay yourself ({amount}).", amount=money.show(own))
    raise Refusal("An advance cannot be more than the estimate ({amount}).", amount=money.show(own))


# --- lists and reminders ----------------------------------------------------------------------------------------------


def open_ones(session: Session, member: Member | None = None) -> list[tuple[Claim, Advance]]:
    """Requests whose advance is to be paid, settled or returned, the oldest first; ``member``: only theirs."""
    asked = (
        select(Claim)
        .where(Claim.kind == "request", Claim.advance > 0, Claim.advance_returned_at.is_(None))
        .where(or_(Claim.advance_paid_at.is_not(None), Claim.state.in_(SETTLED)))
        .order_by(Claim.number.desc())
        .limit(NEWEST)
    )
    if member is not None:
        asked = asked.where(Claim.member_id == member.id)
    found = [(claim, of(session, claim)) for claim in session.scalars(asked)]
    open_ = [(claim, advance) for claim, advance in found if advance is not None and advance.stage in OPEN]
    return sorted(open_, key=lambda pair: (pair[1].since or dt.date.max, pair[0].number))


def holders(session: Session) -> set[str]:
    """Ids of the members who may hold an advance that is not settled."""
    paid = select(Claim.member_id).where(Claim.advance_paid_at.is_not(None), Claim.advance_returned_at.is_(None))
    return set(session.scalars(paid.distinct()))


def overdue(session: Session, member: Member, today: dt.date, days: int | None) -> list[tuple[Claim, Advance]]:
    """Advances of this member that nobody has settled ``days`` business days after the trip, nor handed in to be."""
    if days is None:
        return []
    return [
        (claim, advance)
        for claim, advance in open_ones(session, member)
        if advance.stage == "held" and advance.settlement_state in ("", "draft", "returned")
        if age(advance, today) >= days
    ]


def due_today(session: Session, member: Member, today: dt.date, days: int | None) -> list[tuple[Claim, Advance]]:
    """Those of :func:`overdue` of which a reminder goes out on this business day: on the first, then once a week."""
    found = overdue(session, member, today, days)
    return [(claim, advance) for claim, advance in found if (age(advance, today) - (days or 0)) % AGAIN == 0]


def age(advance: Advance, today: dt.date) -> int:
    """Business days since it should be settled."""
    return calendar.business_days(advance.since, today) if advance.since is not None else 0
