"""A person with LINE on their phone, and the webhook through which LINE tells the app what they did."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import re
import secrets
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import Any

from tests.contract.line_spec import spec
from tests.fakes.line import Bubble, Content, Group, LineServer, LineUser, as_bytes
from tests.fakes.seen import Attachment, Seen
from tests.fakes.slack_delivery import Delivered, post

WEBHOOK_SECONDS = 2.0
ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def signature(secret: str, body: bytes) -> str:
    """`x-line-signature`: base64 of HMAC-SHA256 of the raw body with the channel secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Webhook:
    """Signed POSTs to the app. With redelivery on (as set-up asks), an unanswered event comes again, marked so."""

    def __init__(
        self, line: LineServer, app_url: str, path: str = "/line/callback", redeliver: tuple[float, ...] = (0.5, 2.0)
    ) -> None:
        self.line = line
        self.address = app_url.rstrip("/") + path
        self.redeliver = redeliver
        self.answered: list[Delivered] = []
        line.webhook = self

    def event(self, kind: str, source: dict[str, Any], chat: str = "", **more: Any) -> dict[str, Any]:
        """One webhook event; with a reply token for `chat` when it is given."""
        body: dict[str, Any] = {
            "type": kind,
            **more,
            "webhookEventId": "01" + "".join(secrets.choice(ULID) for _ in range(24)),
            "deliveryContext": {"isRedelivery": False},
            "timestamp": int((time.time() + self.line.ahead) * 1000),
            "source": source,
            "mode": "active",
        }
        if chat:
            with self.line.lock:
                body["replyToken"] = self.line.new_reply_token(chat)
        return body

    def deliver(self, *events: dict[str, Any]) -> Delivered:
        """These events in one request, and again later if the app does not answer 2xx within two seconds."""
        delivered = self.post(events)
        if not delivered.ok and self.redeliver:
            threading.Thread(target=self._again, args=(events,), daemon=True).start()
        return delivered

    def _again(self, events: Sequence[dict[str, Any]]) -> None:
        again = [e | {"deliveryContext": {"isRedelivery": True}} for e in events]
        for pause in self.redeliver:
            time.sleep(pause)
            if self.post(again).ok:
                return

    def post(self, events: Sequence[dict[str, Any]], headers: dict[str, str] | None = None) -> Delivered:
        body = {"destination": self.line.bot_id, "events": list(events)}
        official = spec("webhook.yml")
        wrong = official.problems("CallbackRequest", body) if official else []
        assert not wrong, f"this is not what LINE would send: {wrong}"
        return self.raw(as_bytes(body), headers)

    def raw(self, body: bytes, headers: dict[str, str] | None = None) -> Delivered:
        """Any bytes, signed; `headers` override what a test wants to forge (an empty value leaves the header out)."""
        signed = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "x-line-signature": signature(self.line.channel_secret, body),
        }
        delivered = post(self.address, body, signed | (headers or {}), WEBHOOK_SECONDS)
        self.answered.append(delivered)
        return delivered


class LinePhone:
    """One person's LINE: the talk with the bot, or a group that the bot is in."""

    def __init__(self, line: LineServer, user: LineUser, group: Group | None = None) -> None:
        self.line, self.user, self.group = line, user, group
        self.name = user.name
        self.chat = group.id if group else user.id
        self.source: dict[str, Any] = {"type": "user", "userId": user.id}
        if group:
            self.source = {"type": "group", "groupId": group.id, "userId": user.id}

    @property
    def hook(self) -> Webhook:
        assert isinstance(self.line.webhook, Webhook), "no webhook address is set"
        return self.line.webhook

    # --- what they do -------------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Type a message; a slash command is typed as words here."""
        self._message({"type": "text", "text": text, "quoteToken": secrets.token_urlsafe(12)}, {"text": text})

    def send(
        self,
        files: Sequence[Attachment],
        text: str = "",
        *,
        shuffled: int | None = None,
        bundled: bool = False,
        old_android: bool = False,
        state: str = "ready",
        wait: int = 0,
    ) -> None:
        """Photos as one album, other files one by one, the text after them.

        LINE sends one event a photo in no certain order: `shuffled` is the seed of the order, `bundled` puts all into
        one request, `old_android` leaves out index and total. `state` and `wait` are how the content will be served.
        """
        photos = [f for f in files if f.media_type.startswith("image/") and not f.media_type.endswith("heic")]
        others = [f for f in files if f not in photos]
        album = secrets.token_hex(16).upper() if len(photos) > 1 else ""
        events = []
        for index, photo in enumerate(photos, 1):
            body: dict[str, Any] = {"type": "image", "quoteToken": secrets.token_urlsafe(12)}
            body["contentProvider"] = {"type": "line"}
            if album:
                known = {} if old_android else {"index": index, "total": len(photos)}
                body["imageSet"] = {"id": album} | known
            events.append(self._file_event(body, photo, state, wait))
        if shuffled is not None:
            random.Random(shuffled).shuffle(events)
        for file in others:
            body = {"type": "file", "fileName": file.name, "fileSize": len(file.data)}
            events.append(self._file_event(body, file, state, wait))
        if bundled:
            self.hook.deliver(*events)
        else:
            for event in events:
                self.hook.deliver(event)
        if text:
            self.say(text)

    def _file_event(self, body: dict[str, Any], file: Attachment, state: str, wait: int) -> dict[str, Any]:
        with self.line.lock:
            body["id"] = self.line.new_message_id()
            self.line.state.contents[body["id"]] = Content(file.data, file.media_type, state, wait)
            self.line.state.chats[self.chat].append(Bubble(body["id"], self.user.id, {"type": body["type"]}))
        return self.hook.event("message", self.source, self.chat, message=body)

    def _message(self, body: dict[str, Any], shown: dict[str, Any]) -> None:
        with self.line.lock:
            body["id"] = self.line.new_message_id()
            self.line.state.chats[self.chat].append(Bubble(body["id"], self.user.id, {"type": body["type"]} | shown))
        self.hook.deliver(self.hook.event("message", self.source, self.chat, message=body))

    def sticker(self) -> None:
        body = {"type": "sticker", "packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC"}
        self._message(body | {"quoteToken": secrets.token_urlsafe(12)}, {})

    def unsend(self, message_id: str | None = None) -> str:
        """Take back the newest own message (or this one). Its content answers 410 from now on. The message's id."""
        with self.line.lock:
            mine = [b for b in self.line.state.chats[self.chat] if b.sender == self.user.id]
            message_id = message_id or mine[-1].id
            self.line.state.chats[self.chat] = [b for b in self.line.state.chats[self.chat] if b.id != message_id]
            if content := self.line.state.contents.get(message_id):
                content.state = "unsent"
        self.hook.deliver(self.hook.event("unsend", self.source, unsend={"messageId": message_id}))
        return message_id

    def follow(self, again: bool = False) -> None:
        """Add the bot as a friend, or unblock it."""
        self.user.friend = True
        self.hook.deliver(self.hook.event("follow", self.source, self.chat, follow={"isUnblocked": again}))

    def block(self) -> None:
        self.user.friend = False
        self.hook.deliver(self.hook.event("unfollow", self.source))

    def invite_bot(self) -> None:
        assert self.group is not None
        source = {"type": "group", "groupId": self.group.id}
        self.hook.deliver(self.hook.event("join", source, self.chat))

    def tap(self, message: Seen, label: str, value: str = "") -> str:
        """Tap a button, or a quick reply while it still shows. The URL when the action opens a page, else empty."""
        action = _action_of(message, label)
        return self.act(action, value)

    def act(self, action: dict[str, Any], value: str = "") -> str:
        match action["type"]:
            case "message":
                self.say(action["text"])
            case "uri":
                return str(action["uri"])
            case "postback":
                if shown := action.get("displayText") or action.get("text"):
                    with self.line.lock:
                        bubble = Bubble(self.line.new_message_id(), self.user.id, {"type": "text", "text": shown})
                        self.line.state.chats[self.chat].append(bubble)
                self._postback({"data": action["data"]})
            case "datetimepicker":
                value = value or action.get("initial", "")
                low, high = action.get("min", ""), action.get("max", "9999")
                assert low <= value <= high, f"the picker offers {low} to {high}, not {value}"
                self._postback({"data": action["data"], "params": {action["mode"]: value}})
            case other:
                raise LookupError(f"cannot act on {other}")
        return ""

    def _postback(self, content: dict[str, Any]) -> None:
        self.hook.deliver(self.hook.event("postback", self.source, self.chat, postback=content))

    def follow_link(self, url: str) -> None:
        """Finish LINE's account link dialog: `https://access.line.me/dialog/bot/accountLink?linkToken=…&nonce=…`."""
        parts = urllib.parse.urlsplit(url)
        assert (parts.netloc, parts.path) == ("access.line.me", "/dialog/bot/accountLink"), url
        query = dict(urllib.parse.parse_qsl(parts.query))
        nonce = query["nonce"]
        assert 10 <= len(nonce) <= 255, "LINE takes nonces of 10 to 255 characters"
        with self.line.lock:
            owner, expires = self.line.state.link_tokens.pop(query["linkToken"], ("", 0.0))
        ok = owner == self.user.id and time.monotonic() < expires
        link = {"result": "ok" if ok else "failed", "nonce": nonce}
        self.hook.deliver(self.hook.event("accountLink", self.source, self.chat, link=link))

    # --- what they see ------------------------------------------------------------------------------------------------

    def messages(self) -> list[Seen]:
        with self.line.lock:
            line = list(self.line.state.chats[self.chat])
        return [_seen(b, newest=n == len(line), me=self.user.id) for n, b in enumerate(line, 1)]

    def picture(self, url: str) -> bytes:
        """The bytes that the client would load for one of `Seen.pictures`."""
        with urllib.request.urlopen(self.line.reachable(url), timeout=5) as answer:
            kind = answer.headers.get_content_type()
            assert kind in ("image/jpeg", "image/png"), f"LINE shows JPEG and PNG, not {kind}"
            return bytes(answer.read())


def _seen(bubble: Bubble, newest: bool, me: str) -> Seen:
    body = bubble.body
    lines: list[str] = []
    actions: list[dict[str, Any]] = []
    pictures: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, list):
            for item in part:
                look(item)
        if not isinstance(part, dict):
            return
        kind = part.get("type")
        if kind == "text":
            spans = part.get("contents")
            lines.append("".join(s.get("text", "") for s in spans) if spans else str(part.get("text", "")))
        elif kind in ("image", "icon") and "url" in part:
            pictures.append(part["url"])
        elif kind in ("confirm", "buttons"):
            lines.extend(str(part[n]) for n in ("title", "text") if n in part)
            actions.extend(part.get("actions", []))
        elif kind == "bubble":
            for name in ("header", "hero", "body", "footer"):
                look(part.get(name))
        elif kind in ("box", "carousel"):
            look(part.get("contents"))
        if isinstance(part.get("action"), dict):
            actions.append(part["action"])

    match body["type"]:
        case "flex":
            look(body["contents"])
        case "template":
            look(body["template"])
        case "image" if "originalContentUrl" in body:
            pictures.append(body["originalContentUrl"])
        case "text" | "textV2":
            lines.append(str(body.get("text", "")))
    # Quick replies stand under the newest message only, and go when anything follows.
    quick = [i["action"] for i in body.get("quickReply", {}).get("items", [])] if newest else []
    return Seen(
        ref=bubble.id,
        text="\n".join(lines),
        buttons=tuple(a["label"] for a in actions if a.get("label")),
        choices=tuple(a["label"] for a in quick),
        pictures=tuple(pictures),
        mine=bubble.sender == me,
        raw=(actions, quick, body),
    )


def _action_of(message: Seen, label: str) -> dict[str, Any]:
    actions, quick, _ = message.raw
    every = [*actions, *quick]
    for action in every:
        if action.get("label") == label:
            return dict(action)
    for action in every:
        if re.search(re.escape(label), str(action.get("label", ""))):
            return dict(action)
    raise LookupError(f"no {label!r} among {[a.get('label') for a in every]}")
