"""What Slack checks before it shows anything: blocks, views, and the pictures that they name."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.fakes import block_kit
from tests.fakes.slack_state import ApiError, Team, Workspace


class Checks:
    """The part of the server that says `invalid_blocks`. The attributes are the server's own."""

    space: Workspace
    schema: Any
    pictures: dict[str, str]

    @staticmethod
    def parsed(value: Any) -> Any:
        """Blocks, views and metadata may come as JSON inside a form."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError("invalid_json") from None

    def check_blocks(self, team: Team, blocks: Any) -> None:
        problems = block_kit.message_problems(blocks) + self._unshowable_files(team, blocks)
        if self.schema is not None and not problems:
            problems = self.schema.message_problems(blocks)
        if problems:
            code = "invalid_blocks" if isinstance(blocks, list) else "invalid_blocks_format"
            raise ApiError(code, response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})

    def check_view(self, team: Team, given: Any) -> dict[str, Any]:
        view = self.parsed(given)
        problems = block_kit.view_problems(view)
        if not problems:
            problems = self._unshowable_files(team, view["blocks"])
        if self.schema is not None and not problems:
            problems = self.schema.view_problems(view)
        if problems:
            raise ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})
        return dict(view)

    def _unshowable_files(self, team: Team, blocks: Any) -> list[str]:
        """`slack_file` must name a picture of this workspace in a format that Slack shows (png, jpg, jpeg, gif)."""
        problems = []
        for image in walk(blocks, "slack_file"):
            named = image["slack_file"]
            file = self.space.files.get(
                str(named.get("id") or named.get("url", "").split("/files-pri/")[-1].split("/")[0])
            )
            if file is None or file.team != team.id or file.mode == "tombstone" or file.looks:
                problems.append("invalid slack file: not found or not ready")
            elif file.mimetype not in ("image/png", "image/jpeg", "image/gif"):
                problems.append(f"invalid slack file: {file.mimetype} cannot be shown")
        return problems

    def _load_pictures(self, args: dict[str, Any]) -> None:
        for place in ("blocks", "view", "attachments"):
            for image in walk(self.parsed(args.get(place)), "image_url"):
                if why := self.picture_problem(str(image["image_url"])):
                    said = f"[ERROR] downloading image failed: {why} ({image['image_url'][:200]})"
                    raise ApiError("invalid_blocks", response_metadata={"messages": [said]})

    def picture_problem(self, url: str) -> str:
        """Why Slack could not show this picture; empty when it can."""
        try:
            with urllib.request.urlopen(self.reachable(url), timeout=5) as answer:
                kind = answer.headers.get_content_type()
                return "" if kind in ("image/png", "image/jpeg", "image/gif") else f"it is {kind}"
        except (OSError, urllib.error.URLError, ValueError) as error:
            return str(error)

    def reachable(self, url: str) -> str:
        for public, real in self.pictures.items():
            if url.startswith(public):
                return real + url[len(public) :]
        return url

    @staticmethod
    def sniffed(data: bytes) -> str:
        """The media type by magic bytes, as far as Slack shows it."""
        for magic, kind in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png"), (b"%PDF", "application/pdf")):
            if data.startswith(magic):
                return kind
        return "image/heic" if data[4:8] == b"ftyp" else "application/octet-stream"


def walk(value: Any, key: str) -> list[dict[str, Any]]:
    """Every object inside `value` that has `key`."""
    if isinstance(value, list):
        return [found for item in value for found in walk(item, key)]
    if isinstance(value, dict):
        inner = [found for item in value.values() for found in walk(item, key)]
        return [value, *inner] if key in value else inner
    return []
