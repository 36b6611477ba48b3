"""Files that a person might send by mistake: not pictures, broken, locked, enormous."""

from __future__ import annotations

import hashlib
import io

import numpy as np
from PIL import Image

_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def wall(number: int) -> bytes:
    """A JPEG photo of a wall: soft light and grain, no writing."""
    rng = np.random.default_rng(number)
    light = np.linspace(150, 210, 1200)[:, None] + np.linspace(-20, 20, 900)[None, :]
    pixels = np.clip(light + rng.normal(0, 2, light.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def cut_off(picture: bytes) -> bytes:
    """The first third of a picture file, as a broken upload leaves it."""
    return picture[: len(picture) // 3]


def vast(number: int) -> bytes:
    """A PNG of few bytes and 81 million pixels."""
    out = io.BytesIO()
    picture = Image.new("1", (9000, 9000), 1)
    picture.putpixel((number % 9000, 0), 0)
    picture.save(out, "PNG")
    return out.getvalue()


def heavy(number: int, megabytes: int = 21) -> bytes:
    """A file that begins like a JPEG and is larger than the limit."""
    return b"\xff\xd8\xff\xe0" + number.to_bytes(4, "big") + bytes(megabytes * 1_000_000)


def locked_pdf(number: int, password: bytes = b"himitsu") -> bytes:
    """A PDF that opens with a password only: standard security handler, revision 2 (ISO 32000-1, 7.6.3)."""
    document_id = hashlib.md5(f"keihi {number}".encode()).digest()
    owner = _rc4(hashlib.md5(_padded(b"owner")).digest()[:5], _padded(password))
    permissions = -4
    seed = _padded(password) + owner + permissions.to_bytes(4, "little", signed=True) + document_id
    key = hashlib.md5(seed).digest()[:5]
    user = _rc4(key, _PAD)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 600] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>" % (_hex(owner), _hex(user), permissions),
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for index, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (index, body))
    table = out.tell()
    out.write(b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    name = _hex(document_id)
    out.write(b"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<%s><%s>] >>\n" % (name, name))
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def _padded(password: bytes) -> bytes:
    return (password + _PAD)[:32]


def _hex(data: bytes) -> bytes:
    return data.hex().encode()


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
