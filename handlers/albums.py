"""Receipts sent together: one progress message, one list at the end.

LINE tells album photos one by one, in any order, and sometimes does not say how many there are; an album whose size is
not known ends when nothing more came for a few seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import outbox
from handlers.cards import albums as album_cards
from handlers.chat import ADDRESS, Card, Reply, Said
from handlers.services import Services
from handlers.turn import Turn, view_of
from storage.db import EVERY_ORGANIZATION
from storage.models import Album, Claim, Expense, Member, Organization, Receipt

QUIET = timedelta(seconds=4)
LOST = timedelta(seconds=90)
FINAL = ("read", "failed", "withdrawn")


def join(turn: Turn, said: Said) -> Album:
    """The album that these files belong to, made at its first photo."""
    sender, reply, now = turn.incoming.sender, turn.incoming.reply, turn.services.clock()
    name = said.album.id if said.album else turn.incoming.event_id
    key = f"{sender.platform}:{sender.tenant}:{sender.user}:{name}"
    album = turn.session.scalars(select(Album).filter_by(key=key).with_for_update()).first()
    if album is None:
        expected = len(said.files) if said.album is None else said.album.total
        album = Album(
            key=key,
            member_id=turn.member.id,
            expected=expected,
            address=ADDRESS.dump_python(sender, mode="json"),
            last_at=now,
            created_at=now,
        )
        turn.session.add(album)
        turn.session.flush()
        if not turn.capabilities.can_edit:
            # the first photo's reply handle pays for this line; the last one's is kept for the list
            many = turn.t("Reading {total} receipts…", total=expected) if expected else turn.t("Receiving your photos…")
            turn.tell(many)
            album.last_at = now
            return album
    if reply is not None:
        album.reply = {"handle": reply.handle, "expires_at": reply.expires_at.isoformat()}
    album.note = album.note or said.text.strip()[:500]
    album.expected = album.expected or (said.album.total if said.album else None)
    album.last_at = now
    turn.session.flush()
    return album


def show_progress(session: Session, services: Services, organization: Organization, album: Album) -> None:
    """Where a card can be replaced: one message that counts."""
    address = ADDRESS.validate_python(album.address)
    if album.closed_at is not None or not services.platforms[address.platform].capabilities.can_edit:
        return
    view = view_of(services, organization, session.get_one(Member, album.member_id))
    done = sum(receipt.state in FINAL for receipt in _receipts(session, album))
    card = album_cards.progress(view, done, album.expected)
    outbox.show(session, services, address, _slot(album), card, subject=f"album:{album.id}", member_id=album.member_id)


def settle(session: Session, services: Services, organization: Organization, album: Album) -> None:
    """After one of its receipts ended: count on, or show the list when all have."""
    receipts = _receipts(session, album)
    complete = album.expected is not None and len(receipts) >= album.expected
    if complete and all(receipt.state in FINAL for receipt in receipts):
        close(session, services, organization, album)
    else:
        show_progress(session, services, organization, album)


def close(session: Session, services: Services, organization: Organization, album: Album) -> None:
    """Show the list, once."""
    if album.closed_at is not None:
        return
    album.closed_at = services.clock()
    reply = None
    if album.reply:
        reply = Reply(album.reply["handle"], datetime.fromisoformat(album.reply["expires_at"]))
    outbox.show(
        session,
        services,
        ADDRESS.validate_python(album.address),
        _slot(album),
        list_card(session, services, organization, album),
        subject=f"album:{album.id}",
        member_id=album.member_id,
        reply=reply,
    )


def list_card(session: Session, services: Services, organization: Organization, album: Album) -> Card:
    view = view_of(services, organization, session.get_one(Member, album.member_id))
    claims = claims_of(session, album)
    failed = [receipt for receipt in _receipts(session, album) if receipt.state == "failed"]
    lines: list[Expense | Receipt] = [*_lines(album, claims), *failed]
    return album_cards.receipt_list(view, album, claims, sorted(lines, key=_sent))


def refresh(session: Session, services: Services, organization: Organization, claim: Claim) -> None:
    """The list that a claim's receipt is on shows its new state."""
    album_ids = {e.receipt.album_id for e in claim.expenses if e.receipt is not None and e.receipt.album_id}
    for album_id in album_ids:
        for copy in outbox.copies(session, f"album:{album_id}"):
            album = session.get_one(Album, album_id)
            outbox.refresh(session, services, copy, list_card(session, services, organization, album))


def claims_of(session: Session, album: Album) -> list[Claim]:
    """The claims of an album's receipts, each once, in the order in which the photos were sent."""
    joined = (
        select(Claim)
        .join(Expense, Expense.claim_id == Claim.id)
        .join(Receipt, Receipt.id == Expense.receipt_id)
        .where(Receipt.album_id == album.id)
    )
    found = session.scalars(joined.order_by(Claim.number)).unique().all()
    return list(dict.fromkeys(line.claim for line in sorted(_lines(album, found), key=_sent)))


def place(said: Said, number: int) -> int:
    """Where the file of this number (from 0) of a message stands among those that were sent together.

    What the platform says counts (LINE numbers an album's photos); else the place in the message. Messages of an album
    that has no numbers all say 0 and stand in the order of their times.
    """
    return said.album.index if said.album is not None and said.album.index is not None else number


def _lines(album: Album, claims: Sequence[Claim]) -> list[Expense]:
    return [e for c in claims for e in c.expenses if e.receipt is not None and e.receipt.album_id == album.id]


def _sent(line: Expense | Receipt) -> tuple[int, datetime, str, int]:
    """Sort key: readings end in any order, people look for their photos in the order in which they sent them."""
    receipt, part = (line.receipt, line.receipt_part) if isinstance(line, Expense) else (line, 0)
    assert receipt is not None  # a line of an album has its photo
    return receipt.position, receipt.arrived_at, receipt.source, part


def sweep(services: Services) -> None:
    """End albums of unknown size that went quiet, and those whose missing photos never came."""
    now = services.clock()
    with services.db.snapshot(EVERY_ORGANIZATION) as session:
        waiting = session.scalars(select(Album).where(Album.closed_at.is_(None), Album.last_at < now - QUIET)).all()
    for seen in waiting:
        if seen.expected is not None and seen.last_at > now - LOST:
            continue
        with services.db.transaction(seen.organization_id) as session:
            album = session.scalars(select(Album).filter_by(id=seen.id).with_for_update()).one()
            receipts = _receipts(session, album)
            if album.closed_at is None and receipts and all(receipt.state in FINAL for receipt in receipts):
                close(session, services, session.get_one(Organization, album.organization_id), album)


def _receipts(session: Session, album: Album) -> list[Receipt]:
    return list(session.scalars(select(Receipt).filter_by(album_id=album.id).order_by(Receipt.arrived_at, Receipt.id)))


def _slot(album: Album) -> str:
    return f"album:{album.id}"
