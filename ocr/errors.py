"""What can go wrong when a receipt is read: one tree, one stable code each.

::

    OcrError
    ├── NotAnImage      not_an_image    the bytes are of no kind that is read here
    ├── Damaged         damaged         the right kind, but cut off or broken
    ├── EncryptedPdf    encrypted_pdf   a PDF that asks for a password
    ├── TooLarge        too_large       more bytes or pixels than the limits allow
    ├── NoText          no_text         a good picture without any text on it
    └── EngineFailed    engine_failed   the engine crashed, hung or is missing

No sentences for people live here: whoever talks to a person translates ``code``. The message is for the log and holds
neither text from the picture nor a file name.
"""

from __future__ import annotations


class OcrError(Exception):
    """Root of everything that reading raises on purpose. ``code`` never changes between versions."""

    code = "ocr_error"


class NotAnImage(OcrError):
    code = "not_an_image"


class Damaged(OcrError):
    code = "damaged"


class EncryptedPdf(OcrError):
    code = "encrypted_pdf"


class TooLarge(OcrError):
    """``actual`` and ``limit`` are in ``unit`` (``bytes`` or ``pixels``)."""

    code = "too_large"

    def __init__(self, actual: int, limit: int, unit: str) -> None:
        super().__init__(f"{actual} {unit}, limit {limit}")
        self.actual, self.limit, self.unit = actual, limit, unit

    def __reduce__(self) -> tuple[type[TooLarge], tuple[int, int, str]]:
        return type(self), (self.actual, self.limit, self.unit)  # crosses a process boundary whole


class NoText(OcrError):
    code = "no_text"


class EngineFailed(OcrError):
    code = "engine_failed"
