"""The worker beside the server lives and dies with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.fakes.server import Server
from tests.fakes.waiting import wait_until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, demo="1", base_url="").start()
    yield made
    made.stop()


def worker_of(server: Server) -> psutil.Process | None:
    assert server._process is not None
    for child in psutil.Process(server._process.pid).children():
        try:
            if "worker" in child.cmdline():
                return child
        except psutil.NoSuchProcess:  # ended, or a zombie that its parent has not collected yet
            continue
    return None


def test_a_worker_that_dies_is_started_again_and_both_end_when_asked(server: Server) -> None:
    first = wait_until(lambda: worker_of(server), 30)
    first.kill()
    second = wait_until(lambda: (w := worker_of(server)) and w.pid != first.pid and w, 30)
    server.stop()
    wait_until(lambda: not second.is_running() or second.status() == psutil.STATUS_ZOMBIE, 10)


def test_a_worker_does_not_outlive_a_server_that_is_killed(server: Server) -> None:
    worker = wait_until(lambda: worker_of(server), 30)
    assert server._process is not None
    os.kill(server._process.pid, signal.SIGKILL)
    wait_until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, 40)
