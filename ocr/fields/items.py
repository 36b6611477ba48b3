"""Line items: the goods between the head of the receipt and its first sum."""

from __future__ import annotations

import re
from collections.abc import Callable

from ocr.fields import marks
from ocr.fields.amounts import Amount
from ocr.layout import Row, Sheet, Token
from ocr.reading import Box, Item
from ocr.text import repair_kana

_SUMS = ("subtotal", "total", "base", "paid", "change")
FARE = 0.6  # weight of 料金, 運賃, 代金 as a label of the total
_TITLES = re.compile(
    r"(?:品\s?[目名]|商\s?品名?|内\s?容|摘\s?要|項\s?目|明\s?細)(?:.{0,12}(?:数\s?量|単\s?価|金\s?額|税率)|\s.{0,12}小計)|"
    r"(?:Qty|Description|Item).{0,30}(?:Price|Amount|Amt)",
    re.I,
)
_FIGURE = re.compile(r"\d{3}|\d%")  # never on the row of titles
_COUNT = "(?:個|点|コ|ケ|本|枚|名|人|杯|皿|泊|式|袋|箱|冊|台|回|PCS|EA)"
# a count that is written as one (x3, 2点 at the end, 3個 X 単98), not the "3個" in the name of the goods
_TIMES = re.compile(
    rf"[xX×*]\s?(?P<a>\d{{1,3}})\s?{_COUNT}?(?=$|[\s\])¥\\])|"
    rf"(?<![\d.,])(?P<b>\d{{1,3}})\s?{_COUNT}?\s?[xX×]\s?(?:単価?|@|¥|\\|RM|\$)?\s?\d\d|"
    rf"(?:^|\s)(?P<c>\d{{1,3}})\s?{_COUNT}\s*(?=$|[¥\\(@]|\s\d|単)|"
    r"(?:数量|qty)\W*(?P<d>\d{1,3})",
    re.I,
)
_UNIT = re.compile(r"(?:@|単価?|¥|\\|RM|\$|[xX×])\s?(?P<unit>\d{1,3}(?:[,.]\d{3})+|\d+(?:\.\d{2})?)")
_EDGES = " *※★☆◆◇#:@xX×\\\\¥"
_LEADING = re.compile(r"^(?P<n>\d{1,2})\s+(?=[A-Za-z])")
_NIGHTS = re.compile(r"\((\d{1,2}) (?:nights?|pcs|pieces)\)", re.I)
_CODE = re.compile(r"^(?:[外内]?\d{1,2}\s)?(?=[\dA-Z#*]*\d)[\dA-Z#*]{3,14}(?:\s|(?=[\u3040-\u9fff]))[軽*※]?\s*")
_ENDS = re.compile(
    r"\d[\s円内外軽※*★☆◆◇込税非#A-Zx×)]*(?:[内外]?(?:8|10)%?)?$"
)  # a figure ends the row: not the 3 of 納豆3パック
_LIGHT = re.compile(rf"^\(?軽\)?(?!{marks.NOT_LIGHT})|\s?\(軽\)$|(?<!手)軽$")
_RATE = re.compile(r"\s\(?[内外]?税?(?:8|10)%?\)?$")  # a column of rates beside the name
_PACK = re.compile(rf"\s(?:[2-9]|\d{{2,3}})\s?{_COUNT}$")
_INSIDE = re.compile(r"^[内外](?:税|8|10)\s?(?=[^\W\d])")  # 内税マスク, 内8お茶: how the goods are taxed
_MARK = re.compile(
    r"(?<![\d.,A-Za-z])[¥\\]?\s*-?(?:\d{1,3}(?:[,.]\s?\d{3})+|\d+(?:\.\d\d)?)(?:円|外|内|軽|※|\*|[★☆◆◇xX×]|込|税|非|#)?\s?(?:[内外]?(?:8|10)%?)?$"
)
_TAIL = re.compile(
    rf"[\s(]*(?:[@単]\s?価?\s?[\d,.]+\s?)?[xX×@]\s?\d*\s?{_COUNT}?\s?(?:単\s?[\d,]*)?\s*$|\s+\d{{1,3}}\s?{_COUNT}\s*$"
)
_HEAD = re.compile(
    r"T\d{12}|(?:TEL|電話)|20\d\d[年/.-]|令和|領収|レジ\s?(?:No|[\d#:])|責\s?(?:No|:|\d)|取引|No\.?\s*:?\d|\d{1,2}:\d{2}|"
    r"客数|卓番|人数|テ[-ー]ブル|座席|伝票|(?:品\s?[目名]|商\s?品名?|内\s?容|摘\s?要|項\s?目).{0,8}(?:数\s?量|金\s?額|単\s?価)(?!.*\d{3})|"
    r"\b(?:Server|Guests?|Cashier|Covers)\b\s?:|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? ?20\d\d|"
    r"\b(?:Receipt no|Order #|Table|Tel|Phone)\b|"
    r"(?:Qty|Description|Item).{0,30}(?:Price|Amount|Amt)",
    re.I,
)
_NOT_GOODS = re.compile(
    r"領収|%対象|対象[額計]|消費税|印紙|カ[-ー]ド番号|残額|時間(?!料)|入[場庫]|出[場庫]|精算日|車[番室]|区間|"
    r"(?i:^\W*(?:date|arrival|departure|check[- ]?(?:in|out)|gst|vat|tax|mwst|ust)\b)"
)


def read(page: Sheet, amounts: list[Amount], place: Callable[[Token], Box]) -> tuple[Item, ...]:
    """Items whose sum fits the subtotal or total when that is possible; otherwise those that are clearly marked."""
    sums = [
        a.row.index
        for a in amounts
        if a.label.role in _SUMS
        and (a.marked or a.label.role in ("subtotal", "total"))
        and not (a.label.role == "total" and a.label.weight <= FARE and _later_sum(a, amounts))
    ]
    titles = max(
        (row.index for row in page.rows if _TITLES.search(row.text) and not _FIGURE.search(row.text)), default=-1
    )
    sums = [index for index in sums if index > titles] or sums  # an invoice says its sum above the table too
    if not sums:
        return ()
    end = min(sums)
    whole = {a.value for a in amounts if a.label.role in ("subtotal", "total")}
    parts = {a.value for a in amounts if a.label.role == "base"} - whole
    served = [a.value for a in amounts if a.label.role == "service" and a.row.index < end]
    whole |= {t - extra for t in whole for extra in served}
    counts = _count_column(page, titles)
    start = _head(page, end)
    rows: dict[int, list[Amount]] = {}
    for a in amounts:
        if start <= a.row.index < end and a.label.role in ("", "discount", "tax", "payment", "other", "total"):
            rows.setdefault(a.row.index, []).append(a)
    last = {
        index: found[-1] for index, found in rows.items() if found[-1].marked or _ENDS.search(page.rows[index].text)
    }
    signs = marks.of(page)
    marked = {index: a for index, a in last.items() if a.marked or a.value < 0 or a.label.role == "discount"}
    found = [_items(page, marked, start, place, counts, signs)]
    if len(last) > len(marked):
        found.append(_items(page, last, start, place, counts, signs))
    for targets in (whole, parts):  # what adds up to the base of one rate may be a part of the goods
        for items in found:
            if sum(item.amount for item in items) in targets:
                return items
    return found[0]


def _count_column(page: Sheet, titles: int) -> Token | None:
    """The head of the column of counts in a table."""
    if titles < 0:
        return None
    return next((t for t in page.rows[titles].tokens if re.fullmatch(r"数\s?量|Qty|Quantity|個数", t.text, re.I)), None)


def _counted(row: Row, column: Token | None) -> int | None:
    """The count that stands on ``row`` under the head of its column."""
    if column is None:
        return None
    near = [t for t in row.tokens if re.fullmatch(r"\d{1,3}", t.text) and abs(t.x - column.x) < 2.5 * column.height]
    return int(min(near, key=lambda t: abs(t.x - column.x)).text) if near else None


def _later_sum(fare: Amount, amounts: list[Amount]) -> bool:
    """Whether a surer total stands further down: then 運賃 and 駐車料金 are what was bought."""
    return any(a.label.role == "total" and a.label.weight > FARE and a.row.index > fare.row.index for a in amounts)


def _head(page: Sheet, end: int) -> int:
    """The row after the last line of the head: date, telephone, registration number, 領収証, the table's titles."""
    start = 0
    for row in page.rows[:end]:
        if _HEAD.search(row.text):
            start = row.index + 1
    return start


def _items(
    page: Sheet,
    chosen: dict[int, Amount],
    start: int,
    place: Callable[[Token], Box],
    column: Token | None,
    signs: tuple[str, bool],
) -> tuple[Item, ...]:
    items = []
    for index, a in sorted(chosen.items()):
        value = -abs(a.value) if a.label.role == "discount" else a.value
        row = page.rows[index]
        words = _before(row, a)
        above = page.rows[index - 1].text if index > start else ""
        said = row.text
        if above and index - 1 not in chosen and not _named(words):
            said = f"{above} {said}"
            words = above  # name on one row, quantity and amount on the next
        if _NOT_GOODS.search(words) or value == 0:
            continue
        name = _NIGHTS.sub("", _LEADING.sub("", _CODE.sub("", _INSIDE.sub("", words)).strip()))
        quantity = _counted(row, column) or _quantity(words, row.text, a)
        name = _RATE.sub("", name).strip(_EDGES)
        if not (quantity == 1 and _PACK.search(name)):
            name = _TAIL.sub("", name)
        name = name.replace("|", " ").strip(_EDGES)
        name = _LIGHT.sub("", name).strip(_EDGES)
        reduced = marks.reduced(said, signs)
        items.append(Item(repair_kana(name) or words, value, quantity, reduced, place(a.token)))
    return tuple(items)


def _before(row: Row, amount: Amount) -> str:
    """What stands on the row before the figures: the name, with the numbers that belong to it."""
    at = row.tokens.index(amount.token)
    kept = [token.text for token in row.tokens[:at]]
    while len(kept) > 1 and not _named(kept[-1]):
        kept.pop()  # columns of count and unit price
    return " ".join(kept) if kept else _MARK.sub("", amount.token.text)


def _named(words: str) -> bool:
    """Whether ``words`` name goods, and are not only a count, a unit price or a code."""
    return bool(re.search(r"[^\W\d_]{2}", re.sub(rf"単価?|{_COUNT}\s?[xX×]?|[xX×]|RM", "", words)))


def _pack(match: re.Match[str], amount: int) -> bool:
    """Whether a count without × is what is in the pack (マスク 30枚 598): the amount cannot be divided by it."""
    return match["c"] is not None and int(match["c"]) > 1 and amount % int(match["c"]) != 0


def _quantity(words: str, detail: str, a: Amount) -> int:
    """The printed count; where a unit price stands with it, only the count that the arithmetic confirms."""
    if match := _NIGHTS.search(words):
        return int(match[1])
    found = sorted(_TIMES.finditer(detail), key=lambda match: match["a"] is None)
    counts = [int(next(g for g in match.groups() if g)) for match in found if not _pack(match, a.value)]
    if match := _LEADING.match(detail):
        counts.append(int(match["n"]))
    numbers = [int(number) for number in re.findall(r"(?<![\d.,])\d{1,3}(?![\d.,])", detail)]
    units = {int(re.sub(r"\D", "", number)) for number in re.findall(r"\d[\d,.]*", detail)} - {abs(a.value), 0, 1}
    fitting = [n for n in (*counts, *numbers) if n > 1 and any(unit * n == abs(a.value) for unit in units)]
    if fitting:
        return min(fitting)
    return counts[0] if counts and 0 < counts[0] < 100 else 1
