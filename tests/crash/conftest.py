"""One server that is killed and started again by the tests of this folder, each with a household of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.line import LineServer
from tests.fakes.server import Server
from tests.fakes.slack import SlackServer
from tests.scenarios.town import Town

HOUSEHOLDS = {"slack": 16, "line": 16, "line to slack": 1}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("crash")
    with SlackServer() as slack, LineServer() as line:
        line.quota = 1_000_000
        with Server(folder, slack=slack, line=line) as server:
            made = Town(server, slack, line)
            made.settle(folder, HOUSEHOLDS)
            yield made
            server.cli("audit", "verify")


@pytest.fixture(autouse=True)
def _good_weather(town: Town) -> Iterator[None]:
    """Every test ends with no faults left over."""
    yield
    for host in (town.slack, town.line, town.line.data):
        host.faults.clear()
