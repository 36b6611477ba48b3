"""LINE's limits and how texts are cut to them.

Sources: the descriptions in LINE's OpenAPI file and https://developers.line.biz/en/reference/messaging-api/. LINE
counts characters as UTF-16 units. Where its pages leave a number open the smaller reading is taken.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

MESSAGES = 5
TEXT = 5000
ALT_TEXT = 400
LABEL = 20
DISPLAY_TEXT = 300
MESSAGE_ACTION_TEXT = 300
POSTBACK_DATA = 300
URI = 1000
QUICK_REPLIES = 13
BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
BUBBLES = 12

ELLIPSIS = "…"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def units(text: str) -> int:
    """Length as LINE counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(value: Any) -> int:
    """Bytes of the JSON that the SDK sends: everything outside ASCII is escaped, so never less than LINE can count."""
    return len(json.dumps(value))


def clean(text: str) -> str:
    """Without control characters (line breaks stay), lone surrogates and the blanks around."""
    text = text.replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    return CONTROL.sub("", text).strip()


def cut(text: str, limit: int) -> str:
    """``text`` cleaned and, when longer than ``limit`` UTF-16 units, ended with … at a whole character."""
    text = clean(text)
    if units(text) <= limit:
        return text
    room, kept = limit - units(ELLIPSIS), []
    for character in text:
        room -= units(character)
        if room < 0:
            break
        kept.append(character)
    # a base character goes with its accents, variation selectors and joined emoji parts, or not at all
    while kept and len(kept) < len(text) and _joins(text[len(kept)], kept[-1]):
        kept.pop()
    return "".join(kept).rstrip() + ELLIPSIS


def parts(text: str, limit: int, most: int) -> list[str]:
    """``text`` in at most ``most`` pieces within ``limit``, broken between lines where possible; the last is cut."""
    rest = clean(text)
    pieces: list[str] = []
    while units(rest) > limit and len(pieces) < most - 1:
        head = _head(rest, limit)
        end = head.rfind("\n")
        end = end if end > len(head) // 2 else len(head)
        pieces.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [piece for piece in [*pieces, cut(rest, limit)] if piece]


def _head(text: str, limit: int) -> str:
    """The longest beginning within ``limit`` units."""
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def _joins(following: str, last: str) -> bool:
    return unicodedata.combining(following) != 0 or following in "\u200d\ufe0f\ufe0e" or last == "\u200d"
