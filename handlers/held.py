"""Messages that wait because the month's are used up, or kept for claims: the next answer carries them along.

Where messages are counted an answer is free. So what is held goes with the first answer that its reader gets, whatever
they did: a line for each message on that card, and the way to open its claim. What nobody fetched in this way is tried
by itself until the next month has begun.

Carrying is part of the answer's own row: it names what it carries until it has arrived, and what could not be sent
after all is held again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import actions, people
from handlers.chat import CARD, Card, Choice, Note
from handlers.errors import Refusal
from handlers.services import Services
from handlers.texts import t
from storage.models import Claim, Delivery, Member, Organization

HELD = "held"
MARK = "held: "  # before the error of a row that was held at some time
MOST = 5  # messages that one answer carries
CARRIES, BEFORE = "carries", "before"


def until(row: Delivery) -> datetime:
    """When a held message is given up: a day after the month that follows has begun, for whoever counts it."""
    first = row.created_at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1) + timedelta(days=1)


def take_along(session: Session, services: Services, row: Delivery) -> None:
    """Let an answer that is about to be sent carry what its reader waits for; nothing where sending is not free."""
    if not _is_free(services, row):
        return
    query = select(Delivery).where(Delivery.state == HELD, Delivery.member_id == row.member_id)
    waiting = session.scalars(query.order_by(Delivery.order).with_for_update()).all()
    taken = [other for other in waiting if _same_place(other.address, row.address)][:MOST]
    if not taken:
        return
    card = CARD.validate_python(row.card)
    for other in taken:
        card = _with(session, services, card, other)
        other.state, other.sent_at = "sent", services.clock()
    row.reply = {**(row.reply or {}), CARRIES: [other.id for other in taken], BEFORE: row.card}
    row.card = CARD.dump_python(card, mode="json")


def give_back(session: Session, row: Delivery) -> None:
    """The answer will not arrive: what it carried is held again."""
    carried = (row.reply or {}).get(CARRIES)
    if not carried or row.reply is None:
        return
    for other in session.scalars(select(Delivery).where(Delivery.id.in_(carried), Delivery.state == "sent")):
        other.state, other.sent_at = HELD, None
    row.card = row.reply[BEFORE]
    row.reply = {name: value for name, value in row.reply.items() if name not in (CARRIES, BEFORE)}


def _is_free(services: Services, row: Delivery) -> bool:
    platform = services.platforms.get(row.address["platform"])
    if platform is None or not platform.capabilities.counts_pushes or row.address.get("group"):
        return False
    if row.operation != "send" or row.member_id is None or row.reply is None or CARRIES in row.reply:
        return False
    return datetime.fromisoformat(row.reply["expires_at"]) > services.clock()


def _same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("platform", "tenant", "user", "channel"))


def _with(session: Session, services: Services, card: Card, held: Delivery) -> Card:
    """The answer with a line for one message, and the way to open its claim."""
    member = session.get(Member, held.member_id)
    locale = people.locale_of(member, session.get_one(Organization, held.organization_id))
    told = CARD.validate_python(held.card)
    what = "\n".join(text for text in (told.summary or told.title, told.lead) if text)
    note = Note(t(locale, "This waited for you: {what}", what=what), "doubt")
    claim = next(_claims(session, services, held, told), None)
    if claim is None:
        return replace(card, notes=(*card.notes, note))
    token = actions.token(services.keys, "open", claim.id)
    choices = [choice for choice in card.choices if choice.token != token]
    choices.append(Choice(t(locale, "Open #{number}", number=claim.number), token=token))
    return replace(card, notes=(*card.notes, note), choices=tuple(choices))


def _claims(session: Session, services: Services, held: Delivery, told: Card) -> Iterator[Claim]:
    """The claim that a message is about: its own card, or one that it offers to open."""
    kind, _, subject = held.subject.partition(":")
    found = [session.get(Claim, subject)] if kind == "claim" else []
    for button in told.buttons:
        try:
            action = actions.read(services.keys, button.token) if button.token else None
        except Refusal:  # signed with a key of the past
            continue
        if action is not None and action.name in ("open", "edit"):
            found.append(session.get(Claim, action.subject))
    yield from (claim for claim in found if claim is not None)
