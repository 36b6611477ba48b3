"""Socket Mode: the websocket over which Slack reaches an app that has no open port.

Envelopes, acknowledgements and the hello follow docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
import uuid
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.fakes.slack import SlackServer
from tests.fakes.slack_delivery import ACK_SECONDS, Delivered, envelope
from tests.fakes.slack_state import Team


class SocketDelivery:
    """A `Delivery` over the newest open connection. Events not acknowledged within three seconds are sent again."""

    def __init__(self, slack: SlackServer) -> None:
        self.slack = slack
        self.connections: list[ServerConnection] = []
        self.opened = 0
        self.retries = 2
        self._acks: dict[str, dict[str, Any]] = {}
        self._changed = threading.Condition()
        self._server = serve(self._connected, "127.0.0.1", 0)
        port = self._server.socket.getsockname()[1]
        slack.socket_url = f"ws://127.0.0.1:{port}/link/?ticket=fictional&app_id={slack.space.app_id}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(5)

    def _connected(self, connection: ServerConnection) -> None:
        hello = {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "debug_info": {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.slack.space.app_id},
        }
        connection.send(json.dumps(hello))
        with self._changed:
            self.connections.append(connection)
            self.opened += 1
            self._changed.notify_all()
        with contextlib.suppress(ConnectionClosed):
            for raw in connection:
                answer = json.loads(raw)
                with self._changed:
                    self._acks[answer["envelope_id"]] = answer
                    self._changed.notify_all()
        with self._changed:
            self.connections.remove(connection)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Slack asks the app to come back on a new connection, as it does every few hours."""
        connection = self.connections[-1]
        connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}}))
        connection.close()

    def event(self, slack: SlackServer, team: Team, event: dict[str, Any]) -> Delivered:
        payload = envelope(slack, team, event)
        delivered = self._send("events_api", payload, {"accepts_response_payload": False})
        for number in range(1, self.retries + 1):
            if delivered.ok:
                break
            extra = {"accepts_response_payload": False, "retry_attempt": number, "retry_reason": "timeout"}
            delivered = self._send("events_api", payload, extra)
        return delivered

    def interaction(self, slack: SlackServer, payload: dict[str, Any]) -> Delivered:
        return self._send("interactive", payload, {"accepts_response_payload": payload["type"] == "view_submission"})

    def command(self, slack: SlackServer, form: dict[str, str]) -> Delivered:
        return self._send("slash_commands", dict(form), {"accepts_response_payload": True})

    def _send(self, kind: str, payload: dict[str, Any], extra: dict[str, Any]) -> Delivered:
        began = time.monotonic()
        envelope_id = str(uuid.uuid4())
        message = {"envelope_id": envelope_id, "type": kind, "payload": payload} | extra
        with self._changed:
            if not self._changed.wait_for(lambda: self.connections, ACK_SECONDS):
                return Delivered(0, b"", time.monotonic() - began)
            connection = self.connections[-1]
        with contextlib.suppress(ConnectionClosed):
            connection.send(json.dumps(message, ensure_ascii=False))
        with self._changed:
            self._changed.wait_for(lambda: envelope_id in self._acks, ACK_SECONDS)
            ack = self._acks.pop(envelope_id, None)
        seconds = time.monotonic() - began
        if ack is None:
            return Delivered(0, b"", seconds)
        body = json.dumps(ack["payload"]).encode() if ack.get("payload") else b""
        return Delivered(200, body, seconds)
