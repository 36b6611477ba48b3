"""Letting a claim pass, having it looked at, and reopening one that passed.

Called when a claim was handed in and has its steps. What passes is approved like any other: its budget is consumed, it
is exported and paid. Its steps are skipped, nobody of the route is asked; actor in the audit chain is ``rule``.
"""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import select

from handlers import albums, approvals, claims, outbox, people, policies
from handlers.approvals import seats
from handlers.cards import lane as shown
from handlers.errors import NotAllowed, Refusal
from handlers.lane import conditions, draw, rules, verdicts
from handlers.lane.conditions import Check, Examined, Looked
from handlers.turn import Turn, view_of
from storage import audit
from storage.models import Claim, Comment, LaneDecision, LaneDraw

log = structlog.get_logger()

ACTOR = "rule"
SKIPPED = "The rules approved it."


def enter(turn: Turn, claim: Claim) -> bool:
    """Whether the rules approved the claim. If not it goes on to people, perhaps because it was drawn."""
    active = rules.active(turn.session)
    if not active:
        return False
    session, now = turn.session, turn.services.clock()
    month = draw.month_of(now, turn.organization.zone)
    fixed = draw.commit(session, turn.services.keys, month, now)
    policies.keep(session, turn.organization, claim, turn.today)  # with those who are to decide
    examined = conditions.examine(Looked(turn, claim, active, fixed.created_at))
    if examined.rule is None or fixed.revealed_at is not None:
        return False
    try:
        seed = draw.seed_of(turn.services.keys, fixed)
    except ValueError:
        log.error("the seed of the lane cannot be read: it was encrypted with another secret key", month=month)
        return False
    row = _drawn(turn, claim, examined, fixed, seed)
    if row.state == verdicts.PASSED:
        _approve(turn, claim, row)
    return row.state == verdicts.PASSED


def look(turn: Turn, claim: Claim) -> tuple[Check, ...]:
    """Every check of a claim as it is now; nothing is decided or drawn."""
    month = draw.month_of(turn.services.clock(), turn.organization.zone)
    fixed = turn.session.scalars(select(LaneDraw).filter_by(month=month)).first()
    committed_at = fixed.created_at if fixed is not None else turn.services.clock()
    return conditions.examine(Looked(turn, claim, rules.active(turn.session), committed_at)).checks


def _drawn(turn: Turn, claim: Claim, examined: Examined, fixed: LaneDraw, seed: bytes) -> LaneDecision:
    """The claim's draw, recorded with everything that it takes to reckon it again."""
    assert examined.rule is not None
    rule, session = examined.rule, turn.session
    result = draw.draw_of(seed, claim.id)
    carried = verdicts.carried(session, claim)
    audited = bool(carried) or draw.drawn(result, rule.audit_share)
    checks: list[dict[str, Any]] = [check.stored() for check in examined.checks]
    checks.append(_outcome(audited, rule.audit_share).stored())
    checks.append({"name": verdicts.LINES, "keys": verdicts.keys_of(claim)})
    row = LaneDecision(
        claim_id=claim.id,
        round=claim.round,
        rule_id=rule.id,
        month=fixed.month,
        checks=checks,
        draw=result,
        state=verdicts.AUDITED if audited else verdicts.PASSED,
        at=turn.services.clock(),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=ACTOR,
        action="lane.drew",
        subject=f"claim:{claim.id}",
        data={
            "number": claim.number,
            "round": claim.round,
            "rule": rule.id,
            "month": fixed.month,
            "share": rule.audit_share,
            "draw": result,
            "carried": carried,
            "audited": audited,
            "checks": [check.name for check in examined.checks],
        },
    )
    return row


def _outcome(audited: bool, share: int) -> Check:
    values = {"share": shown.percent(share)}
    if audited:
        return Check(verdicts.DRAWN, True, "Drawn for a random audit ({share} of the claims)", values)
    return Check("not_drawn", True, "Not drawn for a random audit ({share} of the claims)", values)


def _approve(turn: Turn, claim: Claim, row: LaneDecision) -> None:
    now = turn.services.clock()
    claims.step(turn.session, claim, "by_rule", version=claim.version, zone=turn.organization.zone, decided_at=now)
    for step in seats.steps(turn.session, claim):
        step.state, step.opened_at = "skipped", None
        step.notes = [*step.notes, {"text": SKIPPED, "values": {}}]
        for seat in step.seats:
            seat.state = "skipped"
    turn.session.flush()
    audit.record(
        turn.session,
        actor=ACTOR,
        action="claim.approved",
        subject=f"claim:{claim.id}",
        data={
            "number": claim.number,
            "version": claim.version,
            "rule": row.rule_id,
            "checks": [check["name"] for check in row.checks if check["name"] != verdicts.LINES],
            **claims.facts(claim),
        },
    )


# --- reopening --------------------------------------------------------------------------------------------------------


def reopen(turn: Turn, claim: Claim, reason: str) -> None:
    """Take back what the rules approved, before it is exported: the claim goes to the people of its route.

    Raises :class:`Refusal` where there is nothing to reopen, :class:`NotAllowed` to who is no accountant.
    """
    if "accountant" not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role="accountant")
    row = verdicts.of_round(turn.session, claim)
    if row is None or row.state != verdicts.PASSED:
        raise Refusal("#{number} was not approved by the rules.", number=claim.number)
    if claim.state != "approved":
        raise Refusal("#{number} is exported or paid already and cannot be reopened.", number=claim.number)
    if not reason.strip():
        raise Refusal("Please write the reason, too: /keihi lane reopen {number} …", number=claim.number)
    session, now, zone = turn.session, turn.services.clock(), turn.organization.zone
    claims.step(session, claim, "reopen", version=claim.version, zone=zone, round=claim.round + 1, decided_at=None)
    approvals.lay(session, claim, now=now)
    row.state = verdicts.OVERTURNED
    session.add(Comment(claim_id=claim.id, member_id=turn.member.id, text=reason.strip()[:500], at=now))
    session.flush()
    session.refresh(claim)
    data = {"number": claim.number, "round": row.round, "reason": reason.strip()[:500]}
    audit.record(session, actor=turn.member.id, action="lane.reopened", subject=f"claim:{claim.id}", data=data)
    approvals.send(session, turn.services, turn.organization, claim)
    approvals.refresh(session, turn.services, turn.organization, claim)
    albums.refresh(session, turn.services, turn.organization, claim)
    _tell_applicant(turn, claim, reason.strip())


def _tell_applicant(turn: Turn, claim: Claim, reason: str) -> None:
    identity = people.where(turn.session, turn.services, claim.member)
    if identity is not None:
        view = view_of(turn.services, turn.organization, claim.member)
        card = shown.reopened(view, claim, turn.member, reason)
        outbox.tell(turn.session, turn.services, people.address_of(identity), card, member_id=claim.member_id)


def of_number(turn: Turn, word: str) -> Claim:
    """The claim of a number as people write it, locked."""
    digits = word.removeprefix("#")
    query = select(Claim).filter_by(number=int(digits)).with_for_update() if digits.isdecimal() else None
    claim = turn.session.scalars(query).first() if query is not None else None
    if claim is None:
        raise Refusal("There is no claim {word}.", word=word[:20])
    return claim
