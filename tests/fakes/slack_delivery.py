"""The two ways in which Slack reaches an app: signed HTTP requests, and Socket Mode's websocket.

Both carry the same payloads, give the app three seconds, and deliver an event again when it was not acknowledged.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tests.fakes.slack import SlackServer
    from tests.fakes.slack_state import Team

ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Delivered:
    """What the app answered. `status` 0 means nobody answered in time. `seconds` is the time it took."""

    status: int
    body: bytes
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        return json.loads(self.body) if self.body.strip() else None


class Delivery(Protocol):
    def event(self, slack: SlackServer, team: Team, event: dict[str, Any]) -> Delivered: ...

    def interaction(self, slack: SlackServer, payload: dict[str, Any]) -> Delivered: ...

    def command(self, slack: SlackServer, form: dict[str, str]) -> Delivered: ...


class Nowhere:
    """Before the app is up."""

    def event(self, slack: SlackServer, team: Team, event: dict[str, Any]) -> Delivered:
        return Delivered(0, b"", 0)

    def interaction(self, slack: SlackServer, payload: dict[str, Any]) -> Delivered:
        return Delivered(0, b"", 0)

    def command(self, slack: SlackServer, form: dict[str, str]) -> Delivered:
        return Delivered(0, b"", 0)


def envelope(slack: SlackServer, team: Team, event: dict[str, Any]) -> dict[str, Any]:
    """An event as the Events API wraps it."""
    with slack.lock:
        event_id = slack.space.new_id("Ev")
    return {
        "token": "unused-verification-token",
        "team_id": team.id,
        "api_app_id": slack.space.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": team.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def signature(secret: str, timestamp: int | str, body: bytes) -> str:
    """v0 request signature (docs.slack.dev/authentication/verifying-requests-from-slack)."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Signed POSTs to the app's one Slack address. Unacknowledged events come again after `retry_after`."""

    def __init__(
        self, app_url: str, path: str = "/slack/events", retry_after: tuple[float, ...] = (0.3, 1.0, 3.0)
    ) -> None:
        self.address = app_url.rstrip("/") + path
        self.retry_after = retry_after
        self.answered: list[Delivered] = []

    def event(self, slack: SlackServer, team: Team, event: dict[str, Any]) -> Delivered:
        return self.body(slack, json.dumps(envelope(slack, team, event), ensure_ascii=False).encode())

    def body(self, slack: SlackServer, body: bytes) -> Delivered:
        """Deliver this very event body, again until it is acknowledged."""
        first = self.post(slack, body, "application/json")
        if not first.ok and "x-slack-no-retry" not in first.headers:
            threading.Thread(target=self._again, args=(slack, body, first), daemon=True).start()
        return first

    def _again(self, slack: SlackServer, body: bytes, last: Delivered) -> None:
        for number, pause in enumerate(self.retry_after, 1):
            time.sleep(pause)
            reason = "http_error" if last.status else "http_timeout"
            headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            last = self.post(slack, body, "application/json", headers)
            if last.ok:
                return

    def interaction(self, slack: SlackServer, payload: dict[str, Any]) -> Delivered:
        body = urllib.parse.urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
        return self.post(slack, body, "application/x-www-form-urlencoded")

    def command(self, slack: SlackServer, form: dict[str, str]) -> Delivered:
        return self.post(slack, urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded")

    def post(
        self, slack: SlackServer, body: bytes, content_type: str, headers: dict[str, str] | None = None, *, age: int = 0
    ) -> Delivered:
        """One signed request, `age` seconds old by its timestamp; `headers` override what a test wants to forge."""
        stamp = int(time.time()) - age
        signed = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(stamp),
            "X-Slack-Signature": signature(slack.signing_secret, stamp, body),
        }
        delivered = post(self.address, body, signed | (headers or {}))
        self.answered.append(delivered)
        return delivered


def post(address: str, body: bytes, headers: dict[str, str], timeout: float = ACK_SECONDS) -> Delivered:
    began = time.monotonic()
    request = urllib.request.Request(address, body, {k: v for k, v in headers.items() if v})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            status, said, got = answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        status, said, got = error.code, error.read(), error.headers
    except OSError:
        return Delivered(0, b"", time.monotonic() - began)
    return Delivered(status, said, time.monotonic() - began, {k.lower(): v for k, v in got.items()})
