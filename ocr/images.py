"""Bytes to upright pictures: kind by magic bytes, bounds before decoding, EXIF orientation, one colour model.

Nothing is trusted: the size is checked before pixels are unpacked, only the first pages of a document are opened, and
whatever a codec raises ends as one of the errors of ocr/errors.py.
"""

from __future__ import annotations

import ctypes
import io
import re
import threading
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pypdfium2 as pdfium
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from ocr.engines import TextLine
from ocr.errors import Damaged, EncryptedPdf, NotAnImage, TooLarge

register_heif_opener()

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PAGES = 3
WORK_SIDE = 2000  # long side in px that text is read from; more gained nothing on receipts
LONGEST = 12_000  # px, of however long a receipt
PDF_TEXT = 24  # characters of a PDF page's own text from which it is trusted instead of its picture
MAX_PDF_CHARACTERS, MAX_PDF_LINES = 20_000, 2000
GAP = 1.2  # letter heights between two pieces of text, from which they are two columns
FINE = 16  # parts of a px in which PDFium is asked for places

FORMATS = {  # the one decoder that each kind may reach, whatever else claims its first bytes
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "bmp": "BMP",
    "webp": "WEBP",
    "tiff": "TIFF",
    "heic": "HEIF",
    "avif": "AVIF",
}

Source = Literal["picture", "pdf_text", "pdf_picture"]
_pdfium = threading.Lock()  # PDFium is not thread-safe


@dataclass(frozen=True)
class Limits:
    """``max_bytes`` of the file, ``max_pixels`` of one page as stored, ``max_pages`` that are read of a document."""

    max_bytes: int = MAX_BYTES
    max_pixels: int = MAX_PIXELS
    max_pages: int = MAX_PAGES


@dataclass(frozen=True)
class PagePicture:
    """One upright RGB page. ``width`` × ``height`` is its full size in px, of which ``picture`` may be a reduction.

    ``lines`` are the page's own text (PDF only), in px of ``picture``; ``dpi`` as the file says, 0 when it does not.
    """

    picture: Image.Image
    width: int
    height: int
    source: Source = "picture"
    lines: tuple[TextLine, ...] = ()
    dpi: int = 0

    @property
    def scale(self) -> float:
        """px of the full page for one px of ``picture``."""
        return self.width / self.picture.width


@dataclass(frozen=True)
class Opened:
    """What was in the bytes. ``info`` holds what the metadata checks need (EXIF tags by number, text chunks)."""

    kind: str
    pages: tuple[PagePicture, ...]
    notices: tuple[str, ...] = ()
    exif: dict[int, object] = field(default_factory=dict)
    info: dict[str, object] = field(default_factory=dict)


def sniff(data: bytes) -> str | None:
    """The kind by its magic bytes: jpeg, png, gif, bmp, webp, tiff, heic, avif or pdf; None for anything else."""
    head = data[:32]
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"BM") and len(data) > 26:
        return "bmp"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return "tiff"
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"avif", b"avis"):
            return "avif"
        if head[8:12] in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"):
            return "heic"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return None


def open_bytes(data: bytes, limits: Limits | None = None) -> Opened:
    """Decode. Raises NotAnImage, Damaged, EncryptedPdf or TooLarge, and nothing else."""
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise TooLarge(len(data), limits.max_bytes, "bytes")
    kind = sniff(data)
    if kind is None:
        raise NotAnImage("unknown magic bytes")
    return _open_pdf(data, limits) if kind == "pdf" else _open_picture(data, kind, limits)


def load(source: bytes | Path, limits: Limits | None = None) -> bytes:
    """The bytes of ``source``; a file beyond the limit is not read. Raises TooLarge, OSError."""
    if isinstance(source, bytes):
        return source
    limit = (limits or Limits()).max_bytes
    if (size := source.stat().st_size) > limit:
        raise TooLarge(size, limit, "bytes")
    return source.read_bytes()


def preview(data: bytes, long_side: int = 1024, *, turned: int = 0, limits: Limits | None = None) -> bytes:
    """The first page as a JPEG whose long side is at most ``long_side`` px, without metadata, for chat cards.

    ``turned`` degrees clockwise as in ``Page.turned``. Raises like ``open_bytes``.
    """
    limits = limits or Limits()
    opened = open_bytes(data, Limits(limits.max_bytes, limits.max_pixels, 1))
    picture = opened.pages[0].picture
    if turned % 360:
        picture = picture.rotate(-turned, expand=True)
    picture.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _open_picture(data: bytes, kind: str, limits: Limits) -> Opened:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=(FORMATS[kind],))
            with image:
                return _decode(image, kind, limits)
    except TooLarge:
        raise
    except Image.DecompressionBombError as error:
        found = re.search(r"\((\d+) pixels\)", str(error))
        raise TooLarge(int(found[1]) if found else limits.max_pixels + 1, limits.max_pixels, "pixels") from error
    except Exception as error:  # codecs raise OSError, SyntaxError, ValueError, struct.error, MemoryError and more
        raise Damaged(f"{kind}: {type(error).__name__}") from error


def _decode(image: Image.Image, kind: str, limits: Limits) -> Opened:
    notices: list[str] = []
    count = 1
    if kind == "tiff":
        count = _pages(image, limits.max_pages + 1)
        if count > limits.max_pages:
            notices.append("first_pages_only")
            count = limits.max_pages
    elif kind != "jpeg" and bool(getattr(image, "is_animated", False)):
        notices.append("animated_first_frame")
    exif = {int(tag): value for tag, value in image.getexif().items()}
    exif |= {int(tag): value for tag, value in image.getexif().get_ifd(0x8769).items()}
    info: dict[str, object] = {
        str(key): value for key, value in image.info.items() if isinstance(value, (str, bytes, int, float, tuple))
    }
    pages = []
    for number in range(count):
        if count > 1:
            image.seek(number)
        width, height = image.size
        if width * height > limits.max_pixels:
            raise TooLarge(width * height, limits.max_pixels, "pixels")
        if kind == "jpeg":
            image.draft("RGB", (WORK_SIDE * 7 // 8, WORK_SIDE * 7 // 8))  # the decoder itself reduces by 2, 4 or 8
        upright = ImageOps.exif_transpose(image) if exif.get(0x0112) in range(2, 9) else image
        if exif.get(0x0112) in (5, 6, 7, 8):
            width, height = height, width
        if count > 1:
            upright = upright.copy()  # the next page is unpacked into the same object
        pages.append(PagePicture(_reduced(_rgb(upright)), width, height, dpi=_dpi(info)))
    return Opened(kind, tuple(pages), tuple(notices), exif, info)


def _pages(image: Image.Image, enough: int) -> int:
    """Pages of a TIFF, counted no further than ``enough``: asked for all, Pillow follows a chain of a million."""
    for number in range(1, enough):
        try:
            image.seek(number)
        except EOFError:
            return number
        finally:
            image.seek(0)
    return enough


def _rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB on white: 16-bit greys are scaled, transparency is laid on paper."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        high = image.getextrema()[1]
        top = float(high) if isinstance(high, (int, float)) else 255.0
        scale = 255.0 / (65535.0 if 255 < top <= 65535 else max(top, 1.0))
        image = image.convert("F").point(lambda value: value * scale).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image.convert("RGB") if image.mode != "RGB" else image


def _reduced(picture: Image.Image) -> Image.Image:
    """At most WORK_SIDE on the long side, but a long receipt keeps a short side that can be read."""
    width, height = picture.size
    long, short = max(width, height), min(width, height)
    ratio = max(WORK_SIDE / long, min(1.0, 720 / short) if long > 2.5 * short else 0.0)
    ratio = min(ratio, LONGEST / long)
    if ratio >= 0.8:  # what the decoder left a little larger is not worth another pass
        picture.load()
        return picture
    size = (max(1, round(width * ratio)), max(1, round(height * ratio)))
    return picture.resize(size, Image.Resampling.BOX if ratio < 0.5 else Image.Resampling.BILINEAR, reducing_gap=2.0)


def _dpi(info: Mapping[str, object]) -> int:
    value = info.get("dpi")
    try:
        return round(float(value[0])) if isinstance(value, tuple) else 0
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return 0


def _open_pdf(data: bytes, limits: Limits) -> Opened:
    with _pdfium:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            # PDFium's reason may be that of an earlier file; an encrypted one names its dictionary in plain bytes.
            if b"/Encrypt" in data and re.search(r"password|security", str(error), re.I):
                raise EncryptedPdf("the PDF asks for a password") from error
            raise Damaged("pdf") from error
        except Exception as error:
            raise Damaged(f"pdf: {type(error).__name__}") from error
        try:
            count = len(document)
            if count == 0:
                raise Damaged("a PDF without pages")
            pages = [_pdf_page(document[number], limits) for number in range(min(count, limits.max_pages))]
            notices = ("first_pages_only",) if count > limits.max_pages else ()
            producer = {key: str(value) for key, value in document.get_metadata_dict().items()}
            return Opened("pdf", tuple(pages), notices, {}, dict(producer))
        except Damaged:
            raise
        except Exception as error:
            raise Damaged(f"pdf: {type(error).__name__}") from error
        finally:
            document.close()


def _pdf_page(page: pdfium.PdfPage, limits: Limits) -> PagePicture:
    width, height = page.get_size()
    if not (0 < width < 100_000 and 0 < height < 100_000):
        raise Damaged("a PDF page without size")
    side = WORK_SIDE if min(width, height) * 4 > max(width, height) else WORK_SIDE * 2
    scale = min(side / max(width, height), (limits.max_pixels / (width * height)) ** 0.5)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    lines = _pdf_lines(page, picture.size)
    source: Source = "pdf_text" if _trusted(lines) else "pdf_picture"
    if source == "pdf_text" and _is_scan(page, width, height):
        source = "pdf_picture"
    return PagePicture(
        picture, picture.width, picture.height, source, tuple(lines) if source == "pdf_text" else (), round(72 * scale)
    )


def _pdf_lines(page: pdfium.PdfPage, size: tuple[int, int]) -> list[TextLine]:
    """The page's own text, put together from its characters as they stand on the upright page of ``size`` px.

    Programs that print to PDF place every character by itself; what stands close on one line belongs together.
    """
    text = page.get_textpage()
    lines: list[TextLine] = []
    word, place = "", (0.0, 0.0, 0.0, 0.0)

    def end() -> None:
        nonlocal word
        if words := " ".join(word.split()):
            left, top, right, bottom = place
            lines.append(TextLine(words, 1.0, ((left, top), (right, top), (right, bottom), (left, bottom))))
        word = ""

    try:
        for index in range(min(text.count_chars(), MAX_PDF_CHARACTERS)):
            if len(lines) >= MAX_PDF_LINES:
                break
            character = chr(pdfium.raw.FPDFText_GetUnicode(text.raw, index))
            if character in "\r\n":
                end()
                continue
            if character.isspace():
                word += " "
                continue
            box = _on_page(page, text.get_charbox(index, loose=True), size)
            left, top, right, bottom = box
            if not (right > left and bottom > top):
                continue
            high = max(bottom - top, place[3] - place[1])
            same = abs((top + bottom) - (place[1] + place[3])) < high and -0.5 * high < left - place[2] < GAP * high
            if not word.strip() or not same:
                end()
                place = box
            word += character
            place = (min(place[0], left), min(place[1], top), max(place[2], right), max(place[3], bottom))
        end()
    finally:
        text.close()
    return lines


def _on_page(
    page: pdfium.PdfPage, box: tuple[float, float, float, float], size: tuple[int, int]
) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in px of the upright page, which may be cut and turned, of a box of the PDF's own."""
    corners = []
    for x, y in (box[:2], box[2:]):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.raw.FPDF_PageToDevice(page.raw, 0, 0, *(side * FINE for side in size), 0, x, y, across, down)
        corners.append((across.value / FINE, down.value / FINE))
    (ax, ay), (bx, by) = corners
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _trusted(lines: list[TextLine]) -> bool:
    """Whether this is text to be read: enough of it, in pieces longer than a letter or two, of real characters."""
    whole = "".join(line.text for line in lines)
    odd = sum(
        unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") or character == "\ufffd" for character in whole
    )
    return len(whole) >= PDF_TEXT and len(whole) >= 2.5 * len(lines) and odd <= 0.05 * len(whole)


def _is_scan(page: pdfium.PdfPage, width: float, height: float) -> bool:
    """A picture over most of the page: its text is somebody else's OCR."""
    for thing in page.get_objects(filter=[3], max_depth=2):  # 3 = FPDF_PAGEOBJ_IMAGE
        left, bottom, right, top = thing.get_bounds()
        if (right - left) * (top - bottom) > 0.6 * width * height:
            return True
    return False
