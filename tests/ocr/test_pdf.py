"""PDFs with text of their own: put together however the program that wrote them placed its characters."""

from __future__ import annotations

import pytest

from ocr import images
from tests.ocr.hostile import pdf, stream

ROWS = ("OLD HARBOUR TEA ROOM LTD", "Date: 24/12/2025", "Scones", "Total GBP 12.00", "Cash GBP 20.00")
STEP = 9.0  # pt from character to character


def placed(
    rows: tuple[str, ...], *, spread: float = STEP, page: str = "", codes: str = "", more: tuple[bytes, ...] = ()
) -> bytes:
    """Every character set by itself, with ``spread`` pt from one to the next, as browsers and spreadsheets print."""
    drawing = ["BT /F1 14 Tf"]
    for number, row in enumerate(rows):
        for place, character in enumerate(row):
            if character != " ":
                drawing.append(f"1 0 0 1 {40 + spread * place:.1f} {780 - 30 * number} Tm ({character}) Tj")
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {page or '/MediaBox [0 0 595 842]'} /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        stream(" ".join((*drawing, "ET")).encode()),
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Courier {codes}>>",
        *more,
    )


def texts(data: bytes) -> list[str]:
    return [line.text for line in images.open_bytes(data).pages[0].lines]


@pytest.mark.parametrize("spread", [8.4, 9.0, 10.0])
def test_characters_set_one_by_one_are_words_again(spread: float) -> None:
    assert texts(placed(ROWS, spread=spread)) == list(ROWS)


def test_columns_stay_apart() -> None:
    rows = tuple(
        f"{name:<24}{amount}" for name, amount in (("Scones", "12.00"), ("Coffee", "4.50"), ("Total", "16.50"))
    )
    assert texts(placed((*rows, "THANK YOU FOR YOUR VISIT"))) == [
        "Scones", "12.00", "Coffee", "4.50", "Total", "16.50", "THANK YOU FOR YOUR VISIT",
    ]  # fmt: skip


def test_a_page_whose_corner_is_not_the_origin() -> None:
    """Boxes are those of the page as it is shown."""
    whole = images.open_bytes(placed(ROWS)).pages[0]
    cut = images.open_bytes(placed(ROWS, page="/MediaBox [0 0 595 842] /CropBox [30 400 595 842]")).pages[0]
    assert [line.text for line in cut.lines] == list(ROWS)
    (x, y), (left, top) = whole.lines[0].quad[0], cut.lines[0].quad[0]
    points = 595 / whole.width, 565 / cut.width
    assert (x * points[0] - 30, y * points[0]) == pytest.approx((left * points[1], top * points[1]), abs=1)


def test_a_page_shown_on_its_side_is_read_from_its_picture() -> None:
    page = images.open_bytes(placed(ROWS, page="/MediaBox [0 0 595 842] /Rotate 90")).pages[0]
    assert (page.source, page.lines) == ("pdf_picture", ())


def test_text_that_names_no_characters_is_read_from_the_picture() -> None:
    """A font that maps its codes to characters of private use, which say nothing of what they show."""
    codes = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <20> <7e> <e000> endbfrange endcmap"
    named = placed(ROWS)
    assert images.open_bytes(named).pages[0].source == "pdf_text"
    assert images.open_bytes(placed(ROWS, codes="/ToUnicode 6 0 R ", more=(stream(codes),))).pages[0].lines == ()
