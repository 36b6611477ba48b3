"""Socket Mode: Slack's requests over a connection that we open, for networks without an open port.

The first connection is tried until it succeeds; from then on Slack's client reconnects by itself.
"""

from __future__ import annotations

import threading

from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler

from bot.slack.receive import Receiver
from bot.slack.web import client, log, log_sdk

CONCURRENCY = 10  # requests handled at the same time
PING = 10.0  # seconds between signs of life


class SocketMode:
    """An object of the server's lifespan."""

    def __init__(self, receiver: Receiver, api_url: str, app_token: str) -> None:
        self._receiver = receiver
        self._api_url = api_url
        self._app_token = app_token
        self._stop = threading.Event()
        self._handler: SocketModeHandler | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._handler = SocketModeHandler(
            app=self._receiver.app,
            app_token=self._app_token,
            logger=log_sdk,
            web_client=client(self._api_url),
            ping_interval=PING,
            concurrency=CONCURRENCY,
        )
        self._thread = threading.Thread(target=self._connect, name="slack-socket", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._handler is not None:
            self._handler.close()  # type: ignore[no-untyped-call]  # the SDK has no types here
        if self._thread is not None:
            self._thread.join(5)

    @property
    def connected(self) -> bool:
        return self._handler is not None and self._handler.client.is_connected()

    def _connect(self) -> None:
        pause = 1.0
        while not self._stop.is_set() and self._handler is not None:
            try:
                self._handler.connect()  # type: ignore[no-untyped-call]  # nor here
                log.info("slack socket connected")
                return
            except Exception as error:  # the library raises what its sockets raise
                log.error("slack socket cannot connect", error=type(error).__name__)
            self._stop.wait(pause)
            pause = min(60.0, pause * 2)
