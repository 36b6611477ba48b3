"""The mark of goods at the reduced tax rate.

Tills choose it freely, and the law wants it explained: "※は軽減税率対象". The legend says which mark to look for, among
them letters that would otherwise mean nothing; where no legend was read the usual marks count.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from ocr.layout import Sheet
from ocr.reading import Item, TaxLine

REDUCED = 8  # per cent, since 2019-10-01
MOST = 12  # articles among which a choice is searched
USUAL = "※*★☆◆◇"
_SIGN = r"[※*★☆◆◇●○■□▲△▼#§†xX×米軽]"
_LEGEND = re.compile(
    rf"(?P<mark>{_SIGN})\s?[」』)\]】\"']?\s?(?:印|マ[-ー]ク|付き?|の?商品)*\s?[はが:=・]?.{{0,6}}?軽減|"
    rf"軽減[^\d]{{0,14}}?[「『(\[【\"']?(?P<after>{_SIGN})[」』)\]】\"']?\s?(?:印|マ[-ー]ク|[をがで])"
)
# what the recogniser makes of one mark: ※ comes back as an asterisk, a cross or 米
_ALIKE = ("※*xX×米", "*※", "xX×※*", "★☆", "◆◇", "●○", "■□", "▲△")
_LETTERS = frozenset("xX×米")
NOT_LIGHT = "井沢|食|量|自|油|トラ|[くいか]"  # 軽 in the name of goods
_SAID = re.compile(
    rf"軽減|^\W?軽(?!{NOT_LIGHT})|\(軽\)|[\s\d円]軽(?!\w)|(?:^|\s)[内外]税?8(?![\d.])|[内外]8(?=\s|$)|"
    r"(?<![\d.])8%(?!\s?(?:off|引|割|還|増|増量))",
    re.I,
)


def of(page: Sheet) -> tuple[str, bool]:
    """The marks to look for, and whether the receipt itself explains them."""
    for row in page.rows:
        if "軽減" in row.text and (match := _LEGEND.search(row.text)):
            mark = match["mark"] or match["after"]
            return next((alike for alike in _ALIKE if alike[0] == mark.lower()), mark), True
    return USUAL, False


def reduced(text: str, marks: tuple[str, bool]) -> bool:
    """Whether ``text``, the row of one article, carries the mark."""
    return _SAID.search(text) is not None or _pattern(*marks).search(text) is not None


@lru_cache(maxsize=64)
def _pattern(marks: str, explained: bool) -> re.Pattern[str]:
    signs = re.escape("".join(c for c in marks if c not in _LETTERS))
    letters = "".join(c for c in marks if c in _LETTERS)
    # *138 is a marked price only where the receipt says so: an engine takes ¥ for * too; and 2 * 138 is a product
    first = rf"(?:^|(?<![\d個点コ])\s)[{signs}]" + ("" if explained else r"(?!\s?\d)")
    parts = [first, rf"[{signs}]$|(?<![\d個点コ]\s)[{signs}](?=\s|[)¥\\])"] if signs else []
    if letters:
        parts += [
            rf"(?:^|(?<![\d個点コ])\s)[{letters}](?=\s*[¥\\]|\s+\D|\s+\d[\d,]{{2,}}$|$)",
            rf"(?<=\d)\s?[{letters}]$",
        ]
    return re.compile("|".join(parts))


def settled(items: tuple[Item, ...], taxes: tuple[TaxLine, ...], total: int) -> tuple[Item, ...]:
    """``items`` with marks that the proved ``taxes`` bear out: a faint mark is often lost.

    Goods whose marks do not add up to the base of 8 % are searched for the one choice that does; no choice or several
    leave them as they were read. Where all of the total is taxed at another rate, a sign before a name is no mark.
    """
    base = next((line for line in taxes if line.rate == REDUCED), None)
    if base is None:
        whole = sum(line.gross or 0 for line in taxes) == total
        return tuple(replace(i, reduced=False) for i in items) if whole and taxes[0].rate > REDUCED else items
    goal = base.gross if base.inclusive else base.net
    said = sum(item.amount for item in items if item.reduced)
    if goal is None or said == goal:
        return items
    open_ = [n for n, item in enumerate(items) if not item.reduced]
    if len(open_) > MOST:
        return items
    ways: dict[int, list[int]] = {0: [0]}  # sum → choices, as bits, no more than two of them
    for bit, n in enumerate(open_):
        for value, choices in [(value, tuple(choices)) for value, choices in ways.items()]:
            more = ways.setdefault(value + items[n].amount, [])
            more += [choice | 1 << bit for choice in choices][: 2 - len(more)]
    found = ways.get(goal - said, [])
    if len(found) != 1:
        return items
    chosen = {n for bit, n in enumerate(open_) if found[0] >> bit & 1}
    return tuple(replace(item, reduced=True) if n in chosen else item for n, item in enumerate(items))
