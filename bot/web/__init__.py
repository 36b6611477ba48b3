"""The local chat: phones in a web page, for the demo and for trying things out without Slack or LINE."""

from bot.settings import Settings
from bot.web.access import issue_link
from bot.web.platform import WebChat
from bot.web.routes import enabled, routes, sample_tray
from handlers.services import Services

__all__ = ["WebChat", "enabled", "end_streams", "issue_link", "platform", "routes", "sample_tray"]


def platform(services: Services, settings: Settings) -> WebChat:  # noqa: ARG001 - all platforms are made alike
    """The local chat, to be registered as ``services.platforms["web"]`` before :func:`routes` is called."""
    return WebChat(services)


def end_streams(services: Services) -> None:
    """The server is about to stop: open pages would otherwise keep it waiting. May be called in a signal handler."""
    chat = services.platforms.get("web")
    if isinstance(chat, WebChat):
        chat.bell.end()
