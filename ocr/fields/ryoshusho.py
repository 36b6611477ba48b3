"""宛名 and 但し書き of a 領収証: for whom it was made out, and for what."""

from __future__ import annotations

import re

from ocr.layout import Row, Sheet, Token

# what stands before a name to say that it is one
_CALLED = (
    r"(?:.{0,20}?(?:氏名|お?名前|宛名|利用者|契約者|お客様名?|患者(?:名|(?!番号|\s?氏名)))|"
    r"(?:guest|bill to|name))\s?:?\s?"
)
_ADDRESSED = re.compile(
    rf"^(?P<called>{_CALLED})?(?P<name>.{{0,40}}?)\s?(?:様|御中|殿)(?:\s|$|No|令和|20\d\d|請求)", re.I
)
_NOT_A_NAME = re.compile(
    r"お客|お得意|会員|加盟|皆|ご?利用者|控|[\d一二三四五六七八九十]\s?名$|コ[-ー]ス|卓|号室|番号|領収|[【】]|\d{1,2}:\d\d|\d{4}"
)
_DELIVERED = re.compile(r"届け?先|送り先|納品先")
_FOR = re.compile(r"但し?(?:書き?)?[,:、]?(?P<what>.*?)(?:として|の?代金?として|$)")
_EMPTY = re.compile(r"^[\s_\-ー.・:]*$")


def addressee(page: Sheet) -> tuple[str, Token] | None:
    """The name before 様, 御中 or 殿; on the row above when the word stands alone."""
    head = len(page.rows) // 2 + 3
    for row in page.rows:
        match = _ADDRESSED.match(row.text)
        if match is None or (row.index >= head and not match["called"]) or _NOT_A_NAME.search(match["name"]):
            continue
        if any(_DELIVERED.search(near.text) for near in page.rows[max(0, row.index - 2) : row.index + 1]):
            continue
        if name := match["name"].strip():
            return name, row.tokens[0]
        if row.index and (above := page.rows[row.index - 1].tokens[0]) and not re.search(r"領収|No", above.text):
            return above.text, above
    return None


def description(page: Sheet) -> tuple[str, Token] | None:
    """What stands between 但 and として; written above the line when the line itself is empty."""
    for row in page.rows:
        match = _FOR.match(row.text)
        if match is None:
            continue
        what = match["what"].strip()
        if not _EMPTY.match(what):
            return what, row.tokens[min(1, len(row.tokens) - 1)]
        near = _written(page, row)
        if near is not None:
            return near.text, near
    return None


def _written(page: Sheet, row: Row) -> Token | None:
    if row.index == 0:
        return None
    above = page.rows[row.index - 1]
    token = above.tokens[-1]
    close = row.y - above.y < 2.5 * max(row.height, above.height)
    return token if close and not re.search(r"[¥\d]|領収|様$", above.text) else None
