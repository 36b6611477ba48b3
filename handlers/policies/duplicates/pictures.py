"""Finding alike pictures when a receipt is read: candidates by their hashes and facts, then pixel against pixel.

Pixels are compared outside of any transaction. What came in meanwhile is seen when the draft is written
(:func:`unseen`), and the caller looks again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from handlers.services import Services
from ocr import likeness
from ocr.reading import Reading
from storage.errors import BlobMissing
from storage.models import Expense, LikePicture, PictureBand, Receipt

ONE = 0.88  # share of a picture that lies on the other, for two that also agree in their figures
CERTAIN = 960  # thousandths of it, for two that do not: no two receipts of one shop come near it
MOST = 12  # pictures looked at for one receipt, the nearest
FAR = 16  # bits of 64 from which hashes are of other pictures
NIGH = 1  # days between two readings of one date, for candidates


@dataclass(frozen=True)
class Looked:
    """What was seen of a new receipt: its hashes, those it was compared with, and by how much of the alike ones.

    ``drawn``: those of the alike that are no photographs, or with which it is none itself.
    """

    prints: tuple[likeness.Print, ...] = ()
    turned: tuple[likeness.Print, ...] = ()
    compared: frozenset[str] = frozenset()
    alike: Mapping[str, float] = field(default_factory=dict)
    drawn: frozenset[str] = frozenset()


def look(
    services: Services, organization_id: str, receipt_id: str, readings: tuple[Reading, ...], upright: str | None
) -> Looked:
    """Compare the picture of a receipt with those of the organisation that may be the same."""
    with services.db.snapshot(organization_id) as session:
        receipt = session.get_one(Receipt, receipt_id)
    own = upright or receipt.preview_sha256
    picture = services.blobs.get(own) if own else b""
    prints = likeness.prints(picture, readings)
    if not prints:
        return Looked()
    seen = Looked(prints, likeness.turned(picture))
    with services.db.snapshot(organization_id) as session:
        candidates = _candidates(session, receipt, seen, readings)
    alike, drawn = {}, set()
    for candidate in candidates:
        try:
            other = services.blobs.get(candidate.preview_sha256 or "")
        except BlobMissing:
            continue
        share = likeness.likeness(picture, other)
        if share >= ONE:
            alike[candidate.id] = share
            if likeness.drawn(picture) or likeness.drawn(other):
                drawn.add(candidate.id)
    compared = frozenset(candidate.id for candidate in candidates)
    return Looked(prints, seen.turned, compared, alike, frozenset(drawn))


def unseen(session: Session, receipt: Receipt, looked: Looked, readings: tuple[Reading, ...]) -> bool:
    """Whether another picture came in since the look that must be looked at first."""
    if not looked.prints or len(looked.compared) >= MOST:
        return False
    return any(found.id not in looked.compared for found in _candidates(session, receipt, looked, readings))


def keep(session: Session, receipt: Receipt, looked: Looked, now: dt.datetime) -> None:
    """Write down what was seen, for those that come later and for the rules."""
    receipt.hashes = [{"place": p.where, "part": p.part, "value": p.value} for p in looked.prints]
    session.add_all(
        PictureBand(receipt_id=receipt.id, place=place, band=band, value=value)
        for place, band, value in sorted({key for p in looked.prints for key in _bands(p)})
    )
    for other_id, share in looked.alike.items():
        other = session.get_one(Receipt, other_id)
        drawn = other_id in looked.drawn or _made(receipt) or _made(other)
        session.add(
            LikePicture(receipt_id=receipt.id, other_id=other_id, share=round(share * 1000), drawn=drawn, found_at=now)
        )
    session.flush()


def _candidates(session: Session, receipt: Receipt, looked: Looked, readings: tuple[Reading, ...]) -> list[Receipt]:
    """Receipts with other bytes that may show the same picture, those of the same facts first, then the nearest."""
    wanted = {key for p in (*looked.prints, *looked.turned) for key in _bands(p)}
    by_band = select(PictureBand.receipt_id).where(
        or_(
            *(
                and_(PictureBand.place == place, PictureBand.band == band, PictureBand.value == value)
                for place, band, value in sorted(wanted)
            )
        )
    )
    by_facts = _by_facts(session, readings)
    ids = set(session.scalars(by_band.distinct())) | by_facts
    if not ids:
        return []
    found = session.scalars(
        select(Receipt).where(
            Receipt.id.in_(ids),
            Receipt.id != receipt.id,
            Receipt.sha256 != receipt.sha256,
            Receipt.preview_sha256.is_not(None),
            Receipt.state == "read",
        )
    ).all()
    apart = {other.id: 0 if other.id in by_facts else _distance(looked, other.hashes) for other in found}
    near = [other for other in found if apart[other.id] <= FAR]
    return sorted(near, key=lambda other: (apart[other.id], other.id))[:MOST]


def _by_facts(session: Session, readings: Iterable[Reading]) -> set[str]:
    """Receipts of the same amount on about the same day, whatever their pictures' hashes."""
    found: set[str] = set()
    for reading in readings:
        day, amount = reading.date.value, reading.total.value
        if day is None or amount is None:
            continue
        near = select(Expense.receipt_id).where(
            Expense.date.between(day - dt.timedelta(NIGH), day + dt.timedelta(NIGH)),
            Expense.amount == amount,
            Expense.receipt_id.is_not(None),
        )
        found.update(id for id in session.scalars(near) if id)
    return found


def _bands(found: likeness.Print) -> list[tuple[str, int, int]]:
    """The four quarters of a hash. One that says nothing, as of a blank wall, finds nobody."""
    quarters = [int(found.value[n : n + 4], 16) for n in range(0, 16, 4)]
    return [(found.where, band, value) for band, value in enumerate(quarters) if value not in (0, 0xFFFF)]


def _distance(looked: Looked, hashes: Iterable[Mapping[str, Any]]) -> int:
    """Bits between the nearest hashes of the same window; 64 where there is none to compare."""
    return min(
        (
            likeness.distance(p.value, str(other["value"]))
            for p in (*looked.prints, *looked.turned)
            for other in hashes
            if other.get("place") == p.where
        ),
        default=64,
    )


def _made(receipt: Receipt) -> bool:
    """Whether the file says that a program made it: its like may be the next invoice on the same form."""
    for reading in receipt.readings:
        pages = reading.get("pages") or ()
        if "screenshot" in (reading.get("flags") or ()) or any(p.get("source") != "picture" for p in pages[-1:]):
            return True
    return False


def alike(session: Session, receipt_id: str) -> list[tuple[str, LikePicture]]:
    """The other receipts that show the same picture, with what is known of the pair."""
    pairs = session.scalars(
        select(LikePicture).where(or_(LikePicture.receipt_id == receipt_id, LikePicture.other_id == receipt_id))
    )
    return [(pair.other_id if pair.receipt_id == receipt_id else pair.receipt_id, pair) for pair in pairs]
