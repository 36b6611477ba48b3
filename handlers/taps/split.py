"""What the buttons do that divide a receipt, and those that undo it."""

from __future__ import annotations

from handlers import claims, dialogues
from handlers.actions import Action
from handlers.cards.split import chooser, done
from handlers.chat import Tapped
from handlers.claims import split
from handlers.forms.split import Share, share_form
from handlers.screen import claim_of, put
from handlers.turn import Turn
from storage.models import Claim, Expense


def _line(turn: Turn, action: Action) -> tuple[Claim, Expense]:
    """One's own draft as it was drawn, and its line; it can be divided."""
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    expense = claims.line(claim, action.extra)
    split.divisible(expense)
    return claim, expense


def _choose(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim, expense = _line(turn, action)
    turn.tell(chooser(turn.view, claim, expense))


def _ask(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim, expense = _line(turn, action)
    at_once = turn.capabilities.has_forms
    dialogues.ask(turn, share_form(turn.view, claim, expense, action.name, Share(), at_once=at_once))


def _by_rate(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    zone = turn.organization.zone
    made = split.by_rate(turn.session, claim, action.extra, by=turn.member, version=action.version, zone=zone)
    put(turn, claim)
    if turn.capabilities.can_edit:  # elsewhere the claim's new card says it
        turn.tell(done(turn.view, made))


def _claim_all(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    zone = turn.organization.zone
    split.claim_all(turn.session, claim, action.extra, by=turn.member, version=action.version, zone=zone)
    put(turn, claim)


def _join(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    split.join(turn.session, claim, action.extra, by=turn.member, version=action.version, zone=turn.organization.zone)
    put(turn, claim)


TAPS = {
    "split": _choose,
    "split_rates": _by_rate,
    "split_part": _ask,
    "private": _ask,
    "claim_all": _claim_all,
    "unsplit": _join,
}
