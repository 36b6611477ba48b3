"""What the buttons of a proposal do, and before whom proposals are put."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from handlers import outbox, people
from handlers.actions import Action
from handlers.cards import lane as shown
from handlers.chat import Card, Tapped
from handlers.errors import NotAllowed, Refusal
from handlers.lane import rules
from handlers.turn import Turn, View, view_of
from storage.models import Identity, LaneRule, Member

MOST_ASKED = 10  # administrators who are told; the others find it with “/keihi lane”


def ask(turn: Turn, rule: LaneRule, administrators: Sequence[Member]) -> bool:
    """Put a proposal before those who may confirm it, those first who were here last; False when that is nobody."""
    found = [(member, people.where(turn.session, turn.services, member)) for member in administrators]
    reachable = [(member, identity) for member, identity in found if identity is not None]
    for member, identity in sorted(reachable, key=lambda pair: pair[1].seen_at, reverse=True)[:MOST_ASKED]:
        _show(turn, rule, member, identity)
    return bool(reachable)


def put(turn: Turn, rule: LaneRule) -> None:
    """The proposal on the screen of the person of this turn."""
    turn.show(
        _slot(rule, turn.identity),
        _card(turn, view_of(turn.services, turn.organization, turn.member), rule),
        subject=_subject(rule),
    )


def _show(turn: Turn, rule: LaneRule, member: Member, identity: Identity) -> None:
    card = _card(turn, view_of(turn.services, turn.organization, member), rule)
    to = people.address_of(identity)
    outbox.show(
        turn.session, turn.services, to, _slot(rule, identity), card, subject=_subject(rule), member_id=member.id
    )


def _card(turn: Turn, view: View, rule: LaneRule) -> Card:
    proposer = turn.session.get_one(Member, rule.proposed_by)
    answered = turn.session.get(Member, rule.confirmed_by) if rule.confirmed_by else None
    why = rules.fallen(turn.session, rule, turn.services.clock())
    return shown.proposal(view, rule, rules.replaced_by(turn.session, rule), (proposer, answered), why)


def _slot(rule: LaneRule, identity: Identity) -> str:
    return f"{_subject(rule)}:{identity.id}"


def _subject(rule: LaneRule) -> str:
    return f"lane_rule:{rule.id}"


def _rule(turn: Turn, action: Action) -> LaneRule:
    found = turn.session.scalars(select(LaneRule).filter_by(id=action.subject).with_for_update()).first()
    if found is None:
        raise Refusal("This button is not valid. Please use the newest message.")
    return found


def _open(turn: Turn, action: Action, _tap: Tapped) -> None:
    rule = _rule(turn, action)
    if "admin" not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role="admin")
    put(turn, rule)


def _confirm(turn: Turn, action: Action, _tap: Tapped) -> None:
    rule = _rule(turn, action)
    rules.confirm(turn, rule)
    _answered(turn, rule)


def _refuse(turn: Turn, action: Action, _tap: Tapped) -> None:
    rule = _rule(turn, action)
    rules.refuse(turn, rule)
    _answered(turn, rule)


def _answered(turn: Turn, rule: LaneRule) -> None:
    """Everybody who has the proposal sees what became of it; who proposed it is told."""
    for copy in outbox.copies(turn.session, _subject(rule)):
        reader = turn.session.get(Member, copy.member_id) if copy.member_id else None
        if reader is not None:
            card = _card(turn, view_of(turn.services, turn.organization, reader), rule)
            outbox.refresh(turn.session, turn.services, copy, card)
    if not turn.capabilities.can_edit:
        put(turn, rule)
    proposer = turn.session.get_one(Member, rule.proposed_by)
    identity = people.where(turn.session, turn.services, proposer)
    if proposer.id != turn.member.id and identity is not None:
        card = shown.answer(view_of(turn.services, turn.organization, proposer), rule, turn.member)
        outbox.tell(turn.session, turn.services, people.address_of(identity), card, member_id=proposer.id)


TAPS = {"lane_proposal": _open, "lane_confirm": _confirm, "lane_refuse": _refuse}
