"""``make bench-ocr``: how much of a receipt is read right, how honest the doubts are, and how long it takes.

Accuracy on receipts that the project draws itself (a seed that is not used while building) and, where the folder with
labelled real receipts is there (KEIHI_SHARED or ../shared), on those; the first of each also with every other engine
that is installed and with another reader. Time against the bare engine on the same pictures. Everything in one run;
writes its part of docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import ocr
from bot.commands.read import public
from tests.bench import ocr_others, ocr_speed
from tests.bench.generate import write
from tests.bench.ocr_score import FIELDS, Score
from tests.bench.report import machine, replace_part, table

SEED = 20261123
SETS = ("japan", "sroie", "west")
PARTS = ("accuracy", "others", "speed")
COLUMNS = (*FIELDS, "touchless", "of these right")
COMPARED = {"own": 22, "japan": 20, "sroie": 20}
"""How many receipts of each set the other readers get."""

WANTED = {
    "own": ("≥ 99 %", "≥ 99 %", "≥ 98 %", "≥ 99 %", "≥ 98 %", "", "≥ 90 %", "≥ 99 %"),
    "japan": ("≥ 97 %", "100 %", "≥ 90 %", "≥ 97 %", "≥ 92 %", "", "≥ 80 %", "≥ 99 %"),
    "sroie": ("≥ 96 %", "≥ 99 %", "≥ 90 %", "", "", "", "≥ 80 %", "≥ 99 %"),
}
"""For each of COLUMNS."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the reading of receipts.")
    parser.add_argument("--count", type=int, default=200, help="receipts to draw")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--turned", type=int, default=24, help="receipts of the drawn set that are also read turned")
    parser.add_argument(
        "--only", nargs="*", metavar="SET", help="own, japan, sroie, west; all that are there when left out"
    )
    parser.add_argument("--misses", action="store_true", help="print what was read wrong")
    parser.add_argument("--compare", type=int, metavar="N", help="at most N of each set for the other readers; 0: none")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS, help="what to measure; all when left out")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = {
            name: place
            for name, place in _sets(Path(folder), wanted.seed, wanted.count, wanted.turned)
            if not wanted.only or name.split(",")[0] in wanted.only
        }
        if "accuracy" in wanted.parts:
            scores = _scores(places, wanted.misses)
            causes = ("### What was read wrong", _causes_table(scores))
            _write("accuracy", "## Reading receipts", _accuracy_table(scores), *causes)
        counts = {name: n if wanted.compare is None else min(n, wanted.compare) for name, n in COMPARED.items()}
        samples = {name: (places[name], n) for name, n in counts.items() if name in places and n}
        if "others" in wanted.parts and samples:
            _write("others", "## Other readers on the same pictures", ocr_others.compare(samples))
        if "speed" in wanted.parts:
            speed = ocr_speed.measure(ocr_speed.photos(Path(folder) / "own")).table()
            _write("speed", "## Time and memory of reading", speed)


def _write(part: str, title: str, *texts: str) -> None:
    """One part of the page: each says on which machine and under which load it was measured."""
    body = "\n\n".join((title, f"`make bench-ocr` — {machine()}.", *texts))
    replace_part(f"reading-{part}", body)
    print(body, flush=True)


def _sets(folder: Path, seed: int, count: int, turned: int) -> Iterator[tuple[str, Path]]:
    """Name and folder (images/, labels.json) of every set that is there."""
    write(folder / "own", seed, count)
    yield "own", folder / "own"
    for degrees in (90, 180, 270):
        write(folder / f"own{degrees}", seed, turned, degrees)
        yield f"own, turned {degrees}°", folder / f"own{degrees}"
    shared = Path(os.environ.get("KEIHI_SHARED", Path(__file__).parents[3] / "shared")) / "receipts"
    for name in SETS:
        if (shared / name / "labels.json").exists():
            yield name, shared / name


def _scores(places: dict[str, Path], misses: bool) -> dict[str, Score]:
    """Every picture of every set, read by as many processes as there are cores."""
    cores = os.cpu_count() or 1
    scores: dict[str, Score] = {}
    with ocr.Pool(cores, threads=1) as pool, ThreadPoolExecutor(cores) as threads:
        pool.ready()
        for name, place in places.items():
            score = scores.setdefault(name, Score())
            labels = json.loads((place / "labels.json").read_text(encoding="utf-8"))
            files = [place / "images" / file for file in labels]
            read = threads.map(lambda file: _read(pool, file), files)
            for (file, want), (got, text) in zip(labels.items(), read, strict=True):
                score.add(file, want, got, text)
            print(name, *(f"{column} {score.share(column)}" for column in COLUMNS), sep="\n  ", flush=True)
            if misses:
                print(*score.misses, sep="\n")
    return scores


def _read(pool: ocr.Pool, file: Path) -> tuple[dict[str, Any], str]:
    try:
        readings = pool.read(file.read_bytes(), 60)
    except ocr.OcrError as error:
        print(f"{file.name}: {error.code}")
        return {}, ""
    main = max(readings, key=lambda reading: len(reading.text))
    return public(file.name, main), main.text


def _accuracy_table(scores: dict[str, Score]) -> str:
    head, rows = ["field"], [[column] for column in COLUMNS]
    for name, score in scores.items():
        goals = WANTED.get(name)
        head += [name, "wanted"] if goals else [name]
        for i, column in enumerate(COLUMNS):
            rows[i] += [score.share(column), goals[i]] if goals else [score.share(column)]
    return table(head, rows)


def _causes_table(scores: dict[str, Score]) -> str:
    """Where each miss comes from: found by looking for the right value in the text that the engine gave."""
    rows = [
        [name, field, why, str(count)]
        for name, score in scores.items()
        for (field, why), count in sorted(score.causes.items())
    ]
    return table(["set", "field", "cause", "receipts"], rows) if rows else "Nothing."


if __name__ == "__main__":
    main()
