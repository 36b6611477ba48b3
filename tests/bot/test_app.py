"""The server's own addresses, beside those of the platforms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.app import create_app
from bot.settings import Settings
from bot.wiring import Wiring, build


@pytest.fixture
def wiring(tmp_path: Path) -> Iterator[Wiring]:
    built = build(Settings(_env_file=None, data_dir=tmp_path))
    yield built
    built.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_load_balancer_may_ask_with_either_method(wiring: Wiring, method: str) -> None:
    client = TestClient(create_app(wiring, jobs=False))
    answer = client.request(method, "/healthz")
    assert answer.status_code == 200
    assert answer.content == (b'{"status":"ok"}' if method == "GET" else b"")
    assert client.request(method, "/").status_code == 200
