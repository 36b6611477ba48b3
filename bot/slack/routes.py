"""Slack over HTTP: `POST /slack/events` for events, interactions and commands; the installation pages beside it.

The signature is checked on the raw bytes before anything is parsed: without it 401, and nothing is remembered.
Everything that blocks runs in worker threads; the event loop only reads the request and writes the answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from slack_bolt import BoltResponse
from slack_bolt.oauth import OAuthFlow
from starlette.concurrency import run_in_threadpool

from bot.slack.install import request_of
from bot.slack.receive import Receiver
from bot.slack.web import log

STALE = 300  # seconds that a signature may be old or early
LARGEST = 3_000_000  # bytes; Slack's own payloads are far smaller


def router(receiver: Receiver, signing_secret: str, oauth: OAuthFlow | None) -> APIRouter:
    routes = APIRouter()

    @routes.post("/slack/events")
    async def events(request: Request) -> Response:
        raw = b""
        async for piece in request.stream():
            raw += piece
            if len(raw) > LARGEST:
                return Response(status_code=413)
        if not signed(raw, request.headers, signing_secret, time.time()):
            return Response('{"error":"invalid signature"}', 401, media_type="application/json")
        try:
            body = parsed(raw)
        except ValueError:
            log.warning("a signed request that is neither JSON nor a form")
            return Response(status_code=400)
        retry = {k: v for k, v in request.headers.items() if k.startswith("x-slack-retry-")}
        return _answer(await run_in_threadpool(receiver.dispatch, body, retry))

    if oauth is not None:

        @routes.get("/slack/install")
        async def install(request: Request) -> Response:
            asked = request_of(request.url.query, dict(request.headers))
            return _answer(await run_in_threadpool(oauth.handle_installation, asked))

        @routes.get("/slack/oauth_redirect")
        async def oauth_redirect(request: Request) -> Response:
            asked = request_of(request.url.query, dict(request.headers))
            return _answer(await run_in_threadpool(oauth.handle_callback, asked))

    return routes


def signed(raw: bytes, headers: Mapping[str, str], secret: str, now: float) -> bool:
    """Slack's signature v0: HMAC-SHA256 of ``v0:{timestamp}:{body}``, not older than five minutes.

    Source: docs.slack.dev/authentication/verifying-requests-from-slack. Without a secret nothing is Slack's.
    """
    stamp, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not secret or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12 or abs(now - int(stamp)) > STALE:
        return False
    expected = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode())


def parsed(raw: bytes) -> dict[str, Any]:
    """Events are JSON, interactions are JSON inside a form, commands are a form. ValueError for anything else."""
    text = raw.decode("utf-8")
    if text.lstrip().startswith("{"):
        body = json.loads(text)
    else:
        form = dict(parse_qsl(text, keep_blank_values=True))
        body = json.loads(form["payload"]) if "payload" in form and "command" not in form else form
    if not isinstance(body, dict):
        raise ValueError("not an object")
    return body


def _answer(bolt: BoltResponse) -> Response:
    """Bolt keeps every header as a list; there may be several cookies."""
    answer = Response(content=bolt.body, status_code=bolt.status)
    for name, values in bolt.headers.items():
        if name.lower() == "content-length":
            continue
        for value in values:
            if name.lower() == "set-cookie":
                answer.headers.append(name, value)
            else:
                answer.headers[name] = value
    return answer
