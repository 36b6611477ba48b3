"""`keihi demo`: the story in a terminal, and its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def told(**settings: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("KEIHI_")}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "demo"],
        cwd=ROOT,
        env=own | settings,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_story_ends_with_an_approved_claim(tmp_path: Path) -> None:
    done = told(KEIHI_DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    order = ["📷", "下書き", "[ 提出 ]", "承認待ち", "[ 承認 ]", "承認済み", "✓ 写真を送ってから"]
    found = [next(number for number, line in enumerate(lines) if mark in line) for mark in order]
    assert found == sorted(found)
    assert "申請の承認 #1" in done.stdout
    assert list(tmp_path.iterdir()) == []  # it leaves the person's own data alone


def test_a_story_without_a_reader_says_so_and_fails(tmp_path: Path) -> None:
    done = told(KEIHI_OCR_ENGINE="nothing-of-this-name", KEIHI_LOCALE="en")
    assert done.returncode == 1
    assert "The story did not end well" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
