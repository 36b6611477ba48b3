"""LINE: the webhook in, Flex messages out, and the account link. Nothing outside this package knows LINE."""

from __future__ import annotations

from fastapi import APIRouter

from bot.line import link, receive
from bot.line.channel import Channel
from bot.line.client import Line
from bot.line.send import LinePlatform
from bot.settings import Settings
from handlers.services import Services

__all__ = ["Channel", "Line", "LinePlatform", "background", "platform", "routes"]


def platform(services: Services, settings: Settings) -> LinePlatform:
    """The channel as ``handlers.chat.Platform``."""
    return LinePlatform(services, Line(settings))


def routes(services: Services, settings: Settings) -> APIRouter:
    """``POST /line/callback`` and the page ``/link/line``."""
    router = APIRouter()
    router.include_router(receive.router(services, settings, Channel(services, Line(settings)).arrived))
    router.include_router(link.router(services))
    return router


def background(services: Services, settings: Settings) -> list[Channel]:
    """What runs beside the server: the introduction to LINE at start."""
    return [Channel(services, Line(settings))]
