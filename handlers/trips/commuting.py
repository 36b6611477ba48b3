"""Commuter passes and drafts that are no trip: what a pass pays already is not claimed again.

Within a settlement the travel rules take it off themselves (``handlers.travel.parts.transport``); what they need is the
same here: the journey, its fare, the passes of the day. Typed journeys and rows of an IC card are treated alike.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers.notes.drafts import KIND
from handlers.travel import Context, Facts, Item, Leg, compute, context_of, load
from handlers.travel.pack import Commuter, Pack, Transport
from handlers.trips import evidence
from handlers.trips.estimate import NO_RULES
from storage.models import Claim, Expense, Member

KINDS = (KIND, "statement")
MODES = ("train", "bus", "shinkansen")
# Passes are imported by an administrator: where no travel rules are in use, this much is certain.
_PASSES = NO_RULES.model_copy(
    update={
        "transport": Transport(paragraph="", confidence="confirmed"),
        "commuter": Commuter(paragraph="", confidence="confirmed"),
    }
)


def judge(session: Session, claim: Claim) -> None:
    """Take off every typed journey and statement row of the claim what a pass of its owner pays."""
    context: Context | None = None
    for line in claim.expenses:
        if line.kind not in KINDS or not _rides(line):
            continue
        context = context or context_of(session, claim.member)
        take_off(line, left(session, line, claim.member, context))


def left(session: Session, line: Expense, member: Member, context: Context | None = None) -> Item | None:
    """What a pass leaves to be paid of a journey on a line; None where no pass touches it."""
    paid = evidence.paid(line)
    if paid is None or line.date is None or not _rides(line):
        return None
    pack = load.pack_for(session, line.date)
    if pack is not None and pack.commuter is None:
        return None  # these rules do not know passes
    journey = line.journey
    leg = Leg(
        day=line.date,
        origin=journey.get("from") or "",
        destination=journey.get("to") or "",
        mode=journey.get("mode") or "train",
        amount=paid,
        round_trip=bool(journey.get("round_trip")),
        covers="both",  # a line's amount is all that was paid
        via=tuple(journey.get("via") or ()),
    )
    facts = Facts(line.date, line.date, legs=(leg,))
    [item] = compute(facts, _rules(pack), context or context_of(session, member))
    return item if item.inputs.get("section") else None


def take_off(line: Expense, item: Item | None) -> None:
    """Let the line claim what the item leaves; None: all of it again."""
    if item is None and not line.basis.get("item"):
        return
    paid = evidence.paid(line) or 0
    evidence.cap(line, max(0, paid - item.amount) if item is not None else 0, item.as_json() if item else None)


def covering(claim: Claim) -> str:
    """The pass (``渋谷〜新宿``) that pays for all there is in the claim, so that nothing is left; empty otherwise."""
    sections = [_section(line) for line in claim.expenses]
    nothing = all(line.amount is not None and (evidence.capped(line) >= line.amount > 0) for line in claim.expenses)
    return sections[0] if sections and all(sections) and nothing else ""


def _section(line: Expense) -> str:
    item = (line.basis or {}).get("item") or {}
    return str((item.get("inputs") or {}).get("section") or "")


def _rides(line: Expense) -> bool:
    journey = line.journey or {}
    places = journey.get("from") and journey.get("to")
    return bool(places) and journey.get("mode") in MODES and line.currency == "JPY"


def _rules(pack: Pack | None) -> Pack:
    """Of the rules only what they say of fares and passes: an errand in town wants no reason and no allowance."""
    if pack is None:
        return _PASSES
    transport = pack.transport.model_copy(update={"needs_reason": ()}) if pack.transport else _PASSES.transport
    return _PASSES.model_copy(update={"transport": transport, "commuter": pack.commuter})
