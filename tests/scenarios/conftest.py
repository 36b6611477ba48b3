"""One server for Slack and LINE and one for the local chat, each started once for all dialogues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.contract.block_types import block_types
from tests.fakes.line import LineServer
from tests.fakes.server import Server
from tests.fakes.slack import SlackServer
from tests.scenarios.every import EVERY
from tests.scenarios.town import Demo, Town

MORE = Counter({"slack": 8, "line": 6})  # households for the tests that are no dialogues


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with SlackServer() as slack, LineServer() as line:
        slack.schema = block_types()
        line.quota = 1_000_000
        with Server(folder, slack=slack, line=line) as server:
            made = Town(server, slack, line)
            made.settle(folder, Counter(cast for _, cast in EVERY if cast != "web") + MORE)
            yield made


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    with Server(folder, demo="1", base_url="") as server:
        made = Demo.open(server, folder)
        yield made
        made.page.close()
