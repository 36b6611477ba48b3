"""What leaves the house: every message is a row before it is sent, and is sent once.

A row belongs to a *slot*, a place on one person's screen ("the card of claim 12 in her Slack"). A newer card of a slot
takes the place of the older: where the platform can edit, in place; elsewhere as a new message, and only when the
person is meant to look (:func:`show`, as against :func:`refresh`).
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from handlers import held
from handlers.chat import ADDRESS, CARD, Address, Card, Reply
from handlers.errors import PlatformBusy, PlatformRefused
from handlers.held import HELD
from handlers.services import Services
from storage import audit
from storage.jobs import Later
from storage.models import Delivery, Identity, new_id

log = structlog.get_logger()

JOB = "outbox.deliver"
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_WAIT = 600.0


def show(
    session: Session,
    services: Services,
    to: Address,
    slot: str,
    card: Card,
    *,
    subject: str = "",
    member_id: str | None = None,
    reply: Reply | None = None,
) -> Delivery:
    """Let the person see ``card`` now, in its slot. Rows of the slot that nobody has seen yet are dropped."""
    _replace(session, slot)
    return _enqueue(session, services, to, slot, card, "send", subject=subject, member_id=member_id, reply=reply)


def keep(
    session: Session, services: Services, to: Address, slot: str, card: Card, *, subject: str = "", member_id: str
) -> Delivery:
    """The same without a message of its own: the next answer that the person gets carries it (``handlers.held``)."""
    _replace(session, slot)
    return _enqueue(session, services, to, slot, card, "send", subject=subject, member_id=member_id, state=HELD)


def tell(
    session: Session,
    services: Services,
    to: Address,
    card: Card,
    *,
    reply: Reply | None = None,
    member_id: str | None = None,
) -> Delivery:
    """A message of its own, that nothing replaces."""
    return _enqueue(session, services, to, f"once:{new_id()}", card, "send", member_id=member_id, reply=reply)


def copies(session: Session, subject: str) -> list[Delivery]:
    """The newest row of every slot in which ``subject`` is on a screen."""
    newest: dict[str, Delivery] = {}
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.subject == subject, Delivery.state.in_(("pending", "sending", HELD, "sent")))
        .order_by(Delivery.order)
    )
    for row in rows:
        newest[row.slot] = row
    return list(newest.values())


def refresh(session: Session, services: Services, copy: Delivery, card: Card) -> None:
    """Bring one copy up to date without calling for attention; where a sent card cannot be edited, leave it."""
    if copy.state in ("pending", HELD):
        held.give_back(session, copy)
        copy.card = CARD.dump_python(card, mode="json")
        return
    platform = services.platforms.get(copy.address["platform"])
    if platform is not None and platform.capabilities.can_edit:
        to = ADDRESS.validate_python(copy.address)
        _enqueue(session, services, to, copy.slot, card, "update", subject=copy.subject, member_id=copy.member_id)


def _replace(session: Session, slot: str) -> None:
    for older in _of_slot(session, slot):
        if older.state in ("pending", HELD):
            held.give_back(session, older)
            older.state = "replaced"


def _enqueue(
    session: Session,
    services: Services,
    to: Address,
    slot: str,
    card: Card,
    operation: str,
    *,
    subject: str = "",
    member_id: str | None = None,
    reply: Reply | None = None,
    state: str = "pending",
) -> Delivery:
    row = Delivery(
        id=new_id(),
        state=state,
        slot=slot,
        subject=subject,
        member_id=member_id,
        address=ADDRESS.dump_python(to, mode="json"),
        reply={"handle": reply.handle, "expires_at": reply.expires_at.isoformat()} if reply else None,
        operation=operation,
        card=CARD.dump_python(card, mode="json"),
        next_at=services.clock(),
        created_at=services.clock(),
        order=time.time_ns(),
    )
    session.add(row)
    session.flush()
    if state != HELD:  # that one waits for an answer which carries it
        services.jobs.enqueue(session, JOB, f"deliver:{row.id}", delivery_id=row.id)
    return row


def _of_slot(session: Session, slot: str) -> list[Delivery]:
    return list(session.scalars(select(Delivery).where(Delivery.slot == slot).order_by(Delivery.order)))


# --- delivering -------------------------------------------------------------------------------------------------------


def deliver(services: Services, organization_id: str, delivery_id: str) -> None:
    """Job: send or edit one message. Its key (the row's id) is stored; the try is marked before it is made."""
    plan = _begin(services, organization_id, delivery_id)
    if plan is None:
        return
    row, reference, interrupted = plan
    platform = services.platforms.get(row.address["platform"])
    to, card = ADDRESS.validate_python(row.address), CARD.validate_python(row.card)
    try:
        if platform is None:
            raise PlatformRefused("platform_not_configured")
        if reference and platform.capabilities.can_edit and not card.private:
            platform.update(to, reference, card)
        elif row.operation == "update":
            reference = ""  # the copy was never sent, or cannot be edited: there is nothing to bring up to date
        else:
            reply = Reply(row.reply["handle"], datetime.fromisoformat(row.reply["expires_at"])) if row.reply else None
            reference = platform.send(to, card, key=row.id, reply=reply, interrupted=interrupted)
    except PlatformBusy as busy:
        _postpone(services, organization_id, row, busy, surely_unsent=busy.unsent and not interrupted)
    except PlatformRefused as refused:
        _bury(services, organization_id, row, refused.code)
    else:
        with services.db.transaction(organization_id) as session:
            done = session.get_one(Delivery, delivery_id)
            done.state, done.reference, done.sent_at, done.error = "sent", reference, services.clock(), ""


def _begin(services: Services, organization_id: str, delivery_id: str) -> tuple[Delivery, str, bool] | None:
    """Mark the try. Returns the row, the reference to edit (if the slot has one) and whether a try broke off before."""
    with services.db.transaction(organization_id) as session:
        row = session.get(Delivery, delivery_id, with_for_update=True)
        if row is None or row.state not in ("pending", "sending", HELD):
            return None
        if row.state == HELD and row.next_at > services.clock():
            raise Later((row.next_at - services.clock()).total_seconds(), row.error)
        older = [r for r in _of_slot(session, row.slot) if r.order < row.order]
        if any(r.state in ("pending", "sending") for r in older):
            raise Later(0.3, "an older card of this place is on its way")
        sent = [r for r in older if r.state == "sent" and r.reference]
        interrupted = row.state == "sending"
        if row.state == "pending":
            held.take_along(session, services, row)
        row.state, row.attempts = "sending", row.attempts + 1
        session.flush()
        session.expunge(row)
        return row, sent[-1].reference if sent else "", interrupted


def _postpone(
    services: Services, organization_id: str, row: Delivery, busy: PlatformBusy, *, surely_unsent: bool
) -> None:
    """Wait and try again. What was surely not sent is pending again: a newer card of its place may overtake it.

    What is held since the month's messages are used up waits until the next month has begun, or for the next answer.
    """
    wait = busy.retry_after if busy.retry_after is not None else min(LONGEST_WAIT, 0.5 * 2 ** min(row.attempts, 12))
    now, mark = services.clock(), held.MARK if busy.held or row.error.startswith(held.MARK) else ""
    if now - row.created_at > GIVE_UP_AFTER and (not mark or now > held.until(row)):
        _bury(services, organization_id, row, f"no success within {'the month' if mark else 'a day'}: {busy}")
        return
    with services.db.transaction(organization_id) as session:
        waiting = session.get_one(Delivery, row.id)
        waiting.error, waiting.next_at = f"{mark}{busy}"[:500], now + timedelta(seconds=wait)
        if busy.held and surely_unsent:
            held.give_back(session, waiting)
            waiting.state = HELD
        elif surely_unsent:
            waiting.state = "pending"
    raise Later(wait, str(busy))


def _bury(services: Services, organization_id: str, row: Delivery, code: str) -> None:
    """A dead letter: kept, audited, shown by ``/keihi status``."""
    log.warning("message cannot be delivered", delivery=row.id, platform=row.address["platform"], code=code)
    with services.db.transaction(organization_id) as session:
        held.give_back(session, session.get_one(Delivery, row.id))
        session.execute(update(Delivery).where(Delivery.id == row.id).values(state="dead", error=code[:500]))
        if code in ("blocked", "account_inactive", "user_not_found") and row.member_id:
            session.execute(
                update(Identity)
                .where(Identity.platform == row.address["platform"], Identity.user == row.address["user"])
                .values(reachable=False)
            )
        audit.record(
            session,
            actor="system",
            action="message.undeliverable",
            subject=f"delivery:{row.id}",
            data={"code": code[:100]},
        )


def give_up(services: Services, organization_id: str, delivery_id: str) -> None:
    """The job died of itself three times: a dead letter too."""
    with services.db.snapshot(organization_id) as session:
        row = session.get(Delivery, delivery_id)
    if row is not None and row.state != "sent":
        _bury(services, organization_id, row, "internal_error")


def counts(session: Session) -> dict[str, int]:
    """Rows by state, for the administrator."""
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {str(state): int(number) for state, number in rows}


def dead_letters(session: Session, *, limit: int = 10) -> list[Delivery]:
    """The newest messages that could not be delivered."""
    return list(
        session.scalars(select(Delivery).filter_by(state="dead").order_by(Delivery.created_at.desc()).limit(limit))
    )


def revive(session: Session, services: Services, row: Delivery) -> None:
    """Try a dead letter again, under the same key."""
    row.state, row.attempts, row.error, row.created_at = "pending", 0, "", services.clock()
    services.jobs.enqueue(session, JOB, f"deliver:{row.id}:{time.time_ns()}", delivery_id=row.id)
