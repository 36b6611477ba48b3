"""The life of a claim: one table of transitions, and the one statement that makes any of them.

Every change compares the version it was decided on with the version in the database, in the same statement that makes
it; of two people who act at once, one acts and the other is told what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import budgets
from handlers.dates import show_moment
from handlers.errors import Refusal
from handlers.lane import verdicts
from storage.models import AuditEvent, Claim, Decision

TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("draft", "correct"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "cancel"): "cancelled",
    ("submitted", "sign"): "submitted",
    ("submitted", "pass"): "in_approval",
    ("submitted", "approve"): "approved",
    ("submitted", "by_rule"): "approved",
    ("submitted", "return"): "returned",
    ("submitted", "reject"): "rejected",
    ("submitted", "withdraw"): "draft",
    ("submitted", "undo"): "submitted",
    ("in_approval", "sign"): "in_approval",
    ("in_approval", "pass"): "in_approval",
    ("in_approval", "approve"): "approved",
    ("in_approval", "return"): "returned",
    ("in_approval", "reject"): "rejected",
    ("in_approval", "withdraw"): "draft",
    ("in_approval", "undo"): "submitted",
    ("in_approval", "step_back"): "in_approval",
    ("returned", "correct"): "draft",
    ("returned", "submit"): "submitted",
    ("returned", "cancel"): "cancelled",
    ("returned", "undo"): "submitted",
    ("returned", "step_back"): "in_approval",
    ("rejected", "undo"): "submitted",
    ("rejected", "step_back"): "in_approval",
    ("approved", "undo"): "submitted",
    ("approved", "step_back"): "in_approval",
    ("approved", "reopen"): "submitted",
    ("approved", "export"): "exported",
    ("approved", "pay"): "paid",
    ("approved", "call_off"): "cancelled",
    ("exported", "pay"): "paid",
}
EDITABLE = ("draft", "returned")  # the applicant may change it
WAITING = ("submitted", "in_approval")  # before people who decide: no step passed yet, or some
ENDED = ("rejected", "cancelled")  # a receipt in such a claim may be claimed again
STATES = ("draft", *WAITING, "returned", "approved", "rejected", "exported", "paid", "cancelled")


def step(session: Session, claim: Claim, act: str, *, version: int, zone: str, **values: Any) -> None:
    """Make one transition if the claim is still at ``version``; otherwise :class:`Refusal` says what happened to it."""
    target = TRANSITIONS.get((claim.state, act))
    if target is None or claim.version != version:
        raise stale(session, claim, zone)
    changed = session.execute(
        update(Claim)
        .where(Claim.id == claim.id, Claim.version == version, Claim.state == claim.state)
        .values(state=target, version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(claim)
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's CursorResult
        raise stale(session, claim, zone)
    budgets.follow(session, claim)
    verdicts.follow(session, claim)


def current(claim: Claim, version: int) -> int:
    """The version that a button drawn at ``version`` speaks of: the present one, if all that followed is agreement.

    While a claim waits its content cannot change, so whatever was drawn since it was handed in shows what it is now.
    """
    drawn_since = claim.submitted_facts.get("version", claim.version)
    return claim.version if claim.state in WAITING and drawn_since <= version <= claim.version else version


def stale(session: Session, claim: Claim, zone: str) -> Refusal:
    """Why a tap on an old card changes nothing."""
    last = session.scalars(
        select(Decision).filter_by(claim_id=claim.id, undone_at=None).order_by(Decision.claim_version.desc()).limit(1)
    ).first()
    if last is not None and claim.state in ("approved", "returned", "rejected"):
        who, when = last.member.name, show_moment(last.at, zone)
        if claim.state == "approved":
            return Refusal("Already approved ({who}, {when}).", who=who, when=when)
        if claim.state == "returned":
            return Refusal("Already sent back ({who}, {when}).", who=who, when=when)
        return Refusal("Already rejected ({who}, {when}).", who=who, when=when)
    by_rule = verdicts.of_round(session, claim)
    if claim.state == "approved" and by_rule is not None:
        return Refusal("Already approved by the rules ({when}).", when=show_moment(by_rule.at, zone))
    if claim.state in WAITING:
        return Refusal("Claim #{number} is already submitted and waits for approval.", number=claim.number)
    if claim.state == "cancelled":
        into = merged_into(session, claim)
        if into is not None:
            return Refusal("#{number} is in #{into} now.", number=claim.number, into=into)
        return Refusal("Claim #{number} was deleted.", number=claim.number)
    return Refusal("Claim #{number} has changed since. Please use its newest card.", number=claim.number)


def merged_into(session: Session, claim: Claim) -> int | None:
    """The number of the claim that a draft's lines went into; of the last one where that went into another again."""
    number: int | None = None
    while claim.state == "cancelled":
        told = select(AuditEvent).filter_by(subject=f"claim:{claim.id}", action="claim.merged")
        event = session.scalars(told.order_by(AuditEvent.sequence.desc()).limit(1)).first()
        into = session.scalars(select(Claim).filter_by(number=event.data.get("into"))).first() if event else None
        if into is None or into.id == claim.id:
            break
        claim, number = into, into.number
    return number
