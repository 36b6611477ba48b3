"""LINE, as far as Keihi meets it: the Messaging API, the data host, and the webhooks that people cause.

State is real: a reply token is good once and for a minute, a retry key once a day, a message that was sent stays as it
is. Every message is checked against LINE's own OpenAPI file (when the shared folder is there) and against the limits
that the file does not hold. The people are in `line_phone.py`.
"""

from __future__ import annotations

import itertools
import json
import re
import secrets
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.contract.line_spec import spec
from tests.fakes.http import Answer, FakeServer, RateLimited, Request
from tests.fakes.line_rules import problems, rich_menu_problems

CHANNEL_SECRET = "0123456789abcdef0123456789abcdef"
CHANNEL_TOKEN = "fictional-channel-access-token/1O/w1cDnyilFU="
USER_ID = re.compile(r"U[0-9a-f]{32}")


@dataclass
class LineUser:
    id: str
    name: str
    language: str = "ja"
    friend: bool = True


@dataclass
class Group:
    id: str
    members: list[str]


@dataclass
class Content:
    """`state`: ready, preparing (202 for the next `wait` calls), unsent (410), gone (404)."""

    data: bytes
    media_type: str
    state: str = "ready"
    wait: int = 0


@dataclass
class Bubble:
    """One message in a chat. `sender` is a user id, or empty for the bot."""

    id: str
    sender: str
    body: dict[str, Any]
    counted: bool = False


@dataclass
class ReplyToken:
    chat: str
    expires: float
    used: bool = False


@dataclass
class _State:
    users: dict[str, LineUser] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    chats: dict[str, list[Bubble]] = field(default_factory=lambda: defaultdict(list))
    contents: dict[str, Content] = field(default_factory=dict)
    reply_tokens: dict[str, ReplyToken] = field(default_factory=dict)
    retry_keys: dict[str, tuple[str, list[dict[str, str]]]] = field(default_factory=dict)
    link_tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    menu_pictures: dict[str, bytes] = field(default_factory=dict)
    menu_of: dict[str, str] = field(default_factory=dict)
    default_menu: str = ""
    loading: list[tuple[str, int]] = field(default_factory=list)


class Refusal(Exception):
    """An error answer `{"message": …}`."""

    def __init__(self, status: int, message: str, details: list[dict[str, str]] | None = None, **headers: str) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers
        self.body: dict[str, Any] = {"message": message} | ({"details": details} if details else {})


class LineServer(FakeServer):
    """The Messaging API on `url` and the data host on `data.url`.

    `reply_seconds` is how long reply tokens live, `quota` the month's free pushes. `pictures` maps the app's public
    base address to where it really listens, for pictures that a phone loads.
    """

    def __init__(self) -> None:
        super().__init__()
        self.channel_secret, self.channel_token = CHANNEL_SECRET, CHANNEL_TOKEN
        self.bot_id = "U" + "b07" * 10 + "b0"
        self.state = _State()
        self.reply_seconds = 60.0
        self.quota, self.consumed = 200, 0
        self.ahead = 0.0  # seconds by which its clock, and its phones', is ahead of this machine's
        self.pictures: dict[str, str] = {}
        self.webhook: Any = None  # a line_phone.Webhook once the app is up
        self.data = _DataHost(self)
        self._numbers = itertools.count(1)

    def start(self) -> LineServer:
        self.data.start()
        return super().start()

    def stop(self) -> None:
        self.data.stop()
        super().stop()

    def add_user(self, name: str, **more: Any) -> LineUser:
        with self.lock:
            user = LineUser("U" + uuid.uuid4().hex, name, **more)
            self.state.users[user.id] = user
            return user

    def add_group(self, *members: LineUser) -> Group:
        with self.lock:
            group = Group("C" + uuid.uuid4().hex, [m.id for m in members])
            self.state.groups[group.id] = group
            return group

    def new_message_id(self) -> str:
        return str(600_000_000_000_000_000 + next(self._numbers))

    def new_reply_token(self, chat: str) -> str:
        token = secrets.token_hex(16)
        self.state.reply_tokens[token] = ReplyToken(chat, time.monotonic() + self.reply_seconds)
        return token

    def bot_bubbles(self, chat: str) -> list[Bubble]:
        with self.lock:
            return [b for b in self.state.chats[chat] if not b.sender]

    # --- HTTP ---------------------------------------------------------------------------------------------------------

    def call_name(self, request: Request) -> str:
        """`reply`, `push`, `profile`, `linkToken`, `loading`, `quota`, `consumption`, `richmenu`, `content`, …"""
        parts = request.path.strip("/").split("/")[2:]
        match parts:
            case ["message", "quota", "consumption"]:
                return "consumption"
            case ["message", _, "content", *_]:
                return "content"
            case ["message", name, *_]:
                return name
            case ["profile", _] | ["group", _, "member", _]:
                return "profile"
            case ["user", _, "linkToken"]:
                return "linkToken"
            case ["user", *_] | ["richmenu", *_]:
                return "richmenu"
            case ["chat", "loading", "start"]:
                return "loading"
        return "/".join(parts)

    def rate_limited(self, fault: RateLimited) -> Answer:
        text = "The API rate limit has been exceeded. Try again later."
        return Answer.of({"message": text}, 429, Retry_After=str(fault.retry_after))

    def handle(self, request: Request) -> Answer:
        request_id = str(uuid.uuid4())
        try:
            if request.bearer != self.channel_token:
                text = "Authentication failed. Confirm that the access token in the authorization header is valid."
                raise Refusal(401, text)
            with self.lock:
                answer = self._route(request, request_id)
        except Refusal as refusal:
            answer = Answer.of(refusal.body, refusal.status, **refusal.headers)
        headers = dict(answer.headers) | {"x-line-request-id": request_id}
        return Answer(answer.status, answer.body, answer.content_type, headers)

    def _route(self, request: Request, request_id: str) -> Answer:
        match request.method, request.path.strip("/").split("/")[2:]:
            case "POST", ["message", "reply"]:
                return self._reply(self._body(request, "ReplyMessageRequest"))
            case "POST", ["message", "push"]:
                return self._push(request, self._body(request, "PushMessageRequest"), request_id)
            case "POST", ["message", "multicast"]:
                body = self._body(request, "MulticastRequest")
                for user in body["to"]:
                    self._show(user, self._checked(body), counted=True)
                return Answer.of({})
            case "POST", ["message", "validate", _]:
                self._checked(self._body(request, "ValidateMessageRequest"))
                return Answer.of({})
            case "GET", ["message", "quota"]:
                return Answer.of({"type": "limited", "value": self.quota})
            case "GET", ["message", "quota", "consumption"]:
                return Answer.of({"totalUsage": self.consumed})
            case "GET", ["info"]:
                return Answer.of(self._info())
            case "GET", ["profile", user]:
                return Answer.of(self._profile(user))
            case "GET", ["group", group, "member", user]:
                if group not in self.state.groups or user not in self.state.groups[group].members:
                    raise Refusal(404, "Not found")
                return Answer.of({"userId": user, "displayName": self.state.users[user].name})
            case "POST", ["user", user, "linkToken"]:
                self._friend(user)
                token = secrets.token_urlsafe(24)
                self.state.link_tokens[token] = (user, time.monotonic() + 600)
                return Answer.of({"linkToken": token})
            case "POST", ["chat", "loading", "start"]:
                return self._loading(self._body(request, "ShowLoadingAnimationRequest"))
            case method, ["richmenu", *rest]:
                return self._rich_menu(method, rest, request)
            case method, ["user", user, "richmenu", *rest]:
                return self._menu_of_user(method, user, rest)
        raise Refusal(404, "Not found")

    def _body(self, request: Request, schema: str) -> dict[str, Any]:
        try:
            body = request.json()
        except ValueError:
            raise Refusal(400, "The request body could not be parsed as JSON") from None
        official = spec("messaging-api.yml")
        wrong = official.problems(schema, body) if official else []
        self._refuse(wrong)
        if not isinstance(body, dict):
            raise Refusal(400, "The request body must be an object")
        return body

    @staticmethod
    def _refuse(wrong: list[str]) -> None:
        if wrong:
            details = [{"message": p.partition(": ")[2], "property": p.partition(": ")[0]} for p in wrong[:10]]
            raise Refusal(400, f"The request body has {len(wrong)} error(s)", details)

    def _checked(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        self._refuse(problems(body.get("messages")))
        return list(body["messages"])

    def _show(self, chat: str, messages: list[dict[str, Any]], *, counted: bool) -> list[dict[str, str]]:
        sent = []
        user = self.state.users.get(chat)
        for message in messages:
            bubble = Bubble(self.new_message_id(), "", message, counted)
            sent.append({"id": bubble.id, "quoteToken": secrets.token_urlsafe(12)})
            if user is None or user.friend:  # to someone who blocked the bot: accepted and not delivered
                self.state.chats[chat].append(bubble)
        return sent

    def _reply(self, body: dict[str, Any]) -> Answer:
        messages = self._checked(body)
        token = self.state.reply_tokens.get(str(body.get("replyToken")))
        if token is None or token.used or time.monotonic() > token.expires:
            raise Refusal(400, "Invalid reply token")
        token.used = True
        return Answer.of({"sentMessages": self._show(token.chat, messages, counted=False)})

    def _push(self, request: Request, body: dict[str, Any], request_id: str) -> Answer:
        key = request.headers.get("x-line-retry-key")
        if key is not None:
            try:
                uuid.UUID(key)
            except ValueError:
                raise Refusal(400, "The X-Line-Retry-Key is invalid") from None
            if key in self.state.retry_keys:
                first, sent = self.state.retry_keys[key]
                refused = {"message": "The retry key is already accepted", "sentMessages": sent}
                return Answer.of(refused, 409, x_line_accepted_request_id=first)
        messages = self._checked(body)
        to = str(body["to"])
        if to not in self.state.users and to not in self.state.groups:
            raise Refusal(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
        heads = len(self.state.groups[to].members) if to in self.state.groups else 1
        if self.consumed + heads > self.quota:
            raise Refusal(429, "You have reached your monthly limit.")
        self.consumed += heads
        sent = self._show(to, messages, counted=True)
        if key is not None:
            self.state.retry_keys[key] = (request_id, sent)
        return Answer.of({"sentMessages": sent})

    def _loading(self, body: dict[str, Any]) -> Answer:
        seconds = body.get("loadingSeconds", 20)
        if not isinstance(seconds, int) or seconds % 5 or not 5 <= seconds <= 60:
            raise Refusal(400, "loadingSeconds must be a multiple of 5 from 5 to 60")
        if not USER_ID.fullmatch(str(body.get("chatId"))):
            raise Refusal(400, "chatId must be a user ID")
        self.state.loading.append((str(body["chatId"]), seconds))
        return Answer.of({}, 202)

    def _friend(self, user_id: str) -> LineUser:
        user = self.state.users.get(user_id)
        if user is None or not user.friend:
            raise Refusal(404, "Not found")
        return user

    def _profile(self, user_id: str) -> dict[str, Any]:
        user = self._friend(user_id)
        return {"userId": user.id, "displayName": user.name, "language": user.language}

    def _info(self) -> dict[str, Any]:
        body = {"userId": self.bot_id, "basicId": "@000keihi", "displayName": "経費", "chatMode": "bot"}
        return body | {"markAsReadMode": "auto"}

    def _rich_menu(self, method: str, rest: list[str], request: Request) -> Answer:
        match method, rest:
            case "POST", [] | ["validate"]:
                body = self._body(request, "RichMenuRequest")
                self._refuse(rich_menu_problems(body))
                if rest:
                    return Answer.of({})
                menu_id = f"richmenu-{uuid.uuid4().hex}"
                self.state.menus[menu_id] = body
                return Answer.of({"richMenuId": menu_id})
            case "GET", ["list"]:
                menus = [{"richMenuId": i} | m for i, m in self.state.menus.items()]
                return Answer.of({"richmenus": menus})
            case "GET", ["alias", "list"]:
                return Answer.of({"aliases": []})
            case "GET", [menu_id] if menu_id in self.state.menus:
                return Answer.of({"richMenuId": menu_id} | self.state.menus[menu_id])
            case "DELETE", [menu_id] if menu_id in self.state.menus:
                del self.state.menus[menu_id]
                return Answer.of({})
        raise Refusal(404, "richmenu not found")

    def _menu_of_user(self, method: str, user: str, rest: list[str]) -> Answer:
        match method, rest:
            case "POST", [menu_id]:
                if menu_id not in self.state.menus:
                    raise Refusal(404, "richmenu not found")
                if menu_id not in self.state.menu_pictures:
                    raise Refusal(400, "must upload richmenu image before applying it to user")
                if user == "all":
                    self.state.default_menu = menu_id
                else:
                    self.state.menu_of[user] = menu_id
                return Answer.of({})
            case "DELETE", []:
                self.state.menu_of.pop(user, None)
                return Answer.of({})
            case "GET", [] if found := self.state.default_menu if user == "all" else self.state.menu_of.get(user):
                return Answer.of({"richMenuId": found})
        raise Refusal(404, "the user has no richmenu")

    def reachable(self, url: str) -> str:
        for public, real in self.pictures.items():
            if url.startswith(public):
                return real + url[len(public) :]
        return url


class _DataHost(FakeServer):
    """api-data.line.me: what people sent, and rich menu pictures."""

    def __init__(self, line: LineServer) -> None:
        super().__init__()
        self.line = line

    def call_name(self, request: Request) -> str:
        return "content" if "/message/" in request.path else "richmenu"

    def handle(self, request: Request) -> Answer:
        if request.bearer != self.line.channel_token:
            return Answer.of({"message": "Authentication failed."}, 401)
        with self.line.lock:
            match request.method, request.path.strip("/").split("/")[2:]:
                case "GET", ["message", message, "content"]:
                    return self._content(message)
                case "GET", ["message", message, "content", "preview"]:
                    return self._content(message)
                case "POST", ["richmenu", menu, "content"] if menu in self.line.state.menus:
                    if len(request.body) > 1_000_000 or request.content_type not in ("image/jpeg", "image/png"):
                        return Answer.of({"message": "The image is invalid"}, 400)
                    self.line.state.menu_pictures[menu] = request.body
                    return Answer.of({})
        return Answer.of({"message": "Not found"}, 404)

    def _content(self, message: str) -> Answer:
        content = self.line.state.contents.get(message)
        if content is None or content.state == "gone":
            return Answer.of({"message": "Not found"}, 404)
        if content.state == "unsent":
            return Answer.of({"message": "Gone"}, 410)
        if content.state == "preparing" and content.wait > 0:
            content.wait -= 1
            return Answer.of({}, 202)
        return Answer(200, content.data, content.media_type)


def as_bytes(body: dict[str, Any]) -> bytes:
    """A webhook body as LINE writes it: UTF-8, nothing escaped."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
