"""The local chat as a platform: delivering is writing a row, and the page that shows it is told at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.web import conversation
from bot.web.conversation import Bell
from handlers import people
from handlers.chat import CARD, FORM, Address, Capabilities, Card, FileRef, Form, Profile, Reply
from handlers.errors import FileGone, FileTooLarge, PlatformRefused
from handlers.services import Services
from storage.errors import BlobMissing

NAME = "web"
TOO_LARGE = "too-large"
"""Stands where a file's SHA-256 would be when it was over the limit at its upload and therefore never kept."""


class WebChat:
    """See :class:`handlers.chat.Platform`. The tenant of an address is the organisation's id."""

    name = NAME
    capabilities = Capabilities(can_edit=True, has_forms=True, counts_pushes=False, has_private=True)

    def __init__(self, services: Services) -> None:
        self._services = services
        self.bell = Bell()

    def send(self, to: Address, card: Card, *, key: str, reply: Reply | None, interrupted: bool) -> str:
        with self._services.db.transaction(to.tenant) as session:
            reference = conversation.add(
                session,
                self._member(session, to),
                key=key,
                author="bot",
                at=self._services.clock(),
                card=CARD.dump_python(card, mode="json"),
            )
        self.bell.ring()
        return reference

    def update(self, to: Address, reference: str, card: Card) -> None:
        with self._services.db.transaction(to.tenant) as session:
            if not conversation.change(session, reference, card=CARD.dump_python(card, mode="json")):
                raise PlatformRefused("message_not_found")
        self.bell.ring()

    def open_form(self, to: Address, handle: str, form: Form) -> None:
        content: dict[str, Any] = FORM.dump_python(form, mode="json")
        with self._services.db.transaction(to.tenant) as session:
            conversation.add(
                session,
                self._member(session, to),
                key=f"{conversation.FORM_KEY}{handle}",
                author="bot",
                at=self._services.clock(),
                form=content,
            )
        self.bell.ring()

    def working(self, to: Address) -> None:
        with self._services.db.transaction(to.tenant) as session:
            identity = people.identity_of(session, to)
            if identity is None:
                return
            conversation.show_working(session, identity.member_id, at=self._services.clock())
        self.bell.ring()

    def fetch(self, sender: Address, file: FileRef, *, limit: int) -> bytes:
        sha256 = file.id.split(".")[0]
        if sha256 == TOO_LARGE or (file.size or 0) > limit:
            raise FileTooLarge(f"{file.size} bytes")
        try:
            data = self._services.blobs.get(sha256)
        except BlobMissing:
            raise FileGone(file.id) from None
        if len(data) > limit:
            raise FileTooLarge(f"{len(data)} bytes")
        return data

    def profile(self, of: Address) -> Profile:
        with self._services.db.snapshot(of.tenant) as session:
            identity = people.identity_of(session, of)
            if identity is None or not identity.member.active:
                return Profile(standing="gone")
            member = identity.member
            return Profile(name=member.name, email=member.email or "", locale=member.locale)

    def directory(self, tenant: str) -> tuple[tuple[Address, Profile], ...]:
        return ()

    def facts(self, tenant: str) -> tuple[tuple[str, str], ...]:
        return ()

    def pushes_left(self, tenant: str) -> int | None:
        return None

    def link_url(self, to: Address) -> str:
        return ""

    @staticmethod
    def _member(session: Session, to: Address) -> str:
        identity = people.identity_of(session, to)
        if identity is None:
            raise PlatformRefused("user_not_found")
        return identity.member_id
