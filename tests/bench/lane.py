"""How many receipts the lane without an approver would let pass, and whether what passes was read right.

``python -m tests.bench.lane [--count 60] [--write]``: receipts that the project draws itself (and the labelled Japanese
ones where KEIHI_SHARED or ../shared has them) are sent, given a purpose and submitted in a house whose lane is open for
every category and amount. Rules that go by the calendar are off, for the receipts are of many years. A receipt that
passes must be right in total, date, registration number and tax; what keeps the others out is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ocr
from bot.commands.read import public
from handlers import categories
from handlers.chat import Commanded, FileRef, Said
from ocr.reading import Reading
from storage.models import Policy
from tests.bench.generate import write
from tests.bench.ocr_score import judge
from tests.bench.report import machine, replace_part, table
from tests.handlers import lanes
from tests.handlers.house import House

SEED = 20261124
CALENDAR = ("late", "date-day-off", "date-future", "capture-date")
WHAT = (
    "Every receipt is submitted with a purpose where a lane is open for all categories and amounts; the built-in rules "
    "are on but for those of the calendar. Right: total, date, registration number and tax as labelled."
)
FIGURES = ("total", "date", "registration_number", "tax")


class Reader:
    """The real reader, with one process."""

    def __init__(self, pool: ocr.Pool) -> None:
        self._pool = pool
        self.last: tuple[Reading, ...] = ()

    def read(self, data: bytes) -> tuple[Reading, ...]:
        self.last = self._pool.read(data, 120)
        return self.last

    def preview(self, data: bytes, turned: int = 0) -> bytes:
        return data


@dataclass
class Outcome:
    """``right``: for each receipt that passed, whether every labelled figure of it was read right."""

    receipts: int = 0
    right: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    against: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> list[str]:
        passed, right = len(self.right), sum(self.right)
        return [
            name,
            str(self.receipts),
            f"{passed / self.receipts:.1%} ({passed}/{self.receipts})",
            f"{right / passed:.1%} ({right}/{passed})" if passed else "–",
        ]


def measure(place: Path, pool: ocr.Pool) -> Outcome:
    """Every receipt of a folder (images/, labels.json), one after the other."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        lanes.prepared(house)
        lanes.stands(house, *(code for code in categories.codes()), most=10**9, share=1)
        reader = house.services.reader = Reader(pool)
        with house.services.db.transaction(house.organization_id) as session:
            day = house.services.clock().date().replace(year=2000)
            for rule in CALENDAR:
                off = {"strength": "off", "parameters": {}, "created_at": house.services.clock()}
                session.add(Policy(rule=rule, valid_from=day, **off))
        labels = json.loads((place / "labels.json").read_text(encoding="utf-8"))
        for file, want in labels.items():
            _one(house, reader, place / "images" / file, want, outcome)
        house.close()
    return outcome


def _one(house: House, reader: Reader, file: Path, want: dict[str, Any], outcome: Outcome) -> None:
    before = len(house.claims())
    house.paper.files[file.name] = file.read_bytes()
    house.does("w", Said(text="打合せ", files=(FileRef(file.name, message=file.name),)))
    outcome.receipts += 1
    drafts = house.claims()[before:]
    if len(drafts) != 1:
        outcome.against["no single draft"] += 1
        return
    submit = next((b for b in house.last("w").buttons if b.label == "Submit" and not b.opens_form), None)
    if submit is not None:
        house.taps("w", submit)
    if any(row.claim_id == drafts[0].id for row in lanes.decisions(house)):
        verdicts = judge(want, public(file.name, reader.last[0]))
        wrong = [name for name in FIGURES if not verdicts.get(name, True)]
        outcome.right.append(not wrong)
        outcome.wrong += [f"{file.name}: {name}" for name in wrong]
        return
    house.does("c", Commanded(f"lane why {drafts[0].number}"))
    said = [note.text for note in house.last("c").notes if note.text.startswith("✗")]
    outcome.against[said[0].removeprefix("✗ ") if said else "not submitted"] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=60, help="receipts to draw")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    wanted = parser.parse_args()
    rows, reasons = [], Counter[str]()
    with tempfile.TemporaryDirectory() as folder, ocr.Pool(1, threads=1) as pool:
        pool.ready()
        write(Path(folder), SEED, wanted.count)
        places = {"own": Path(folder)}
        shared = Path(os.environ.get("KEIHI_SHARED", Path(__file__).parents[3] / "shared")) / "receipts" / "japan"
        if (shared / "labels.json").exists():
            places["japan"] = shared
        for name, place in places.items():
            outcome = measure(place, pool)
            print(name, outcome, flush=True)
            rows.append(outcome.row(name))
            reasons.update({f"{name}: {why}": number for why, number in outcome.against.items()})
    passed = table(["set", "receipts", "take the lane", "of these right"], rows)
    kept_out = table(["kept out by (the first check)", "receipts"], [[w, str(n)] for w, n in reasons.most_common()])
    said = f"`python -m tests.bench.lane --write` — {machine()}. {WHAT}"
    body = "\n\n".join(("## The lane", said, passed, kept_out))
    print(body)
    if wanted.write:
        replace_part("lane", body)


if __name__ == "__main__":
    main()
