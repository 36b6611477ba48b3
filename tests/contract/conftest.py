"""Contracts held by programs that are not ours. Each fixture skips with its reason when the program is not there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract import block_types as types
from tests.contract.block_types import BlockTypes
from tests.contract.emulator import SlackEmulator
from tests.contract.line_spec import spec_file
from tests.contract.node import missing
from tests.contract.prism import Prism
from tests.fakes.line import LineServer


@pytest.fixture(scope="session")
def block_types() -> BlockTypes:
    if why := types.why_missing():
        pytest.skip(why)
    found = types.block_types()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def emulator() -> Iterator[SlackEmulator]:
    if why := missing("emulate"):
        pytest.skip(why)
    running = SlackEmulator.start()
    yield running
    running.tool.stop()


@pytest.fixture(scope="session")
def proxied_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LineServer, Prism]]:
    """Our LINE fake and the proxy in front of it; both are shared by the session's tests."""
    if spec_file("messaging-api.yml") is None:
        pytest.skip("LINE's OpenAPI files are not there (set KEIHI_SHARED, or have ../shared)")
    if why := missing("@stoplight/prism-cli"):
        pytest.skip(why)
    with LineServer() as line:
        prism = Prism.start(line.url, tmp_path_factory.mktemp("prism"))
        yield line, prism
        prism.tool.stop()
