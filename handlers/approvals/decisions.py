"""Deciding: approve, send back, reject, and take one's own word back while it is fresh.

One decision a version, by somebody who may, told to everybody it concerns.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from handlers import cards, claims, outbox, people
from handlers.approvals import seats, steps
from handlers.approvals.sending import refresh, send
from handlers.cards import advances, findings
from handlers.cards.approvals import UNDO_WITHIN
from handlers.chat import Card
from handlers.errors import NotAllowed, Refusal
from handlers.policies import Finding, gate
from handlers.turn import Turn, view_of
from storage import audit
from storage.models import Claim, Decision, Expense

log = structlog.get_logger()

MOST_TOLD = 5  # accountants who get a message when an advance is approved
VERDICTS = {"approve": "approved", "return": "returned", "reject": "rejected"}


def decide(
    turn: Turn,
    claim: Claim,
    verdict: str,
    *,
    version: int,
    reason: str = "",
    shown: str | None = "",
    quietly: bool = False,
) -> None:
    """One tap of somebody who may decide. Raises :class:`Refusal` and changes nothing for anybody else, and too late.

    ``shown``: the findings on the card that was tapped (``policies.seen``); None where the caller has just had the
    claim judged. With a finding that was not on it nothing is approved yet: the card comes again with it, and a tap on
    that one counts. ``quietly``: who decides is answered by somebody else (one answer to several decisions).

    A card of the same submission still counts after others of its step have agreed: what they decide on is the same.
    """
    decider = seats.may_decide(turn, claim)
    reason = reason.strip()
    if verdict != "approve" and not reason:
        raise Refusal("Please write the reason in a few words.")
    now, zone = turn.services.clock(), turn.organization.zone
    act = steps.act_of_approval(turn.session, claim, decider) if verdict == "approve" else verdict
    decided_version = claims.current(claim, version)
    if verdict == "approve" and shown is not None:
        found = gate.at_approval(turn, claim, shown)
        if found:
            _show_again(turn, claim, decider, found)
            return
    ended = {"decided_at": now} if act in VERDICTS else {}
    claims.step(turn.session, claim, act, version=decided_version, zone=zone, **ended)
    decision = Decision(
        claim_id=claim.id,
        claim_version=decided_version,
        member_id=turn.member.id,
        for_member_id=decider.on_behalf.id if decider.on_behalf else None,
        step_id=decider.seat.step_id,
        verdict=VERDICTS[verdict],
        reason=reason[:500],
        at=now,
    )
    turn.session.add(decision)
    if verdict == "approve":
        steps.approve(turn.session, claim, decider.seat, act, now=now)
    else:
        steps.close(turn.session, claim, now=now)
    turn.session.flush()
    turn.session.refresh(claim)
    audit.record(
        turn.session,
        actor=turn.member.id,
        action=f"claim.{VERDICTS[verdict]}" if act in VERDICTS else "claim.agreed",
        subject=f"claim:{claim.id}",
        data={
            "number": claim.number,
            "version": decided_version,
            "step": decider.seat.step.position,
            **({"for": decider.on_behalf.id} if decider.on_behalf else {}),
            **(_unexplained(claim) if verdict == "approve" else {}),
            **claims.facts(claim),
        },
    )
    refresh(turn.session, turn.services, turn.organization, claim)
    if act in VERDICTS:
        _tell_applicant(
            turn, claim, cards.decided(view_of(turn.services, turn.organization, claim.member), claim, decision)
        )
    elif act == "pass":
        send(turn.session, turn.services, turn.organization, claim)
    if act == "approve" and claim.kind == "request" and claim.advance:
        _tell_accountants(turn, claim)
    if not turn.capabilities.can_edit and not quietly:
        turn.tell(cards.done(turn.view, claim))


def _show_again(turn: Turn, claim: Claim, decider: seats.Decider, found: Sequence[Finding]) -> None:
    """What was found since the card was drawn comes before the approver: on the card itself, and as an answer."""
    refresh(turn.session, turn.services, turn.organization, claim)
    if turn.capabilities.can_edit:
        turn.tell(findings.found_since(turn.view, claim, found))
        return
    card = findings.with_found_since(turn.view, cards.claim_for_approver(turn.view, claim, decider), claim, found)
    turn.show(f"claim:{claim.id}:{claim.version}:{turn.identity.id}", card, subject=f"claim:{claim.id}")


def _unexplained(claim: Claim) -> dict[str, list[str]]:
    """For the audit chain: findings that want a reason which nobody gave, and which were approved knowingly."""
    keys = [finding.key for finding in findings.unanswered(claim)]
    return {"unexplained": keys} if keys else {}


def undo(turn: Turn, claim: Claim, *, version: int) -> None:
    """Take one's own decision back within :data:`UNDO_WITHIN`, as long as nothing followed from it.

    Raises :class:`Refusal` afterwards. The decision stays in the history, with the time it was taken back.
    """
    mine = select(Decision).filter_by(claim_id=claim.id, claim_version=version - 1, member_id=turn.member.id)
    decision = turn.session.scalars(mine).first()
    if decision is None:
        raise NotAllowed("Only who decided can take it back.")
    now = turn.services.clock()
    if decision.undone_at is not None:
        raise Refusal("This decision was taken back already.")
    if claim.version != version or _claimed_again(turn, claim):
        raise Refusal("Something has followed from this decision already. It cannot be taken back any more.")
    if now - decision.at > UNDO_WITHIN:
        raise Refusal("A decision can be taken back for a minute. That time is over.")
    act = steps.act_of_undoing(turn.session, claim, decision)
    final = claim.state not in claims.WAITING
    claims.step(turn.session, claim, act, version=version, zone=turn.organization.zone, decided_at=None)
    decision.undone_at = now
    steps.reopen(turn.session, claim, decision)
    turn.session.refresh(claim)
    data = {"number": claim.number, "version": version, "decision": decision.id, "verdict": decision.verdict}
    audit.record(turn.session, actor=turn.member.id, action="claim.undone", subject=f"claim:{claim.id}", data=data)
    refresh(turn.session, turn.services, turn.organization, claim)
    if final:
        view = view_of(turn.services, turn.organization, claim.member)
        _tell_applicant(turn, claim, cards.undone(view, claim, decision))
    if not turn.capabilities.can_edit:
        decider = seats.decider(turn.session, claim, turn.member, turn.today)
        card = cards.claim_for_approver(turn.view, claim, decider)
        turn.show(f"claim:{claim.id}:{claim.version}:{turn.identity.id}", card, subject=f"claim:{claim.id}")


def withdrawn(turn: Turn, claim: Claim) -> None:
    """After the applicant took the claim back: nobody is asked any more."""
    steps.close(turn.session, claim, now=turn.services.clock())


def _claimed_again(turn: Turn, claim: Claim) -> bool:
    """Whether a receipt of the rejected claim stands in another by now, or the approved request has been acted on."""
    request = turn.session.get(Claim, claim.request_id) if claim.request_id else None
    if claim.advance_paid_at is not None or (request is not None and request.advance_returned_at is not None):
        return True
    if turn.session.scalars(select(Expense.id).filter_by(rejected_claim_id=claim.id)).first() is not None:
        return True
    settling = select(Claim.id).where(Claim.request_id == claim.id, Claim.state.not_in(claims.ENDED))
    return turn.session.scalars(settling).first() is not None


def _tell_accountants(turn: Turn, claim: Claim) -> None:
    """An advance is to be paid out: to those who were here last; ``/keihi advance`` shows it to all of them."""
    books = people.with_role(turn.session, "accountant")
    accounts = [found for member in books if (found := people.where(turn.session, turn.services, member))]
    for identity in sorted(accounts, key=lambda account: account.seen_at, reverse=True)[:MOST_TOLD]:
        card = advances.approved(view_of(turn.services, turn.organization, identity.member), claim)
        outbox.tell(turn.session, turn.services, people.address_of(identity), card, member_id=identity.member_id)


def _tell_applicant(turn: Turn, claim: Claim, card: Card) -> None:
    identity = people.where(turn.session, turn.services, claim.member)
    if identity is None:
        log.info("the applicant has no account to be told on", claim=claim.id)
        return
    outbox.tell(turn.session, turn.services, people.address_of(identity), card, member_id=claim.member_id)
