"""``POST /line/callback``: LINE's webhook. Signature over the raw bytes, remember every event, answer.

The answer must leave within two seconds, so nothing is done here but the signature, the reading of the JSON and one
transaction an event, in a worker thread. 200 says "kept, or nothing of ours"; 503 says "not kept (yet)", which makes
LINE deliver again where redelivery is on; the inbox knows events by their id, so a second delivery changes nothing.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response

from bot.line.incoming import PLATFORM, Malformed, incoming
from bot.settings import Settings
from handlers import inbox
from handlers.chat import Address, Incoming, Said
from handlers.services import Services

log = structlog.get_logger(__name__)

BODY_LIMIT = 2_000_000
"""Bytes of a webhook; LINE's are a few thousand."""
ANSWER_SECONDS = 1.6
"""After this the answer leaves although the database has not: LINE counts two seconds as a failure."""


def signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether ``signature`` is base64(HMAC-SHA256(channel secret, raw body)), compared in constant time."""
    right = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return bool(secret) and hmac.compare_digest(right, signature.encode("utf-8", "replace"))


def router(services: Services, settings: Settings, arrived: Callable[[str], None]) -> APIRouter:
    """The route. ``arrived(destination)`` is called before a channel's events are kept, so that it is installed."""
    routes = APIRouter()
    secret = settings.line_channel_secret.get_secret_value()

    @routes.post("/line/callback", include_in_schema=False)
    async def callback(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if not signed(secret, body, request.headers.get("x-line-signature", "")):
            log.warning("line.bad_signature", size=len(body))
            return Response(status_code=401)
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            payload = None
        if not isinstance(payload, dict):
            return Response(status_code=400)
        destination, events = payload.get("destination"), payload.get("events")
        acts = _acts(events, destination, services) if isinstance(events, list) and isinstance(destination, str) else []
        if acts and not await _kept(lambda: _keep(services, acts, arrived)):
            return Response(status_code=503)
        return Response(status_code=200)

    return routes


async def _body(request: Request) -> bytes | None:
    """The raw body; None when it is larger than a webhook can be."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            return None
        parts.append(part)
    return b"".join(parts)


def _acts(events: list[Any], destination: str, services: Services) -> list[Incoming]:
    """Each event on its own: one that cannot be read is logged by its type and does not harm its neighbours."""
    acts = []
    for event in events:
        try:
            act = incoming(event, destination, services.clock())
        except Malformed:
            log.warning("line.bad_event", type=_type(event))
        except Exception as error:
            log.error("line.bad_event", type=_type(event), error=type(error).__name__)
        else:
            if act is not None and destination:
                acts.append(act)
    return acts


def _type(event: Any) -> str:
    return str(event.get("type"))[:40] if isinstance(event, dict) else type(event).__name__


def _keep(services: Services, acts: list[Incoming], arrived: Callable[[str], None]) -> bool:
    """Remember the acts in their order; all are tried. False when one could not be kept."""
    kept = True
    for act in acts:
        try:
            arrived(act.sender.tenant)
            known = not inbox.accept(services, act)
            log.info("line.event", id=act.event_id, kind=act.act.kind, known=known)
            if not known and isinstance(act.act, Said) and act.act.files:
                _sign_of_life(services, act.sender)
        except Exception as error:
            kept = False
            log.error("line.not_kept", id=act.event_id, kind=act.act.kind, error=type(error).__name__)
    return kept


async def _kept(work: Callable[[], bool]) -> bool:
    """``work`` in a thread, for at most :data:`ANSWER_SECONDS`; it goes on to its end even when the answer has left."""
    task = asyncio.create_task(asyncio.to_thread(work))
    done, _ = await asyncio.wait({task}, timeout=ANSWER_SECONDS)
    if not done:
        log.warning("line.slow", seconds=ANSWER_SECONDS)
        _unfinished.add(task)
        task.add_done_callback(_unfinished.discard)
        return False
    return task.result()


def _sign_of_life(services: Services, sender: Address) -> None:
    """Show the loading animation at once, before a job has even begun; beside the answer, and never in its way."""
    platform = services.platforms.get(PLATFORM)
    if platform is None or not _signs_left.acquire(blocking=False):
        return

    def show() -> None:
        try:
            platform.working(sender)
        finally:
            _signs_left.release()

    try:
        _signs.submit(show)
    except RuntimeError:  # the process is ending
        _signs_left.release()


_signs = ThreadPoolExecutor(4, thread_name_prefix="line-sign-of-life")
_signs_left = threading.BoundedSemaphore(32)

_unfinished: set[asyncio.Task[bool]] = set()
"""Tasks that outlived their answer; the event loop itself would forget them."""
