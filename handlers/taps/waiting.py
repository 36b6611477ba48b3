"""What the buttons of the waiting list and of delegations do."""

from __future__ import annotations

from handlers import forms
from handlers.actions import Action
from handlers.approvals import bulk, delegates, waiting
from handlers.cards.waiting import OWNER, approved_together, confirm
from handlers.chat import Tapped
from handlers.errors import NotAllowed, Refusal
from handlers.turn import Turn
from storage.models import Delegation


def _bulk(turn: Turn, _action: Action, _tap: Tapped) -> None:
    claims = bulk.batch(waiting.entries(turn.session, turn.member, turn.today))
    if not claims:
        raise Refusal("There is no claim left that needs no look.")
    turn.tell(confirm(turn.view, claims, bulk.pack(claims)))


def _bulk_yes(turn: Turn, action: Action, _tap: Tapped) -> None:
    if action.subject != turn.member.id[:OWNER]:
        raise NotAllowed("This list is not yours.")
    outcome = bulk.approve(turn, bulk.unpack(action.extra))
    locale = turn.view.locale
    left_out = [f"#{number}: {forms.sentence(locale, refusal)}" for number, refusal in outcome.left_out]
    turn.tell(approved_together(turn.view, outcome.approved, left_out))


def _undelegate(turn: Turn, action: Action, _tap: Tapped) -> None:
    row = turn.session.get(Delegation, action.subject, with_for_update=True)
    if row is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    delegates.end(turn, row)


TAPS = {"bulk": _bulk, "bulk_yes": _bulk_yes, "undelegate": _undelegate}
