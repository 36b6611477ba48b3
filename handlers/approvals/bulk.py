"""Several clean claims approved by one tap, after a list of them was looked at.

What was looked at travels in the button itself: numbers and versions. At the tap every claim of it is judged again, one
by one; what has changed since, is no more clean or is not this person's any more stays out and is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from handlers import claims as lives
from handlers.approvals import decisions, seats, waiting
from handlers.approvals.waiting import MOST, Entry
from handlers.cards.findings import sentence
from handlers.errors import Refusal
from handlers.turn import Turn
from storage.models import Claim

LONGEST = 110  # characters; with its signature a button of this length is under LINE's 300


@dataclass
class Outcome:
    """What a tap approved, and what stayed out with the reason why."""

    approved: list[Claim] = field(default_factory=list)
    left_out: list[tuple[int, Refusal]] = field(default_factory=list)


def batch(entries: Sequence[Entry]) -> list[Claim]:
    """The clean ones of a list, as many as one button holds."""
    chosen: list[Claim] = []
    for entry in entries:
        if entry.clean and len(chosen) < MOST and len(pack([*chosen, entry.claim])) <= LONGEST:
            chosen.append(entry.claim)
    return chosen


def pack(claims: Sequence[Claim]) -> str:
    """Numbers, each as the step from the one before, and versions: ``1204.2,1.2,5.3``."""
    parts, before = [], 0
    for claim in sorted(claims, key=lambda claim: claim.number):
        parts.append(f"{claim.number - before}.{claim.version}")
        before = claim.number
    return ",".join(parts)


def unpack(text: str) -> list[tuple[int, int]]:
    """(number, version) of every claim of :func:`pack`."""
    found, number = [], 0
    for part in text.split(","):
        step, _, version = part.partition(".")
        number += int(step)
        found.append((number, int(version)))
    return found


def approve(turn: Turn, listed: Sequence[tuple[int, int]]) -> Outcome:
    """Approve what is still as it was looked at. Each stands alone: one that cannot be approved holds up no other."""
    outcome = Outcome()
    for number, version in listed:
        claim = turn.session.scalars(select(Claim).filter_by(number=number).with_for_update()).first()
        if claim is None:  # a number that this organisation does not have
            continue
        try:
            seats.may_decide(turn, claim)
            if lives.current(claim, version) != claim.version:
                raise Refusal("It has changed since.")
            found = waiting.judge(turn.session, turn.services, turn.organization, claim, turn.today)
            if found:
                why = sentence(turn.view, found[0], claim)
                raise Refusal("It needs a look. {why}", why=why)
            if not waiting.is_clean(claim):
                raise Refusal("It needs a look.")
            with turn.session.begin_nested():
                decisions.decide(turn, claim, "approve", version=version, shown=None, quietly=True)
        except Refusal as refusal:
            outcome.left_out.append((number, refusal))
        else:
            outcome.approved.append(claim)
    return outcome
