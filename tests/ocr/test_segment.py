"""Several receipts in one photo, told apart by where their text stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr import segment
from ocr.engines import TextLine
from tests.ocr.paper import lines

BARE = """
{name}
TEL 045-555-0134
2026/10/05 18:09
ブレンド | 1,100
ケーキ | 980
合計 | 2,080
お預り | 3,000
お釣り | 920
またどうぞ
"""


def beside(left: list[TextLine], right: list[TextLine], gap: float) -> list[TextLine]:
    return [
        *left,
        *(replace(line, quad=tuple((x + 560 + gap, y) for x, y in line.quad)) for line in right),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("sign", ["", "¥"])
def test_two_tills_side_by_side_also_when_they_print_no_sign_of_yen(sign: str) -> None:
    one, other = (lines(BARE.format(name=name).replace("| ", f"| {sign}")) for name in ("喫茶みずうみ", "花屋しおり"))
    found = segment.papers(beside(one, other, gap=120))
    assert [len(paper) for paper in found] == [len(one), len(other)]


def test_one_receipt_with_a_broad_lane_before_its_amounts_stays_whole() -> None:
    wide = [
        replace(line, quad=tuple((x + 500, y) for x, y in line.quad)) if line.quad[0][0] > 400 else line  # type: ignore[arg-type]
        for line in lines(BARE.format(name="喫茶みずうみ"))
    ]
    assert len(segment.papers(wide)) == 1
