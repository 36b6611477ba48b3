"""What a decider's card offers, and what is said of a decision: done, taken back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from handlers.cards.history import decision_note
from handlers.cards.labels import STATE_LABELS
from handlers.cards.names import called
from handlers.cards.parts import sentence, sums
from handlers.chat import Button, Card, Note
from handlers.claims import WAITING
from handlers.policies import findings, seen
from handlers.turn import View
from storage.models import Claim, Decision

if TYPE_CHECKING:  # only its shape: approvals themselves draw these cards
    from handlers.approvals.seats import Decider

UNDO_WITHIN = dt.timedelta(minutes=1)


def buttons(view: View, claim: Claim, decider: Decider | None) -> tuple[Button, ...]:
    """The three verdicts and a question for who may decide now; for who has just decided, the way back."""
    if decider is not None:
        shown = seen.word(findings(claim))
        return (
            Button(view.t("Approve"), view.token("approve", claim.id, claim.version, shown), "primary"),
            Button(view.t("Send back"), view.token("return", claim.id, claim.version), opens_form=True),
            Button(view.t("Reject"), view.token("reject", claim.id, claim.version), "danger", opens_form=True),
            Button(view.t("Ask"), view.token("ask", claim.id, claim.version), opens_form=True),
        )
    return undo_button(view, claim)


def undo_button(view: View, claim: Claim) -> tuple[Button, ...]:
    """“Undo”, for a minute, while the claim is as the reader's own decision left it."""
    last = claim.decisions[-1] if claim.decisions else None
    if last is None or last.undone_at is not None or last.member_id != view.member_id:
        return ()
    if last.claim_version != claim.version - 1 or view.services.clock() - last.at > UNDO_WITHIN:
        return ()
    return (Button(view.t("Undo"), view.token("undo", claim.id, claim.version)),)


def stand_in(view: View, decider: Decider | None) -> list[Note]:
    """For whom the reader would decide, and what becomes of their own turn."""
    if decider is None or decider.on_behalf is None:
        return []
    text = "With this your own turn in a later step is done, too: nobody decides twice."
    return [
        Note(view.t("You decide for {name}.", name=decider.on_behalf.name)),
        *([Note(view.t(text), "doubt")] if decider.once else []),
    ]


def asked_beside(view: View, claim: Claim) -> list[Note]:
    """Who else was asked since the claim waited too long."""
    open_seats = (seat for step in claim.steps if step.state == "open" for seat in step.seats if seat.state == "open")
    text = "It has waited too long: {above} may decide for {name}, too."
    return [
        Note(view.t(text, above=seat.stand_in.name, name=seat.member.name), "doubt")
        for seat in open_seats
        if seat.stand_in is not None
    ]


def done(view: View, claim: Claim) -> Card:
    """The answer to a tap where the card itself cannot change."""
    if claim.state in WAITING:
        title = view.t("Done: you agreed to #{number}. It goes on to the next.", number=claim.number)
    else:
        title = view.t("Done: #{number} {status}.", number=claim.number, status=view.t(STATE_LABELS[claim.state][0]))
    return Card(title=title, buttons=undo_button(view, claim))


def undone(view: View, claim: Claim, decision: Decision) -> Card:
    """The news to the applicant that a decision does not stand any more."""
    before = decision_note(view, decision, standing=True).text
    text = view.t("#{number} waits again. What was taken back: {what}", number=claim.number, what=before)
    return sentence(text) if not claim.expenses else Card(title=text, lead=f"{called(view, claim)} {sums([claim])}")
