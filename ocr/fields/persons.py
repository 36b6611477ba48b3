"""How many people sat at the table, where the receipt says so.

The engine loses the space between the number of the table and that of the guests (テーブル4 2名 → テーブル42名).
After a word that wants a number of its own the last digit is theirs, and what is split like that is doubted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.layout import Sheet, Token

MOST = 200
_SAID = r"人数|お?客数|ご?来店|客層|pax|guests?|persons?|covers?|cust"
_NUMBERED = r"テ[-ー]ブル|卓|席|伝票|部屋|室|table|\b[TNo]{1,2}[:.]|#|No\.?"
_AFTER = r"\s?名(?:様|分|[\s)]|$)"
_PERSONS = re.compile(
    rf"(?:{_SAID})\s?[:(]?\s?(?P<said>\d{{1,3}})(?!\d)\s?(?:名|人)?|"
    rf"(?:(?:{_NUMBERED})番?(?:No\.?)?\s?[:.]?\s?[A-Z]?\d{{1,3}}?|\d{{1,2}}:\d\d)(?P<joined>\d){_AFTER}|"
    rf"(?<![\d:])(?P<plain>\d{{1,2}}){_AFTER}",
    re.I,
)


@dataclass(frozen=True)
class Found:
    """``joined``: taken from digits that ran into those of the table or the time."""

    number: int
    token: Token
    words: str
    joined: bool = False


def read(page: Sheet) -> Found | None:
    """The first number of persons on the sheet."""
    for row in page.rows:
        for match in _PERSONS.finditer(row.text):
            number = int(match["said"] or match["joined"] or match["plain"])
            if not 0 < number < MOST:
                continue
            token = next((t for t in row.tokens if match.group().split()[0][:2] in t.text), row.tokens[0])
            return Found(number, token, match.group().strip(), match["joined"] is not None)
    return None
