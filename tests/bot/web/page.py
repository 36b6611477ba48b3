"""A browser at the local chat, without a browser: its cookies, its page's token, its acts."""

from __future__ import annotations

import html
import json
import re
import uuid
from typing import Any

import httpx
from fastapi.testclient import TestClient
from sqlalchemy import select

from handlers.chat import INCOMING, Incoming
from handlers.services import Services
from storage.db import EVERY_ORGANIZATION
from storage.models import InboxEvent

SETUP = re.compile(r'<script type="application/json" id="setup">(.*?)</script>', re.DOTALL)


def act(phone: str = "worker", **more: Any) -> dict[str, Any]:
    """A new act on a phone."""
    return {"phone": phone, "id": str(uuid.uuid4())} | more


class Page:
    def __init__(self, client: TestClient, services: Services) -> None:
        self.client = client
        self._services = services
        self.setup: dict[str, Any] = {}

    def open(self) -> httpx.Response:
        answer = self.client.get("/")
        found = SETUP.search(answer.text)
        self.setup = json.loads(html.unescape(found[1])) if found else {}
        return answer

    @property
    def users(self) -> list[str]:
        return [phone["user"] for phone in self.setup["phones"]]

    def post(self, path: str, *, origin: str | None = None, token: str | None = None, **body: Any) -> httpx.Response:
        headers = {"X-CSRF-Token": self.setup.get("csrf", "") if token is None else token}
        if origin is not None:
            headers["Origin"] = origin
        return self.client.post(path, headers=headers, **body)

    def accepted(self) -> list[Incoming]:
        """What the product has been told, oldest first."""
        with self._services.db.snapshot(EVERY_ORGANIZATION) as session:
            rows = session.scalars(select(InboxEvent).order_by(InboxEvent.received_at)).all()
        return [INCOMING.validate_python(row.incoming) for row in rows]
