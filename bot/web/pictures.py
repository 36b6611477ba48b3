"""Pictures of the local chat: shown to those on whose phone they are, and to nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import HTTPException, Response
from sqlalchemy import Text, cast, or_, select

from handlers.services import Services
from storage.errors import BlobMissing
from storage.models import Receipt, WebMessage

# What a browser shows as a picture; anything else is only ever downloaded.
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def media_type(data: bytes) -> str:
    """By the first bytes, never by what somebody says; ``application/octet-stream`` when it is no browser's picture."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else "application/octet-stream"


def picture(services: Services, organization_id: str, member_ids: Sequence[str], sha256: str) -> Response:
    """A picture that stands in one of these members' conversations; 404 for everything else."""
    _check(services, organization_id, member_ids, sha256)
    return _answer(services, sha256)


def original(services: Services, organization_id: str, member_ids: Sequence[str], preview_sha256: str) -> Response:
    """The file as it was sent, for somebody who has its preview on a card."""
    _check(services, organization_id, member_ids, preview_sha256)
    with services.db.snapshot(organization_id) as session:
        sha256 = session.scalars(select(Receipt.sha256).where(Receipt.preview_sha256 == preview_sha256)).first()
    return _answer(services, sha256 or preview_sha256)


def _check(services: Services, organization_id: str, member_ids: Sequence[str], sha256: str) -> None:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise HTTPException(404)
    with services.db.snapshot(organization_id) as session:
        shown = session.scalars(
            select(WebMessage.id)
            .where(WebMessage.member_id.in_(member_ids), WebMessage.removed.is_(False))
            .where(or_(cast(WebMessage.files, Text).contains(sha256), cast(WebMessage.card, Text).contains(sha256)))
            .limit(1)
        ).first()
    if shown is None:
        raise HTTPException(404)


def _answer(services: Services, sha256: str) -> Response:
    try:
        data = services.blobs.get(sha256)
    except BlobMissing:
        raise HTTPException(404) from None
    kind = media_type(data)
    headers = {
        "Cache-Control": "private, max-age=86400, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if kind == "application/octet-stream":
        headers["Content-Disposition"] = f'attachment; filename="receipt-{sha256[:8]}"'
    return Response(data, media_type=kind, headers=headers)
