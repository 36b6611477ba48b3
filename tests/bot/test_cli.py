"""The server's own commands: on a folder where nothing is yet, and with settings that cannot work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from bot import serve
from bot.settings import Settings
from tests.contract.line_spec import ROOT

SECRET = "xoxb-1234-very-secret"


def keihi(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``keihi …`` in a process of its own, with nothing of this machine's settings."""
    passed = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
    named = {f"KEIHI_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *words],
        cwd=folder,
        env=passed | {"PYTHONPATH": str(ROOT), "KEIHI_DATA_DIR": str(folder / "var")} | named,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("travel", "packs"), 1, "keihi: there is no organisation yet; “keihi members import” makes the first\n"),
        (("budgets", "list"), 1, "keihi: there is no organisation yet; “keihi members import” makes the first\n"),
        (("rates", "list"), 1, "keihi: there is no organisation yet; “keihi members import” makes the first\n"),
        (("audit", "verify"), 0, ""),
        (("audit", "draw"), 0, ""),
        (("audit", "draw", "2026-13"), 1, "keihi: “2026-13” is no month. Please write it like this: 2026-11\n"),
        (("members", "list"), 0, ""),
        (("members", "code", "nobody@example.jp"), 1, "keihi:\n  nobody has the address nobody@example.jp\n"),
    ],
)
def test_a_command_may_be_the_first_to_come(tmp_path: Path, words: tuple[str, ...], status: int, said: str) -> None:
    done = keihi(tmp_path, *words)
    assert (done.returncode, done.stderr) == (status, said)


def test_a_month_without_a_draw_says_so(tmp_path: Path) -> None:
    assert keihi(tmp_path, "audit", "draw", "2026-11").stdout == "No draws in 2026-11.\n"
    assert keihi(tmp_path, "audit", "draw", "--json").stdout == ""


@pytest.mark.parametrize("words", [("serve",), ("worker",), ("members", "list"), ("travel", "packs")], ids=" ".join)
def test_a_wrong_setting_is_named_without_what_stood_there(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = keihi(tmp_path, *words, port=SECRET, database_url=SECRET, zone="Mars/Olympus")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["KEIHI_DATABASE_URL", "KEIHI_PORT", "KEIHI_ZONE"]
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("word", ["serve", "worker"])
def test_an_engine_that_does_not_exist_ends_the_server_at_once(tmp_path: Path, word: str) -> None:
    done = keihi(tmp_path, word, ocr_engine="paper-and-pencil")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "keihi: KEIHI_OCR_ENGINE: no engine is called 'paper-and-pencil'; there are rapidocr, faster-paddle, tesseract"
    ]


@pytest.mark.parametrize(
    ("more", "warned"),
    [({}, True), ({"slack_signing_secret": "s"}, False), ({"slack_app_token": "xapp-1"}, False)],
    ids=["alone", "with the secret", "with the app token"],
)
def test_a_slack_token_alone_is_warned_of(more: dict[str, str], warned: bool) -> None:
    settings = Settings(_env_file=None, slack_bot_token=SECRET, **more)
    with structlog.testing.capture_logs() as logs:
        serve._doubt(settings)
    assert [line["log_level"] for line in logs] == (["warning"] if warned else [])
    assert SECRET not in str(logs)
