"""Files of every kind, whole, broken and hostile: a clear verdict, quickly, and nothing but the documented errors."""

from __future__ import annotations

import contextlib
import io
import time
import zlib

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import ocr
from ocr import images


def picture(size: tuple[int, int] = (320, 480)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((10, 10, size[0] // 2, size[1] // 4), fill="black")
    return image


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(out)
    return out.getvalue()


FILES = {
    "jpeg": lambda: saved(picture(), "JPEG"),
    "png": lambda: saved(picture(), "PNG"),
    "webp": lambda: saved(picture(), "WEBP"),
    "tiff": lambda: saved(picture(), "TIFF"),
    "gif": lambda: saved(picture(), "GIF"),
    "bmp": lambda: saved(picture(), "BMP"),
    "pdf": lambda: saved(picture(), "PDF"),
    "heic": heic,
}


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_opens_upright_and_makes_a_preview(kind: str) -> None:
    data = FILES[kind]()
    opened = images.open_bytes(data)
    assert opened.kind == kind
    page = opened.pages[0]
    assert page.picture.mode == "RGB"
    assert page.picture.height > page.picture.width
    small = Image.open(io.BytesIO(images.preview(data, 100)))
    assert (small.format, max(small.size)) == ("JPEG", 100)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_cut_off_is_damaged(kind: str) -> None:
    data = FILES[kind]()
    with pytest.raises((ocr.Damaged, ocr.NotAnImage)):
        images.open_bytes(data[: len(data) // 3])


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_exif_orientation_is_obeyed(orientation: int, corner: tuple[int, int]) -> None:
    image = picture((200, 200))
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = images.open_bytes(saved(image, "JPEG", exif=exif.tobytes())).pages[0].picture.convert("L")
    places = {(x, y): page.getpixel((20 + 155 * x, 20 + 155 * y)) for x in (0, 1) for y in (0, 1)}
    assert min(places, key=lambda place: places[place]) == corner  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    "image",
    [
        Image.fromarray(np.full((40, 40), 40_000, dtype=np.uint16)),
        Image.new("CMYK", (40, 40), (0, 0, 0, 0)),
        Image.new("P", (40, 40)),
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)),
        Image.new("LA", (40, 40), (0, 0)),
        Image.new("1", (40, 40), 1),
        Image.new("I", (40, 40), 70_000),
        Image.new("F", (40, 40), 0.5),
    ],
    ids=lambda image: str(image.mode),
)
def test_every_colour_model_becomes_rgb(image: Image.Image) -> None:
    page = images.open_bytes(saved(image, "TIFF" if image.mode in ("CMYK", "F", "I") else "PNG")).pages[0].picture
    assert page.mode == "RGB"


def test_transparent_paper_is_white() -> None:
    page = images.open_bytes(saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")).pages[0].picture
    assert page.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"hello" * 99, b"\x00" * 4096, b"PK\x03\x04" + b"\0" * 99, b"<svg/>", b"<html>"]
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ocr.NotAnImage):
        images.open_bytes(data)


def test_too_many_bytes_and_too_many_pixels() -> None:
    with pytest.raises(ocr.TooLarge, match="bytes") as caught:
        images.open_bytes(b"\xff\xd8\xff" + b"0" * 1000, images.Limits(max_bytes=500))
    assert (caught.value.actual, caught.value.limit, caught.value.code) == (1003, 500, "too_large")
    with pytest.raises(ocr.TooLarge, match="pixels"):
        images.open_bytes(saved(picture(), "PNG"), images.Limits(max_pixels=1000))


@pytest.mark.parametrize("side", [20_000, 60_000])
def test_a_bomb_is_refused_without_unpacking(side: int) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    began = time.perf_counter()
    with pytest.raises(ocr.TooLarge):
        images.open_bytes(data)
    assert time.perf_counter() - began < 5


def test_animations_and_long_documents_say_that_only_a_part_was_read() -> None:
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("white", "red", "blue", "green", "black")]
    animated = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert images.open_bytes(animated).notices == ("animated_first_frame",)
    many = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    opened = images.open_bytes(many)
    assert (len(opened.pages), opened.notices) == (3, ("first_pages_only",))
    assert [page.picture.getpixel((5, 5)) for page in opened.pages] == [(255, 255, 255), (255, 0, 0), (0, 0, 255)]
    pdf = images.open_bytes(saved(frames[0], "PDF", save_all=True, append_images=frames[1:] * 30))
    assert (len(pdf.pages), pdf.notices) == (3, ("first_pages_only",))


def locked_pdf() -> bytes:
    """A page under the standard handler; no password fits its user key."""
    key = "<" + "5a" * 32 + ">"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>",
        f"<< /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 5\n0000000000 65535 f \n{table}{trailer}".encode()


def test_a_pdf_with_a_password_says_so() -> None:
    with pytest.raises(ocr.EncryptedPdf):
        images.open_bytes(locked_pdf())


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_damage_raises_anything_else(kind: str, data: st.DataObject) -> None:
    good = bytearray(CACHE.setdefault(kind, FILES[kind]()))
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(good) // 2, len(good)))
    with contextlib.suppress(ocr.NotAnImage, ocr.Damaged, ocr.EncryptedPdf, ocr.TooLarge):
        assert images.open_bytes(bytes(good[:cut])).pages


CACHE: dict[str, bytes] = {}
