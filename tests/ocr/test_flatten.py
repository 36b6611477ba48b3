"""Paper that curls, and several papers in one photo."""

from __future__ import annotations

import io
import math
from datetime import datetime
from random import Random

import numpy as np
import pytest
from PIL import Image

import ocr
from bot.demo.receipts import LAYOUTS
from bot.demo.receipts.paper import Print, sheet
from ocr import engines, flatten
from ocr.engines import TextLine
from ocr.extract import extract
from tests.ocr import paper

ROWS = """
食彩館あまやどり
電話番号 0776-05-2307
2025年12月05日 14:31
低脂肪牛乳 | ¥792
食器用洗剤 | ¥168
木綿豆腐 | ¥88
単三電池 | ¥398
小計 | ¥1,446
お買上計 | ¥1,446
お預り | ¥2,000
お釣り | ¥554
"""


def bent(lines: list[TextLine], rise: float) -> list[TextLine]:
    """Each row as an arch, ``rise`` px high in the middle."""

    def moved(x: float, y: float) -> tuple[float, float]:
        return x, y - rise * math.sin(math.pi * (x - paper.LEFT) / (paper.RIGHT - paper.LEFT))

    return [TextLine(line.text, line.score, tuple(moved(x, y) for x, y in line.quad)) for line in lines]  # type: ignore[arg-type]


@pytest.mark.parametrize("rise", [0.0, 25.0, 40.0])
def test_rows_that_bend_are_put_together_right_and_boxes_stay_where_the_text_stands(rise: float) -> None:
    lines = bent(paper.lines(ROWS), rise)
    reading = flatten.flattened(lines, today=paper.TODAY, page=0, scale=1.0)
    assert reading.total.value == 1446
    assert [item.amount for item in reading.items.value or ()] == [792, 168, 88, 398]
    (change,) = (line for line in lines if line.text == "¥554")
    assert reading.change.box is not None
    assert reading.change.box.top <= np.mean([y for _, y in change.quad]) <= reading.change.box.bottom


def test_flat_and_tilted_paper_is_left_as_it_is() -> None:
    for slope in (0.0, 0.05):
        lines = paper.lines(ROWS, slope=slope)
        assert flatten.straight(lines) == (lines, None)
        assert flatten.flattened(lines, today=paper.TODAY, page=0, scale=1.0) == extract(lines, today=paper.TODAY)


def on_a_desk(names: tuple[str, ...], seed: int) -> tuple[bytes, list[int]]:
    """A photo of receipts in rows of three, each at an angle of its own."""
    rng, grains = Random(f"desk {seed}"), np.random.default_rng(seed)
    totals, sheets = [], []
    for number, name in enumerate(names):
        printed = LAYOUTS[name](Random(f"{seed} {number} {name}"), datetime(2026, 3 + number, 7, 12, 30))
        totals.append(printed.truth.total)
        turned = sheet(printed, Print(), grains).rotate(rng.uniform(-6, 6), Image.Resampling.BICUBIC, expand=True)
        sheets.append(turned)
    rows = [sheets[at : at + 3] for at in range(0, len(sheets), 3)]
    width = max(sum(one.width + 60 for one in row) for row in rows) + 60
    desk = Image.new("RGB", (width, sum(max(one.height for one in row) + 60 for row in rows) + 60), (120, 90, 62))
    y = 60
    for row in rows:
        x = 60
        for one in row:
            desk.paste(one, (x, y), one)
            x += one.width + 60
        y += max(one.height for one in row) + 60
    desk.thumbnail((4000, 4000))
    out = io.BytesIO()
    desk.save(out, "JPEG", quality=85)
    return out.getvalue(), totals


@pytest.mark.skipif(not engines.installed("rapidocr"), reason="rapidocr is not installed")
@pytest.mark.parametrize(
    "names",
    [("cafe", "bookshop"), ("parking", "drugstore", "cafe"), ("taxi", "bookshop", "parking", "cafe", "drugstore")],
    ids=len,
)
def test_receipts_at_angles_on_a_desk_become_drafts_of_their_own(names: tuple[str, ...]) -> None:
    data, totals = on_a_desk(names, 11)
    readings = ocr.read_all(data)
    assert sorted(reading.total.value or 0 for reading in readings) == sorted(totals)
    assert all("several_receipts" in reading.notices for reading in readings)
