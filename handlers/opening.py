"""A claim opened: by its applicant, by who decides it, and read-only by those who keep the books.

Nobody else learns more than that a number is not theirs to see, whether there is such a claim or not.
"""

from __future__ import annotations

from sqlalchemy import select

from handlers import approvals, cards
from handlers.approvals import waiting
from handlers.errors import NotAllowed, Refusal
from handlers.screen import may_see
from handlers.turn import Turn
from storage import audit
from storage.models import Claim


def show(turn: Turn, claim: Claim) -> None:
    """The claim's card as this person may see it. :class:`NotAllowed` when it is none of their business."""
    mine = may_see(turn, claim)
    if mine:
        card = cards.claim_for_applicant(turn.view, claim)
    else:
        decider = approvals.decider(turn.session, claim, turn.member, turn.today)
        if decider is not None:  # what they decide on is what the rules say now
            waiting.judge(turn.session, turn.services, turn.organization, claim, turn.today)
        elif not approvals.concerns(turn.session, claim, turn.member, turn.today):
            subject = f"claim:{claim.id}"  # who looks at people's claims off their route can be looked up
            audit.record(turn.session, actor=turn.member.id, action="claim.viewed", subject=subject)
        card = cards.claim_for_approver(turn.view, claim, decider)
    turn.show(f"open:{claim.id}:{turn.incoming.event_id}"[:255], card, subject=f"claim:{claim.id}")


def show_number(turn: Turn, number: int) -> None:
    """The same by number; one :class:`NotAllowed` for a number that is not theirs and for one that does not exist."""
    claim = turn.session.scalars(select(Claim).filter_by(number=number)).first()
    nothing = NotAllowed("There is no claim #{number} that you may see.", number=number)
    if claim is None:
        raise nothing
    try:
        may_see(turn, claim)
    except Refusal:
        raise nothing from None
    show(turn, claim)
