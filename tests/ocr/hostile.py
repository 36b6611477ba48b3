"""Files that mean harm or came to harm, made here byte by byte: name → maker and the codes that are a fair verdict."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

OK = ""  # opens; what is on it is another matter


@dataclass(frozen=True)
class Hostile:
    make: Callable[[], bytes]
    verdicts: tuple[str, ...]


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def picture(size: tuple[int, int] = (320, 480), mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((10, 10, size[0] // 2, size[1] // 4), fill="black")
    return image.convert(mode)


def small(kind: str) -> bytes:
    """A small whole file of a kind."""
    return saved(picture(), "HEIF" if kind == "heic" else kind.upper())


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def png(width: int, height: int, *more: bytes, rows: bytes = b"\0" * 1_000_000) -> bytes:
    """A PNG that says what size it has, whatever is in it."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    parts = (chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def swapped(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data, "the file is not built as this test thinks"
    return data.replace(old, new)


def vast_jpeg() -> bytes:
    return swapped(small("jpeg"), struct.pack(">HH", 480, 320), struct.pack(">HH", 20_000, 20_000))


def vast_bmp() -> bytes:
    return swapped(small("bmp"), struct.pack("<ii", 320, 480), struct.pack("<ii", 20_000, 20_000))


def vast_gif() -> bytes:
    return swapped(small("gif"), struct.pack("<HH", 320, 480), struct.pack("<HH", 20_000, 20_000))


def vast_heif(kind: str) -> bytes:
    return swapped(small(kind), struct.pack(">II", 320, 480), struct.pack(">II", 20_000, 20_000))


def vast_webp() -> bytes:
    """An extended header with a canvas of 20,000 px a side."""
    side = (20_000 - 1).to_bytes(3, "little")
    body = small("webp")[12:]
    header = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + side + side
    return b"RIFF" + struct.pack("<I", 4 + len(header) + len(body)) + b"WEBP" + header + body


def tiff(*entries: tuple[int, int, int, int], following: int = 0, tail: bytes = b"") -> bytes:
    """A little-endian TIFF of one directory at byte 8; ``entries`` are (tag, type, count, value)."""
    body = b"II*\0" + struct.pack("<IH", 8, len(entries))
    return body + b"".join(struct.pack("<HHII", *entry) for entry in entries) + struct.pack("<I", following) + tail


def grey_tiff(width: int, height: int, *, strip: int = 8, count: int = 64, following: int = 0) -> bytes:
    return tiff(
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, strip), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, count),
        following=following, tail=b"\x80" * 256,
    )  # fmt: skip


def tiff_chain(pages: int) -> bytes:
    """A picture and behind it a chain of directories: counting them all takes the square of their number."""
    first = grey_tiff(8, 8, following=1000).ljust(1000, b"\0")
    entry = struct.pack("<HHII", 256, 4, 1, 8) + struct.pack("<HHII", 257, 4, 1, 8)
    size = 2 + len(entry) + 4
    return first + b"".join(struct.pack("<H", 2) + entry + struct.pack("<I", 1000 + size * n) for n in range(1, pages))


def gif_flood(frames: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HH", 4, 4) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHH", 0, 0, 4, 4) + b"\0" + b"\x02\x03\x84\x8f\x05\0"
    return head + frame * frames + b";"


def pdf(*objects: str | bytes, root: int = 1, trailer: str = "") -> bytes:
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += (
            f"{number} 0 obj\n".encode() + (content.encode() if isinstance(content, str) else content) + b"\nendobj\n"
        )
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root {root} 0 R {trailer}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def stream(content: bytes, more: str = "") -> bytes:
    return f"<< /Length {len(content)} {more}>>\nstream\n".encode() + content + b"\nendstream"


CATALOG, ONE_PAGE = "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
RECEIPT_TEXT = (
    b"BT /F1 14 Tf 18 TL 40 700 Td (HARBOUR TEA ROOM LTD) Tj T* (Date 24/12/2025) Tj T* (Total GBP 12.00) Tj ET"
)
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def page(more: str = "", box: str = "0 0 595 842") -> str:
    return f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R /Resources << {more} >> >>"


def pdf_page(content: bytes, more: str, *objects: str | bytes, box: str = "0 0 595 842") -> bytes:
    """One page: objects 1 to 4 are catalogue, pages, page and content, the others follow from 5."""
    return pdf(CATALOG, ONE_PAGE, page(more, box), stream(content), *objects)


def pdf_forms(depth: int, fan: int) -> bytes:
    """Forms that draw forms that draw forms: fan ** depth of them from a few hundred bytes."""
    draw = b"/Fm Do " * fan
    forms = [
        stream(draw, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fm {n + 6} 0 R >> >> ")
        for n in range(depth)
    ]
    last = stream(b"0 0 m 500 800 l S " * 50, "/Type /XObject /Subtype /Form /BBox [0 0 999 999] ")
    return pdf_page(draw, "/XObject << /Fm 5 0 R >>", *forms, last)


def pdf_self_form() -> bytes:
    again = "/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fm 5 0 R >> >> "
    return pdf_page(b"/Fm Do", "/XObject << /Fm 5 0 R >>", stream(b"/Fm Do /Fm Do", again))


def pdf_bomb(side: int) -> bytes:
    """A picture of side × side px whose rows were packed twice: a few kilobytes."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * side * 3) for _ in range(side)) + rows.flush()
    image = stream(
        zlib.compress(packed, 9),
        f"/Type /XObject /Subtype /Image /Width {side} /Height {side} /BitsPerComponent 8 /ColorSpace /DeviceRGB "
        "/Filter [/FlateDecode /FlateDecode] ",
    )
    return pdf_page(b"q 500 0 0 500 0 0 cm /Im Do Q", "/XObject << /Im 5 0 R >>", image)


def pdf_pages(count: int) -> bytes:
    kids = " ".join(f"{n + 5} 0 R" for n in range(count))
    leaf = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
    )
    return pdf(
        CATALOG, f"<< /Type /Pages /Kids [{kids}] /Count {count} >>", stream(RECEIPT_TEXT), FONT, *[leaf] * count
    )


def pdf_script() -> bytes:
    script = "<< /S /JavaScript /JS (while (true) { app.alert('x'); this.submitForm('http://127.0.0.1:9/'); }) >>"
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R /AA << /WC 6 0 R >> "
        "/Names << /JavaScript << /Names [(a) 6 0 R] >> >> >>",
        ONE_PAGE, page("/Font << /F1 5 0 R >>"), stream(RECEIPT_TEXT), FONT, script,
    )  # fmt: skip


def pdf_locked() -> bytes:
    key = "<" + "5a" * 32 + ">"
    return pdf(
        CATALOG, ONE_PAGE, page(), stream(b""), f"<< /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >>",
        trailer="/Encrypt 5 0 R /ID [<00> <00>] ",
    )  # fmt: skip


def pdf_self_xref() -> bytes:
    whole = pdf_page(RECEIPT_TEXT, "/Font << /F1 5 0 R >>", FONT)
    start = int(whole.rsplit(b"startxref\n", 1)[1].split()[0])
    return whole.replace(b"/Root 1 0 R", f"/Prev {start} /Root 1 0 R".encode())


def exif_loop() -> bytes:
    """EXIF whose sub-directory is itself."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8)


def polyglots() -> dict[str, bytes]:
    jpeg, document = small("jpeg"), pdf_page(RECEIPT_TEXT, "/Font << /F1 5 0 R >>", FONT)
    return {
        "jpeg then zip": jpeg + b"PK\x03\x04" + b"\0" * 64 + b"PK\x05\x06" + b"\0" * 18,
        "jpeg then pdf": jpeg + document,
        "png then html": small("png") + b"<script>alert(1)</script>",
        "gif that is a script": b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)",
        "html then pdf": b"<html><script>alert(1)</script>" + document,
        "bmp that is an executable": b"BM" + b"MZ" + b"\x90" * 4000,
    }


TOO_LARGE, BROKEN = ("too_large",), ("damaged", "not_an_image")
SOFT = ("damaged", "not_an_image", "too_large", "no_text", OK)

FILES: dict[str, Hostile] = {
    "nothing": Hostile(lambda: b"", ("not_an_image",)),
    "one byte": Hostile(lambda: b"\xff", ("not_an_image",)),
    "zeros": Hostile(lambda: bytes(4096), ("not_an_image",)),
    "a picture of one px": Hostile(lambda: saved(Image.new("RGB", (1, 1)), "PNG"), ("no_text",)),
    "a line of 1 × 20,000 px": Hostile(lambda: saved(Image.new("L", (1, 20_000), 255), "PNG"), ("no_text",)),
    "a real png of 20,000 px a side": Hostile(lambda: saved(Image.new("1", (20_000, 20_000)), "PNG"), TOO_LARGE),
    "png bomb": Hostile(lambda: png(20_000, 20_000), TOO_LARGE),
    "png bomb, more than Pillow allows": Hostile(lambda: png(60_000, 60_000), TOO_LARGE),
    "png whose rows go on for ever": Hostile(lambda: png(64, 64, rows=bytes(300_000_000)), SOFT),
    "png with a text bomb": Hostile(
        lambda: png(64, 64, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9))), SOFT
    ),
    "png with a profile bomb": Hostile(
        lambda: png(64, 64, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))), SOFT
    ),
    "jpeg bomb": Hostile(vast_jpeg, TOO_LARGE),
    "bmp bomb": Hostile(vast_bmp, TOO_LARGE),
    "gif bomb": Hostile(vast_gif, (*TOO_LARGE, "damaged")),
    "webp bomb": Hostile(vast_webp, (*TOO_LARGE, *BROKEN)),
    "heic bomb": Hostile(lambda: vast_heif("heic"), (*TOO_LARGE, *BROKEN)),
    "avif bomb": Hostile(lambda: vast_heif("avif"), (*TOO_LARGE, *BROKEN)),
    "tiff bomb": Hostile(lambda: grey_tiff(20_000, 20_000), TOO_LARGE),
    "tiff with a strip beyond its end": Hostile(lambda: grey_tiff(64, 64, strip=1 << 30, count=1 << 30), BROKEN),
    "tiff whose next page is itself": Hostile(lambda: grey_tiff(8, 8, following=8), SOFT),
    "tiff of 500,000 pages": Hostile(lambda: tiff_chain(500_000), SOFT),
    "gif of 400,000 frames": Hostile(lambda: gif_flood(400_000), SOFT),
    "jpeg with exif in circles": Hostile(lambda: saved(picture(), "JPEG", exif=exif_loop()), SOFT),
    "pdf that is cut off after its head": Hostile(lambda: b"%PDF-1.7\n", ("damaged",)),
    "pdf with a password": Hostile(pdf_locked, ("encrypted_pdf",)),
    "pdf of 500 pages": Hostile(lambda: pdf_pages(500), (OK,)),
    "pdf with scripts": Hostile(pdf_script, (OK,)),
    "pdf without pages": Hostile(lambda: pdf(CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>"), ("damaged",)),
    "pdf whose pages hold themselves": Hostile(
        lambda: pdf(CATALOG, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999 >>"), SOFT
    ),
    "pdf whose form draws itself": Hostile(pdf_self_form, ("damaged",)),
    "pdf whose table of objects is its own forerunner": Hostile(pdf_self_xref, SOFT),
    "pdf of brackets": Hostile(lambda: pdf_page(b"[" * 500_000, "", "[" * 500_000), SOFT),
    "pdf page of a mile": Hostile(lambda: pdf_page(b"", "", box="0 0 90000 90000"), SOFT),
    "pdf page without end": Hostile(lambda: pdf_page(b"", "", box="0 0 1e30 1e30"), (*BROKEN, "no_text")),
    "pdf page of a hair": Hostile(lambda: pdf_page(b"", "", box="0 0 0.001 9000"), SOFT),
    "pdf with a picture bomb": Hostile(lambda: pdf_bomb(20_000), SOFT),
    "pdf with forms in forms": Hostile(lambda: pdf_forms(7, 12), ("damaged",)),
    **{name: Hostile(lambda data=data: data, SOFT) for name, data in polyglots().items()},  # type: ignore[misc]
}  # fmt: skip
