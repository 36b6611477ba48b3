"""The channel itself: known to the database before its first event is kept.

LINE tells the bot's user id twice: in ``GET /v2/bot/info`` and, signed, as the ``destination`` of every webhook. The
first brings the channel's name too and is asked for at start, again and again until LINE answers; the second is
enough to work, so a server that starts without a network loses nothing. The channel access token stays in the
settings and is not copied into the database.
"""

from __future__ import annotations

import threading

import structlog

from bot.line.client import Line
from bot.line.incoming import PLATFORM
from handlers import installations
from handlers.errors import PlatformError
from handlers.services import Services

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0


class Channel:
    """``start`` and ``stop`` run beside the server; ``arrived`` is called by the webhook, in a worker thread."""

    def __init__(self, services: Services, line: Line) -> None:
        self._services = services
        self._line = line
        self._known: set[str] = set()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopped.clear()
        self._thread = threading.Thread(target=self._introduce, name="line-bot-info", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=5.0)

    def arrived(self, destination: str) -> None:
        """Make sure that the channel ``destination`` (from a signed webhook) is installed."""
        if destination in self._known:
            return
        if installations.find(self._services, PLATFORM, destination) is None:
            installations.install(self._services, PLATFORM, destination, name="LINE", bot_user=destination, token="")
            log.info("line.installed", tenant=destination, by="webhook")
        self._known.add(destination)

    def _introduce(self) -> None:
        wait = FIRST_WAIT
        while not self._stopped.is_set():
            try:
                info = self._line.call("get_bot_info", read=5.0)
                name = info.display_name or "LINE"
                installations.install(
                    self._services, PLATFORM, info.user_id, name=name, bot_user=info.user_id, token=""
                )
            except PlatformError as error:
                log.warning("line.no_bot_info", error=str(error), retry_in=wait)
            except Exception as error:  # the database is not there yet: the same remedy
                log.warning("line.no_bot_info", error=type(error).__name__, retry_in=wait)
            else:
                self._known.add(info.user_id)
                log.info("line.installed", tenant=info.user_id, by="bot info")
                return
            self._stopped.wait(wait)
            wait = min(2 * wait, LONGEST_WAIT)
