"""What the applicant's buttons do."""

from __future__ import annotations

from handlers import albums, attendees, cards, claims, dialogues, payers, receipts
from handlers.actions import Action
from handlers.cards import findings
from handlers.chat import Tapped
from handlers.errors import NotAllowed, Refusal
from handlers.forms.edit import edit_form
from handlers.forms.purpose import purpose_form
from handlers.forms.trip_changes import edit_form as request_form
from handlers.screen import claim_of, hand_in, put, take_back
from handlers.trips import requests, settlement
from handlers.turn import Turn
from storage.models import Album, Claim


def _submit(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    hand_in(turn, claim, action.version)


def _submit_album(turn: Turn, action: Action, _tap: Tapped) -> None:
    album = turn.session.get(Album, action.subject)
    if album is None or album.member_id != turn.member.id:
        raise NotAllowed("This list is not yours.")
    clean = [
        claim
        for claim in albums.claims_of(turn.session, album)
        if claim.state == "draft" and not claims.missing(claim) and not any(e.doubts for e in claim.expenses)
        if not findings.blocked(claim) and not claim.trip_id  # a settlement that a photo went into goes by itself
    ]
    if not clean:
        raise Refusal("There is nothing left in this list to submit together.")
    claim = (
        claims.merge(turn.session, clean, by=turn.member, zone=turn.organization.zone) if len(clean) > 1 else clean[0]
    )
    hand_in(turn, claim, claim.version)


def _edit(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    if claim.kind == "request":
        dialogues.ask(turn, request_form(turn.view, claim, action.extra))
    else:
        dialogues.ask(turn, edit_form(turn.view, claim, claims.line(claim, action.extra)))


def _cancel(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    if settlement.trip_of(turn.session, claim) is not None:
        _dissolve(turn, claim, action.version)
        return
    claims.cancel(turn.session, claim, by=turn.member, version=action.version, zone=turn.organization.zone)
    requests.given_up(claim, turn.services.clock())
    put(turn, claim, quietly=True)
    if not turn.capabilities.can_edit:
        turn.tell(turn.t("Claim #{number} was deleted.", number=claim.number))


def _dissolve(turn: Turn, claim: Claim, version: int) -> None:
    """A settlement is deleted: the receipts in it stay, as drafts of their own."""
    now = turn.services.clock()
    freed = settlement.dissolve(turn.session, turn.organization, claim, by=turn.member, version=version, now=now)
    put(turn, claim, quietly=True)
    request = turn.session.get(Claim, claim.request_id) if claim.request_id else None
    if request is not None:
        put(turn, request, quietly=True)
    if freed:
        numbers = ", ".join(f"#{draft.number}" for draft in freed)
        text = "Settlement #{number} was deleted. Its receipts are drafts again: {drafts}"
        turn.tell(turn.t(text, number=claim.number, drafts=numbers))
    elif not turn.capabilities.can_edit:
        turn.tell(turn.t("Claim #{number} was deleted.", number=claim.number))


def _withdraw(turn: Turn, action: Action, _tap: Tapped) -> None:
    take_back(turn, claim_of(turn, action), action.version)


def _take_out(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    now = turn.services.clock()
    draft = claims.take_out(
        turn.session, turn.organization, claim, action.extra, by=turn.member, version=action.version, now=now
    )
    settlement.let_go(draft.expenses[0])
    put(turn, claim)
    put(turn, draft)


def _purpose(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    parsed = {**attendees.of_caption(turn.session, turn.member, action.extra), **payers.of_note(action.extra)}
    zone = turn.organization.zone
    claims.correct(turn.session, claim, by=turn.member, version=action.version, parsed=parsed, zone=zone)
    put(turn, claim)


def _purpose_all(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = claim_of(turn, action)
    claims.own(claim, turn.member)
    if claim.version != action.version or claim.state not in claims.EDITABLE:
        raise claims.stale(turn.session, claim, turn.organization.zone)
    dialogues.ask(turn, purpose_form(turn.view, claim))


def _manual(turn: Turn, action: Action, _tap: Tapped) -> None:
    claim = receipts.by_hand(turn, action.subject)
    turn.show(f"receipt:{action.subject}", cards.claim_for_applicant(turn.view, claim), subject=f"claim:{claim.id}")


TAPS = {
    "submit": _submit,
    "submit_album": _submit_album,
    "edit": _edit,
    "cancel": _cancel,
    "withdraw": _withdraw,
    "take_out": _take_out,
    "purpose": _purpose,
    "purpose_all": _purpose_all,
    "manual": _manual,
}
