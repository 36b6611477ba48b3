"""The channel makes itself known at start, now or as soon as LINE answers."""

from __future__ import annotations

import time

import pytest

from bot.line import channel
from bot.line.channel import Channel
from bot.line.client import Line
from bot.settings import Settings
from handlers import installations
from handlers.services import Services
from tests.fakes.http import ServerError
from tests.fakes.line import LineServer
from tests.fakes.waiting import wait_until


def wait_for_name(services: Services, line: LineServer) -> str:
    def name() -> str:
        found = installations.find(services, "line", line.bot_id)
        return found.name if found is not None and found.name != "LINE" else ""

    return wait_until(name, 10)


def test_at_start_the_channel_is_installed_under_its_name(
    services: Services, settings: Settings, line: LineServer
) -> None:
    beside = Channel(services, Line(settings))
    beside.start()
    assert wait_for_name(services, line) == "経費"
    beside.stop()


def test_a_line_that_does_not_answer_yet_is_asked_again(
    services: Services, settings: Settings, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "FIRST_WAIT", 0.05)
    line.faults.next("info", ServerError(503), times=2)
    beside = Channel(services, Line(settings))
    beside.start()
    assert wait_for_name(services, line) == "経費"
    beside.stop()
    assert [line.call_name(request) for request in line.requests] == ["info"] * 3


def test_stopping_does_not_wait_for_the_next_try(services: Services, settings: Settings, line: LineServer) -> None:
    line.faults.next("info", ServerError(503), times=5)
    beside = Channel(services, Line(settings))
    beside.start()
    began = time.monotonic()
    beside.stop()
    assert time.monotonic() - began < 4


def test_a_webhook_before_that_is_enough(services: Services, settings: Settings, line: LineServer) -> None:
    beside = Channel(services, Line(settings))
    beside.arrived(line.bot_id)
    first = installations.find(services, "line", line.bot_id)
    assert first is not None
    beside.start()
    assert wait_for_name(services, line) == "経費"
    beside.stop()
    named = installations.find(services, "line", line.bot_id)
    assert named is not None
    assert named.organization_id == first.organization_id
