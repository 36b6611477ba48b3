"""Reading receipts: pixels to facts. Knows nothing of chats or databases, reads no settings.

``read`` gives the main receipt in a file, ``read_all`` every one; ``Pool`` does the same in other processes, which is
what a server uses. All raise the errors of ``ocr.errors`` and nothing else.
"""

from __future__ import annotations

from ocr.errors import Damaged, EncryptedPdf, EngineFailed, NotAnImage, NoText, OcrError, TooLarge
from ocr.images import Limits, preview, sniff
from ocr.pool import Pool
from ocr.reader import configure, read, read_all
from ocr.reading import Box, Category, Field, Item, Line, Page, Payment, Reading, TaxLine, Verdict, major, minor_digits

__all__ = [
    "Box",
    "Category",
    "Damaged",
    "EncryptedPdf",
    "EngineFailed",
    "Field",
    "Item",
    "Limits",
    "Line",
    "NoText",
    "NotAnImage",
    "OcrError",
    "Page",
    "Payment",
    "Pool",
    "Reading",
    "TaxLine",
    "TooLarge",
    "Verdict",
    "configure",
    "major",
    "minor_digits",
    "preview",
    "read",
    "read_all",
    "sniff",
]
