"""Words between people about a claim, without a decision: questions, answers, comments.

They stand in the claim's history for everybody who may see it; nothing else of the claim changes, not even its version.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers import claims, outbox, people
from handlers.approvals import seats
from handlers.approvals.sending import refresh
from handlers.cards.history import said
from handlers.errors import Refusal
from handlers.turn import Turn, view_of
from storage import audit
from storage.models import Claim, Comment, Member

LONGEST = 500


def ask(turn: Turn, claim: Claim, text: str) -> None:
    """A question of somebody who may decide, to the applicant. :class:`Refusal` for anybody else."""
    seats.may_decide(turn, claim)
    comment = _say(turn, claim, "question", text)
    _tell(turn, claim, comment, [claim.member])


def answer(turn: Turn, claim: Claim, text: str) -> None:
    """The applicant's answer, to everybody whose question is open. :class:`Refusal` when none is."""
    claims.own(claim, turn.member)
    asked = claims.open_questions(claim)
    if not asked:
        raise Refusal("No question about claim #{number} is open.", number=claim.number)
    comment = _say(turn, claim, "answer", text)
    _tell(turn, claim, comment, [question.member for question in asked])


def remark(turn: Turn, claim: Claim, text: str) -> None:
    """A comment of anybody whom the claim concerns, to the applicant and those who decide it now."""
    comment = _say(turn, claim, "comment", text)
    deciding = [each.member for each in seats.deciders(turn.session, claim, turn.today)]
    _tell(turn, claim, comment, [claim.member, *deciding])


def _say(turn: Turn, claim: Claim, kind: str, text: str) -> Comment:
    words = text.strip()
    if not words:
        raise Refusal("Please write a few words.")
    comment = Comment(
        claim_id=claim.id, member_id=turn.member.id, kind=kind, text=words[:LONGEST], at=turn.services.clock()
    )
    turn.session.add(comment)
    turn.session.flush()
    turn.session.refresh(claim)
    audit.record(
        turn.session,
        actor=turn.member.id,
        action=f"claim.{kind}",
        subject=f"claim:{claim.id}",
        data={"number": claim.number, "comment": comment.id},
    )
    refresh(turn.session, turn.services, turn.organization, claim)
    return comment


def _tell(turn: Turn, claim: Claim, comment: Comment, readers: Iterable[Member]) -> None:
    reached: list[str] = []
    for reader in dict.fromkeys(readers):
        identity = people.where(turn.session, turn.services, reader)
        if reader is turn.member or identity is None:
            continue
        view = view_of(turn.services, turn.organization, reader)
        card = said(view, claim, comment)
        outbox.tell(turn.session, turn.services, people.address_of(identity), card, member_id=reader.id)
        reached.append(reader.name)
    if reached:
        turn.tell(turn.t("Sent to {names}.", names=", ".join(reached)), tone="good")
    else:
        turn.tell(turn.t("Kept with claim #{number}. Nobody could be told.", number=claim.number), tone="doubt")
