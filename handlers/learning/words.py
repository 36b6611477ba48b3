"""The words by which receipts are compared: pieces of two and three characters of Japanese, whole words of Latin.

Japanese names and goods are written without blanks; pieces need no dictionary, and longer ones are put together again
when a card explains itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ocr.reading import Reading
from ocr.text import normal, repair_kana

MOST = 120
MOST_ITEMS = 12
_RUNS = re.compile("[ァ-ヺー]+|[ぁ-ゖー]+|[一-鿿々〆ヶ]+|[A-Za-z]{3,}")
_KATAKANA = re.compile("[ァ-ヺー]+")
_TABLE = "="


def table_word(code: str) -> str:
    """The word table's own choice, as a word among the others."""
    return _TABLE + code


def is_table_word(word: str) -> bool:
    return word.startswith(_TABLE)


def of_name(name: str) -> tuple[str, ...]:
    """The words of an issuer's or an article's name, each once, in order."""
    return tuple(dict.fromkeys(_pieces(name)))


def of_reading(issuer: str, reading: Reading) -> tuple[str, ...]:
    """The words of the issuer, of the articles and of the purpose; at most ``MOST``."""
    items = [item.name for item in (reading.items.value or ())[:MOST_ITEMS]]
    texts = (issuer, reading.description.value or "", *items)
    return tuple(dict.fromkeys(word for text in texts for word in _pieces(text)))[:MOST]


def _pieces(text: str) -> Iterator[str]:
    for run in _RUNS.findall(repair_kana(normal(text))):
        if run.isascii():
            yield run.lower()
        elif _KATAKANA.fullmatch(run) and len(run) <= 6:
            yield run  # a loan word is one word: コーヒー and コピー have a piece in common and nothing else
        else:
            for size in (2, 3):
                yield from (run[i : i + size] for i in range(len(run) - size + 1))


def joined(pieces: Iterable[str], told: Iterable[str]) -> tuple[str, ...]:
    """The pieces that decided, as longer words where they overlap: 文具, 具店 → 文具店. ``told``: all, in order."""
    wanted = set(pieces)
    out = [word for word in dict.fromkeys(told) if word in wanted]
    while True:
        pairs = ((a, b) for a in range(len(out)) for b in range(len(out)) if a != b)
        grown = next(((a, b, word) for a, b in pairs if (word := _grown(out[a], out[b]))), None)
        if grown is None:
            return tuple(out)
        first, second, word = grown
        out[first] = word
        del out[second]


def _grown(whole: str, piece: str) -> str:
    """One word of both where one holds the other or begins as the other ends, else nothing."""
    if piece in whole:
        return whole
    if whole.isascii() or piece.isascii():
        return ""
    for size in range(min(len(whole), len(piece)) - 1, 0, -1):
        if whole.endswith(piece[:size]):
            return whole + piece[size:]
    return ""
