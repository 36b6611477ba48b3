"""What a benchmark says of a miss: whether the engine or the extraction lost it, and whether a person was asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import ocr_others
from tests.bench.ocr_score import Score

WANT = {
    "merchant": ["ひよこマート"],
    "date": "2026-07-08",
    "total": 1320,
    "phone": "052-062-9503",
    "registration_number": "T9999923721679",
    "rates": {"10": [1200, 120]},
}
RIGHT = {
    "merchant": "ひよこマート",
    "date": "2026-07-08",
    "total": 1320,
    "phone": "0520629503",
    "registration_number": "T9999923721679",
    "taxes": [{"rate": 10, "tax": 120}],
    "doubts": [],
}


def causes(text: str, **changed: object) -> dict[tuple[str, str], int]:
    score = Score()
    score.add("a.jpg", WANT, {**RIGHT, **changed}, text)
    return dict(score.causes)


def test_a_right_reading_has_no_cause() -> None:
    assert causes("") == {}


@pytest.mark.parametrize(
    ("field", "wrong", "text"),
    [
        ("total", 120, "合計 ¥1,320"),
        ("date", "2026-08-07", "令和8年7月8日"),
        ("date", None, "２０２６．０７．０８"),
        ("date", None, "08/07/2026"),
        ("merchant", "領収書", "ひよこ マート"),
        ("phone", None, "TEL(052)062-9503"),
        ("registration_number", None, "登録番号:T9999923721679"),
    ],
)
def test_what_stands_in_the_text_was_lost_by_the_extraction(field: str, wrong: object, text: str) -> None:
    assert causes(text, **{field: wrong}) == {(field, "another was chosen, not asked"): 1}
    assert causes("合計 ¥7,77", **{field: wrong}) == {(field, "not in the text that was read, not asked"): 1}


def test_a_tax_counts_as_read_with_every_amount_and_a_doubt_as_asked() -> None:
    wrong = {"taxes": [], "doubts": ["tax"]}
    assert causes("内消費税 120", **wrong) == {("tax", "another was chosen, asked"): 1}
    assert causes("内消費税 12O", **wrong) == {("tax", "not in the text that was read, asked"): 1}


def test_a_reader_that_cannot_be_installed_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr_others, "HOME", tmp_path / "a file")
    (tmp_path / "a file").write_text("in the way")
    with pytest.raises(ocr_others.Missing, match="CalledProcessError"), ocr_others._amagi():
        pass
