"""Which claims may take the lane: terms that one administrator proposes and another puts in force.

Opening, widening and closing take two. Narrowing takes one: it only sends more claims to people. A rule is never
changed; a changed one takes its place, so that each decision names the terms that it was made under.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import people
from handlers.dates import show_moment
from handlers.errors import NotAllowed, Refusal
from handlers.keys import Keys
from handlers.lane import draw
from handlers.turn import Turn
from storage import audit
from storage.models import LaneRule, Member, Organization

PROPOSED, ACTIVE, REFUSED, WITHDRAWN, ENDED = "proposed", "active", "refused", "withdrawn", "ended"
OPEN, WIDEN, NARROW, RENEW, CLOSE = "open", "widen", "narrow", "renew", "close"
LASTS = timedelta(days=14)  # a proposal that nobody confirms
ALONE = (
    "The lane is a decision of two administrators, and you are the only one. "
    "“/keihi add NAME E-MAIL roles=admin” makes another."
)


@dataclass(frozen=True)
class Terms:
    """Categories (codes), the most a claim may come to (yen), the audit share in ten-thousandths, and whether each
    expense must have a row on a statement.
    """

    categories: tuple[str, ...]
    max_amount: int
    audit_share: int
    wants_statement: bool = True

    def within(self, other: Terms) -> bool:
        """Whether every claim that may take this lane may take the other, too, and is looked at no less often."""
        return (
            set(self.categories) <= set(other.categories)
            and self.max_amount <= other.max_amount
            and self.audit_share >= other.audit_share
            and self.wants_statement >= other.wants_statement
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "categories": sorted(self.categories),
            "max": self.max_amount,
            "share": self.audit_share,
            "statement": self.wants_statement,
        }


def terms_of(rule: LaneRule) -> Terms:
    return Terms(tuple(rule.categories), rule.max_amount, rule.audit_share, rule.wants_statement)


def active(session: Session) -> list[LaneRule]:
    """The rules in force, in the order in which they began."""
    return list(session.scalars(select(LaneRule).filter_by(state=ACTIVE).order_by(LaneRule.active_from, LaneRule.id)))


def proposals(session: Session, now: datetime) -> list[LaneRule]:
    """What was proposed lately and not answered, the oldest first; some of it may have :func:`fallen` meanwhile."""
    query = select(LaneRule).where(LaneRule.state == PROPOSED, LaneRule.created_at > now - LASTS)
    return list(session.scalars(query.order_by(LaneRule.created_at, LaneRule.id)))


def numbered(session: Session, word: str) -> LaneRule:
    """The rule of this number in the list of those in force, locked."""
    found = active(session)
    if not word.isdecimal() or not 1 <= int(word) <= len(found):
        raise Refusal("There is no lane “{word}”. “/keihi lane” lists them with their numbers.", word=word[:20])
    rule = _locked(session, found[int(word) - 1].id)
    if rule.state != ACTIVE:
        raise Refusal("There is no lane “{word}”. “/keihi lane” lists them with their numbers.", word=word)
    return rule


def _locked(session: Session, rule_id: str) -> LaneRule:
    """A rule as it is now, which nobody else changes until this transaction ends."""
    query = select(LaneRule).filter_by(id=rule_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


# --- proposing --------------------------------------------------------------------------------------------------------


def open_lane(turn: Turn, terms: Terms) -> LaneRule:
    """Propose a rule. :class:`Refusal` when there is no second administrator, or when it stands already."""
    if any(terms.within(terms_of(rule)) for rule in active(turn.session)):
        raise Refusal("A lane in force covers this already.")
    return _propose(turn, OPEN, terms, None)


def change(turn: Turn, rule: LaneRule, terms: Terms) -> LaneRule:
    """Other terms for a rule: proposed where they are wider in anything, in force at once where they are not.

    The same terms are a proposal, too: to agree on them anew, with the rules for expenses as they are by now.
    """
    before = terms_of(rule)
    if terms == before:
        return _propose(turn, RENEW, terms, rule)
    if not terms.within(before):
        return _propose(turn, WIDEN, terms, rule)
    now = turn.services.clock()
    row = _row(turn, NARROW, terms, rule, now)
    row.state, row.active_from = ACTIVE, now
    rule.state, rule.ended_at = ENDED, now
    turn.session.flush()
    _record(turn, "lane.narrowed", row)
    return row


def close(turn: Turn, rule: LaneRule) -> LaneRule:
    """Propose that a rule ends."""
    return _propose(turn, CLOSE, terms_of(rule), rule)


def _propose(turn: Turn, act: str, terms: Terms, rule: LaneRule | None) -> LaneRule:
    if not others(turn):
        raise Refusal(ALONE)
    now = turn.services.clock()
    for other in proposals(turn.session, now):
        if (
            fallen(turn.session, other, now) is None
            and (other.act, other.replaces_id) == (act, rule.id if rule else None)
            and terms_of(other) == terms
        ):
            raise Refusal("The same is proposed already and waits for a second administrator.")
    row = _row(turn, act, terms, rule, now)
    turn.session.flush()
    _record(turn, "lane.proposed", row)
    return row


def _row(turn: Turn, act: str, terms: Terms, rule: LaneRule | None, now: datetime) -> LaneRule:
    row = LaneRule(
        act=act,
        categories=sorted(terms.categories),
        max_amount=terms.max_amount,
        audit_share=terms.audit_share,
        wants_statement=terms.wants_statement,
        state=PROPOSED,
        replaces_id=rule.id if rule is not None else None,
        proposed_by=turn.member.id,
        created_at=now,
    )
    turn.session.add(row)
    turn.session.flush()
    return row


def others(turn: Turn) -> list[Member]:
    """The administrators besides the one who acts."""
    return [member for member in people.with_role(turn.session, "admin") if member.id != turn.member.id]


def fallen(session: Session, row: LaneRule, now: datetime) -> Refusal | None:
    """Why a proposal that nobody answered can be confirmed no longer; None while it can."""
    if row.state != PROPOSED:
        return None
    if row.created_at <= now - LASTS:
        return Refusal("Nobody confirmed this within {days} days. Please propose it anew.", days=LASTS.days)
    proposer = session.get_one(Member, row.proposed_by)
    if not proposer.active or "admin" not in proposer.roles:
        text = "{name}, who proposed this, is no administrator any more. Please propose it anew."
        return Refusal(text, name=proposer.name)
    replaced = replaced_by(session, row)
    if replaced is not None and replaced.state != ACTIVE:
        return Refusal("The lane that this would change is not in force any more. Please propose it anew.")
    return None


# --- deciding ---------------------------------------------------------------------------------------------------------


def confirm(turn: Turn, row: LaneRule) -> None:
    """By a second administrator: the proposal is in force from now on, and the month's draw is committed."""
    _may_answer(turn, row)
    if row.proposed_by == turn.member.id:
        raise NotAllowed("You proposed this yourself. Another administrator has to confirm it.")
    now = turn.services.clock()
    replaced = _locked(turn.session, row.replaces_id) if row.replaces_id else None
    why = fallen(turn.session, row, now)
    if why is not None:
        raise why
    if replaced is not None:
        replaced.state, replaced.ended_at = ENDED, now
    row.confirmed_by = turn.member.id
    if row.act == CLOSE:
        row.state, row.ended_at = ENDED, now
    else:
        row.state, row.active_from = ACTIVE, now
    turn.session.flush()
    _record(turn, "lane.confirmed", row)
    if row.act != CLOSE:
        prepare(turn.session, turn.services.keys, turn.organization, now)


def refuse(turn: Turn, row: LaneRule) -> None:
    """By a second administrator it is refused, by its proposer withdrawn; nothing comes into force."""
    _may_answer(turn, row)
    own = row.proposed_by == turn.member.id
    row.state, row.confirmed_by, row.ended_at = WITHDRAWN if own else REFUSED, turn.member.id, turn.services.clock()
    turn.session.flush()
    _record(turn, "lane.withdrawn" if own else "lane.refused", row)


def _may_answer(turn: Turn, row: LaneRule) -> None:
    if "admin" not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role="admin")
    if row.state == PROPOSED and row.created_at > turn.services.clock() - LASTS:
        return
    who = turn.session.get(Member, row.confirmed_by) if row.confirmed_by else None
    when = show_moment(row.active_from or row.ended_at or row.created_at, turn.organization.zone)
    name = who.name if who else "—"
    if row.state == REFUSED:
        raise Refusal("Refused already ({who}, {when}).", who=name, when=when)
    if row.state == WITHDRAWN:
        raise Refusal("This proposal was withdrawn ({who}, {when}).", who=name, when=when)
    why = fallen(turn.session, row, turn.services.clock())
    if why is not None:
        raise why
    raise Refusal("Confirmed already ({who}, {when}).", who=name, when=when)


def agreed_at(session: Session, rule: LaneRule) -> datetime:
    """When two administrators agreed on a rule, or on the one that it was narrowed from."""
    before = replaced_by(session, rule)
    while rule.act == NARROW and before is not None:
        rule, before = before, replaced_by(session, before)
    return rule.active_from or rule.created_at


def replaced_by(session: Session, row: LaneRule) -> LaneRule | None:
    """The rule that this one changes or ends."""
    return session.get(LaneRule, row.replaces_id) if row.replaces_id else None


def prepare(session: Session, keys: Keys, organization: Organization, now: datetime) -> Sequence[str]:
    """Commit the draws of this month and the next; the months."""
    month = draw.month_of(now, organization.zone)
    months = (month, draw.following(month))
    for each in months:
        draw.commit(session, keys, each, now)
    return months


def _record(turn: Turn, action: str, row: LaneRule) -> None:
    data = {"act": row.act, "replaces": row.replaces_id, **terms_of(row).as_json()}
    audit.record(turn.session, actor=turn.member.id, action=action, subject=f"lane_rule:{row.id}", data=data)
