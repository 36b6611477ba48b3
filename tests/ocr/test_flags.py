"""What a file says of its origin: each flag with a file that has it, and none on a plain photo."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ocr import images, metadata

PLAIN = Image.new("RGB", (64, 64), "white")
DAY = dt.date(2026, 11, 20)


def jpeg(software: str = "", taken: str = "", tail: bytes = b"") -> bytes:
    exif = Image.Exif()
    if software:
        exif[metadata.SOFTWARE] = software
    if taken:
        exif.get_ifd(0x8769)[metadata.TAKEN] = taken
    out = io.BytesIO()
    PLAIN.save(out, "JPEG", exif=exif.tobytes())
    return out.getvalue() + tail


def png(**words: str) -> bytes:
    info, out = PngInfo(), io.BytesIO()
    for key, value in words.items():
        info.add_text(key, value)
    PLAIN.save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "flags"),
    [
        (jpeg(), ()),
        (jpeg(software="17.5.1"), ()),  # as a telephone writes it
        (jpeg(software="GIMP 3.0"), ("edited:gimp",)),
        (png(Software="Adobe Firefly"), ("generated:firefly",)),
        (png(parameters="a receipt, photorealistic, steps: 20"), ("generated:unknown",)),
        (png(Comment="Screenshot"), ("screenshot",)),
        (jpeg(tail=b"\x00\x00jumb\x00\x00jumdc2pa"), ("c2pa",)),
        (jpeg(taken="2026:11:21 09:00:00"), ("captured:2026-11-21",)),
        (jpeg(taken="2026:11:19 09:00:00"), ("captured:2026-11-19", "captured_before_receipt")),
        (jpeg(taken="0000:00:00 00:00:00"), ()),
    ],
)
def test_flags(data: bytes, flags: tuple[str, ...]) -> None:
    assert metadata.flags(data, images.open_bytes(data), DAY) == flags
