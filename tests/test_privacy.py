"""Nothing that runs here reports to anybody but the chats it is set up with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_reading_keeps_no_identifier_and_queues_no_report(tmp_path: Path) -> None:
    """onnxruntime writes a device id and a queue of reports under HOME as soon as it starts, unless it was told not to.

    The process gets no variable of ours: on a build server onnxruntime would keep quiet by itself.
    """
    script = "from ocr.engines import load; print(load('rapidocr').name)"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    started = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert started.stdout.strip() == "rapidocr", started.stderr
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == []
