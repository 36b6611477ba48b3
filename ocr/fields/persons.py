"""How many people sat at the table, where the receipt says so.

The engine loses the space between the number of the table and that of the guests (テーブル4 2名 → テーブル42名).
After a word that wants a number of its own the last digit is theirs, and what is split like that is doubted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.layout import Sheet, Token

MOST = 200
_SAID = r"人数|(?:お客様|来?客)数|ご?来店|客層|pax|guests?|persons?|covers?|cust"
_NUMBERED = r"テ[-ー]ブル|卓|席|伝票|部屋|室|table|\b[TNo]{1,2}[:.]|#|No\.?"
_AFTER = r"\s?名(?:様|分|[\s)]|$)"
_KANJI = "一二三四五六七八九十"
_PERSONS = re.compile(
    rf"(?:{_SAID})\s?[:(]?\s*(?P<said>\d{{1,3}})(?![\d,:])\s?(?:名|人)?|"
    rf"(?:(?:{_NUMBERED})番?(?:No\.?)?\s?[:.]?\s?[A-Z]?\d{{1,3}}?|\d{{1,2}}:\d\d)(?P<joined>\d){_AFTER}|"
    rf"(?<![\d:])(?P<plain>\d{{1,2}}){_AFTER}|(?P<kanji>[{_KANJI}])\s?名様|"
    # 3人用 and 2人前 are goods: alone, or on the row of the table, it is the guests
    r"(?:卓|席|テ[-ー]ブル|table|来店).{0,12}?(?<!\d)(?P<seated>\d{1,2})\s?人(?:様|\s|$)|^(?P<alone>\d{1,2})\s?人様?$",
    re.I,
)
# 大人3名 小人1名, 男性2 女性1: those of one row are added; a price or a number of tickets is none
_SORT = re.compile(
    r"(大人|おとな|小人|子供|こども|小児|幼児|男性?|女性?)\s?[:x×]?\s?(\d{1,2})\s?(名|人)?(?![\d,.:円枚点%才歳])"
)
_MAY = re.compile(rf"名|人|客|来店|小児|子供|男|{_SAID}", re.I)


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
        if not _MAY.search(row.text):
            continue
        sorts = {match[1][:1]: match for match in _SORT.finditer(row.text)}
        counted = any(match[3] for match in sorts.values())
        if len(sorts) > 1 or (sorts and counted):
            number = sum(int(match[2]) for match in sorts.values())
            if 0 < number < MOST:
                return Found(number, row.tokens[0], " ".join(match.group().strip() for match in sorts.values()))
        for match in _PERSONS.finditer(row.text):
            words = match["said"] or match["joined"] or match["plain"] or match["seated"] or match["alone"]
            number = int(words) if words else _KANJI.index(match["kanji"]) + 1
            if not 0 < number < MOST:
                continue
            token = next((t for t in row.tokens if match.group().split()[0][:2] in t.text), row.tokens[0])
            return Found(number, token, match.group().strip(), match["joined"] is not None)
    return None
