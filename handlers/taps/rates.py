"""The buttons of exchange rates: the one an administrator is asked for, and the one on a person's statement."""

from __future__ import annotations

import datetime as dt

from handlers import claims, dialogues
from handlers.actions import Action
from handlers.chat import Tapped
from handlers.errors import NotAllowed
from handlers.forms.rates import own_rate_form, rate_form
from handlers.rates.wanted import ADMIN
from handlers.screen import claim_of
from handlers.turn import Turn


def _rate(turn: Turn, action: Action, _tap: Tapped) -> None:
    if ADMIN not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role=ADMIN)
    dialogues.ask(turn, rate_form(turn.view, action.subject, dt.date.fromisoformat(action.extra)))


def _own_rate(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    dialogues.ask(turn, own_rate_form(turn.view, claim, claims.line(claim, action.extra)))


TAPS = {"rate": _rate, "own_rate": _own_rate}
