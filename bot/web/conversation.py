"""What was said in the local chat: rows that a page asks for by their sequence, and a bell that says "ask now".

Every change of a row takes the next sequence of its organisation, so "everything after n" is all that a page needs to
know. The bell only shortens the wait within one process; a change made by another process is found by the next look.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Organization, WebMessage

SHOWN = 200
FORM_KEY = "form:"
WORKING_KEY = "working:"


@dataclass(frozen=True)
class Bubble:
    """One thing in a conversation. ``author``: me or bot. ``files``: {sha256, name, media_type, size} each.

    A bubble with ``form`` is not shown but fills the sheet that waits for ``handle``; one that is ``working`` only says
    that an answer is being made.
    """

    id: str
    key: str
    member_id: str
    author: str
    text: str
    files: list[Any]
    card: dict[str, Any] | None
    form: dict[str, Any] | None
    removed: bool
    sequence: int
    at: datetime

    @property
    def handle(self) -> str:
        return self.key.removeprefix(FORM_KEY) if self.key.startswith(FORM_KEY) else ""

    @property
    def working(self) -> bool:
        return self.key.startswith(WORKING_KEY)


def _bubble(row: WebMessage) -> Bubble:
    return Bubble(
        row.id,
        row.key,
        row.member_id,
        row.author,
        row.text,
        row.files,
        row.card,
        row.form,
        row.removed,
        row.sequence,
        row.created_at,
    )


def _next_sequence(session: Session) -> int:
    # The organisation's row is the lock: a lower sequence must never become visible after a higher one.
    organization_id: str = session.info["organization_id"]
    session.execute(select(Organization.id).where(Organization.id == organization_id).with_for_update())
    return (session.scalar(select(func.max(WebMessage.sequence))) or 0) + 1


def add(
    session: Session,
    member_id: str,
    *,
    key: str,
    author: str,
    at: datetime,
    text: str = "",
    files: Sequence[dict[str, Any]] = (),
    card: dict[str, Any] | None = None,
    form: dict[str, Any] | None = None,
) -> str:
    """Put a bubble at the end of a conversation and return its id; the same key again is the same bubble."""
    known = session.scalars(select(WebMessage).where(WebMessage.key == key)).first()
    if known is not None:
        return known.id
    sequence = _next_sequence(session)
    row = WebMessage(
        key=key,
        member_id=member_id,
        author=author,
        text=text,
        files=list(files),
        card=card,
        form=form,
        sequence=sequence,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def change(session: Session, bubble_id: str, *, card: dict[str, Any]) -> bool:
    """Replace a bubble's card; False when there is no such bubble."""
    row = session.get(WebMessage, bubble_id)
    if row is None or row.organization_id != session.info["organization_id"]:
        return False
    row.card, row.sequence = card, _next_sequence(session)
    return True


def take_back(session: Session, member_id: str, key: str) -> bool:
    """Remove what a person said themselves; False when they did not say it, or took it back before."""
    row = session.scalars(
        select(WebMessage).filter_by(key=key, member_id=member_id, author="me", removed=False)
    ).first()
    if row is None:
        return False
    row.removed, row.sequence = True, _next_sequence(session)
    return True


def show_working(session: Session, member_id: str, *, at: datetime) -> None:
    """Tell the person's page that an answer is being made. One row a person, moved to the end each time."""
    key = f"{WORKING_KEY}{member_id}"
    row = session.scalars(select(WebMessage).where(WebMessage.key == key)).first()
    if row is None:
        add(session, member_id, key=key, author="bot", at=at)
    else:
        row.sequence = _next_sequence(session)


def latest(session: Session, member_ids: Sequence[str]) -> tuple[list[Bubble], int]:
    """The last bubbles of each conversation in their order, and the sequence after which news begins."""
    newest = session.scalar(select(func.max(WebMessage.sequence))) or 0
    bubbles: list[Bubble] = []
    for member_id in member_ids:
        rows = session.scalars(
            select(WebMessage)
            .where(WebMessage.member_id == member_id, WebMessage.removed.is_(False))
            .where(WebMessage.key.not_like(f"{FORM_KEY}%"), WebMessage.key.not_like(f"{WORKING_KEY}%"))
            .order_by(WebMessage.created_at.desc(), WebMessage.sequence.desc())
            .limit(SHOWN)
        ).all()
        bubbles += [_bubble(row) for row in reversed(rows) if row.sequence <= newest]
    return bubbles, newest


def after(session: Session, member_ids: Sequence[str], sequence: int) -> list[Bubble]:
    """What changed in these conversations since ``sequence``, oldest change first."""
    rows = session.scalars(
        select(WebMessage)
        .where(WebMessage.sequence > sequence, WebMessage.member_id.in_(member_ids))
        .order_by(WebMessage.sequence)
        .limit(SHOWN)
    )
    return [_bubble(row) for row in rows]


class Bell:
    """Wakes the event streams of this process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal may ring it while its own thread holds it
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self.ended = False

    def ring(self) -> None:
        """Called from any thread after something was committed."""
        with self._lock:
            listeners = list(self._listeners)
        for loop, news in listeners:
            if not loop.is_closed():
                loop.call_soon_threadsafe(news.set)

    def end(self) -> None:
        """The server is about to stop: streams, which never end by themselves, are to end now."""
        self.ended = True
        self.ring()

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever the bell rings, for as long as the block runs."""
        listener = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._listeners.add(listener)
        try:
            yield listener[1]
        finally:
            with self._lock:
                self._listeners.discard(listener)
