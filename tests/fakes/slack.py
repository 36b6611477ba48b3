"""Slack, as far as Keihi meets it: the Web API, files, response URLs, OAuth, and the events that people cause.

State is real (a message posted can be read back, updated, deleted), and so is refusal: unknown arguments of identity,
missing scopes, spent trigger ids, and every block or view that Slack would call `invalid_blocks`. The people are in
`slack_phone.py`, the two ways in which Slack reaches the app in `slack_delivery.py` and `slack_socket.py`.
"""

from __future__ import annotations

import base64
import html
import queue
import threading
import time
from typing import Any

from tests.fakes.http import Answer, FakeServer, RateLimited, Request
from tests.fakes.slack_checks import Checks
from tests.fakes.slack_delivery import Delivery, Nowhere
from tests.fakes.slack_files import oauth_access
from tests.fakes.slack_methods import METHODS, as_arguments
from tests.fakes.slack_state import ApiError, Channel, File, Message, ResponseUrl, Team, User, View, Workspace

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT_TOKEN = "xoxb-100000000001-200000000002-fictionalKeihiToken"
APP_TOKEN = "xapp-1-A0KEIHI-300000000003-fictional"
SUBSCRIBED = frozenset(
    [
        "message.im",
        "message.channels",
        "message.groups",
        "app_mention",
        "app_home_opened",
        "app_uninstalled",
        "tokens_revoked",
        "file_shared",
    ]
)


class SlackServer(Checks, FakeServer):
    """One Slack with one workspace to begin with (`team`); `add_workspace` makes more.

    `subscribed` are the event types of the app's manifest. `pictures` maps the app's public base address to where it
    really listens, because Slack fetches `image_url` itself when a message is posted.
    """

    client_id = "100000000001.400000000004"
    client_secret = "fictional-client-secret"

    def __init__(self) -> None:
        super().__init__()
        self.signing_secret = SIGNING_SECRET
        self.app_token = APP_TOKEN
        self.space = Workspace()
        self.team = self.space.add_team("T0KEIHI", "ひかり町役場", "hikari-cho", BOT_TOKEN)
        self.subscribed = SUBSCRIBED
        self.delivery: Delivery = Nowhere()
        self.pictures: dict[str, str] = {}
        self.schema: Any = None  # a checker of tests/contract made from Slack's own types, when there
        self.redirect_files_to = ""
        self.looks_until_shown = 1  # an upload has no media type, and cannot be shown, until it was looked through
        self.socket_url = ""
        self.calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = []  # method, arguments, answer
        self._echoes: queue.Queue[tuple[Team, dict[str, Any]] | None] = queue.Queue()
        self._echoing = threading.Thread(target=self._send_echoes, daemon=True)
        self._echoing.start()

    @property
    def api_url(self) -> str:
        """For KEIHI_SLACK_API_URL and `WebClient(base_url=…)`."""
        return f"{self.url}/api/"

    @property
    def file_host(self) -> str:
        """For KEIHI_SLACK_FILE_HOSTS."""
        return f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._echoes.put(None)
        super().stop()

    # --- setting the scene --------------------------------------------------------------------------------------------

    def add_workspace(self, name: str, domain: str) -> Team:
        with self.lock:
            number = len(self.space.teams) + 1
            return self.space.add_team(f"T0OTHER{number}", name, domain, f"{BOT_TOKEN}-{number}")

    def add_user(
        self, name: str, email: str = "", *, real_name: str = "", team: Team | None = None, **more: Any
    ) -> User:
        with self.lock:
            user = User(self.space.new_id("U"), (team or self.team).id, name, real_name or name, email, **more)
            self.space.users[user.id] = user
            return user

    def add_channel(self, name: str, *members: User, with_bot: bool = True) -> Channel:
        with self.lock:
            everyone = {m.id for m in members} | ({self.team.bot_user} if with_bot else set())
            channel = Channel(self.space.new_id("C"), self.team.id, "channel", everyone, name)
            self.space.channels[channel.id] = channel
            return channel

    def consent(self, user: User, redirect_uri: str) -> str:
        """The code that Slack would hand to `redirect_uri` after this person allowed the installation."""
        with self.lock:
            code = f"{self.space.new_id('C')}.code"
            self.space.codes[code] = {
                "client_id": self.client_id,
                "redirect_uri": redirect_uri,
                "team": user.team,
                "user": user.id,
            }
            return code

    # --- HTTP ---------------------------------------------------------------------------------------------------------

    def call_name(self, request: Request) -> str:
        """Web API methods by their name; `download`, `upload` and `response_url` for the rest."""
        first, _, rest = request.path.lstrip("/").partition("/")
        return {"api": rest, "files-pri": "download", "upload": "upload", "response": "response_url"}.get(first, first)

    def rate_limited(self, fault: RateLimited) -> Answer:
        return Answer.of({"ok": False, "error": "ratelimited"}, 429, Retry_After=str(fault.retry_after))

    def handle(self, request: Request) -> Answer:
        first, _, rest = request.path.lstrip("/").partition("/")
        match first:
            case "api":
                return self._api(rest, request)
            case "files-pri":
                return self._download(rest.split("/")[0], request)
            case "upload":
                return self._upload(rest.split("/")[-1], request)
            case "response":
                return self._response_url(rest, request)
        return Answer(404, b"not found", "text/plain")

    def _api(self, name: str, request: Request) -> Answer:
        args: dict[str, Any] = {}
        try:
            form = request.form() if request.content_type == "application/x-www-form-urlencoded" else {}
            args = as_arguments(dict(request.query), form, request.body, request.content_type)
            result = {"ok": True} | self._called(name, request, args)
        except ApiError as error:
            result = {"ok": False, "error": error.code} | error.extra
        with self.lock:
            self.calls.append((name, args, result))
        return Answer.of(result)

    def _called(self, name: str, request: Request, args: dict[str, Any]) -> dict[str, Any]:
        if name == "oauth.v2.access":
            scheme, _, pair = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() == "basic":
                args["client_id"], _, args["client_secret"] = base64.b64decode(pair).decode().partition(":")
            with self.lock:
                return oauth_access(self, args)
        if name == "apps.connections.open":
            if request.bearer != self.app_token:
                raise ApiError("not_allowed_token_type" if request.bearer else "not_authed")
            return {"url": self.socket_url}
        if name not in METHODS:
            raise ApiError("unknown_method", req_method=name)
        function, scopes = METHODS[name]
        with self.lock:
            team = self.space.team_of(request.bearer or args.pop("token", None))
        if scopes and not scopes & team.scopes:
            provided = ",".join(sorted(team.scopes))
            raise ApiError("missing_scope", needed=",".join(sorted(scopes)), provided=provided)
        self._load_pictures(args)  # outside the lock: Slack fetches from the app, which may be calling us
        with self.lock:
            return function(self, team, args)

    def _download(self, file_id: str, request: Request) -> Answer:
        file = self.space.files.get(file_id)
        if file is None:
            return Answer(404, b"<html>not found</html>", "text/html")
        if file.mode == "redirect":
            return Answer(302, b"", "text/html", {"Location": f"{self.redirect_files_to}/{file.id}/{file.name}"})
        try:
            allowed = self.space.team_of(request.bearer).id == file.team
        except ApiError:
            allowed = False
        if not allowed:  # Slack sends the browser to its sign-in page
            return Answer(302, b"", "text/html", {"Location": f"{self.url}/signin?redir={request.path}"})
        if file.mode == "html":
            return Answer(200, b"<!DOCTYPE html><html><body>Sign in to Slack</body></html>", "text/html; charset=utf-8")
        if file.mode == "wrong_type":
            return Answer(200, b"PK\x03\x04 this is not a picture", "image/jpeg")
        return Answer(200, file.data, file.mimetype)

    def _upload(self, file_id: str, request: Request) -> Answer:
        with self.lock:
            file = self.space.uploads.get(file_id)
            if file is None:
                return Answer(404, b"no such upload", "text/plain")
            body = request.body
            if request.content_type == "multipart/form-data":
                boundary = request.headers["content-type"].split("boundary=")[1].strip('"').encode()
                body = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--" + boundary, 1)[0]
            file.data = body
        return Answer(200, f"OK - {len(body)}".encode(), "text/plain")

    def _response_url(self, url_id: str, request: Request) -> Answer:
        """At most five uses within thirty minutes (docs.slack.dev, handling user interaction)."""
        with self.lock:
            url = self.space.response_urls.get(url_id)
            if url is None or time.monotonic() > url.expires:
                return Answer.of({"ok": False, "error": "expired_url"}, 404)
            if url.uses >= 5:
                return Answer.of({"ok": False, "error": "used_url"}, 404)
            url.uses += 1
            team = self.space.teams[self.space.users[url.user].team]
        body = request.json()
        self._load_pictures(body)
        try:
            with self.lock:
                self._respond(team, url, body)
        except ApiError as error:
            return Answer.of({"ok": False, "error": error.code} | error.extra, 400)
        return Answer(200, b"ok", "text/plain")

    def _respond(self, team: Team, url: ResponseUrl, body: dict[str, Any]) -> None:
        from tests.fakes.slack_methods import content_of, post

        old = next((m for m in self.space.timeline[url.channel] if m.ts == url.message), None)
        if body.get("delete_original") and old:
            old.deleted = True
            return
        content = content_of(self, team, body)
        if body.get("replace_original") and old:
            self.replace(old, content)
            return
        only_for = "" if body.get("response_type") == "in_channel" else url.user
        post(self, team, self.space.channels[url.channel], content, only_for=only_for)

    # --- how things look in JSON --------------------------------------------------------------------------------------

    def message_json(self, message: Message, with_metadata: bool = False) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": "message",
            "user": message.user,
            "ts": message.ts,
            "team": message.team,
            "text": message.text,
        }
        if message.bot_id:
            body |= {"bot_id": message.bot_id, "app_id": message.app_id}
        if message.blocks:
            body["blocks"] = [b if "block_id" in b else {"block_id": f"b{i}"} | b for i, b in enumerate(message.blocks)]
        if message.attachments:
            body["attachments"] = message.attachments
        if message.files:
            body["files"] = [self.file_json(self.space.files[f]) for f in message.files]
        if message.thread_ts:
            body["thread_ts"] = message.thread_ts
        if message.edited:
            body["edited"] = {"user": message.user, "ts": message.edited}
        if with_metadata and message.metadata:
            body["metadata"] = message.metadata
        return body

    def file_json(self, file: File, *, in_event: bool = False) -> dict[str, Any]:
        if in_event and file.mode == "stub":
            return {"id": file.id, "created": 1760000000, "mode": "file_access", "file_access": "check_file_info"}
        if file.mode in ("tombstone", "hidden_by_limit"):
            return {"id": file.id, "mode": file.mode}
        base = f"{self.url}/files-pri/{file.id}"
        return {
            "id": file.id,
            "created": 1760000000,
            "timestamp": 1760000000,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": file.mimetype,
            "filetype": file.name.rsplit(".", 1)[-1].lower(),
            "user": file.owner,
            "user_team": file.team,
            "mode": "hosted",
            "is_external": False,
            "size": len(file.data),
            "url_private": f"{base}/{file.name}",
            "url_private_download": f"{base}/download/{file.name}",
            "permalink": f"https://{self.space.teams[file.team].domain}.slack.com/files/{file.owner}/{file.id}/{file.name}",
            "channels": sorted(c for c in file.channels if c.startswith("C")),
            "ims": sorted(c for c in file.channels if c.startswith("D")),
        }

    def view_json(self, view: View) -> dict[str, Any]:
        return view.content | {
            "id": view.id,
            "team_id": view.team,
            "hash": view.hash,
            "root_view_id": view.root,
            "previous_view_id": view.previous or None,
            "app_id": self.space.app_id,
            "bot_id": self.space.teams[view.team].bot_id,
            "private_metadata": view.content.get("private_metadata", ""),
            "callback_id": view.content.get("callback_id", ""),
            "external_id": view.content.get("external_id", ""),
        }

    def replace(self, message: Message, content: dict[str, Any]) -> None:
        message.versions.append(message.content())
        for name, value in content.items():
            setattr(message, name, value)
        message.edited = self.space.new_ts()

    # --- the app's own messages come back as events -------------------------------------------------------------------

    def echo(self, team: Team, channel: Channel, message: Message, subtype: str = "") -> None:
        """Slack tells a subscribed app about its own messages too; Keihi must neither answer nor stumble over them."""
        if not self.wants(channel):
            return
        event: dict[str, Any] = {"type": "message", "channel": channel.id, "channel_type": channel.type}
        event |= {"event_ts": self.space.new_ts(), "ts": message.ts}
        match subtype:
            case "":
                event |= self.message_json(message)
            case "message_changed":
                event |= {"subtype": subtype, "message": self.message_json(message), "hidden": True}
            case "message_deleted":
                event |= {"subtype": subtype, "deleted_ts": message.ts, "hidden": True}
        self._echoes.put((team, event))

    def wants(self, channel: Channel) -> bool:
        return {"im": "message.im", "channel": "message.channels"}.get(
            channel.kind, "message.groups"
        ) in self.subscribed

    def _send_echoes(self) -> None:
        while (echo := self._echoes.get()) is not None:
            self.delivery.event(self, *echo)

    def new_response_url(self, user: str, channel: str, message: str = "") -> str:
        with self.lock:
            url = ResponseUrl(self.space.new_id("R"), user, channel, message, time.monotonic() + 1800)
            self.space.response_urls[url.id] = url
            return f"{self.url}/response/{url.id}"


def unescaped(text: str) -> str:
    """mrkdwn's three entities back to characters."""
    return html.unescape(text)
