"""The Slack app manifests that an administrator pastes: one for HTTP, one for Socket Mode.

``keihi slack manifest`` prints them with the server's own address; the files can also be pasted as they are.
Source of the format: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

from pathlib import Path

EXAMPLE = "https://keihi.example.jp"

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
    "users:read.email",
)


def text(*, socket: bool, base_url: str = "") -> str:
    """The manifest as YAML, with ``base_url`` (https) or, without one, with the example address to be replaced."""
    file = Path(__file__).with_name("manifest-socket.yaml" if socket else "manifest-http.yaml")
    manifest = file.read_text(encoding="utf-8")
    return manifest.replace(EXAMPLE, base_url.rstrip("/")) if base_url else manifest
