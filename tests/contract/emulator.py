"""An independent emulator of Slack (npm `emulate`), as a second opinion on everything that our own fake believes.

It knows the Web API, files and signed events; it does not know slash commands, button taps, submitted forms, response
URLs or Block Kit's limits, so those reach the app from the test itself, signed the same way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from slack_sdk import WebClient

from tests.contract.line_spec import ROOT
from tests.contract.node import PACKAGES, Tool, free_port

SECRET = "fictional-signing-secret"
BOT_TOKEN = "xoxb-fictional-contract"
BOT_SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
    "users:read.email",
]
USER_SCOPES = ["chat:write", "files:write", "files:read", "im:write", "im:history", "im:read", "channels:read"]
PEOPLE = {"tanaka": "田中 太郎", "suzuki": "鈴木 花子"}


def seed() -> dict[str, object]:
    """A workspace of two people and our bot, which has a user of its own: Bolt ignores what its own user does."""
    bot = {"user_id": "U0KEIHI", "bot_id": "B0KEIHI", "bot_user_id": "U0KEIHI", "app_id": "A0KEIHI", "client_id": "1.2"}
    people = [{"name": n, "real_name": r, "email": f"{n}@example.jp"} for n, r in PEOPLE.items()]
    app = {
        "client_id": "1.2",
        "client_secret": "fictional",
        "app_id": "A0KEIHI",
        "name": "keihi",
        "redirect_uris": ["http://127.0.0.1/slack/oauth_redirect"],
        "scopes": BOT_SCOPES,
        "bot_name": "keihi",
        "bot_id": "B0KEIHI",
        "bot_user_id": "U0KEIHI",
    }
    tokens: list[dict[str, object]] = [{"token": BOT_TOKEN, "type": "bot", "scopes": BOT_SCOPES, **bot}]
    tokens += [{"token": f"xoxp-{n}", "type": "user", "user": n, "scopes": USER_SCOPES} for n in PEOPLE]
    return {
        "team": {"name": "ひかり町役場", "domain": "hikari-cho"},
        "users": people,
        "channels": [{"name": "keihi", "topic": "経費"}],
        "oauth_apps": [app],
        "tokens": tokens,
        "strict_scopes": True,
        "signing_secret": SECRET,
    }


@dataclass
class SlackEmulator:
    """`url` is the root; the Web API is below `/api/`. Events go to the addresses given to `send_events_to`."""

    url: str
    tool: Tool
    port: int

    @classmethod
    def start(cls) -> SlackEmulator:
        port = free_port()
        launcher = str(ROOT / "tests" / "contract" / "emulator.mjs")
        tool = Tool(launcher, str(PACKAGES), str(port), json.dumps({"slack": seed()}))
        tool.expect("ready ", 30)
        return cls(f"http://127.0.0.1:{port}", tool, port)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def send_events_to(self, address: str) -> None:
        self.tool.tell(json.dumps({"events": address}))
        self.tool.expect("subscribed ", 10)

    def client(self, token: str = BOT_TOKEN) -> WebClient:
        return WebClient(token, base_url=self.api_url)
