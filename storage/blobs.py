"""Receipts by SHA-256, in a folder or in S3 through obstore. A blob is written once and never changed."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlparse

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

from storage.errors import BlobMissing

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A content-addressed store. Keys are ``ab/abcdef…`` so that no folder grows too large."""

    def __init__(self, url: str) -> None:
        if url.startswith("file://"):
            folder = Path(unquote(urlparse(url).path))
            folder.mkdir(parents=True, exist_ok=True)
            self._store: ObjectStore = LocalStore(folder)
        else:
            self._store = from_url(url)

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its SHA-256; keeping the same bytes again changes nothing."""
        digest = hashlib.sha256(data).hexdigest()
        with suppress(AlreadyExistsError):
            self._store.put(self._path(digest), data, mode="create")
        return digest

    def get(self, sha256: str) -> bytes:
        """The bytes; :class:`BlobMissing` when there are none, or when they do not match their name any more."""
        try:
            data = bytes(self._store.get(self._path(sha256)).bytes())
        except FileNotFoundError:
            raise BlobMissing(sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobMissing(f"{sha256} was altered")
        return data

    @staticmethod
    def _path(sha256: str) -> str:
        if not _SHA256.fullmatch(sha256):
            raise BlobMissing("not a SHA-256")
        return f"{sha256[:2]}/{sha256}"
