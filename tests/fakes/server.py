"""Our own server as it runs in production: `keihi serve` in a process of its own, with its own database and folder.

Nothing in the process is replaced, except that its reading engine may be the tests' one (see `plain_engine.py`). It can
be killed at any moment and started again on the same port with the same data.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.contract.line_spec import ROOT
from tests.contract.node import free_port
from tests.fakes import plain_engine
from tests.fakes.line import LineServer
from tests.fakes.line_phone import Webhook
from tests.fakes.slack import SlackServer
from tests.fakes.slack_delivery import HttpDelivery
from tests.fakes.waiting import wait_until

PUBLIC = "https://keihi.example.jp"
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT", "KEIHI_SHARED")
START_SECONDS = 90.0
PATIENCE = timedelta(seconds=90)


class Server:
    """One `keihi serve`. Give it the platforms it shall speak to; they are pointed at it when it starts.

    `engine` is the reading engine: the tests' own by default, "" for the product's default. `settings` are further
    settings by their names without the prefix. The log is the process's whole output.
    """

    def __init__(
        self,
        folder: Path,
        *,
        slack: SlackServer | None = None,
        line: LineServer | None = None,
        engine: str = plain_engine.NAME,
        **settings: str,
    ) -> None:
        self.folder = folder
        self.slack, self.line = slack, line
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.engine = engine
        self.settings = self._settings() | {f"KEIHI_{name.upper()}": value for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None

    def _settings(self) -> dict[str, str]:
        found = {
            "KEIHI_DATA_DIR": str(self.folder),
            "KEIHI_DATABASE_URL": f"sqlite:///{self.folder / 'keihi.db'}",
            "KEIHI_BLOB_URL": (self.folder / "receipts").as_uri(),
            "KEIHI_SECRET_KEY": "tests-only-secret-key-0123456789abcdef",
            "KEIHI_HOST": "127.0.0.1",
            "KEIHI_PORT": str(self.port),
            "KEIHI_BASE_URL": PUBLIC,
            "KEIHI_OCR_ENGINE": self.engine,
            "KEIHI_OCR_PROCESSES": "1",
            "KEIHI_SWEEP_SECONDS": "0.3",
        }
        if self.slack is not None:
            found |= {
                "KEIHI_SLACK_BOT_TOKEN": self.slack.team.token,
                "KEIHI_SLACK_SIGNING_SECRET": self.slack.signing_secret,
                "KEIHI_SLACK_API_URL": self.slack.api_url,
                "KEIHI_SLACK_FILE_HOSTS": self.slack.file_host,
            }
        if self.line is not None:
            found |= {
                "KEIHI_LINE_CHANNEL_SECRET": self.line.channel_secret,
                "KEIHI_LINE_CHANNEL_TOKEN": self.line.channel_token,
                "KEIHI_LINE_API_HOST": self.line.url,
                "KEIHI_LINE_DATA_HOST": self.line.data.url,
            }
        return found

    @property
    def environment(self) -> dict[str, str]:
        """Ours and the little that a process needs; nothing of the machine's own settings leaks in."""
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        if self.engine == plain_engine.NAME:
            passed["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "fakes" / "site")))
        return passed | {"PYTHONUNBUFFERED": "1"} | self.settings

    # --- life ---------------------------------------------------------------------------------------------------------

    def start(self, *, wait: bool = True) -> Self:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if wait:
            wait_until(self.healthy, START_SECONDS, every=0.1, what=lambda: f"the server did not start:\n{self.tail()}")
        if self.slack is not None:
            self.slack.delivery = HttpDelivery(self.url)
            self.slack.pictures[PUBLIC] = self.url
        if self.line is not None:
            Webhook(self.line, self.url)
            self.line.pictures[PUBLIC] = self.url
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def healthy(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"the server ended with {self._process.returncode}:\n{self.tail()}")
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> int:
        """Ask it to end, as a service manager does. The exit status."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            status = self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end when asked to:\n{self.tail()}") from None
        self._sweep()
        return status

    def kill(self) -> None:
        """kill -9 of the server and the worker beside it, without a warning. Their helpers must end by themselves."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def _sweep(self) -> None:
        """Whatever of its session is left after the test."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        try:
            if self._process is not None and self._process.poll() is None:
                self.stop()
        finally:
            self._sweep()

    # --- the rest -----------------------------------------------------------------------------------------------------

    def cli(self, *words: str, ok: bool = True) -> str:
        """Run `keihi …` with the same settings, beside the running server. Its output."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *words],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if ok and done.returncode:
            raise AssertionError(f"keihi {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def idle(self) -> bool:
        """Whether every event is answered and every message delivered.

        Waiting for a retry counts as work, unless it waits for longer than a test does (a month's pushes are used up).
        """
        asked = (
            "SELECT count(*) FROM job_record WHERE state NOT IN ('done', 'dead') AND (next_at IS NULL OR next_at < ?)"
        )
        soon = f"{datetime.now(UTC) + PATIENCE:%Y-%m-%d %H:%M:%S.%f}"
        return not self._count(asked, soon)

    def newest_bubble(self) -> int:
        """The number of the newest change on the phones of the local chat."""
        return self._count("SELECT coalesce(max(sequence), 0) FROM web_message")

    def _count(self, asked: str, *values: str) -> int:
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'keihi.db'}?mode=ro", uri=True)) as database:
            return int(database.execute(asked, values).fetchone()[0])

    def tail(self, lines: int = 60) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""
