"""``advance``: which advances are open; accountants mark what was paid out and what came back."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, update

from handlers import advances, approvals, claims, money, outbox, people
from handlers.advances import Advance
from handlers.cards import STATE_LABELS
from handlers.cards import advances as shown
from handlers.chat import Card, Note
from handlers.commands.base import Command, Gathered
from handlers.commands.paid import numbers
from handlers.dates import show_moment
from handlers.errors import NotAllowed, Refusal
from handlers.forms import sentence
from handlers.turn import Turn, view_of
from storage import audit
from storage.models import Claim

ROLE = "accountant"
PAID = ("paid", "支払済", "支払")
RETURNED = ("returned", "返納", "返納済")


def _advance(turn: Turn, words: list[str], _gathered: Gathered) -> None:
    act = words[0].lower() if words else ""
    if act in PAID:
        _each(turn, numbers("advance paid", words[1:]), pay, "Advances paid: {count}, {total}")
    elif act in RETURNED:
        _each(turn, numbers("advance returned", words[1:]), give_back, "Advances given back: {count}, {total}")
    elif words:
        raise Refusal("Please write: /keihi advance, /keihi advance paid 12, /keihi advance returned 12")
    else:
        turn.tell(listed(turn))


def listed(turn: Turn) -> Card:
    """Everybody's to accountants, else one's own."""
    books = ROLE in turn.member.roles
    found = advances.open_ones(turn.session, None if books else turn.member)
    return shown.open_list(turn.view, found, turn.today, books=books)


def _each(turn: Turn, wanted: list[int], act: Callable[[Turn, Claim], int], title: str) -> None:
    _books(turn)
    done, total, refused = 0, 0, []
    for number in wanted:
        claim = turn.session.scalars(select(Claim).filter_by(number=number).with_for_update()).first()
        try:
            if claim is None:
                raise Refusal("not found")
            total += act(turn, claim)
            done += 1
        except Refusal as refusal:
            said = sentence(turn.view.locale, refusal)
            refused.append(Note(turn.t("#{number}: {what}", number=number, what=said), "doubt"))
    turn.tell(
        Card(
            title=turn.t(title, count=done, total=money.show(total)),
            tone="doubt" if refused else "good",
            lead=turn.t("Not possible for these:") if refused else "",
            notes=tuple(refused),
            private=True,
        )
    )


def pay(turn: Turn, claim: Claim) -> int:
    """Mark the advance of an approved request as paid out; returns yen. :class:`Refusal` if nothing is to be paid."""
    _books(turn)
    advance = _of(turn, claim)
    if advance.paid_at is not None:
        when = show_moment(advance.paid_at, turn.organization.zone)
        raise Refusal("The advance of #{number} was paid already ({when}).", number=claim.number, when=when)
    if advance.off:
        raise Refusal("#{number} does not take place: no advance is paid.", number=claim.number)
    if advance.settled:
        text = "#{number} is settled already (#{settlement}): no advance is paid."
        raise Refusal(text, number=claim.number, settlement=advance.settlement)
    if not advance.approved:
        state = turn.t(STATE_LABELS[claim.state][0])
        raise Refusal("#{number} is not approved ({state}).", number=claim.number, state=state)
    _mark(turn, claim, "advance.paid", "advance_paid_at", advance.amount)
    return advance.amount


def give_back(turn: Turn, claim: Claim) -> int:
    """Mark that the rest came back; returns yen. Named by its request or by the claim that settles it."""
    _books(turn)
    request = turn.session.get(Claim, claim.request_id) if claim.request_id else claim
    advance = _of(turn, claim)
    if request is None or advance.paid_at is None:
        raise Refusal("The advance of #{number} was never paid.", number=advance.request)
    if advance.returned_at is not None:
        when = show_moment(advance.returned_at, turn.organization.zone)
        raise Refusal(
            "The rest of the advance of #{number} came back already ({when}).", number=advance.request, when=when
        )
    if not advance.settled:
        raise Refusal("The advance of #{number} is not settled yet.", number=advance.request)
    if advance.rest <= 0:
        raise Refusal("Nothing of the advance of #{number} is left.", number=advance.request)
    _mark(turn, request, "advance.returned", "advance_returned_at", advance.rest)
    return advance.rest


def _books(turn: Turn) -> None:
    if ROLE not in turn.member.roles:
        raise NotAllowed("Only people with the role “{role}” can use this command.", role=ROLE)


def _of(turn: Turn, claim: Claim) -> Advance:
    advance = advances.of(turn.session, claim)
    if advance is None:
        raise Refusal("No advance was asked for with #{number}.", number=claim.number)
    return advance


def _mark(turn: Turn, request: Claim, action: str, column: str, amount: int) -> None:
    """Once, whoever else marks it in the same moment; then everybody concerned sees it."""
    unmarked = update(Claim).where(Claim.id == request.id, getattr(Claim, column).is_(None))
    changed = turn.session.execute(
        unmarked.values({column: turn.services.clock()}).execution_options(synchronize_session=False)
    )
    turn.session.refresh(request)
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's CursorResult
        raise claims.stale(turn.session, request, turn.organization.zone)
    data = {"number": request.number, "amount": amount}
    audit.record(turn.session, actor=turn.member.id, action=action, subject=f"claim:{request.id}", data=data)
    settling = turn.session.scalars(select(Claim).filter_by(request_id=request.id)).all()
    for claim in (request, *settling):
        approvals.refresh(turn.session, turn.services, turn.organization, claim)
    _tell_traveller(turn, request)


def _tell_traveller(turn: Turn, request: Claim) -> None:
    identity, advance = people.where(turn.session, turn.services, request.member), _of(turn, request)
    if identity is not None:
        card = shown.news(view_of(turn.services, turn.organization, request.member), request, advance)
        outbox.tell(turn.session, turn.services, people.address_of(identity), card, member_id=request.member_id)


COMMANDS = (
    Command(
        "advance",
        ("概算払", "前渡金"),
        "advance [paid|returned NUMBER…]",
        "Advances that are open; accountants mark them as paid or given back.",
        _advance,
    ),
)
