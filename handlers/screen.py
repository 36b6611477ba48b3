"""A claim and the screens it stands on: found by a button, handed in, shown again as it is now."""

from __future__ import annotations

from sqlalchemy import select

from handlers import advances, albums, approvals, cards, claims, outbox, people, policies
from handlers.actions import Action
from handlers.cards import lane as lane_cards
from handlers.errors import NotAllowed, Refusal
from handlers.lane import decisions as lane
from handlers.policies import gate
from handlers.rates import wanted
from handlers.trips import chat as trips
from handlers.trips import settlement
from handlers.turn import Turn
from storage.models import Claim


def claim_of(turn: Turn, action: Action) -> Claim:
    claim = turn.session.scalars(select(Claim).filter_by(id=action.subject).with_for_update()).first()
    if claim is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    return claim


def may_see(turn: Turn, claim: Claim) -> bool:
    """Whether it is the person's own claim; :class:`NotAllowed` when it is none of their business."""
    mine = claim.member_id == turn.member.id
    theirs = mine or approvals.concerns(turn.session, claim, turn.member, turn.today)
    if not theirs and not {"accountant", "admin"} & set(turn.member.roles):
        raise NotAllowed("This claim is not yours to see.")
    return mine


def hand_in(turn: Turn, claim: Claim, version: int) -> None:
    if trips.asks_first(turn, claim, version) or gate.asks_reasons(turn, claim, version):
        return
    advances.at_submission(claim)
    zone = turn.organization.zone
    claims.submit(turn.session, claim, by=turn.member, version=version, now=turn.services.clock(), zone=zone)
    approvals.lay(turn.session, claim, now=turn.services.clock())
    if lane.enter(turn, claim):
        put(turn, claim, quietly=True)
        if not turn.capabilities.can_edit:
            turn.tell(lane_cards.passed(turn.view, claim))
        return
    sent = approvals.send(turn.session, turn.services, turn.organization, claim)
    put(turn, claim, quietly=True)
    reached, unreached = (", ".join(member.name for member in group) for group in (sent.reached, sent.unreached))
    if unreached:
        text = "Submitted as #{number}. {name} is not connected to the chat yet and gets it as soon as they are."
        turn.tell(turn.t(text, number=claim.number, name=unreached), tone="doubt")
    elif not turn.capabilities.can_edit:
        turn.tell(turn.t("Submitted to {name} as #{number}.", number=claim.number, name=reached), tone="good")


def take_back(turn: Turn, claim: Claim, version: int) -> None:
    """Before the last decision: nobody is asked any more, and the claim is a draft again."""
    claims.withdraw(turn.session, claim, by=turn.member, version=version, zone=turn.organization.zone)
    approvals.withdrawn(turn, claim)
    put(turn, claim)


def put(turn: Turn, claim: Claim, *, quietly: bool = False) -> None:
    """The claim's card, as it is now, is on the person's screen: in place where that can be, else as a new card."""
    turn.session.flush()
    turn.session.refresh(claim)
    if claim.state in claims.EDITABLE:
        settlement.follow(
            turn.session, turn.organization, claim, locale=people.locale_of(claim.member, turn.organization)
        )
        policies.keep(turn.session, turn.organization, claim, turn.today)
        wanted.ask(turn.session, turn.services, turn.organization, claim, turn.today)
    approvals.refresh(turn.session, turn.services, turn.organization, claim)
    albums.refresh(turn.session, turn.services, turn.organization, claim)
    mine = [c for c in outbox.copies(turn.session, f"claim:{claim.id}") if c.member_id == turn.member.id]
    if quietly and (mine or not turn.capabilities.can_edit):
        return
    if not turn.capabilities.can_edit or not mine:
        card = cards.claim_for_applicant(turn.view, claim)
        turn.show(f"claim:{claim.id}:{turn.identity.id}", card, subject=f"claim:{claim.id}")
    trips.goes_on(turn, claim)
