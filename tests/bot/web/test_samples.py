"""The samples of the local chat are drawn by a process that ends with the server, however that ends."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bot.demo.receipts.tray import MOTIFS, TOKYO
from bot.web.samples import Tray
from tests.contract.line_spec import ROOT
from tests.fakes.waiting import wait_until

SECONDS = 60.0
SERVER = """
import sys
from pathlib import Path
from bot.web.samples import Tray

if __name__ == "__main__":
    Tray(Path(sys.argv[1])).draw_ahead()
    sys.stdin.read()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has its samples drawn and lives until its input ends."""
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    command = [sys.executable, str(script), str(tmp_path / "samples")]
    with subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def drawn(folder: Path) -> list[Path]:
    return list((folder / "samples").glob("*-small.jpg"))


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_the_drawing_process_does_not_outlive_the_server(
    server: subprocess.Popen[bytes], tmp_path: Path, how: str
) -> None:
    wait_until(lambda: drawn(tmp_path), SECONDS, what="nothing is drawn")
    drawing = psutil.Process(server.pid).children(recursive=True)
    assert drawing
    if how == "killed":
        server.send_signal(signal.SIGKILL)
    else:
        assert server.stdin is not None
        server.stdin.close()
    _, alive = psutil.wait_procs(drawing, timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    assert len(drawn(tmp_path)) < len(MOTIFS), "it was done before it could be ended"


def test_a_sample_is_a_whole_picture_in_both_sizes_and_yesterdays_are_gone(tmp_path: Path) -> None:
    old = tmp_path / f"{date(2020, 1, 1).isoformat()}-{MOTIFS[0].key}.jpg"
    old.write_bytes(b"old")
    last = len(MOTIFS) - 1
    for motif in MOTIFS[:last]:  # drawn already, as far as the tray can see
        (tmp_path / f"{datetime.now(TOKYO).date().isoformat()}-{motif.key}-small.jpg").write_bytes(b"drawn")
    tray = Tray(tmp_path)
    sizes = []
    for small in (False, True):
        with Image.open(io.BytesIO(tray.picture(last, small=small))) as picture:
            picture.load()
            sizes.append(picture.width)
    assert sizes[0] > sizes[1]
    wait_until(lambda: not old.exists(), SECONDS, what="the old sample stays")
    with pytest.raises(IndexError):
        tray.picture(len(MOTIFS), small=True)
