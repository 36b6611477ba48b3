"""The FastAPI application: every platform's routes, pictures and health."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import sqlalchemy as sa
import structlog
from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import line, slack, web
from bot.settings import Settings
from bot.wiring import Wiring
from handlers import pictures
from handlers.errors import Refusal
from storage.errors import BlobMissing

log = structlog.get_logger()

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Plain ASGI, not Starlette's wrapper: that one buffers streams and breaks server-sent events at shutdown."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, secured if scope["type"] == "http" else send)


class Task(Protocol):
    """Something that lives as long as the server."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def create_app(wiring: Wiring, *, jobs: bool = True, beside: Sequence[Task] = ()) -> FastAPI:
    """The server around ``wiring``. Starting and ending it starts and ends the platforms' own tasks and, with
    ``jobs``, the jobs in this process; ``beside`` is started and ended with it too."""
    services, settings = wiring.services, wiring.settings

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks: list[Task] = list(beside)
        tasks += slack.background(services, settings) if "slack" in services.platforms else []
        tasks += line.background(services, settings) if "line" in services.platforms else []
        if jobs:
            await to_thread.run_sync(wiring.start_jobs)
        for task in tasks:
            await to_thread.run_sync(task.start)
        yield
        for task in reversed(tasks):
            await to_thread.run_sync(task.stop)
        await to_thread.run_sync(wiring.close)

    app = FastAPI(title="Keihi", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.wiring = wiring

    app.add_middleware(SecurityHeaders)

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, error: Exception) -> Response:
        log.error("request failed", error=type(error).__name__)
        return PlainTextResponse("Something went wrong on our side.", status_code=500)

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    def healthz() -> Response:
        """200 when the database answers; what a load balancer or container asks."""
        try:
            with services.db.engine.connect() as connection:
                connection.execution_options(reading=True).execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError:
            return JSONResponse({"status": "database unreachable"}, status_code=503)
        return JSONResponse({"status": "ok"})

    @app.get("/pictures/{token}.jpg")
    def picture(token: str) -> Response:
        """A receipt's preview for a platform that fetches pictures itself; the token is the permission."""
        try:
            data = pictures.open_link(services, token)
        except (Refusal, BlobMissing):
            return PlainTextResponse("not found", status_code=404)
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})

    _include_platforms(app, wiring, settings)
    return app


def _include_platforms(app: FastAPI, wiring: Wiring, settings: Settings) -> None:
    if "slack" in wiring.services.platforms:
        app.include_router(slack.routes(wiring.services, settings))
    if "line" in wiring.services.platforms:
        app.include_router(line.routes(wiring.services, settings))
    app.include_router(web.routes(wiring.services, settings))
