"""What an OCR process says to its parent: one tag byte and data, never a pickled object.

``K`` ready, or ``E`` when there is no engine; ``O`` the file is open; ``R`` a JSON list of readings; ``P`` a JPEG;
``E`` an error as JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ocr import errors
from ocr.errors import EngineFailed, OcrError, TooLarge
from ocr.reading import Reading

READY, OPENED = b"K", b"O"
MAX_BYTES = 64 * 1024 * 1024  # more than any reading or preview has
_BY_CODE = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, OcrError) and kind is not TooLarge
}


@dataclass(frozen=True)
class Answer:
    """``readings`` or ``picture``, by what was asked for."""

    readings: tuple[Reading, ...] = ()
    picture: bytes = b""


def readings(found: tuple[Reading, ...]) -> bytes:
    return b"R" + json.dumps([reading.to_json() for reading in found]).encode()


def picture(jpeg: bytes) -> bytes:
    return b"P" + jpeg


def error(raised: OcrError) -> bytes:
    told: dict[str, object] = {"code": raised.code, "message": str(raised)}
    if isinstance(raised, TooLarge):
        told |= {"actual": raised.actual, "limit": raised.limit, "unit": raised.unit}
    return b"E" + json.dumps(told).encode()


def parsed(answer: bytes) -> Answer:
    """The answer in these bytes. Raises the OcrError that it tells of, ValueError for what is no answer."""
    tag, body = answer[:1], answer[1:]
    if tag == b"R":
        return Answer(readings=tuple(Reading.from_json(text) for text in _list(body)))
    if tag == b"P":
        return Answer(picture=body)
    if tag == b"E":
        raise _error(body)
    raise ValueError("no answer of an OCR process")


def _list(body: bytes) -> list[str]:
    found = json.loads(body)
    if not isinstance(found, list) or not found or not all(isinstance(text, str) for text in found):
        raise ValueError("no list of readings")
    return found


def _error(body: bytes) -> OcrError:
    told = json.loads(body)
    if not isinstance(told, dict):
        raise ValueError("no error")
    if told.get("code") == TooLarge.code:
        actual, limit = told.get("actual"), told.get("limit")
        if not (isinstance(actual, int) and isinstance(limit, int)):
            raise ValueError("no error")
        return TooLarge(actual, limit, str(told.get("unit")))
    return _BY_CODE.get(str(told.get("code")), EngineFailed)(str(told.get("message", "")))
