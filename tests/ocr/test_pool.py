"""The pool: what one bad picture or process does to the others, and to the machine after the server is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import ocr
from tests.fakes import plain_engine
from tests.fakes.plain_engine import paper

SITE = Path(plain_engine.__file__).with_name("site")
RECEIPT = paper("喫茶みずうみ", "2026年 8月25日", "合計 ¥500", "お預り ¥1,000", "お釣り ¥500")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes started from here know the tests' quick engine; the server has a secret in its environment."""
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(SITE), str(root))))
    monkeypatch.setenv("KEIHI_SLACK_BOT_TOKEN", "xoxb-fictional")


@pytest.fixture
def pool(site: None) -> Iterator[ocr.Pool]:
    with ocr.Pool(2, engine=plain_engine.NAME) as made:
        assert made.ready()
        yield made


def wait_until(condition: object, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        threading.Event().wait(0.02)
    return False


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def worked(pid: int) -> float:
    """Seconds of the processor that it has had."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def test_many_threads_share_the_processes(pool: ocr.Pool) -> None:
    with ThreadPoolExecutor(8) as threads:
        totals = list(threads.map(lambda _: pool.read(RECEIPT)[0].total.value, range(16)))
    assert totals == [500] * 16
    assert len(pool.pids()) == 2


def test_bad_files_come_back_as_their_errors_and_harm_nothing(pool: ocr.Pool) -> None:
    before = pool.pids()
    for data, code in ((b"", "not_an_image"), (b"\xff\xd8\xff" + b"0" * 99, "damaged")):
        with pytest.raises(ocr.OcrError) as caught:
            pool.read(data)
        assert caught.value.code == code
    with pytest.raises(ocr.TooLarge) as large:
        pool.read(b"\x89PNG" + b"0" * (21 << 20))
    assert (large.value.actual, large.value.limit) == ((21 << 20) + 4, 20 << 20)
    assert pool.pids() == before


def test_a_process_that_was_killed_is_replaced_and_nobody_notices(pool: ocr.Pool) -> None:
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
    assert pool.read(RECEIPT)[0].total.value == 500


def test_a_picture_whose_process_hangs_is_read_by_another(pool: ocr.Pool) -> None:
    stopped = pool.pids()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    assert pool.read(RECEIPT, timeout=5)[0].total.value == 500
    assert wait_until(lambda: any(gone(pid) for pid in stopped))


def test_a_process_that_is_starved_but_works_is_waited_for(site: None) -> None:
    """Held at a third of the time, it is over its limit on the clock, and not taken for hung."""
    with ocr.Pool(1, engine=plain_engine.NAME) as pool:
        assert pool.ready()
        (pid,) = pool.pids()
        pool.read(RECEIPT)  # what the first picture costs is not counted
        done = threading.Event()

        def starve() -> None:  # no more than a third; on a busy machine it has less without this
            began, before = time.monotonic(), worked(pid)
            while not done.wait(0.02):
                if worked(pid) - before > (time.monotonic() - began) / 3:
                    os.kill(pid, signal.SIGSTOP)
                    done.wait(0.06)
                    os.kill(pid, signal.SIGCONT)

        with ThreadPoolExecutor(1) as thread:
            thread.submit(starve)
            try:
                total = pool.read(paper(plain_engine.TOILS, "合計 ¥500"), timeout=4)[0].total.value
            finally:
                done.set()
        assert total == 500
        assert pool.pids() == (pid,)


def test_an_engine_that_does_not_load_is_logged_with_its_cause_before_the_first_picture(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ocr.Pool(1, engine="paper-and-pencil") as pool:
        assert pool.ready()
        assert "receipts cannot be read: no engine is called 'paper-and-pencil'" in caplog.text
        with pytest.raises(ocr.EngineFailed, match="paper-and-pencil"):
            pool.read(RECEIPT)


def test_two_hangs_in_a_row_are_told(site: None) -> None:
    pool = ocr.Pool(1, engine=plain_engine.NAME, start_timeout=3)
    assert pool.ready(30)
    done = threading.Event()

    def stop_them_all() -> None:
        while not done.wait(0.005):
            for pid in pool.pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(stop_them_all)
        try:
            with pytest.raises(ocr.EngineFailed):
                pool.read(RECEIPT, timeout=0.5)
        finally:
            done.set()
            pool.close()


def test_a_picture_that_crashes_two_processes_is_told_and_the_next_is_read(pool: ocr.Pool) -> None:
    before = set(pool.pids())
    with pytest.raises(ocr.EngineFailed):
        pool.read(paper(plain_engine.CRASHES, "合計 ¥500"))
    assert len(before & set(pool.pids())) == 1  # the one that had it is gone, and so is the fresh one that tried again
    assert pool.read(RECEIPT)[0].total.value == 500


def test_a_picture_that_never_ends_is_told_after_two_tries(site: None) -> None:
    with ocr.Pool(1, engine=plain_engine.NAME) as pool:
        assert pool.ready()
        began = time.monotonic()
        with pytest.raises(ocr.EngineFailed, match="in time"):
            pool.read(paper(plain_engine.HANGS, "合計 ¥500"), timeout=2)
        assert time.monotonic() - began >= 4  # both were given their time
        assert pool.read(RECEIPT)[0].total.value == 500


def test_processes_inherit_no_secrets_and_close_with_the_pool(pool: ocr.Pool) -> None:
    pids = pool.pids()
    for pid in pids:
        assert b"xoxb-fictional" not in Path(f"/proc/{pid}/environ").read_bytes()
        os.kill(pid, signal.SIGINT)
    assert pool.read(RECEIPT)[0].total.value == 500
    pool.close()
    assert wait_until(lambda: all(gone(pid) for pid in pids))
    with pytest.raises(ocr.EngineFailed):
        pool.read(RECEIPT)


def test_killing_the_parent_leaves_no_orphans() -> None:
    program = (
        "import ocr, sys\n"
        f"pool = ocr.Pool(1, engine={plain_engine.NAME!r})\n"
        "pool.ready()\n"
        "print(*pool.pids(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(SITE), str(root)))}
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    children: list[int] = []
    try:
        children = [int(pid) for pid in parent.stdout.readline().split()]
        assert children
        parent.kill()
        parent.wait(10)
        assert wait_until(lambda: all(gone(pid) for pid in children))
    finally:
        parent.kill()
        parent.wait(10)
        parent.stdin.close()
        parent.stdout.close()
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
