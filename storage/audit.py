"""The audit chain: every decision as a link that cannot be changed unseen.

A link's hash is the SHA-256 of the canonical JSON (RFC 8785) of everything in it, the hash of the link before
included. Changing, inserting or dropping a link breaks every later one; :func:`verify` names the first. No link follows
the last ones, so how many there are and the hash of the last are kept apart (``audit_head``), in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import AuditEvent, AuditHead, Organization

START = "0" * 64
_END = "audit_end"  # of a session that adds many links: number and hash of its last one


def link_hash(
    organization_id: str, sequence: int, at: str, actor: str, action: str, subject: str, data: Any, previous: str
) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of one link."""
    content = {
        "organization": organization_id,
        "sequence": sequence,
        "at": at,
        "actor": actor,
        "action": action,
        "subject": subject,
        "data": data,
        "previous": previous,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def record(
    session: Session, *, actor: str, action: str, subject: str, data: dict[str, Any] | None = None
) -> AuditEvent:
    """Append a link in the caller's transaction, so that the act and its record live or die together.

    ``actor`` is a member id, or ``system``; ``data`` holds JSON values without floats (amounts are integers).
    """
    organization_id: str = session.info["organization_id"]
    many = _END in session.info
    before, previous = session.info[_END] if many else _end(session)
    sequence = before + 1
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    data = data or {}
    event = AuditEvent(
        organization_id=organization_id,
        sequence=sequence,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        data=data,
        previous=previous,
        hash=link_hash(organization_id, sequence, at, actor, action, subject, data, previous),
    )
    session.add(event)
    if many:
        session.info[_END] = sequence, event.hash
    else:
        _move_head(session, sequence, event.hash)
    return event


@contextmanager
def many(session: Session) -> Iterator[None]:
    """For acts by the hundred: the chain's end is asked for once, and links are written with what they tell of.

    Nobody else waits longer for the chain than they must. No savepoint may begin or end inside.
    """
    session.info[_END] = _end(session)
    try:
        yield
        _move_head(session, *session.info[_END])
    finally:
        del session.info[_END]


def _end(session: Session) -> tuple[int, str]:
    """Number and hash of the last link, which stays the last until this transaction ends."""
    organization_id: str = session.info["organization_id"]
    # Two transactions must not append at once: the organisation's row is the lock (SQLite locks the whole file anyway).
    session.execute(select(Organization.id).where(Organization.id == organization_id).with_for_update())
    session.flush()
    return _end_of(session)


def _head(session: Session) -> AuditHead | None:
    """The end as the database has it now, not as this session saw it before it waited for the lock."""
    return session.scalars(select(AuditHead).execution_options(populate_existing=True)).first()


def _move_head(session: Session, links: int, last: str) -> None:
    head = session.get(AuditHead, session.info["organization_id"])
    if head is None and links:
        session.add(AuditHead(links=links, hash=last))
    elif head is not None:
        head.links, head.hash = links, last
    session.flush()


@dataclass(frozen=True)
class Break:
    """The first link that does not hold, and why (``missing``, ``changed`` or ``unchained``).

    ``missing`` is also one that was taken off the end, ``unchained`` one that was put there.
    """

    sequence: int
    why: str


def verify(session: Session) -> tuple[int, Break | None]:
    """Number of links that hold, and the first that does not. The session must be opened for one organisation."""
    organization_id: str = session.info["organization_id"]
    head = _end_of(session)  # asked before the links: meanwhile more may come, but none may go
    previous, expected = START, 1
    for event in links(session):
        if event.sequence != expected:
            return expected - 1, Break(expected, "missing")
        if event.previous != previous:
            return expected - 1, Break(event.sequence, "unchained")
        want = link_hash(
            organization_id,
            event.sequence,
            event.at,
            event.actor,
            event.action,
            event.subject,
            event.data,
            event.previous,
        )
        if event.hash != want or (event.sequence == head[0] and event.hash != head[1]):
            return expected - 1, Break(event.sequence, "changed")
        previous, expected = event.hash, expected + 1
    if expected <= head[0]:
        return expected - 1, Break(expected, "missing")
    if expected - 1 > head[0] and expected - 1 > _end_of(session)[0]:
        return head[0], Break(head[0] + 1, "unchained")
    return expected - 1, None


def _end_of(session: Session) -> tuple[int, str]:
    head = _head(session)
    return (head.links, head.hash) if head else (0, START)


def links(session: Session, *, after: int = 0) -> Iterator[AuditEvent]:
    """The chain in order, a few hundred rows at a time."""
    while True:
        page = session.scalars(
            select(AuditEvent).where(AuditEvent.sequence > after).order_by(AuditEvent.sequence).limit(500)
        ).all()
        yield from page
        if len(page) < 500:
            return
        after = page[-1].sequence


def length(session: Session) -> int:
    """Number of links of the session's organisation."""
    return session.scalar(select(func.count(AuditEvent.id))) or 0
