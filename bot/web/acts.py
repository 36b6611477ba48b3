"""What a person does on a phone, as the product's :class:`Incoming`: messages, taps, forms, commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.web import conversation
from bot.web.access import Phone
from bot.web.pictures import media_type
from bot.web.platform import NAME, TOO_LARGE, WebChat
from handlers import forms, inbox
from handlers.chat import Act, Address, Commanded, FileRef, FormSent, Incoming, Said, Tapped, Unsent
from handlers.services import Services

_COMMAND = re.compile(r"/keihi(?:\s+(.*))?\s*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Upload:
    """A file as the browser sent it; ``data`` is empty when it was over the limit and only its size is known."""

    name: str
    media_type: str
    size: int
    data: bytes


def address(phone: Phone) -> Address:
    return Address(NAME, phone.organization_id, phone.user)


class Acts:
    """Every method blocks for some milliseconds; a repeated ``act_id`` is the same act and changes nothing."""

    def __init__(self, services: Services, chat: WebChat) -> None:
        self._services = services
        self._chat = chat

    def say(self, phone: Phone, act_id: str, text: str, uploads: Sequence[Upload]) -> None:
        command = _COMMAND.match(text) if not uploads else None
        if command:
            self.command(phone, act_id, command.group(1) or "help")
            return
        files = [self._keep(upload) for upload in uploads]
        self._show(phone, act_id, text=text, files=files)
        # The same file sent twice is two acts: only a repeat of this act may count as told again.
        refs = tuple(
            FileRef(
                id=f"{file['sha256'] or TOO_LARGE}.{act_id}.{index}",
                name=file["name"],
                media_type=file["media_type"],
                size=file["size"],
                message=act_id,
            )
            for index, file in enumerate(files)
        )
        self._accept(phone, act_id, Said(text=text, files=refs))

    def command(self, phone: Phone, act_id: str, text: str) -> None:
        self._show(phone, act_id, text=f"/keihi {text}")
        self._accept(phone, act_id, Commanded(text))

    def tap(self, phone: Phone, act_id: str, token: str, value: str, form: str, label: str) -> None:
        """``label`` is what the person seems to have said: a suggested answer leaves a bubble, a button none."""
        if label:
            self._show(phone, act_id, text=label)
        self._accept(phone, act_id, Tapped(token, value, form))

    def send_form(self, phone: Phone, act_id: str, token: str, values: dict[str, str]) -> dict[str, str]:
        """Field name → what is wrong with it; empty when the form was taken."""
        sent = FormSent(token, tuple(values.items()))
        errors = forms.check(self._services, address(phone), sent)
        if not errors:
            self._accept(phone, act_id, sent)
        return errors

    def take_back(self, phone: Phone, act_id: str, said: str) -> None:
        """``said`` is the id of the act that is taken back; nothing happens when it was not this person's."""
        with self._services.db.transaction(phone.organization_id) as session:
            done = conversation.take_back(session, phone.member_id, f"{said}:0")
        if done:
            self._chat.bell.ring()
            self._accept(phone, act_id, Unsent(said))

    def _keep(self, upload: Upload) -> dict[str, Any]:
        kept = self._services.blobs.put(upload.data) if upload.data or not upload.size else ""
        kind = media_type(upload.data)
        if kind == "application/octet-stream" and not upload.media_type.startswith("image/"):
            kind = upload.media_type[:100] or kind
        return {"sha256": kept, "name": upload.name[:200], "media_type": kind, "size": upload.size}

    def _show(self, phone: Phone, act_id: str, *, text: str, files: Sequence[dict[str, Any]] = ()) -> None:
        with self._services.db.transaction(phone.organization_id) as session:
            conversation.add(
                session,
                phone.member_id,
                key=f"{act_id}:0",
                author="me",
                at=self._services.clock(),
                text=text,
                files=files,
            )
        self._chat.bell.ring()

    def _accept(self, phone: Phone, act_id: str, act: Act) -> None:
        event_id = f"{phone.member_id}:{act_id}"
        inbox.accept(self._services, Incoming(event_id, self._services.clock(), address(phone), act))
