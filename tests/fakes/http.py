"""A threaded HTTP server for fakes: requests kept, and faults on demand.

A fake subclasses `FakeServer` and answers `handle`. A test breaks the next calls with `fake.faults.next(...)`; what
breaks is the wire, so the client library under test sees exactly what a bad day of the real platform looks like.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    at: float  # time.monotonic(), seconds

    @property
    def bearer(self) -> str | None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token else None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def json(self) -> Any:
        return json.loads(self.body.decode("utf-8"))

    def form(self) -> dict[str, str]:
        return {k: v[-1] for k, v in parse_qs(self.body.decode("utf-8"), keep_blank_values=True).items()}


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, status: int = 200, **headers: str) -> Answer:
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return cls(status, json.dumps(value, ensure_ascii=False).encode(), headers=named)


@dataclass(frozen=True)
class RateLimited:
    """429 with Retry-After, in whole seconds as both platforms send it."""

    retry_after: int = 1


@dataclass(frozen=True)
class ServerError:
    status: int = 500


@dataclass(frozen=True)
class Html:
    """A proxy's or a status page's HTML where JSON was expected."""

    status: int = 200


@dataclass(frozen=True)
class HangUp:
    """The connection closes before anything was done."""


@dataclass(frozen=True)
class AcceptAndDrop:
    """The call is carried out, and the connection closes before the answer: the caller cannot know."""


@dataclass(frozen=True)
class Slow:
    """The call is carried out and answered, `seconds` late."""

    seconds: float = 1.0


@dataclass(frozen=True)
class Silent:
    """Nothing is done and nothing is answered until the client gives up (or `seconds` have passed)."""

    seconds: float = 60.0


Fault = RateLimited | ServerError | Html | HangUp | AcceptAndDrop | Slow | Silent


class Faults:
    """What goes wrong next, by the fake's own name of the call (`chat.postMessage`, `push`, …); "*" is any call."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)
        self._lock = threading.Lock()
        self.met: list[tuple[str, Fault]] = []

    def next(self, call: str, fault: Fault, times: int = 1) -> None:
        with self._lock:
            self._waiting[call].extend([fault] * times)

    def take(self, call: str) -> Fault | None:
        with self._lock:
            for name in (call, "*"):
                if self._waiting[name]:
                    fault = self._waiting[name].popleft()
                    self.met.append((call, fault))
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    @property
    def pending(self) -> int:
        with self._lock:
            return sum(len(q) for q in self._waiting.values())


_HTML = b"<!DOCTYPE html><html><head><title>Temporarily unavailable</title></head><body>Please try again.</body></html>"


class FakeServer:
    """One fake on one free port of 127.0.0.1. `with Fake() as fake:` or `start()`/`stop()`."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.requests: list[Request] = []
        self.lock = threading.RLock()
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def call_name(self, request: Request) -> str:
        """The name under which faults are queued for this request."""
        return request.path

    def handle(self, request: Request) -> Answer:
        """The fake's own behaviour. Called from many threads; guard state with `self.lock`."""
        raise NotImplementedError

    def rate_limited(self, fault: RateLimited) -> Answer:
        return Answer.of({"message": "rate limited"}, 429, Retry_After=str(fault.retry_after))

    def respond(self, request: Request) -> Answer | None:
        """The answer with the next fault applied; None closes the connection without a word."""
        with self.lock:
            self.requests.append(request)
        fault = self.faults.take(self.call_name(request))
        match fault:
            case None:
                return self.handle(request)
            case RateLimited():
                return self.rate_limited(fault)
            case ServerError(status):
                return Answer(status, b"upstream connect error", "text/plain")
            case Html(status):
                return Answer(status, _HTML, "text/html; charset=utf-8")
            case HangUp():
                return None
            case AcceptAndDrop():
                self.handle(request)
                return None
            case Slow(seconds):
                answer = self.handle(request)
                self._stopping.wait(seconds)
                return answer
            case Silent(seconds):
                self._stopping.wait(seconds)
                return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], fake: FakeServer) -> None:
        self.fake = fake
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away mid-answer is everyday life here, not news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = (
            self._chunks()
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked"
            else self.rfile.read(length)
        )
        request = Request(
            method=self.command,
            path=parts.path,
            query={k: v[-1] for k, v in parse_qs(parts.query, keep_blank_values=True).items()},
            headers={k.lower(): v for k, v in self.headers.items()},
            body=body,
            at=time.monotonic(),
        )
        answer = self.server.fake.respond(request)
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _chunks(self) -> bytes:
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read `fake.requests`; nothing is printed."""
