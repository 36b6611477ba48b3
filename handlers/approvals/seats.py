"""Who may decide a claim now: the people with an open seat in its open step, their delegates of the day, and the next
above of those who have let it wait (``escalation``).

Never the applicant, whatever else they are; nobody twice in one submission; and nobody for somebody else while a seat
of their own is open. Who stands in may have their own turn later: it is done with that decision (``Decider.once``), or
the claim would wait for somebody who is away until they are back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from handlers.claims import WAITING, stale
from handlers.dates import show_day, show_moment
from handlers.errors import NotAllowed, Refusal
from handlers.services import Services
from handlers.turn import Turn
from storage.models import ApprovalStep, Claim, Decision, Delegation, Member, Organization, Seat


@dataclass(frozen=True)
class Decider:
    """Somebody who may decide: ``seat`` is their own, or that of ``on_behalf``, for whom they stand in.

    ``once``: a place in a step ahead is theirs alone. It is passed over when they have decided here.
    """

    member: Member
    seat: Seat
    on_behalf: Member | None = None
    once: bool = False


def today(services: Services, organization: Organization) -> dt.date:
    """The day it is for the organisation: delegations begin and end by it."""
    return services.clock().astimezone(ZoneInfo(organization.zone)).date()


def steps(session: Session, claim: Claim) -> list[ApprovalStep]:
    """The steps of the claim's present submission, in order."""
    query = select(ApprovalStep).filter_by(claim_id=claim.id, round=claim.round).order_by(ApprovalStep.position)
    return list(session.scalars(query))


def open_step(session: Session, claim: Claim) -> ApprovalStep | None:
    """The step that the claim waits in; None when it does not wait."""
    if claim.state not in WAITING:
        return None
    return next((step for step in steps(session, claim) if step.state == "open"), None)


def deciders(session: Session, claim: Claim, today: dt.date) -> list[Decider]:
    """Everybody who may decide the claim now: owners of open seats first, then their delegates of ``today``."""
    step = open_step(session, claim)
    if step is None:
        return []
    out = {claim.member_id, *decided(session, claim)}
    seats = [seat for seat in step.seats if seat.state == "open" and seat.member.active]
    found = [Decider(seat.member, seat) for seat in seats if seat.member_id not in out]
    out |= {seat.member_id for seat in seats}
    alone = _alone_later(session, claim)
    for seat in seats:
        others = [delegation.delegate for delegation in delegations(session, seat.member_id, today)]
        if seat.stand_in is not None and seat.stand_in.active:
            others.append(seat.stand_in)
        for other in others:
            if other.id not in out:
                out.add(other.id)
                found.append(Decider(other, seat, seat.member, once=other.id in alone))
    return found


def _alone_later(session: Session, claim: Claim) -> set[str]:
    """Whose place in a step ahead is nobody else's."""
    alone: set[str] = set()
    for step in steps(session, claim):
        if step.state == "ahead":
            by_place: dict[int, set[str]] = {}
            for seat in step.seats:
                if seat.state == "open":
                    by_place.setdefault(seat.position if step.mode == "all" else 0, set()).add(seat.member_id)
            alone |= {next(iter(owners)) for owners in by_place.values() if len(owners) == 1}
    return alone


def decided(session: Session, claim: Claim) -> set[str]:
    """Ids of the members whose word on the present submission stands."""
    query = (
        select(Decision.member_id)
        .join(ApprovalStep, Decision.step_id == ApprovalStep.id)
        .where(Decision.claim_id == claim.id, Decision.undone_at.is_(None), ApprovalStep.round == claim.round)
    )
    return set(session.scalars(query))


def delegations(session: Session, principal_id: str, today: dt.date) -> list[Delegation]:
    """The delegations of one person that hold on a day, to people who are still there."""
    query = (
        select(Delegation)
        .where(Delegation.principal_id == principal_id, *_holds(today))
        .order_by(Delegation.created_at, Delegation.id)
    )
    return [delegation for delegation in session.scalars(query) if delegation.delegate.active]


def waiting_for(session: Session, member: Member, today: dt.date) -> list[Claim]:
    """Claims that wait for this person's decision, their own or as somebody's delegate, by number."""
    principals = select(Delegation.principal_id).where(Delegation.delegate_id == member.id, *_holds(today))
    query = (
        select(Claim)
        .join(ApprovalStep, ApprovalStep.claim_id == Claim.id)
        .join(Seat, Seat.step_id == ApprovalStep.id)
        .where(
            Claim.state.in_(WAITING),
            ApprovalStep.round == Claim.round,
            ApprovalStep.state == "open",
            Seat.state == "open",
            or_(Seat.member_id == member.id, Seat.stand_in_id == member.id, Seat.member_id.in_(principals)),
        )
        .order_by(Claim.number)
    )
    return [claim for claim in session.scalars(query).unique() if decider(session, claim, member, today)]


def decider(session: Session, claim: Claim, member: Member, today: dt.date) -> Decider | None:
    """As whom this person may decide the claim now; None when they may not."""
    return next((each for each in deciders(session, claim, today) if each.member.id == member.id), None)


def concerns(session: Session, claim: Claim, member: Member, today: dt.date) -> bool:
    """Whether the claim is this person's business: a seat or a decision in it, theirs or of whom they stand in for."""
    if session.scalars(select(Decision.id).filter_by(claim_id=claim.id, member_id=member.id)).first():
        return True
    principals = select(Delegation.principal_id).where(Delegation.delegate_id == member.id, *_holds(today))
    seat = select(Seat.id).where(
        Seat.claim_id == claim.id,
        or_(Seat.member_id == member.id, Seat.stand_in_id == member.id, Seat.member_id.in_(principals)),
    )
    return session.scalars(seat).first() is not None


def may_decide(turn: Turn, claim: Claim) -> Decider:
    """As whom the person of this turn decides the claim.

    Raises :class:`NotAllowed` with the reason why they do not, or :class:`Refusal` when the claim waits no more.
    """
    if claim.member_id == turn.member.id:
        raise NotAllowed("You cannot decide your own claim.")
    found = decider(turn.session, claim, turn.member, turn.today)
    if found is not None:
        return found
    if not concerns(turn.session, claim, turn.member, turn.today):
        raise _no_delegate(turn, claim) or NotAllowed("This claim is not yours to decide.")
    if claim.state == "draft":  # once handed in, only its applicant's taking it back makes it one again
        text = "Claim #{number} was withdrawn. If it is submitted again, you get a new card."
        raise Refusal(text, number=claim.number)
    if claim.state not in WAITING:
        raise stale(turn.session, claim, turn.organization.zone)
    mine = select(Decision).filter_by(claim_id=claim.id, member_id=turn.member.id, undone_at=None)
    last = turn.session.scalars(mine.order_by(Decision.claim_version.desc())).first()
    if last is not None and turn.member.id in decided(turn.session, claim):
        when = show_moment(last.at, turn.organization.zone)
        raise NotAllowed("You have already decided claim #{number} ({when}).", number=claim.number, when=when)
    names = [each.member.name for each in deciders(turn.session, claim, turn.today) if each.on_behalf is None]
    raise NotAllowed("Claim #{number} waits for {names} now, not for you.", number=claim.number, names=", ".join(names))


def _no_delegate(turn: Turn, claim: Claim) -> NotAllowed | None:
    """What a delegate of other days is told, of the people whom the claim waits for."""
    owners = {each.seat.member_id for each in deciders(turn.session, claim, turn.today)}
    query = select(Delegation).where(Delegation.delegate_id == turn.member.id, Delegation.principal_id.in_(owners))
    row = turn.session.scalars(query.order_by(Delegation.ends.desc())).first()
    if row is None:
        return None
    zone = ZoneInfo(turn.organization.zone)
    revoked = row.revoked_at.astimezone(zone).date() if row.revoked_at else row.ends
    if row.revoked_at is None and row.starts > turn.today:
        day = show_day(row.starts, turn.view.locale)
        return NotAllowed("You decide for {name} from {day} on.", name=row.principal.name, day=day)
    day = show_day(min(revoked, row.ends), turn.view.locale)
    return NotAllowed("You decided for {name} until {day}, not any more.", name=row.principal.name, day=day)


def _holds(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    return Delegation.starts <= today, Delegation.ends >= today, Delegation.revoked_at.is_(None)
