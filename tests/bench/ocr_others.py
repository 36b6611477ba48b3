"""The other engines, and another reader of receipts, on the same pictures in the same run.

The other reader is ``amagi-receipts-to-csv`` (PyPI): like this project it reads on the machine itself, with models in
its packages (PP-OCRv3 through rapidocr-onnxruntime), and takes date, vendor and amounts from the text by rules. It is
written for English receipts and amounts with cents. It gets an environment of its own under ``.bench/``, so that its
older packages meet none of ours, and its own default settings; where a set is day-first it is told so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import ocr
from bot.commands.read import public
from ocr import engines
from tests.bench.ocr_score import Score
from tests.bench.report import table

ROOT = Path(__file__).parents[2]
AMAGI = "amagi-receipts-to-csv==0.1.0"
HOME = ROOT / ".bench" / "amagi"
INSTALL_SECONDS = 240
FIELDS = ("total", "date", "merchant")
DAY_FIRST = ("sroie",)

# Reads {"file", "day_first"} a line, answers one line each: what its command line does with one file.
DRIVER = """
import json, sys, time
from pathlib import Path
from amagi_receipts_to_csv.categorize import Categorizer
from amagi_receipts_to_csv.ingest import load
from amagi_receipts_to_csv.ocr import get_engine
from amagi_receipts_to_csv.parse import finalize_status, parse_lines
engine, categorizer = get_engine("auto"), Categorizer()
print(json.dumps({"ready": engine.name}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    began = time.process_time()
    document = load(Path(job["file"]), lambda: engine)
    receipt = parse_lines(document.lines, day_first=job["day_first"])
    receipt.vendor = categorizer.rename_vendor(receipt.vendor)
    receipt.category = categorizer.categorize(receipt.vendor, document.text)
    finalize_status(receipt)
    print(json.dumps({
        "merchant": receipt.vendor or None,
        "date": receipt.date.isoformat() if receipt.date else None,
        "total": float(receipt.total) if receipt.total is not None else None,
        "doubts": [] if receipt.status == "ok" else ["total"],
        "cpu": time.process_time() - began,
    }), flush=True)
"""

Read = Callable[[Path, str], tuple[dict[str, Any], float]]
"""Picture and name of its set → the reading as public data, and processor seconds."""


class Missing(Exception):
    """Why a reader cannot take part."""


@dataclass
class Result:
    scores: dict[str, Score] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def compare(samples: dict[str, tuple[Path, int]]) -> str:
    """A table of every reader that is here. ``samples``: set → folder and how many of its pictures, the first ones."""
    rows, absent = [], []
    sets = {name: _chosen(place, count) for name, (place, count) in samples.items()}
    readers = {name: _ours(name) for name in engines.LOADERS} | {AMAGI.replace("==", " "): _amagi()}
    for name, opened in readers.items():
        try:
            with opened as read:
                rows.append(_row(name, measure(read, sets), list(sets)))
        except Missing as why:
            absent.append(f"{name} is not installed: {why}.")
        print(rows[-1] if rows and rows[-1][0].startswith(name) else absent[-1], flush=True)
    head = ["reader", *(f"{key}: {', '.join(FIELDS)}" for key in sets), "nothing doubted, of these right"]
    head += ["seconds, median", "processor seconds, mean"]
    counts = ", ".join(f"{len(chosen)} of {key}" for key, chosen in sets.items())
    about = (
        "amagi-receipts-to-csv reads offline too, with PP-OCRv3 weights in its packages. Its rules are made for "
        "English receipts: an amount without cents is no amount to it, so yen totals are beyond it; its field is what "
        "`sroie` shows."
    )
    return "\n\n".join([f"On {counts}; one picture at a time, warm.", table(head, rows), about, *absent])


def measure(read: Read, sets: dict[str, dict[Path, dict[str, Any]]]) -> Result:
    result = Result()
    first = next(iter(next(iter(sets.values()))))
    read(first, "")  # the first picture warms caches up
    for name, pictures in sets.items():
        score = result.scores.setdefault(name, Score())
        for picture, want in pictures.items():
            began = time.perf_counter()
            got, cpu = read(picture, name)
            result.seconds.append(time.perf_counter() - began)
            result.cpu.append(cpu)
            score.add(picture.name, want, got)
    return result


def _chosen(place: Path, count: int) -> dict[Path, dict[str, Any]]:
    labels = json.loads((place / "labels.json").read_text(encoding="utf-8"))
    return {place / "images" / name: want for name, want in list(labels.items())[:count]}


def _row(name: str, result: Result, sets: list[str]) -> list[str]:
    title = f"{name} (default)" if name == engines.DEFAULT else name
    cells = [" · ".join(result.scores[key].per_cent(field) for field in FIELDS) for key in sets]
    sure = sum(score.touchless for score in result.scores.values())
    right = sum(score.touchless_right for score in result.scores.values())
    doubtless = f"{sure}/{sum(score.receipts for score in result.scores.values())}, {right}"
    return [title, *cells, doubtless, f"{median(result.seconds):.2f}", f"{sum(result.cpu) / len(result.cpu):.2f}"]


@contextmanager
def _ours(engine: str) -> Iterator[Read]:
    """This project with ``engine``, as a server runs it: in a process of its own."""
    if not engines.installed(engine):
        raise Missing(f"`pip install keihi[{engine}]`" if engine == "faster-paddle" else "its packages are not here")
    with ocr.Pool(1, engine=engine) as pool:
        pool.ready()

        def read(picture: Path, _: str) -> tuple[dict[str, Any], float]:
            began = processor_seconds(pool.pids())
            try:
                readings = pool.read(picture.read_bytes(), 120)
            except ocr.OcrError:
                return {}, processor_seconds(pool.pids()) - began
            main = max(readings, key=lambda reading: len(reading.text))
            return public(picture.name, main), processor_seconds(pool.pids()) - began

        yield read


def processor_seconds(pids: tuple[int, ...]) -> float:
    """What these processes and those that they waited for have used since they started."""
    ticks = 0
    for pid in pids:
        ticks += sum(int(word) for word in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def _amagi() -> Iterator[Read]:
    process = subprocess.Popen(
        [str(_installed_amagi()), "-c", DRIVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "ORT_DISABLE_TELEMETRY": "1", "PYTHONPATH": ""},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    wishes, answers = process.stdin, process.stdout
    try:
        if not answers.readline():
            raise Missing("it does not start")

        def read(picture: Path, name: str) -> tuple[dict[str, Any], float]:
            wishes.write(json.dumps({"file": str(picture), "day_first": name in DAY_FIRST}) + "\n")
            wishes.flush()
            got = json.loads(answers.readline())
            return got, float(got.pop("cpu"))

        yield read
    finally:
        process.kill()
        process.wait()
        wishes.close()
        answers.close()


def _installed_amagi() -> Path:
    """Its Python; makes its environment the first time."""
    python = HOME / "bin" / "python"
    stamp = HOME / "installed"
    if stamp.exists() and stamp.read_text() == AMAGI:
        return python
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", AMAGI]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True, capture_output=True, timeout=120)
        done = subprocess.run(pip, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        raise Missing(type(error).__name__) from error
    if done.returncode:
        raise Missing((done.stderr.strip().splitlines() or ["pip failed"])[-1])
    stamp.write_text(AMAGI)
    return python
