"""Pictures on cards: uploaded to a workspace once, privately, and then shown by their Slack file id.

Slack looks through an upload before it can be shown (its media type is empty until then), usually for a second. A card
waits a little for that; after :data:`PATIENCE` seconds it goes without its picture, because figures without a picture
are better than no card.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import httpx
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError

from bot.slack.web import Web, log
from handlers.chat import Picture
from handlers.errors import PlatformBusy, PlatformRefused
from handlers.installations import Installation
from handlers.services import Services
from storage.errors import BlobMissing
from storage.models import PlatformFile

PATIENCE = 30.0  # seconds
LOOKS = (0.0, 0.3, 0.7, 1.0)  # seconds before each look whether Slack is ready


class Pictures:
    """The pictures of every workspace. ``clock`` is in seconds and only ever compared with itself."""

    def __init__(self, services: Services, web: Web, clock: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._web = web
        self._clock = clock
        self._first_try: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def file_id(self, installation: Installation, picture: Picture | None) -> str:
        """Slack's id of the picture, uploading it when needed; empty when the card must go without.

        Raises PlatformBusy when Slack should be asked again later.
        """
        if picture is None:
            return ""
        try:
            return self._known(installation, picture.sha256) or self._uploaded(installation, picture)
        except BlobMissing:
            log.warning("picture is not in the store", sha256=picture.sha256)
        except PlatformRefused as error:
            log.warning("slack takes no pictures", code=error.code)
        except PlatformBusy:
            if not self.patient(installation, picture):
                return ""
            raise
        return ""

    def patient(self, installation: Installation, picture: Picture) -> bool:
        """Whether a picture that Slack cannot show yet is still worth waiting for. Counts from the first question."""
        with self._lock:
            key = (installation.tenant, picture.sha256)
            now = self._clock()
            for old in [k for k, at in self._first_try.items() if now - at > 20 * PATIENCE]:
                del self._first_try[old]
            return now - self._first_try.setdefault(key, now) < PATIENCE

    def gone(self, installation: Installation, picture: Picture, file_id: str) -> bool:
        """Whether somebody deleted the file in Slack; then it is forgotten, so that it is uploaded anew."""
        try:
            file = self._web.call(installation.token, "files.info", form=True, file=file_id).get("file") or {}
            if file.get("mode") != "tombstone":
                return False
        except PlatformRefused as refused:
            if refused.code not in ("file_not_found", "file_deleted"):
                return False
        with self._services.db.transaction(installation.organization_id) as session:
            session.execute(delete(PlatformFile).where(*_which(installation, picture.sha256)))
        return True

    def _known(self, installation: Installation, sha256: str) -> str:
        with self._services.db.snapshot(installation.organization_id) as session:
            return session.scalar(select(PlatformFile.file_id).where(*_which(installation, sha256))) or ""

    def _uploaded(self, installation: Installation, picture: Picture) -> str:
        data = self._services.blobs.get(picture.sha256)
        call, token = self._web.call, installation.token
        place = call(token, "files.getUploadURLExternal", form=True, filename="receipt.jpg", length=len(data))
        try:
            answer = httpx.post(str(place["upload_url"]), content=data, timeout=30.0)
        except httpx.HTTPError as error:
            raise PlatformBusy(f"upload: {type(error).__name__}") from None
        if answer.status_code != 200:
            raise PlatformBusy(f"upload: {answer.status_code}")
        file_id = str(place["file_id"])
        call(token, "files.completeUploadExternal", repeatable=False, files=[{"id": file_id, "title": "receipt.jpg"}])
        try:
            with self._services.db.transaction(installation.organization_id) as session:
                session.add(
                    PlatformFile(platform="slack", tenant=installation.tenant, sha256=picture.sha256, file_id=file_id)
                )
        except IntegrityError:  # another job was quicker; its upload is as good
            return self._known(installation, picture.sha256)
        self._wait(token, file_id)
        return file_id

    def _wait(self, token: str, file_id: str) -> None:
        for pause in LOOKS:
            time.sleep(pause)
            if (self._web.call(token, "files.info", form=True, file=file_id).get("file") or {}).get("mimetype"):
                return
        raise PlatformBusy("the picture is not ready", 2.0)


def _which(installation: Installation, sha256: str) -> tuple[ColumnElement[bool], ...]:
    return (
        PlatformFile.platform == "slack",
        PlatformFile.tenant == installation.tenant,
        PlatformFile.sha256 == sha256,
    )
