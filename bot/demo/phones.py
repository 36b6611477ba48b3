"""The demo's phones without a browser: the same page, stream and acts that the browser uses, over HTTP."""

from __future__ import annotations

import html
import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

_SETUP = re.compile(r'<script type="application/json" id="setup">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Heard:
    """One event of the stream. ``name``: bubble or audit; ``data`` as the page gets it."""

    name: str
    data: dict[str, Any]


class Phones:
    """All phones of one page. ``on_event`` is called, from the listening thread, with everything that arrives."""

    def __init__(self, base_url: str, on_event: Callable[[Heard], None]) -> None:
        # The server drops a connection that idles for five seconds; ours is given up before, so no request meets that.
        self._client = httpx.Client(base_url=base_url, timeout=30, limits=httpx.Limits(keepalive_expiry=2))
        self._on_event = on_event
        self._changed = threading.Condition()
        self._heard: list[Heard] = []
        self._lost = ""
        page = self._client.get("/")
        page.raise_for_status()
        found = _SETUP.search(page.text)
        if found is None:
            raise RuntimeError("the page of the local chat has no set-up")
        setup = json.loads(html.unescape(found[1]))
        self._client.headers["X-CSRF-Token"] = setup["csrf"]
        self.users: list[str] = [phone["user"] for phone in setup["phones"]]
        self._thread = threading.Thread(target=self._listen, daemon=True, name="phones")
        self._thread.start()

    # --- acts ---------------------------------------------------------------------------------------------------------

    def send(self, user: str, name: str, data: bytes, media_type: str) -> None:
        answer = self._client.post(
            "/local/messages", data=self._act(user) | {"text": ""}, files={"files": (name, data, media_type)}
        )
        answer.raise_for_status()

    def tap(self, user: str, token: str) -> None:
        self._client.post("/local/taps", json=self._act(user) | {"token": token}).raise_for_status()

    @staticmethod
    def _act(user: str) -> dict[str, str]:
        return {"phone": user, "id": str(uuid.uuid4())}

    # --- what arrives -------------------------------------------------------------------------------------------------

    def wait(self, wanted: Callable[[Heard], bool], seconds: float, what: str) -> Heard:
        """The first event, past or coming, that is wanted; raises TimeoutError saying ``what`` did not come."""
        end = time.monotonic() + seconds
        seen = 0
        with self._changed:
            while True:
                for heard in self._heard[seen:]:
                    if wanted(heard):
                        return heard
                seen = len(self._heard)
                left = end - time.monotonic()
                if left <= 0 or self._lost:
                    raise TimeoutError(what if not self._lost else f"{what} ({self._lost})")
                self._changed.wait(left)

    def close(self) -> None:
        self._client.close()

    def _listen(self) -> None:
        try:
            with self._client.stream("GET", "/local/events", timeout=None) as stream:
                stream.raise_for_status()
                event: dict[str, str] = {}
                for line in stream.iter_lines():
                    name, _, value = line.partition(": ")
                    if name:
                        event[name] = value
                        continue
                    if event.get("event") in ("bubble", "audit"):
                        self._tell(Heard(event["event"], json.loads(event["data"])))
                    event = {}
        except (httpx.HTTPError, httpx.StreamError, RuntimeError, ValueError) as error:
            with self._changed:
                self._lost = type(error).__name__
                self._changed.notify_all()

    def _tell(self, heard: Heard) -> None:
        self._on_event(heard)
        with self._changed:
            self._heard.append(heard)
            self._changed.notify_all()
