"""The story of a receipt: it arrives, it is fetched and kept, it is read, it becomes a draft with a card.

Each stage ends in a commit and is skipped when it was done before, so that the job may die anywhere and start again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import albums, approvals, attendees, cards, claims, duplicates, learning, outbox, payers
from handlers.chat import ADDRESS, INCOMING, Address, Button, Card, FileRef, Reply, Said
from handlers.dates import show_moment
from handlers.errors import FileGone, FileTooLarge, PlatformBusy, PlatformRefused, Refusal
from handlers.policies.duplicates import pictures
from handlers.rates import wanted
from handlers.services import Services
from handlers.turn import Turn, view_of
from ocr.errors import OcrError
from ocr.reading import Reading
from storage import audit
from storage.jobs import Later
from storage.models import Album, Claim, Expense, InboxEvent, Member, Organization, Receipt

log = structlog.get_logger()

JOB = "receipts.read"
CAPTION_WITHIN = timedelta(seconds=20)
NOTE_WITHIN = timedelta(minutes=2)
FETCH_FOR = timedelta(hours=6)
ALIVE = ("waiting", "fetched", "read")


# --- arriving ---------------------------------------------------------------------------------------------------------


def arrive(turn: Turn, said: Said) -> None:
    """Remember every file of a message and ask for it to be read; show that we work on it."""
    sender = turn.incoming.sender
    if sender.group and not turn.capabilities.has_private:
        raise Refusal("Please send receipts to me in our own chat, not in a group.")
    if not said.text and not turn.capabilities.has_captions:
        said = replace(said, text=_said_before(turn))
    album = albums.join(turn, said) if len(said.files) > 1 or _is_album(said) else None
    for place, file in enumerate(said.files):
        receipt = _remember(turn, said, file, album, albums.place(said, place))
        if receipt is None:
            continue
        if album is None and turn.capabilities.can_edit:
            turn.show(_slot(receipt), cards.reading(turn.view))
        turn.services.jobs.enqueue(turn.session, JOB, f"read:{receipt.id}", receipt_id=receipt.id)
    if album is not None:
        albums.show_progress(turn.session, turn.services, turn.organization, album)


def _said_before(turn: Turn) -> str:
    """Where a photo cannot carry a text: what the person wrote just before it, if nothing else used that; once."""
    sender = turn.incoming.sender
    since = turn.services.clock() - CAPTION_WITHIN
    recent = select(InboxEvent).where(
        InboxEvent.sender == f"{sender.platform}:{sender.tenant}:{sender.user}",
        InboxEvent.received_at >= since,
        InboxEvent.spare,
    )
    event = turn.session.scalars(recent.order_by(InboxEvent.order.desc()).limit(1)).first()
    if event is None:
        return ""
    event.spare = False
    before = INCOMING.validate_python(event.incoming).act
    return before.text.strip() if isinstance(before, Said) else ""


def _is_album(said: Said) -> bool:
    return said.album is not None and said.album.total != 1


def _remember(turn: Turn, said: Said, file: FileRef, album: Album | None, position: int) -> Receipt | None:
    sender = turn.incoming.sender
    source = f"{sender.platform}:{sender.tenant}:{file.id}"
    tombstone = _tombstone(sender, file.message)
    known = select(Receipt).where(Receipt.source.in_((source, tombstone)))
    if turn.session.scalars(known).first() is not None:
        return None  # told again, or taken back before it came
    reply = turn.incoming.reply
    receipt = Receipt(
        member_id=turn.member.id,
        album_id=album.id if album else None,
        position=position,
        source=source,
        message=file.message,
        file={"id": file.id, "name": file.name[:200], "media_type": file.media_type, "size": file.size},
        address=ADDRESS.dump_python(sender, mode="json"),
        reply={"handle": reply.handle, "expires_at": reply.expires_at.isoformat()} if reply else None,
        note=said.text.strip()[:500],
        readings=[],
        arrived_at=turn.incoming.at,
    )
    turn.session.add(receipt)
    turn.session.flush()
    return receipt


def unsent(turn: Turn, message: str) -> None:
    """A message was taken back: forget its drafts. What was submitted stays, being evidence of a claim."""
    sender = turn.incoming.sender
    found = turn.session.scalars(select(Receipt).filter_by(member_id=turn.member.id, message=message)).all()
    if not found:
        turn.session.add(
            Receipt(
                member_id=turn.member.id,
                source=_tombstone(sender, message),
                message=message,
                file={},
                address=ADDRESS.dump_python(sender, mode="json"),
                state="withdrawn",
                readings=[],
                arrived_at=turn.incoming.at,
            )
        )
        return
    for receipt in found:
        drafts = _claims_of(turn.session, receipt)
        if any(claim.state not in ("draft", "returned", "cancelled") for claim in drafts):
            turn.tell(turn.t("This receipt belongs to a submitted claim and is kept as evidence."))
            continue
        receipt.state = "withdrawn"
        audit.record(turn.session, actor=turn.member.id, action="receipt.withdrawn", subject=f"receipt:{receipt.id}")
        for claim in drafts:
            if claim.state in ("draft", "returned"):
                claims.cancel(turn.session, claim, by=turn.member, version=claim.version, zone=turn.organization.zone)
                turn.session.refresh(claim)
                approvals.refresh(turn.session, turn.services, turn.organization, claim)
                albums.refresh(turn.session, turn.services, turn.organization, claim)
        if not drafts and receipt.album_id is None and turn.capabilities.can_edit:
            # what stands there says "reading" or what was wrong with the file
            turn.show(_slot(receipt), cards.sentence(turn.t("This receipt was taken back.")))


def add_note(turn: Turn, text: str) -> bool:
    """A line of text right after a photo may be its purpose; False when there is no such photo.

    Where a photo cannot carry a text the line that follows at once is taken; elsewhere the person is asked.
    """
    since = turn.services.clock() - NOTE_WITHIN
    newest = select(Receipt).where(Receipt.member_id == turn.member.id, Receipt.arrived_at >= since)
    receipt = turn.session.scalars(newest.order_by(Receipt.arrived_at.desc()).limit(1)).first()
    if receipt is None or receipt.state not in ALIVE:
        return False
    if receipt.state in ("waiting", "fetched"):
        if receipt.note:
            return False
        receipt.note = text[:500]
        turn.tell(turn.t("Noted as the purpose: {purpose}", purpose=text[:100]))
        return True
    claim = next((c for c in _claims_of(turn.session, receipt) if c.state == "draft" and not c.purpose), None)
    if claim is None:
        return False
    if turn.capabilities.has_captions:
        use = Button(
            turn.t("Use as purpose"), turn.view.token("purpose", claim.id, claim.version, text[:200]), "primary"
        )
        turn.tell(
            Card(title=turn.t("Is this the purpose of #{number}?", number=claim.number), lead=text, buttons=(use,))
        )
        return True
    told, zone = attendees.of_caption(turn.session, turn.member, text), turn.organization.zone
    parsed = {**told, **payers.of_note(text)}
    claims.correct(turn.session, claim, by=turn.member, version=claim.version, parsed=parsed, zone=zone)
    slot = _slot(receipt, claim.expenses[0].receipt_part)
    turn.show(slot, cards.claim_for_applicant(turn.view, claim), subject=f"claim:{claim.id}")
    return True


# --- reading (job) ----------------------------------------------------------------------------------------------------


def read(services: Services, organization_id: str, receipt_id: str) -> None:
    """Job: fetch, keep, read, draft."""
    with services.db.snapshot(organization_id) as session:
        receipt = session.get_one(Receipt, receipt_id)
    if receipt.state == "waiting":
        data = _fetch(services, organization_id, receipt)
        if data is None:
            return
    elif receipt.state == "fetched" and receipt.sha256:
        data = services.blobs.get(receipt.sha256)
    else:
        return
    if _settle_duplicate(services, organization_id, receipt_id):
        return
    try:
        readings = services.reader.read(data)
    except OcrError as error:
        fail(services, organization_id, receipt_id, error.code)
        return
    turned = readings[0].pages[0].turned if readings and readings[0].pages else 0
    upright = _upright(services, data, turned) if turned else None
    recalled = learning.recall(services.db, organization_id, readings)
    looked = pictures.look(services, organization_id, receipt_id, readings, upright)
    while not _draft(services, organization_id, receipt_id, readings, recalled, upright, looked):
        looked = pictures.look(services, organization_id, receipt_id, readings, upright)


def _fetch(services: Services, organization_id: str, receipt: Receipt) -> bytes | None:
    sender = ADDRESS.validate_python(receipt.address)
    platform = services.platforms[sender.platform]
    file = FileRef(**receipt.file, message=receipt.message)
    if not platform.capabilities.can_edit:
        platform.working(sender)
    try:
        data = platform.fetch(sender, file, limit=services.limits.file_bytes)
    except PlatformBusy as busy:
        if services.clock() - receipt.arrived_at > FETCH_FOR:
            fail(services, organization_id, receipt.id, "gone")
            return None
        raise Later(busy.retry_after or 5.0, str(busy)) from busy
    except FileTooLarge:
        fail(services, organization_id, receipt.id, "too_large")
        return None
    except (FileGone, PlatformRefused):
        fail(services, organization_id, receipt.id, "gone")
        return None
    sha256 = services.blobs.put(data)
    preview, broken = None, ""
    try:
        preview = services.blobs.put(services.reader.preview(data))
    except OcrError as error:  # what cannot be opened to be shown cannot be read either
        broken = error.code
    with services.db.transaction(organization_id) as session:
        row = session.get_one(Receipt, receipt.id)
        if row.state != "waiting":  # withdrawn while we fetched
            return None
        row.state, row.sha256, row.size, row.preview_sha256 = "fetched", sha256, len(data), preview
        row.media_type = file.media_type[:64]
        audit.record(
            session, actor=row.member_id, action="receipt.kept", subject=f"receipt:{row.id}", data={"sha256": sha256}
        )
    if broken:
        fail(services, organization_id, receipt.id, broken)
        return None
    return data


def _upright(services: Services, data: bytes, turned: int) -> str | None:
    try:
        return services.blobs.put(services.reader.preview(data, turned))
    except OcrError:
        return None  # the one that lies on its side will do


def _settle_duplicate(services: Services, organization_id: str, receipt_id: str) -> bool:
    """The same bytes again: no second draft; the person is pointed to the first."""
    with services.db.transaction(organization_id) as session:
        receipt = session.get_one(Receipt, receipt_id)
        if receipt.state != "fetched":
            return True
        return _is_duplicate(session, services, session.get_one(Organization, organization_id), receipt)


def _is_duplicate(session: Session, services: Services, organization: Organization, receipt: Receipt) -> bool:
    first = duplicates.blocking(session, receipt)
    if first is None:
        return False
    receipt.state, receipt.failure = "failed", "duplicate"
    audit.record(
        session,
        actor=receipt.member_id,
        action="receipt.duplicate",
        subject=f"receipt:{receipt.id}",
        data={"claim": first.number, "sha256": receipt.sha256, "another_person": first.member_id != receipt.member_id},
    )
    view = view_of(services, organization, session.get_one(Member, receipt.member_id))
    mine = first if first.member_id == receipt.member_id else None
    when = show_moment(first.created_at, view.zone)
    _answer(session, services, organization, receipt, cards.duplicate(view, mine, when))
    return True


def _draft(
    services: Services,
    organization_id: str,
    receipt_id: str,
    readings: tuple[Reading, ...],
    recalled: tuple[learning.Recalled, ...],
    upright: str | None,
    looked: pictures.Looked,
) -> bool:
    """Write the draft; False when an alike picture came meanwhile that ``looked`` does not know."""
    with services.db.transaction(organization_id) as session:
        # Locked, so that two copies that were read at the same time do not both become a draft.
        organization = session.get_one(Organization, organization_id, with_for_update=True)
        receipt = session.get_one(Receipt, receipt_id)
        if receipt.state != "fetched" or _is_duplicate(session, services, organization, receipt):
            return True
        if pictures.unseen(session, receipt, looked, readings):
            return False
        now = services.clock()
        member = session.get_one(Member, receipt.member_id)
        receipt.state, receipt.read_at = "read", now
        receipt.readings = [json.loads(reading.to_json()) for reading in readings]
        receipt.preview_sha256 = upright or receipt.preview_sha256  # the reader saw which way is up
        pictures.keep(session, receipt, looked, now)
        view = view_of(services, organization, member)
        held = duplicates.held_parts(session, receipt)
        for part, reading in enumerate(readings):
            if part in held:
                continue
            rejected = duplicates.last_rejected(session, receipt, part)
            claim = claims.draft(session, organization, member, receipt, part, reading, now, rejected)
            learning.put(claim.expenses[0], recalled[part])
            wanted.look(session, services, organization, claim)
            if receipt.album_id is None:
                card = cards.claim_for_applicant(view, claim)
                _answer(session, services, organization, receipt, card, part=part, subject=f"claim:{claim.id}")
        _album_moves_on(session, services, organization, receipt)
    return True


def fail(services: Services, organization_id: str, receipt_id: str, code: str) -> None:
    """Tell the person what is wrong with their file and what to do; keep what there is."""
    with services.db.transaction(organization_id) as session:
        organization = session.get_one(Organization, organization_id)
        receipt = session.get_one(Receipt, receipt_id)
        if receipt.state not in ("waiting", "fetched"):
            return
        receipt.state, receipt.failure = "failed", code
        view = view_of(services, organization, session.get_one(Member, receipt.member_id))
        _answer(session, services, organization, receipt, cards.failure(view, receipt))


def give_up(services: Services, organization_id: str, receipt_id: str) -> None:
    """The reading failed in every try."""
    with services.db.snapshot(organization_id) as session:
        kept = session.get_one(Receipt, receipt_id).sha256 is not None
    fail(services, organization_id, receipt_id, "internal_error" if kept else "not_kept")


def _answer(
    session: Session,
    services: Services,
    organization: Organization,
    receipt: Receipt,
    card: Card,
    *,
    part: int = 0,
    subject: str = "",
) -> None:
    """One card per receipt; within an album only the list speaks."""
    if receipt.album_id is not None:
        _album_moves_on(session, services, organization, receipt)
        return
    to = ADDRESS.validate_python(receipt.address)
    reply = _reply_of(receipt)
    slot, member_id = _slot(receipt, part), receipt.member_id
    outbox.show(
        session, services, to, slot, card, subject=subject, member_id=member_id, reply=reply if part == 0 else None
    )


def _album_moves_on(session: Session, services: Services, organization: Organization, receipt: Receipt) -> None:
    if receipt.album_id is not None:
        session.flush()
        albums.settle(session, services, organization, session.get_one(Album, receipt.album_id))


def _reply_of(receipt: Receipt) -> Reply | None:
    reply = receipt.reply
    return Reply(reply["handle"], datetime.fromisoformat(reply["expires_at"])) if reply is not None else None


def _claims_of(session: Session, receipt: Receipt) -> list[Claim]:
    joined = select(Claim).join(Expense, Expense.claim_id == Claim.id).where(Expense.receipt_id == receipt.id)
    return list(session.scalars(joined).unique())


def by_hand(turn: Turn, receipt_id: str) -> Claim:
    """An empty draft for a receipt that could not be read."""
    receipt = turn.session.get(Receipt, receipt_id)
    if receipt is None or receipt.member_id != turn.member.id:
        raise Refusal("This receipt is not yours.")
    drafts = _claims_of(turn.session, receipt)
    if drafts:
        return drafts[0]
    receipt.state = "read"
    rejected = duplicates.last_rejected(turn.session, receipt, 0)
    now = turn.services.clock()
    return claims.draft(turn.session, turn.organization, turn.member, receipt, 0, None, now, rejected)


def _slot(receipt: Receipt, part: int = 0) -> str:
    return f"receipt:{receipt.id}:{part}" if part else f"receipt:{receipt.id}"


def _tombstone(sender: Address, message: str) -> str:
    return f"unsent:{sender.platform}:{sender.tenant}:{message}"
