"""Drawn receipts through the real engine: read, turned, doubled, spoilt, as documents, and explained."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

import ocr
from bot.commands.read import read_files
from bot.demo.receipts import Rendered, Scene, Spec, render
from ocr import engines, explain, metadata, reader

pytestmark = pytest.mark.skipif(not engines.installed("rapidocr"), reason="rapidocr is not installed")


@pytest.fixture(autouse=True, scope="module")
def _engine() -> Iterator[None]:
    reader.configure(threads=2)
    yield
    reader.configure()


@cache
def read_once() -> ocr.Reading:
    return ocr.read(receipt().image)


@cache
def receipt(layout: str = "parking", seed: int = 9) -> Rendered:
    return render(Spec(seed, layout, scene=Scene("oak", 1100, fill=0.8, angle=2)))


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def picture(layout: str = "parking", seed: int = 9) -> Image.Image:
    return Image.open(io.BytesIO(receipt(layout, seed).image)).convert("RGB")


def test_a_drawn_receipt_is_read_right_and_says_where() -> None:
    made = receipt()
    reading = read_once()
    truth = made.truth
    assert (reading.total.value, reading.date.value) == (truth.total, truth.date)
    assert reading.registration_number.value == truth.registration_number
    assert not {"total", "date"} & set(reading.doubts)
    page, box = reading.pages[0], reading.total.box
    assert box is not None
    assert 0 <= box.left < box.right <= page.width
    assert 0 <= box.top < box.bottom <= page.height
    assert reading.engine == "rapidocr"


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_receipt_lying_on_its_side_or_head_is_set_upright(degrees: int) -> None:
    turned = picture().rotate(degrees, expand=True)
    reading = ocr.read(encoded(turned))
    assert reading.total.value == receipt().truth.total
    assert reading.pages[0].turned == degrees


def test_two_receipts_in_one_photo_become_two_readings() -> None:
    left, right = picture(), picture("cafe", 5)
    wide = Image.new("RGB", (left.width + right.width + 60, max(left.height, right.height)), (90, 70, 50))
    wide.paste(left, (0, 0))
    wide.paste(right, (left.width + 60, 0))
    totals = [reading.total.value for reading in ocr.read_all(encoded(wide))]
    assert totals == [receipt().truth.total, receipt("cafe", 5).truth.total]


@pytest.mark.parametrize("size", [(1, 1), (800, 1100)])
def test_a_picture_without_text_says_so(size: tuple[int, int]) -> None:
    with pytest.raises(ocr.NoText):
        ocr.read(encoded(Image.new("RGB", size, (120, 100, 80)), "PNG"))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda image: ImageEnhance.Brightness(image).enhance(0.22), "too_dark"),
        (lambda image: image.filter(ImageFilter.GaussianBlur(3.2)), "blurred"),
        (lambda image: image.resize((image.width * 2 // 5, image.height * 2 // 5)), "low_resolution"),
    ],
    ids=["dark", "blurred", "small"],
)
def test_a_poor_picture_is_told(spoil: object, code: str) -> None:
    good, poor = read_once(), ocr.read(encoded(spoil(picture())))  # type: ignore[operator]
    assert code not in {verdict.code for verdict in good.quality}
    assert code in {verdict.code for verdict in poor.quality}


def text_pdf(*rows: str) -> bytes:
    """A page with a text layer of its own in a standard font."""
    drawing = "BT /F1 14 Tf 18 TL 40 780 Td " + " ".join(f"({row}) Tj T*" for row in rows) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 7\n0000000000 65535 f \n{table}{end}".encode()


def test_a_pdf_with_text_is_read_from_its_text() -> None:
    data = text_pdf(
        "OLD HARBOUR TEA ROOM LTD", "Tel (555) 555-0184", "Date: 24/12/2025", "Scones      GBP 12.00",
        "Total       GBP 12.00", "Cash        GBP 20.00", "Change      GBP 8.00",
    )  # fmt: skip
    reading = ocr.read(data)
    assert reading.engine == "pdf"
    assert reading.pages[0].source == "pdf_text"
    assert reading.total.value == 1200
    assert str(reading.date.value) == "2025-12-24"


def test_the_file_tells_of_editing_generating_and_the_day_of_the_photo() -> None:
    exif = Image.Exif()
    exif[metadata.SOFTWARE] = "Adobe Photoshop 26.1"
    exif.get_ifd(0x8769)[metadata.TAKEN] = "2020:01:02 10:00:00"
    flags = ocr.read(encoded(picture(), exif=exif.tobytes())).flags
    assert {"edited:photoshop", "captured:2020-01-02", "captured_before_receipt"} <= set(flags)
    assert read_once().flags == ()


def test_the_grid_of_a_display_is_noticed() -> None:
    pixels = np.asarray(picture()).astype(float)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    grid = 6 * (np.sin(2 * np.pi * (0.31 * x + 0.07 * y)) + np.sin(2 * np.pi * (0.33 * y - 0.06 * x)))
    assert metadata.screen(np.clip(pixels + grid[..., None], 0, 255).astype(np.uint8))
    assert not metadata.screen(pixels.astype(np.uint8))


def test_the_dashes_of_a_document_that_was_never_on_paper_are_no_grid() -> None:
    drawn = np.full((900, 900, 3), 255, np.uint8)
    drawn[200:260:4, 100:800:4] = drawn[600:640:4, 100:800:4] = 0
    assert not metadata.screen(drawn)


def test_a_made_out_receipt_names_for_whom_and_for_what() -> None:
    made = receipt("handwritten", 16)
    reading = ocr.read(made.image)
    assert reading.kind.value == "ryoshusho"
    assert reading.addressee.value == (made.truth.addressee or "").removesuffix("様").removesuffix("御中").strip()


def test_keihi_read_prints_what_scripts_and_people_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    good.write_bytes(receipt().image)
    bad.write_bytes(b"no picture")
    drawn = tmp_path / "explained.png"
    assert read_files([good, bad], as_json=True, explain=drawn) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["file"], first["total"], first["currency"]) == ("good.jpg", receipt().truth.total, "JPY")
    assert {"merchant", "date", "taxes", "registration_number", "phone", "doubts", "seconds"} <= set(first)
    assert second == {"file": "bad.jpg", "error": "not_an_image"}
    assert Image.open(drawn).size[0] > 400
    assert read_files([good], as_json=False) == 0
    assert f"{receipt().truth.total:,} JPY" in capsys.readouterr().out


@pytest.mark.skipif(not engines.installed("tesseract"), reason="tesseract is not installed")
def test_the_second_engine_reads_too() -> None:
    reading = ocr.read(receipt().image, engine="tesseract")
    assert reading.engine == "tesseract"
    assert reading.total.value == receipt().truth.total


def test_explaining_draws_every_box_inside_the_page() -> None:
    reading = read_once()
    image = Image.open(io.BytesIO(explain.draw(receipt().image, reading)))
    assert image.format == "PNG"
