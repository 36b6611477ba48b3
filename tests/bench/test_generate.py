"""The generator of labelled receipts: whole on disk, the same for a seed, and scored as right when read right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.demo.receipts import Spec, render
from tests.bench import generate

SHARED = Path(os.environ.get("KEIHI_SHARED", Path(__file__).parents[2].parent / "shared"))


def test_command_writes_pictures_and_labels(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.generate", "--seed", "5", "--count", "3", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.startswith("3 receipts in ")
    labels = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    assert sorted(labels) == sorted(path.name for path in (tmp_path / "images").iterdir())
    for name, label in labels.items():
        Image.open(tmp_path / "images" / name).verify()
        assert label["total"] > 0
        assert label["merchant"][0]


def test_two_seeds_share_no_receipt_and_a_turn_changes_only_the_picture(tmp_path: Path) -> None:
    upright = generate.write(tmp_path / "a", seed=1, count=2)
    lying = generate.write(tmp_path / "b", seed=1, count=2, turn=90)
    other = generate.write(tmp_path / "c", seed=2, count=2)
    without = [
        {key: value for key, value in label.items() if key != "note"} for label in (*upright.values(), *lying.values())
    ]
    assert without[:2] == without[2:]
    name = next(iter(upright))
    assert Image.open(tmp_path / "b/images" / name).size == Image.open(tmp_path / "a/images" / name).size[::-1]
    assert [label["total"] for label in other.values()] != [label["total"] for label in upright.values()]


def test_money_of_other_countries_is_in_major_units_and_has_no_japanese_rates() -> None:
    truth = render(Spec(1, "english_cafe")).truth
    label = generate.label(truth)
    assert label["total"] * 100 == pytest.approx(truth.total)
    assert label["currency"] != "JPY"
    assert label["rates"] == {}


@pytest.mark.skipif(not (SHARED / "receipts/score.py").is_file(), reason="the shared folder with score.py is not here")
def test_a_perfect_reading_scores_full_marks(tmp_path: Path) -> None:
    labels = generate.write(tmp_path, seed=3, count=6)
    readings = [
        {
            "file": name,
            "merchant": label["merchant"][0],
            "date": label["date"],
            "total": label["total"],
            "currency": label["currency"],
            "taxes": [{"rate": int(rate), "tax": tax} for rate, (_, tax) in label["rates"].items()],
            "registration_number": label["registration_number"],
            "phone": label["phone"],
            "doubts": [],
        }
        for name, label in labels.items()
    ]
    (tmp_path / "readings.jsonl").write_text("\n".join(map(json.dumps, readings)), encoding="utf-8")
    score = [
        sys.executable,
        str(SHARED / "receipts/score.py"),
        str(tmp_path / "labels.json"),
        str(tmp_path / "readings.jsonl"),
    ]
    last = subprocess.run(score, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()[-1]
    marks = dict(pair.split("=") for pair in last.split())
    assert set(marks) >= {"total", "date", "merchant", "registration_number", "phone", "tax", "touchless"}
    assert set(marks.values()) == {"1.0000"}
