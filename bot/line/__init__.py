"""LINE: the webhook in, Flex messages out, and the account link. Nothing outside this package knows LINE.

What speaks with LINE is imported where it is first needed: the SDK takes a second and 40 MB of each process, which an
organisation without LINE (and every command) need not pay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from bot.settings import Settings
from handlers.services import Services

if TYPE_CHECKING:
    from bot.line.channel import Channel
    from bot.line.send import LinePlatform

__all__ = ["background", "enabled", "platform", "routes"]


def enabled(settings: Settings) -> bool:
    return bool(settings.line_channel_secret.get_secret_value())


def platform(services: Services, settings: Settings) -> LinePlatform:
    """The channel as ``handlers.chat.Platform``."""
    from bot.line.client import Line
    from bot.line.send import LinePlatform

    return LinePlatform(services, Line(settings))


def routes(services: Services, settings: Settings) -> APIRouter:
    """``POST /line/callback`` and the page ``/link/line``."""
    from bot.line import link, receive
    from bot.line.channel import Channel
    from bot.line.client import Line

    router = APIRouter()
    router.include_router(receive.router(services, settings, Channel(services, Line(settings)).arrived))
    router.include_router(link.router(services))
    return router


def background(services: Services, settings: Settings) -> list[Channel]:
    """What runs beside the server: the introduction to LINE at start."""
    from bot.line.channel import Channel
    from bot.line.client import Line

    return [Channel(services, Line(settings))]
