"""What the buttons of the waiting list and of delegations do."""

from __future__ import annotations

from handlers import forms
from handlers.actions import Action
from handlers.approvals import bulk, delegates, waiting
from handlers.cards.waiting import OWNER, SHOWN, approved_together, confirm
from handlers.chat import Tapped
from handlers.errors import NotAllowed, Refusal
from handlers.turn import Turn
from storage.models import Delegation


def _bulk(turn: Turn, _action: Action, _tap: Tapped) -> None:
    listed = waiting.entries(turn.session, turn.member, turn.today)
    judged = waiting.judged(turn.session, turn.services, turn.organization, listed)
    claims = bulk.batch(judged.entries)
    if not claims:
        # no refusal: what was found since stays on the claims and their cards
        turn.tell(turn.t("There is no claim left that needs no look."), tone="doubt")
        return
    out = [entry.claim for entry in judged.entries[:SHOWN] if not entry.clean]
    turn.tell(confirm(turn.view, claims, bulk.pack(claims), out))


def _bulk_yes(turn: Turn, action: Action, _tap: Tapped) -> None:
    if action.subject != turn.member.id[:OWNER]:
        raise NotAllowed("This list is not yours.")
    outcome = bulk.approve(turn, bulk.unpack(action.extra))
    locale = turn.view.locale
    left_out = [
        turn.t("#{number}: {what}", number=number, what=forms.sentence(locale, refusal))
        for number, refusal in outcome.left_out
    ]
    turn.tell(approved_together(turn.view, outcome.approved, left_out))


def _undelegate(turn: Turn, action: Action, _tap: Tapped) -> None:
    row = turn.session.get(Delegation, action.subject, with_for_update=True)
    if row is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    delegates.end(turn, row)


TAPS = {"bulk": _bulk, "bulk_yes": _bulk_yes, "undelegate": _undelegate}
