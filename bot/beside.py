"""The worker beside the web server: jobs in a process of their own, so that they never hold up an answer.

Python runs one thread at a time in a process; twenty webhooks a second and the work that follows from them in one
process made webhooks wait for more than a second. The worker is started, watched and ended with the server, and ends by
itself when the server dies: it holds the read end of a pipe whose write end dies with us.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import structlog

log = structlog.get_logger()

PIPE = "KEIHI_WORKER_PIPE"
RESTART_SECONDS = (0.5, 2.0, 10.0, 30.0)
CALM_SECONDS = 60.0
END_SECONDS = 15.0


class WorkerBeside:
    """``keihi worker`` as a child process. :meth:`start` returns at once; a worker that dies is started again."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: int | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True, name="worker-beside")
        self._lock = threading.Lock()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end and wait; it finishes the message it is sending."""
        self._ending.set()
        with self._lock:
            process = self._process
        if process is not None:
            self._hang_up()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(timeout=5)

    def _keep(self) -> None:
        deaths = 0
        while not self._ending.is_set():
            started = time.monotonic()
            reading, writing = os.pipe()
            with self._lock:
                if self._ending.is_set():
                    return
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "bot.cli", "worker"],
                    env={**os.environ, PIPE: str(reading)},
                    stdin=subprocess.DEVNULL,
                    pass_fds=(reading,),
                )
                self._line = writing
            os.close(reading)
            status = self._process.wait()
            self._hang_up()
            if self._ending.is_set():
                return
            deaths = 0 if time.monotonic() - started > CALM_SECONDS else deaths
            log.error("the worker ended; starting it again", status=status)
            self._ending.wait(RESTART_SECONDS[min(deaths, len(RESTART_SECONDS) - 1)])
            deaths += 1

    def _hang_up(self) -> None:
        """Close our end of the pipe, which is what tells the worker to end."""
        with self._lock:
            if self._line is not None:
                os.close(self._line)
                self._line = None


def end_with_server(ended: threading.Event) -> bool:
    """In the worker: set ``ended`` when the server that started us is gone. False when nobody did."""
    number = os.environ.pop(PIPE, "")
    if not number:
        return False

    def watch() -> None:
        os.read(int(number), 1)  # returns when the other end is closed, however the server ended
        ended.set()

    threading.Thread(target=watch, daemon=True, name="server-watch").start()
    return True
