"""Every act of a person finds its use case here: messages, taps, forms, commands."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import (
    cards,
    commands,
    dialogues,
    forms,
    people,
    receipts,
    strangers,
    taps,
)
from handlers.approvals import reminders
from handlers.chat import (
    INCOMING,
    Arrived,
    Commanded,
    FormSent,
    Incoming,
    Left,
    Linked,
    Said,
    Tapped,
    Unsent,
)
from handlers.commands import together
from handlers.errors import NotAllowed, PlatformBusy, PlatformRefused, Refusal
from handlers.notes import chat as note_chat
from handlers.services import Services
from handlers.turn import Turn
from storage.jobs import Later
from storage.models import InboxEvent, Organization

log = structlog.get_logger()

MOST_BEFORE = 50
FULLER_WITHIN = timedelta(seconds=3)


def answer(services: Services, organization_id: str, inbox_id: str) -> None:
    """Job: answer one remembered event, after those that the same person sent before it."""
    with services.db.snapshot(organization_id) as session:
        event = session.get_one(InboxEvent, inbox_id)
        earlier = session.scalars(
            select(InboxEvent.id)
            .where(InboxEvent.sender == event.sender, InboxEvent.order < event.order, InboxEvent.done_at.is_(None))
            .order_by(InboxEvent.order)
            .limit(MOST_BEFORE)
        ).all()
    for before in earlier:
        try:
            _answer_one(services, organization_id, before)
        except Exception as error:  # it has a job of its own, which tries again and tells; this one goes on
            log.info("an earlier act cannot be answered now", event=before, error=type(error).__name__)
    _answer_one(services, organization_id, inbox_id)


def _answer_one(services: Services, organization_id: str, inbox_id: str) -> None:
    """Answer an event once. The mark "done" is in the same transaction as the answer."""
    with services.db.snapshot(organization_id) as session:
        event = session.get_one(InboxEvent, inbox_id)
    if event.done_at is not None:
        return
    incoming = INCOMING.validate_python(event.incoming)
    if incoming.unless and _told_more_fully(services, organization_id, event, incoming):
        strangers.mark_done(services, organization_id, inbox_id)
        return
    platform = services.platforms[incoming.sender.platform]
    if not strangers.admit(services, organization_id, inbox_id, incoming):
        return
    gathered = commands.gather(services, incoming)
    form = None
    try:
        with services.db.transaction(organization_id) as session:
            event = session.get_one(InboxEvent, inbox_id, with_for_update=True)
            if event.done_at is not None:  # another job answered it in the meantime
                return
            turn = open_turn(services, session, organization_id, incoming, event)
            _act(turn, gathered)
            form = turn.form
            if form is None:
                event.done_at = services.clock()
    except Refusal as refusal:
        _refuse(services, organization_id, inbox_id, incoming, refusal)
        return
    if form is not None and isinstance(incoming.act, Tapped):
        try:
            platform.open_form(incoming.sender, incoming.act.form, form)
        except PlatformBusy as busy:
            raise Later(busy.retry_after or 0.5, str(busy)) from busy
        except PlatformRefused as refused:
            log.warning("form could not be opened", code=refused.code)
            again = Refusal("The form could not be opened. Please tap the button once more.")
            _refuse(services, organization_id, inbox_id, incoming, again)
            return
        strangers.mark_done(services, organization_id, inbox_id)
    elif isinstance(incoming.act, Said) and incoming.act.files and not platform.capabilities.can_edit:
        platform.working(incoming.sender)


def _told_more_fully(services: Services, organization_id: str, event: InboxEvent, incoming: Incoming) -> bool:
    """Whether the platform told this act in another event, too; :class:`Later` while that may still come."""
    with services.db.snapshot(organization_id) as session:
        fuller = select(InboxEvent.id).filter_by(platform=event.platform, event_id=incoming.unless)
        if session.scalars(fuller).first() is not None:
            return True
    left = event.received_at + FULLER_WITHIN - services.clock()
    if left > timedelta():
        raise Later(left.total_seconds(), "the same may be told more fully")
    return False


def give_up(services: Services, organization_id: str, inbox_id: str) -> None:
    """The answer failed in every try: say so, keep the event."""
    with services.db.snapshot(organization_id) as session:
        event = session.get_one(InboxEvent, inbox_id)
    incoming = INCOMING.validate_python(event.incoming)
    sorry = Refusal(
        "Something went wrong on our side (reference {reference}). Please try again.", reference=inbox_id[:8]
    )
    _refuse(services, organization_id, inbox_id, incoming, sorry)


def open_turn(
    services: Services, session: Session, organization_id: str, incoming: Incoming, event: InboxEvent
) -> Turn:
    """The turn of a linked, active member; :class:`NotAllowed` for anybody else."""
    identity = people.identity_of(session, incoming.sender)
    if identity is None or not identity.member.active:
        raise NotAllowed("You are not registered yet.")
    identity.seen_at, identity.reachable = max(identity.seen_at, incoming.at), True
    organization = session.get_one(Organization, organization_id)
    turn = Turn(services, session, organization, incoming, event, identity, identity.member)
    turn.postscript = reminders.carried(turn)
    return turn


def _refuse(services: Services, organization_id: str, inbox_id: str, incoming: Incoming, refusal: Refusal) -> None:
    with services.db.transaction(organization_id) as session:
        event = session.get_one(InboxEvent, inbox_id)
        if event.done_at is not None:
            return
        event.done_at = services.clock()
        try:
            turn = open_turn(services, session, organization_id, incoming, event)
        except NotAllowed:
            return
        turn.tell(cards.sentence(forms.sentence(turn.view.locale, refusal), "doubt", private=True))


def _act(turn: Turn, gathered: commands.Gathered) -> None:
    act = turn.incoming.act
    if isinstance(act, Said):
        _said(turn, act, gathered)
    elif isinstance(act, Tapped):
        taps.tapped(turn, act)
    elif isinstance(act, FormSent):
        taps.form_sent(turn, act)
    elif isinstance(act, Commanded):
        commands.run(turn, act.text, gathered)
    elif isinstance(act, Arrived):
        turn.tell(commands.help_for(turn))
    elif isinstance(act, Left):
        turn.identity.reachable = False
    elif isinstance(act, Unsent):
        receipts.unsent(turn, act.message)
    elif isinstance(act, Linked):
        turn.tell(turn.t("You are registered as {name}.", name=turn.member.name), tone="good")


# --- messages ---------------------------------------------------------------------------------------------------------


def _said(turn: Turn, said: Said, gathered: commands.Gathered) -> None:
    text = said.text.strip()
    if said.files:
        dialogues.end(turn)
        receipts.arrive(turn, said)
        return
    asked = together.heard(text, turn.today) if text else None
    if asked is not None:  # said while a question is open it is no answer to that
        dialogues.end(turn)
        commands.run(turn, asked, gathered)
        return
    reply = dialogues.answered(turn, text) if text else None
    if reply is not None and not note_chat.is_another(turn, reply, text):
        taps.answer_in_dialogue(turn, reply)
    elif text and commands.is_command(text):
        commands.run(turn, text, gathered)
    elif not text or not _noted(turn, text):
        turn.event.spare = bool(text)
        turn.tell(commands.help_for(turn))


def _noted(turn: Turn, text: str) -> bool:
    """A note becomes a draft; one without an amount may rather be the purpose of the photo before it."""
    return (
        note_chat.received(turn, text, with_amount=True)
        or receipts.add_note(turn, text)
        or note_chat.received(turn, text)
    )
