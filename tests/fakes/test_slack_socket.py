"""Socket Mode of the fake against slack-bolt's own Socket Mode client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.fakes.slack_phone import SlackPhone
from tests.fakes.slack_socket import SocketDelivery
from tests.fakes.waiting import wait_until


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server, SocketDelivery(server) as delivery:
        server.delivery = delivery
        yield server


def test_events_commands_and_acknowledgements(slack: SlackServer) -> None:
    heard: list[Any] = []
    app = App(client=WebClient(BOT_TOKEN, base_url=slack.api_url))

    @app.event("message")
    def message(event: dict[str, Any]) -> None:
        heard.append(event.get("text"))

    @app.command("/keihi")
    def command(ack: Ack, body: dict[str, Any]) -> None:
        ack(f"{body['text']} を受け付けました")

    handler = SocketModeHandler(app, APP_TOKEN)
    handler.connect()
    delivery = slack.delivery
    assert isinstance(delivery, SocketDelivery)
    try:
        wait_until(lambda: delivery.connections)
        tanaka = SlackPhone(slack, slack.add_user("tanaka"))
        tanaka.say("領収書です")
        tanaka.command("whoami")
        assert heard == ["領収書です"]
        assert [m.text for m in tanaka.messages() if m.private] == ["whoami を受け付けました"]
        delivery.disconnect()
        wait_until(lambda: delivery.opened == 2 and delivery.connections)
        tanaka.say("もう一枚")
        wait_until(lambda: heard == ["領収書です", "もう一枚"])
    finally:
        handler.close()
