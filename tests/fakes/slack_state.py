"""What a Slack workspace remembers: people, conversations, messages, files and views."""

from __future__ import annotations

import itertools
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

BOT_SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "users:read",
        "users:read.email",
        "team:read",
        "reactions:write",
    ]
)


class ApiError(Exception):
    """An answer `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


@dataclass
class Team:
    id: str
    name: str
    domain: str
    bot_user: str
    bot_id: str
    token: str
    scopes: frozenset[str] = BOT_SCOPES


@dataclass
class User:
    id: str
    team: str
    name: str
    real_name: str
    email: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    is_stranger: bool = False
    locale: str = "ja-JP"

    def as_json(self, with_email: bool) -> dict[str, Any]:
        profile = {"real_name": self.real_name, "display_name": self.name, "title": "", "team": self.team}
        if with_email and self.email:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": "Asia/Tokyo",
            "tz_label": "Japan Standard Time",
            "tz_offset": 32400,
            "locale": self.locale,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_stranger": self.is_stranger,
            "updated": 1760000000,
        }


@dataclass
class Channel:
    id: str
    team: str
    kind: str  # im, channel, group
    members: set[str]
    name: str = ""

    @property
    def type(self) -> str:
        return self.kind

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"id": self.id, "created": 1760000000, "is_im": self.kind == "im"}
        if self.kind == "im":
            return body | {"user": next(iter(self.members)), "is_org_shared": False}
        return body | {"name": self.name, "is_channel": True, "is_private": self.kind == "group", "is_member": True}


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str
    team: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    files: list[str] = field(default_factory=list)
    thread_ts: str = ""
    bot_id: str = ""
    app_id: str = ""
    only_for: str = ""
    edited: str = ""
    deleted: bool = False
    versions: list[dict[str, Any]] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        return {"text": self.text, "blocks": self.blocks, "attachments": self.attachments, "metadata": self.metadata}


@dataclass
class File:
    """`mode` is how it is served: "hosted", or what can go wrong with it.

    stub (Slack Connect: files.info first), tombstone (deleted), hidden_by_limit, html (a login page with 200),
    redirect (302 to another host), wrong_type (says image/jpeg, is not).
    """

    id: str
    team: str
    name: str
    data: bytes
    mimetype: str
    owner: str
    channels: set[str] = field(default_factory=set)
    mode: str = "hosted"
    title: str = ""
    looks: int = 0  # files.info calls until an upload is ready


@dataclass
class View:
    id: str
    team: str
    user: str
    type: str
    hash: str
    content: dict[str, Any]
    root: str = ""
    previous: str = ""
    typed: dict[tuple[str, str], Any] = field(default_factory=dict)
    closed: bool = False


@dataclass
class Trigger:
    user: str
    team: str
    expires: float
    used: bool = False


@dataclass
class ResponseUrl:
    id: str
    user: str
    channel: str
    message: str
    expires: float
    uses: int = 0


class Workspace:
    """All state of one fake Slack; the server guards it with its lock."""

    def __init__(self) -> None:
        self.app_id = "A0KEIHI"
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.timeline: dict[str, list[Message]] = defaultdict(list)
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = defaultdict(list)
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.uploads: dict[str, File] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.revoked: set[str] = set()
        self.trigger_seconds = 3.0
        self._numbers = itertools.count(1)
        self._last_ts = 0

    def new_id(self, letter: str) -> str:
        return f"{letter}0{next(self._numbers):04d}{secrets.token_hex(2).upper()}"

    def new_ts(self) -> str:
        """Microseconds since 1970, never twice."""
        self._last_ts = max(self._last_ts + 1, int(time.time() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_team(self, team_id: str, name: str, domain: str, token: str) -> Team:
        bot = User(self.new_id("U"), team_id, "keihi", "経費", is_bot=True)
        team = Team(team_id, name, domain, bot.id, self.new_id("B"), token)
        self.teams[team_id] = team
        self.users[bot.id] = bot
        return team

    def team_of(self, token: str | None) -> Team:
        if not token:
            raise ApiError("not_authed")
        if token in self.revoked:
            raise ApiError("token_revoked")
        for team in self.teams.values():
            if secrets.compare_digest(team.token, token):
                return team
        raise ApiError("invalid_auth")

    def im(self, team: Team, user: str) -> Channel:
        for channel in self.channels.values():
            if channel.kind == "im" and channel.team == team.id and user in channel.members:
                return channel
        channel = Channel(self.new_id("D"), team.id, "im", {user})
        self.channels[channel.id] = channel
        return channel

    def find(self, channel: str, ts: str) -> Message | None:
        return next((m for m in self.timeline[channel] if m.ts == ts and not m.deleted), None)

    def new_trigger(self, user: str, team: str) -> str:
        trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[trigger] = Trigger(user, team, time.monotonic() + self.trigger_seconds)
        return trigger

    def spend_trigger(self, trigger_id: str, team: Team) -> Trigger:
        trigger = self.triggers.get(trigger_id)
        if trigger is None or trigger.team != team.id:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() > trigger.expires:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger
