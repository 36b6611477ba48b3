"""OCR in other processes, so that a crash, a hang or the CPU load of one picture does not touch the server.

Each is a fresh interpreter (never a fork: the server has threads) that loads the engine once, reads one picture at a
time, and ends when its parent does, even when that is killed. A picture whose process dies or does not answer in time
is tried once more in a fresh process, then told; a file that used up the time or memory for opening is told at once,
since it would do so again. What comes back is data, never objects, which is all that a process can say that a file has
taken over.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ocr import answers
from ocr.errors import Damaged, EngineFailed, OcrError
from ocr.reading import Reading

log = logging.getLogger("keihi.ocr")

START_TIMEOUT = 60.0  # seconds to load the engine
ATTEMPTS = 2
# A process that has no answer in time, but used at least this share of the time at work, is starved and not hung: it is
# waited for again, for what is left of its time, at most so often.
AT_WORK = 0.02
STARVED = 24
TOO_MUCH = (signal.SIGPROF, signal.SIGABRT)  # of processor time; of memory, where a decoder knows only how to give up
# What a program needs to run; tokens and passwords of the server are not among it.
KEEP = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "TZ",
    "TESSDATA_PREFIX",
    "ORT_DISABLE_TELEMETRY",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)


class _Lost(Exception):
    """The process crashed, or did not answer in time."""


class _Child:
    """One process and the pipe to it; used by one thread at a time."""

    def __init__(self, job: dict[str, Any], start_timeout: float) -> None:
        self._start_timeout = start_timeout
        ours, theirs = socket.socketpair()
        with theirs:
            environment = {name: os.environ[name] for name in KEEP if name in os.environ}
            places = [str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
            environment["PYTHONPATH"] = os.pathsep.join(place for place in places if place)
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-m", "ocr.worker", str(theirs.fileno()), str(os.getpid()), json.dumps(job)],
                env=environment,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal is the server's business
            )
        self.pipe: Connection[Any, Any] = Connection(ours.detach())
        self.ready = False

    def ask(self, wish: dict[str, Any], data: bytes, timeout: float) -> answers.Answer:
        """Raises OcrError for what the child found, _Lost when it crashed or ran out of time."""
        opened = False
        try:
            self.wait_ready(self._start_timeout)
            self.pipe.send_bytes(json.dumps(wish).encode())
            self.pipe.send_bytes(data)
            answer = self._answer(timeout)
            if answer == answers.OPENED:
                opened = True
                answer = self._answer(timeout)
            return answers.parsed(answer)
        except (EOFError, OSError, ValueError) as error:
            if not opened and self._signal() in TOO_MUCH:
                raise Damaged("opening took too much time or memory") from error
            raise _Lost("the process ended") from error

    def wait_ready(self, timeout: float) -> None:
        if self.ready:
            return
        first = self._answer(timeout)
        self.ready = True
        if first != answers.READY:  # it refuses every picture, and only the log can say why
            try:
                answers.parsed(first)
            except (OcrError, ValueError) as error:
                log.error("receipts cannot be read: %s", error)

    def _answer(self, timeout: float) -> bytes:
        """What the child says next. One that works but is starved by others is given more of the clock."""
        used = _processor_seconds(self.process.pid)
        for _ in range(STARVED):
            if self.pipe.poll(timeout):
                return self.pipe.recv_bytes(answers.MAX_BYTES)
            now = _processor_seconds(self.process.pid)
            if not AT_WORK * timeout < now - used < timeout:  # it sleeps, or has had its time
                break
            timeout -= now - used
            used = now
        raise _Lost("no answer in time")

    def _signal(self) -> int:
        """What ended the process; 0 while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)  # the pipe closes a moment before the process is gone
        return -(self.process.returncode or 0)

    def end(self) -> None:
        with contextlib.suppress(Exception):
            self.pipe.close()
        self.process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)


def _processor_seconds(pid: int) -> float:
    """What a process has used of the processor so far; 0 where the kernel does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0


class Pool:
    """``size`` processes, warmed at the start; ``read`` may be called from any number of threads.

    ``threads`` is for the engine inside one process; None shares the cores out. ``start_timeout`` in seconds is how
    long one may take to load its engine.
    """

    def __init__(
        self,
        size: int = 1,
        *,
        engine: str | None = None,
        threads: int | None = None,
        max_bytes: int = 20 * 1024 * 1024,
        max_pixels: int = 50_000_000,
        max_pages: int = 3,
        warm: bool = True,
        start_timeout: float = START_TIMEOUT,
    ) -> None:
        self._start_timeout = start_timeout
        limits = {"max_bytes": max_bytes, "max_pixels": max_pixels, "max_pages": max_pages}
        self._job = {
            "engine": engine,
            "threads": threads or max(1, (os.cpu_count() or 1) // max(1, size)),
            "limits": limits,
        }
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._children: set[_Child] = set()
        self._closed = False
        # The kernel ends a child with the *thread* that started it, so one thread that lives as long as the pool does.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="ocr-start")
        for _ in range(max(1, size)):
            self._idle.put(self._start() if warm else None)

    def read(self, data: bytes, timeout: float = 30.0) -> tuple[Reading, ...]:
        """Every receipt in ``data``, at least one.

        ``timeout`` in seconds is for each of the two tries, and of the processor's time where a busy machine gives the
        process less than that; waiting for a free process does not count. Raises OcrError;
        EngineFailed when two processes in a row crashed or did not answer in time.
        """
        answer = self._ask({"want": "readings"}, data, timeout)
        return answer.readings

    def preview(self, data: bytes, long_side: int = 1024, *, turned: int = 0, timeout: float = 30.0) -> bytes:
        """``ocr.images.preview`` in one of the processes, since opening is where a file does its harm.

        ``timeout`` and what is raised as in ``read``.
        """
        return self._ask({"want": "preview", "long_side": long_side, "turned": turned}, data, timeout).picture

    def _ask(self, wish: dict[str, Any], data: bytes, timeout: float) -> answers.Answer:
        reason = ""
        for _ in range(ATTEMPTS):
            child = self._idle.get()
            keep: _Child | None = None
            try:
                if self._closed:
                    raise EngineFailed("the pool is closed")
                child = child or self._start()
                answer = child.ask(wish, data, timeout)
                keep = child
                return answer
            except OcrError:
                keep = child if child is not None and child.process.poll() is None else None
                if child is not None and keep is None:
                    self._drop(child)
                raise
            except _Lost as lost:
                reason = str(lost)
                if child is not None:
                    self._drop(child)
            finally:
                self._idle.put(keep)
        raise EngineFailed(reason)

    def ready(self, timeout: float = START_TIMEOUT) -> bool:
        """Wait until every idle process has loaded its engine; False when one did not in time."""
        waiting: list[_Child | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                waiting.append(self._idle.get_nowait())
        deadline = time.monotonic() + timeout
        good = True
        for child in waiting:
            keep = child
            if child is not None:
                try:
                    child.wait_ready(max(0.0, deadline - time.monotonic()))
                except (_Lost, EOFError, OSError):
                    if not self._closed:
                        log.error("a reading process did not start")
                    good, keep = False, None
                    self._drop(child)
            self._idle.put(keep)
        return good

    def pids(self) -> tuple[int, ...]:
        """Ids of the processes that live now."""
        with self._lock:
            return tuple(child.process.pid for child in self._children if child.process.poll() is None)

    def close(self) -> None:
        """End all processes; a later ``read`` raises EngineFailed."""
        self._closed = True
        with self._lock:
            children, self._children = list(self._children), set()
        for child in children:
            child.end()
        self._starter.shutdown(wait=False)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> _Child:
        try:
            child = self._starter.submit(_Child, self._job, self._start_timeout).result()
        except (OSError, RuntimeError) as error:
            raise EngineFailed("no process could be started") from error
        with self._lock:
            self._children.add(child)
        return child

    def _drop(self, child: _Child) -> None:
        with self._lock:
            self._children.discard(child)
        child.end()
