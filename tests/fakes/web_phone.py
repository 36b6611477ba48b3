"""A person at the local chat, through the same addresses that its page uses: the stream of events and the acts."""

from __future__ import annotations

import contextlib
import html
import json
import re
import socket
import threading
import uuid
from collections.abc import Sequence
from typing import Any

import httpx

from tests.fakes.seen import Attachment, Seen
from tests.fakes.waiting import wait_until

NAME = re.compile(r'<h2 id="who-\d+">([^<]+)')
SETUP = re.compile(r'<script type="application/json" id="setup">(.*?)</script>', re.DOTALL)


class WebPage:
    """One open page: the phones that it shows, and everything that its stream told."""

    def __init__(self, url: str, client: httpx.Client | None = None) -> None:
        # The server drops a connection that idles for five seconds; ours is given up before, so no request meets that.
        self.client = client or httpx.Client(base_url=url, timeout=30, limits=httpx.Limits(keepalive_expiry=2))
        page = self.client.get("/")
        page.raise_for_status()
        found = SETUP.search(page.text)
        assert found, "the page has no setup"
        self.setup: dict[str, Any] = json.loads(html.unescape(found[1]))
        self.users = [phone["user"] for phone in self.setup["phones"]]
        shown = NAME.findall(page.text)
        self.names = dict(zip(self.users, (html.unescape(name) for name in shown), strict=True))
        self.bubbles: dict[str, dict[str, Any]] = {}
        self.forms: dict[str, dict[str, Any]] = {}
        self.audit: list[dict[str, Any]] = []
        self.heard = 0  # number of the newest change that the stream told
        self._ready = threading.Event()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        assert self._ready.wait(20), "the stream of events did not open"

    def _listen(self) -> None:
        last = ""
        while not self._closing.is_set():
            headers = {"Last-Event-ID": last} if last else {}
            try:
                params = [("phone", user) for user in self.users]
                with self.client.stream("GET", "/local/events", params=params, headers=headers, timeout=60) as stream:
                    self._socket = stream.extensions["network_stream"].get_extra_info("socket")
                    event: dict[str, str] = {}
                    for line in stream.iter_lines():
                        name, _, value = line.partition(": ")
                        if name:
                            event[name] = value
                        elif event:
                            last = event.get("id", last)
                            self._heard(event.get("event", ""), event.get("data", "{}"))
                            self.heard = int(last or 0)
                            event = {}
                        if self._closing.is_set():
                            return
            except httpx.HTTPError:
                self._closing.wait(0.2)

    def _heard(self, name: str, data: str) -> None:
        told = json.loads(data)
        with self._lock:
            if name == "ready":
                self._ready.set()
            elif name == "audit":
                self.audit.append(told)
            elif name == "bubble" and told["form"] is not None:
                self.forms[told["handle"]] = told["form"]
            elif name == "bubble" and not told["working"]:
                self.bubbles[told["id"]] = told | {"edited": told["id"] in self.bubbles}

    def of(self, user: str) -> list[dict[str, Any]]:
        with self._lock:
            return [b for b in self.bubbles.values() if b["phone"] == user and not b["removed"]]

    def post(self, path: str, **body: Any) -> httpx.Response:
        answer = self.client.post(path, headers={"X-CSRF-Token": self.setup["csrf"]}, **body)
        return answer

    def close(self) -> None:
        self._closing.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # wakes the listener, which waits for the next event
        self._thread.join(5)
        self.client.close()


class WebPhone:
    """One of the page's phones."""

    def __init__(self, page: WebPage, user: str, name: str) -> None:
        self.page, self.user, self.name = page, user, name
        self.form: dict[str, Any] | None = None
        self.errors: dict[str, str] = {}
        self._handle = ""

    def _act(self) -> dict[str, str]:
        return {"phone": self.user, "id": str(uuid.uuid4())}

    def say(self, text: str) -> None:
        if text.startswith("/keihi"):
            self.page.post("/local/commands", json=self._act() | {"text": text[6:].strip()}).raise_for_status()
        else:
            self.page.post("/local/messages", data=self._act() | {"text": text}).raise_for_status()

    def send(self, files: Sequence[Attachment], text: str = "") -> None:
        parts = [("files", (f.name, f.data, f.media_type)) for f in files]
        self.page.post("/local/messages", data=self._act() | {"text": text}, files=parts).raise_for_status()

    def tap(self, message: Seen, label: str, value: str = "") -> None:
        card = message.raw["card"]
        buttons = [*card["buttons"], *(r["button"] for r in card["rows"] if r["button"])]
        choices = card["choices"]
        found = next((b for b in [*buttons, *choices] if b["label"] == label), None)
        found = found or next((b for b in [*buttons, *choices] if label in b["label"]), None)
        if found is None:
            raise LookupError(f"no {label!r} among {message.buttons + message.choices}")
        if found in choices and found["text"]:
            self.say(found["text"])
            return
        body = self._act() | {"token": found["token"], "value": value}
        if found in choices:
            body["label"] = found["label"]
        if found.get("opens_form"):
            self._handle = body["form"] = str(uuid.uuid4())
            self.form = None
        self.page.post("/local/taps", json=body).raise_for_status()

    def opened_form(self, seconds: float = 10) -> dict[str, Any]:
        """The form that the last tap opened."""
        self.form = wait_until(lambda: self.page.forms.get(self._handle), seconds, what="the form did not open")
        return self.form

    def submit(self, values: dict[str, str]) -> None:
        """Fill in by label and send; what the server minds is in `errors` by label."""
        form = self.opened_form()
        filled = {i["name"]: i["value"] for i in form["inputs"]}
        for label, value in values.items():
            asked = next(i for i in form["inputs"] if i["label"] == label)
            by_label = {shown: kept for kept, shown in asked["options"]}
            filled[asked["name"]] = by_label.get(value, value)
        answer = self.page.post("/local/forms", json=self._act() | {"token": form["token"], "values": filled})
        names = {i["name"]: i["label"] for i in form["inputs"]}
        told = answer.json().get("errors", {}) if answer.status_code == 422 else {}
        self.errors = {names.get(name, name): text for name, text in told.items()}
        if not self.errors:
            answer.raise_for_status()

    def messages(self) -> list[Seen]:
        return [_seen(bubble) for bubble in self.page.of(self.user)]

    def picture(self, sha256: str) -> bytes:
        answer = self.page.client.get(f"/local/pictures/{sha256}")
        answer.raise_for_status()
        return answer.content


def _seen(bubble: dict[str, Any]) -> Seen:
    card = bubble["card"]
    if card is None:
        return Seen(bubble["id"], bubble["text"], mine=bubble["author"] == "me", raw=bubble)
    lines = [card["title"], card["lead"]]
    lines += [f"{'⚠ ' if f['doubted'] else ''}{f['label']} {f['value']}" for f in card["fields"]]
    lines += [" ".join((r["title"], r["detail"], r["value"])) for r in card["rows"]]
    lines += [n["text"] for n in card["notes"]]
    lines.append(card["footer"])
    rows = [r["button"]["label"] for r in card["rows"] if r["button"]]
    return Seen(
        ref=bubble["id"],
        text="\n".join(line for line in lines if line),
        buttons=(*(b["label"] for b in card["buttons"]), *rows),
        choices=tuple(c["label"] for c in card["choices"]),
        pictures=(card["picture"]["sha256"],) if card["picture"] else (),
        edited=bubble["edited"],
        raw=bubble,
    )
