"""The LINE platform: cards out, files in.

A reply is free and a push counts against the channel's monthly plan, so a card goes out by the reply token of the act
that it answers while that lives, and by push only when the token is gone.

Sending once, also after a crash or a timeout (``interrupted``):

* A push carries ``X-Line-Retry-Key``: LINE takes a key once in 24 hours and answers 409 to the second, which is
  success.
* A reply has no such key, but its token is good for one message. An interrupted reply is therefore tried again within
  the token's life: either it goes out now, or LINE calls the token invalid, and then it was our earlier try that used
  it, since the outbox gives a token to one message only. Nothing more is sent.
* Once the token's life is over nobody can tell any more whether an interrupted reply arrived. Then the card is
  pushed: it may be seen twice, but buttons are checked against the claim's version, and a card that nobody sees stops
  a claim for good.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import structlog
import urllib3
from linebot.v3.messaging import PushMessageRequest, ReplyMessageRequest, ShowLoadingAnimationRequest

from bot.line.client import Line, ReplyTokenGone, model
from bot.line.incoming import EXTERNAL, PLATFORM
from bot.line.link import page_url
from bot.line.render import messages
from handlers import installations, pictures
from handlers.chat import Address, Capabilities, Card, FileRef, Form, Profile, Reply
from handlers.errors import FileGone, FileTooLarge, PlatformBusy, PlatformRefused
from handlers.services import Services

log = structlog.get_logger(__name__)

LOADING_SECONDS = 20
CHUNK = 64 * 1024
FETCH_SECONDS = 60.0
PREPARING_SECONDS = 2.0
REMEMBERED = 2000
"""Reply tokens and people of whom the last acts are remembered."""
SHOWN_SECONDS = 2.0
"""So long nobody is shown the loading animation twice: the webhook and two jobs each ask for it."""


@dataclass(frozen=True)
class Quota:
    """Pushes of this month: ``used``, and ``limit`` (None: the plan has none)."""

    used: int
    limit: int | None


class LinePlatform:
    """``handlers.chat.Platform`` for one LINE channel. Methods block and are thread-safe."""

    name = PLATFORM
    capabilities = Capabilities(
        can_edit=False, has_forms=False, counts_pushes=True, has_private=False, has_captions=False
    )

    def __init__(self, services: Services, line: Line) -> None:
        self._services = services
        self._line = line
        self._spent: OrderedDict[str, str] = OrderedDict()  # reply token -> key of the message that used it, if known
        self._shown: OrderedDict[str, float] = OrderedDict()  # user -> when the loading animation was last asked for
        self._lock = threading.Lock()

    def send(self, to: Address, card: Card, *, key: str, reply: Reply | None, interrupted: bool) -> str:
        try:
            found = messages(card, self._picture(to, card))
        except ValueError as error:
            log.error("line.undrawable", error=str(error))
            raise PlatformRefused("invalid_message") from None
        if reply is not None and reply.expires_at > self._services.clock():
            user = self._spent.get(reply.handle)
            if user == key:
                return ""
            if user is None:
                try:
                    return self._reply(reply, found, key)
                except ReplyTokenGone:
                    if interrupted:
                        return ""
                    self._remember(reply, "")
        if to.group:  # a push there counts once for every person, and nothing of ours belongs there
            raise PlatformRefused("no_push_to_groups")
        return self._push(to, found, key)

    def _reply(self, reply: Reply, found: list[dict[str, Any]], key: str) -> str:
        request = model(ReplyMessageRequest, {"replyToken": reply.handle, "messages": found})
        answer = self._line.call("reply_message", request)
        self._remember(reply, key)
        return _reference(answer)

    def _remember(self, reply: Reply, key: str) -> None:
        with self._lock:
            self._spent[reply.handle] = key
            while len(self._spent) > REMEMBERED:
                self._spent.popitem(last=False)

    def _push(self, to: Address, found: list[dict[str, Any]], key: str) -> str:
        request = model(PushMessageRequest, {"to": to.user, "messages": found})
        try:
            answer = self._line.call("push_message", request, x_line_retry_key=str(uuid.UUID(key)))
        except PlatformRefused as error:
            if error.code == "409":
                return ""
            raise
        except ReplyTokenGone:
            raise PlatformRefused("400") from None
        return _reference(answer)

    def update(self, to: Address, reference: str, card: Card) -> None:
        """LINE has no way to change a sent message; not called, since ``can_edit`` is false."""
        raise PlatformRefused("cannot_edit")

    def open_form(self, to: Address, handle: str, form: Form) -> None:
        """LINE has no forms; not called, since ``has_forms`` is false."""
        raise PlatformRefused("no_forms")

    def working(self, to: Address) -> None:
        """The loading animation, for 20 seconds or until the next message; LINE has it in direct conversations only."""
        if to.group or self._just_shown(to.user):
            return
        try:
            request = model(ShowLoadingAnimationRequest, {"chatId": to.user, "loadingSeconds": LOADING_SECONDS})
            self._line.call("show_loading_animation", request, read=3.0)
        except (PlatformBusy, PlatformRefused, ReplyTokenGone):
            pass  # logged by the client; an ornament never stops the work

    def _just_shown(self, user: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._shown.get(user, -SHOWN_SECONDS) < SHOWN_SECONDS:
                return True
            self._shown[user] = now
            self._shown.move_to_end(user)
            while len(self._shown) > REMEMBERED:
                self._shown.popitem(last=False)
            return False

    def fetch(self, sender: Address, file: FileRef, *, limit: int) -> bytes:
        """The bytes of a sent photo or file. While LINE still prepares it (202): PlatformBusy for two seconds."""
        if file.id.startswith(EXTERNAL):
            raise FileGone("the file lies outside LINE")
        try:
            answer = self._line.content(file.id)
        except PlatformRefused as error:
            if error.code in ("404", "410"):
                raise FileGone(f"LINE: {error.code}") from None
            raise
        try:
            if answer.status == 202:
                raise PlatformBusy("content: being prepared", PREPARING_SECONDS)
            html = answer.headers.get("content-type", "").startswith("text/html")
            if html and not file.name.lower().endswith((".htm", ".html")):
                raise PlatformBusy("content: a page instead of the file")
            return _read(answer, limit)
        finally:
            answer.close()

    def profile(self, of: Address) -> Profile:
        try:
            if of.channel.startswith("C"):
                found = self._line.call("get_group_member_profile", of.channel, of.user)
            elif of.channel:
                found = self._line.call("get_room_member_profile", of.channel, of.user)
            else:
                found = self._line.call("get_profile", of.user)
        except PlatformRefused as error:
            if error.code in ("400", "404"):  # LINE knows nobody of this id, or the person has blocked the bot
                return Profile(standing="gone")
            raise
        return Profile(name=found.display_name or "", locale=getattr(found, "language", None) or "")

    def directory(self, tenant: str) -> tuple[tuple[Address, Profile], ...]:
        """Empty: LINE tells nobody's e-mail, so its people link themselves with a code."""
        return ()

    def link_url(self, to: Address) -> str:
        """Our page that begins LINE's account link, good for ten minutes; empty without a public https address."""
        if not self._services.base_url.startswith("https://"):
            return ""
        issued = self._line.call("issue_link_token", to.user)
        return page_url(self._services, to.user, issued.link_token)

    def facts(self, tenant: str) -> tuple[tuple[str, str], ...]:
        """The push quota: what is used up is the administrator's to know."""
        quota = self.quota()
        allowed = str(quota.limit) if quota.limit is not None else "∞"
        return (("LINE push", f"{quota.used} / {allowed}"),)

    def pushes_left(self, tenant: str) -> int | None:
        """What the month's quota still allows; None when the plan has no limit."""
        quota = self.quota()
        return None if quota.limit is None else max(0, quota.limit - quota.used)

    def quota(self) -> Quota:
        """Pushes used and allowed this month, as LINE counts them. Raises PlatformBusy or PlatformRefused."""
        allowed = self._line.call("get_message_quota")
        used = self._line.call("get_message_quota_consumption")
        return Quota(int(used.total_usage), int(allowed.value) if allowed.value is not None else None)

    def _picture(self, to: Address, card: Card) -> str:
        """The address under which LINE's servers and the phone load the card's picture; empty when there is none."""
        if card.picture is None:
            return ""
        installation = installations.find(self._services, PLATFORM, to.tenant)
        if installation is None:
            return ""
        address = pictures.link(self._services, installation.organization_id, card.picture.sha256)
        return address if address.startswith("https://") else ""


def _read(answer: urllib3.BaseHTTPResponse, limit: int) -> bytes:
    told = answer.headers.get("content-length", "")
    if told.isdigit() and int(told) > limit:
        raise FileTooLarge(f"more than {limit} bytes")
    parts, size, end = [], 0, time.monotonic() + FETCH_SECONDS
    try:
        for part in answer.stream(CHUNK):
            size += len(part)
            if size > limit:
                raise FileTooLarge(f"more than {limit} bytes")
            if time.monotonic() > end:
                raise PlatformBusy("content: too slow")
            parts.append(part)
    except urllib3.exceptions.HTTPError as error:
        raise PlatformBusy(f"content: {type(error).__name__}") from None
    return b"".join(parts)


def _reference(answer: Any) -> str:
    """The id of the first message sent, empty when LINE names none."""
    sent = getattr(answer, "sent_messages", None) or []
    return str(sent[0].id) if sent else ""
