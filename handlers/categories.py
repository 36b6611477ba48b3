"""Expense categories and ways of paying, as people see and write them. The table itself is the reader's (``ocr``)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from handlers.errors import Choices, Refusal
from handlers.texts import t
from ocr.classify import table

PAYMENT_METHODS = {
    "cash": "Cash",
    "card": "Credit card",
    "ic": "Transit IC card",
    "qr": "QR payment",
    "points": "Points",
    "corporate_card": "Corporate card",
    "corporate_ic": "Corporate IC card",
    "invoice": "Invoice to the office",
    "credit": "On account",
    "other": "Other",
}
# The organisation's own ways of paying as people write them, in a note or as an answer; in small letters.
PAYMENT_WORDS: dict[str, tuple[str, ...]] = {
    "corporate_card": (
        *("法人カード", "会社カード", "会社のカード", "社カード", "コーポレートカード", "公用カード", "役場のカード"),
        *("corporate card", "company card"),
    ),
    "corporate_ic": (
        *("法人ic", "法人のic", "会社ic", "会社のic", "公用ic", "法人suica", "会社suica", "会社のsuica", "公用suica"),
        *("corporate ic", "company suica"),
    ),
    "invoice": (
        *("会社払い", "会社払", "請求書払い", "請求書払", "公費払い", "役場払い"),
        *("invoice to the office", "billed to the office"),
    ),
}

OFFERED = 8  # names of which somebody may have meant one


@lru_cache
def codes() -> tuple[str, ...]:
    """All category codes, in the table's order."""
    return tuple(table())


def label(locale: str, code: str) -> str:
    """The account's name: Japanese as in the table, English from the code."""
    row = table().get(code)
    if locale != "en" and row is not None:
        return row.category.account
    return code.replace("_", " ").capitalize()


def setsu(code: str) -> str:
    """The municipal 節 beside the account, or empty."""
    row = table().get(code)
    return row.category.setsu if row is not None else ""


def both(locale: str, code: str) -> str:
    """The account and, for municipalities, the 節 that it is booked under there."""
    return " / ".join(name for name in (label(locale, code), setsu(code)) if name)


def options(locale: str) -> tuple[tuple[str, str], ...]:
    """(code, label) of all categories."""
    return tuple((code, label(locale, code)) for code in codes())


def payment_label(locale: str, method: str) -> str:
    return t(locale, PAYMENT_METHODS[method]) if method in PAYMENT_METHODS else "—"


def payment_options(locale: str) -> tuple[tuple[str, str], ...]:
    return tuple((method, payment_label(locale, method)) for method in PAYMENT_METHODS)


def find(text: str) -> str:
    """The code that a code, a Japanese or an English name means; :class:`Refusal` when there is none."""
    return _match(text, {code: (code, label("ja", code), label("en", code)) for code in codes()})


def find_payment(text: str) -> str:
    said = {m: (m, payment_label("ja", m), payment_label("en", m), *PAYMENT_WORDS.get(m, ())) for m in PAYMENT_METHODS}
    return _match(text, said)


def _match(text: str, names: dict[str, tuple[str, ...]]) -> str:
    wanted = _plain(text)
    for code, known in names.items():
        if wanted in map(_plain, known):
            return code
    partly = [code for code, known in names.items() if wanted and any(wanted in _plain(name) for name in known)]
    if len(partly) == 1:
        return partly[0]
    raise _unknown(text, {code: names[code] for code in partly} or names)


def _unknown(text: str, names: Mapping[str, tuple[str, ...]]) -> Refusal:
    """What was said is none of these, which are offered: the likely ones first, where there are more than a few."""
    wanted = _plain(text)

    def likeness(code: str) -> float:
        return max(SequenceMatcher(None, wanted, _plain(name)).ratio() for name in names[code])

    nearest = sorted(names, key=likeness, reverse=True)[:OFFERED] if len(names) > OFFERED else list(names)
    choices = Choices({"ja": names[code][1], "en": names[code][2]} for code in nearest)
    return Refusal("“{word}” is not known here. Possible: {choices}", word=text.strip()[:40], choices=choices)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
