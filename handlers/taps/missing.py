"""The buttons of lines without a receipt: why there is none, and the photo that came after all."""

from __future__ import annotations

from sqlalchemy import select

from handlers import claims, dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.claims import attaching
from handlers.errors import Refusal
from handlers.forms.missing import missing_form
from handlers.screen import claim_of, put
from handlers.turn import Turn
from storage.models import Claim, Expense


def _missing(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    dialogues.ask(turn, missing_form(turn.view, claim, claims.line(claim, action.extra)))


def _attach(turn: Turn, action: Action, _tap: Tapped) -> None:
    photo = claim_of(turn, action)
    line = turn.session.get(Expense, action.extra)
    if line is None:
        raise Refusal("That line has changed since. Please use its newest card.")
    target = turn.session.scalars(select(Claim).filter_by(id=line.claim_id).with_for_update()).one()
    zone = turn.organization.zone
    attaching.attach(turn.session, photo, line, by=turn.member, version=action.version, zone=zone)
    put(turn, photo, quietly=True)
    put(turn, target)


TAPS = {"missing": _missing, "attach": _attach}
