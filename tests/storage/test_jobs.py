"""Jobs: asked for in the caller's transaction, done, retried, given up, rescued from a killed process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.db import EVERY_ORGANIZATION, Database
from storage.jobs import Jobs, Later
from storage.models import JobRecord


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def jobs(database: Database) -> Iterator[Jobs]:
    made = Jobs(database, sweep_seconds=0.1)
    yield made
    made.stop(seconds=2)


def state_of(database: Database, job_id: str) -> str:
    with database.snapshot(EVERY_ORGANIZATION) as session:
        record = session.get(JobRecord, job_id)
        return record.state if record else ""


def test_a_job_of_a_committed_transaction_runs_once_and_of_a_failed_one_never(
    database: Database, towns: tuple[str, str], jobs: Jobs
) -> None:
    ran: list[tuple[str, int]] = []
    jobs.register("note", lambda organization_id, number: ran.append((organization_id, number)))
    jobs.start(concurrency={"chat": 4})
    for _ in range(2):  # the same id twice is one job
        with database.transaction(towns[0]) as session:
            jobs.enqueue(session, "note", "job-1", number=1)
    with pytest.raises(RuntimeError), database.transaction(towns[0]) as session:
        jobs.enqueue(session, "note", "job-2", number=2)
        raise RuntimeError
    with database.transaction(towns[1]) as session:
        jobs.enqueue(session, "note", "job-3", number=3)
    wait_until(lambda: state_of(database, "job-1") == state_of(database, "job-3") == "done")
    assert sorted(ran, key=lambda r: r[1]) == [(towns[0], 1), (towns[1], 3)]


def test_a_job_that_must_wait_comes_back_and_a_poisonous_one_is_given_up_after_three_tries(
    database: Database, towns: tuple[str, str], jobs: Jobs
) -> None:
    tries = {"late": 0, "bad": 0}
    told: list[str] = []

    def late(_organization_id: str) -> None:
        tries["late"] += 1
        if tries["late"] < 5:  # more often than a failing job may try
            raise Later(0.05, "busy")

    def bad(_organization_id: str) -> None:
        tries["bad"] += 1
        raise ValueError("poison")

    jobs.register("late", late)
    jobs.register("bad", bad, give_up=told.append)
    jobs.start(concurrency={"chat": 4})
    with database.transaction(towns[0]) as session:
        jobs.enqueue(session, "late", "late-1")
        jobs.enqueue(session, "bad", "bad-1")
    wait_until(lambda: state_of(database, "late-1") == "done" and state_of(database, "bad-1") == "dead")
    assert tries == {"late": 5, "bad": 3}
    assert told == [towns[0]]


WORKER = """
import sys, time
from storage.db import Database
from storage.jobs import Jobs
database = Database(sys.argv[1])
jobs = Jobs(database, sweep_seconds=0.1)
def hang(organization_id):
    print("started", flush=True)
    time.sleep(600)
jobs.register("hang", hang)
jobs.start(concurrency={"chat": 1})
time.sleep(600)
"""


def test_the_job_of_a_killed_process_is_finished_by_another(
    database: Database, towns: tuple[str, str], jobs: Jobs, tmp_path: Path
) -> None:
    jobs.register("hang", lambda organization_id: None)
    with database.transaction(towns[0]) as session:
        jobs.enqueue(session, "hang", "hang-1")
    script = tmp_path / "worker.py"
    script.write_text(textwrap.dedent(WORKER))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    url = database.engine.url.render_as_string(hide_password=False)
    victim = subprocess.Popen([sys.executable, str(script), url], stdout=subprocess.PIPE, env=environment, text=True)
    assert victim.stdout is not None
    assert victim.stdout.readline() == "started\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    jobs.start(concurrency={"chat": 1})
    wait_until(lambda: state_of(database, "hang-1") == "done")
