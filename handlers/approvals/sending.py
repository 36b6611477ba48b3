"""Claims before those who decide them, and every copy of a claim's card as the claim is now."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from handlers import cards, outbox, people
from handlers.approvals import seats
from handlers.services import Services
from handlers.turn import view_of
from storage.models import Claim, Member, Organization


@dataclass
class Sent:
    """Who got the claim, and whose account is not connected yet: they get it as soon as it is."""

    reached: list[Member] = field(default_factory=list)
    unreached: list[Member] = field(default_factory=list)


def send(session: Session, services: Services, organization: Organization, claim: Claim) -> Sent:
    """Put the claim, as it is now, before everybody who may decide it."""
    sent = Sent()
    day = seats.today(services, organization)
    for decider in seats.deciders(session, claim, day):
        reached = send_to(session, services, organization, claim, decider)
        if reached or decider.on_behalf is None:
            (sent.reached if reached else sent.unreached).append(decider.member)
    return sent


def send_to(
    session: Session,
    services: Services,
    organization: Organization,
    claim: Claim,
    decider: seats.Decider,
    *,
    push: bool = True,
) -> bool:
    """Put the claim before one of them; False when they have no account yet. Without ``push`` an answer carries it."""
    member = decider.member
    identity = people.where(session, services, member)
    if identity is None:
        return False
    card = cards.claim_for_approver(view_of(services, organization, member), claim, decider)
    slot = f"claim:{claim.id}:{claim.version}:{identity.id}"
    subject = f"claim:{claim.id}"
    put = outbox.show if push else outbox.keep
    put(session, services, people.address_of(identity), slot, card, subject=subject, member_id=member.id)
    return True


def send_waiting(session: Session, services: Services, organization: Organization, member: Member) -> int:
    """What waits for somebody already and was never shown to them: after they were linked, or became a delegate."""
    sent, day = 0, seats.today(services, organization)
    for claim in seats.waiting_for(session, member, day):
        decider = seats.decider(session, claim, member, day)
        shown = any(copy.member_id == member.id for copy in outbox.copies(session, f"claim:{claim.id}"))
        if decider is not None and not shown:
            sent += send_to(session, services, organization, claim, decider)
    return sent


def refresh(session: Session, services: Services, organization: Organization, claim: Claim) -> None:
    """Every copy of the claim's card shows the claim as it is now."""
    now_deciding = {d.member.id: d for d in seats.deciders(session, claim, seats.today(services, organization))}
    for copy in outbox.copies(session, f"claim:{claim.id}"):
        reader = session.get(Member, copy.member_id) if copy.member_id else None
        if reader is None:
            continue
        view = view_of(services, organization, reader)
        if reader.id == claim.member_id:
            card = cards.claim_for_applicant(view, claim)
        else:
            card = cards.claim_for_approver(view, claim, now_deciding.get(reader.id))
        outbox.refresh(session, services, copy, card)
