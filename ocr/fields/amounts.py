"""Every figure on the receipt that could be money, read once: value, place, words beside it and the part they give it.

OCR reads a thousands comma as a dot and loses decimal points; so a figure may have other possible values
(``Amount.others``), which only arithmetic can bring in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from ocr.fields import labels
from ocr.fields.labels import Label
from ocr.layout import Row, Sheet, Token
from ocr.reading import minor_digits

Namer = Callable[[str], Label]


@dataclass(frozen=True, eq=False)
class Amount:
    """``value`` in minor units; ``marked`` when a currency sign stands with it; ``order`` counts figures downwards."""

    value: int
    token: Token
    row: Row
    label: Label
    words: str
    rate: str | None
    marked: bool
    order: int
    others: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        return f"{self.words} {self.token.text}".strip()


_YEN = re.compile(
    # what follows a row of stars or crosses is the end of a card's number
    r"(?<![*xX●•]{2})(?<![*xX●•]{2} )(?:(?<![\d.,A-Za-z/:#-])|(?<=[A-Za-z])(?=¥))"
    r"(?P<sign>[-▲△])?\s?(?P<mark>[¥\\*]\s?)?(?P<minus>-)?"
    r"(?P<digits>\d{1,3}(?:[,.]\s?\d{3})+|\d{1,9})"
    r"(?P<tail>円|外|内|軽|※|\*|込|税|非|#|[-ー一]$|[1lI|/]$|\s?[xX×]$|$|"
    r"(?=\s[内外]?(?:8|10)%)|(?=\s?/\s?(?:[Tt]ax|TAX|税|内|うち))|(?<=\d\d)(?=\s?[xX×]\s?1$)|(?=\s?[^\d\s.,:/%％A-Za-z個点枚名本人号階車泊室月日年時分PpxX×コ-]))"
)
_POINT = re.compile(
    r"(?<![\d.,/:])(?:(?<!#)|(?=[\d,]+\.\d\d))(?P<sign>-\s?)?(?P<mark>(?:RM|MYR|US\$|NT\$|S\$|[$€£¥฿₱]|EUR|USD|Rs\.?|NPR|CHF|CA?\$)\s?)?(?P<minus>-)?"
    r"(?P<digits>\d{1,3}(?:[,.' ]\d{3})+[.,]\d{2}|\d+\s?[.,]\s?\d{2}|\d{1,3}(?:,\d{3})+|\d{2,9}|[.,]\d{2})"
    r"(?![\d%/:-])(?![.,]\d)(?P<tail>-)?"
)
_TIMES_ONE = re.compile(r"\d\d\s?[xX×]\s?$")  # 950 ×1 is one figure: the price, which needs no product
_LIKE_YEN = re.compile(r"^[YV](?=\d[\d,.]*$)")  # what is left of a faint ¥
_KIND_OF_TAX = re.compile(r"[内外]税?$")  # 内8 behind a price is no figure
_OF_ALL = re.compile(r"[合総]")
_TAX_IN = re.compile(r"円?\s?[(\[]?税込")
_SUMMARY = re.compile(
    r"(?:gst|tax|sst|vat|mwst|ust)\W*(?:summary|analysis|code)|^\W*code\W+(?:amount|amt)|mwst\W+netto|steuer\W.{0,4}netto|mehrwertst",
    re.I,
)


def read(page: Sheet, currency: str) -> list[Amount]:
    """All figures of the sheet from top to bottom, left to right."""
    found: list[Amount] = []
    summary = False
    for row in page.rows:
        summary = summary or (currency != "JPY" and row.index > 4 and bool(_SUMMARY.search(row.text)))
        amounts = _of_row(row, page, currency, len(found))
        found.extend([_tabled(amount) for amount in amounts] if summary else amounts)
    return _inherit_rates(_taxed_alone(found)) if currency == "JPY" else found


def _taxed_alone(found: list[Amount]) -> list[Amount]:
    """A ticket says ¥8,950円(税込10%) and no word for the sum: then it is the one marked figure that 税込 follows."""
    if any(a.label.role == "total" for a in found):
        return found
    said = [a for a in found if a.marked and a.label.role == "" and a.value > 0 and _TAX_IN.match(_after(a))]
    if len({a.value for a in said}) != 1:
        return found
    return [replace(a, label=Label("total", 0.8, "税込")) if a in said else a for a in found]


def _after(amount: Amount) -> str:
    """What stands on the row behind a figure that ends its piece of text."""
    row, at = amount.row, amount.row.tokens.index(amount.token)
    own = amount.token.text[_end_of(amount) :]
    return f"{own} {' '.join(t.text for t in row.tokens[at + 1 :])}".strip()


def _end_of(amount: Amount) -> int:
    """Where the last figure of the amount's value ends in its piece of text."""
    text = amount.token.text
    spots = [m.end() for m in _YEN.finditer(text) if re.sub(r"[,.\s]", "", m["digits"]) == str(amount.value)]
    return spots[-1] if spots else len(text)


def _tabled(amount: Amount) -> Amount:
    """A figure in the table of taxes at the foot: its "total" sums the table, not the receipt."""
    if amount.label.role in ("total", "subtotal"):
        return replace(amount, label=Label("base", amount.label.weight, amount.label.words))
    return amount


def _of_row(row: Row, page: Sheet, currency: str, order: int) -> list[Amount]:
    digits = minor_digits(currency)
    name = labels.japanese if currency in ("JPY", "CNY", "TWD") else labels.western
    out: list[Amount] = []
    said = last = ""
    for token in row.tokens:
        at, text = 0, token.text
        if digits == 0 and token is row.tokens[-1] and len(row.tokens) > 1:
            text = _LIKE_YEN.sub("¥", text)
        for match in (_YEN if digits == 0 else _POINT).finditer(text):
            words = f"{said} {text[at : match.start()]}".strip()
            value, others = _value(match["digits"], digits)
            marked = bool(match["mark"]) or (match["tail"] or "") in ("円", "外", "内", "軽", "込", "※")
            plain_number = not marked and not out and not words
            if value is None or (digits == 0 and len(match["digits"]) > 7 and not marked):
                continue
            if digits == 0 and value in (8, 10) and not marked and _KIND_OF_TAX.search(text, 0, match.start()):
                continue
            if digits == 0 and value == 1 and _TIMES_ONE.search(text[: match.start()]):
                continue
            if digits and not re.search(r"[.,]", match["digits"]) and not marked and not said:
                continue
            label = _named(name, words, text[at : match.start()] or last, digits) if words else Label("")
            if not label.role and out and not re.search(r"\w{2}", words):
                label = Label("") if digits == 0 else out[-1].label
            if plain_number and not words:
                label, words = _label_above(row, page, name)
            if (
                digits == 0
                and marked
                and match["tail"]
                and match["tail"] in "-ー一1lI|/"
                and label.role in ("", "total")
            ):
                label = Label("total", 0.9, match.group())  # ¥8,700- is how a 領収証 writes its sum; - may be read as 1
            if label.role != "paid" and (match["sign"] or match["minus"] or (digits and match["tail"])):
                value = -value  # what was handed over counts as it is: some tills print it as a deduction
            out.append(Amount(value, token, row, label, words, labels.rate(words), marked, order + len(out), others))
            at, said = match.end(), ""
            if out[-1].label.role in ("", "other") and not marked:
                said = words  # a loose number belongs to the words around it
        rest = text[at:]
        said, last = f"{said} {rest}".strip(), rest or last
    return _columns(_along(out)) if currency == "JPY" and len(out) > 1 else out


def _along(row: list[Amount]) -> list[Amount]:
    """(8% ¥380 / tax ¥28), 10% 1,116 101: the rate that starts a row of taxes is that of the figures after it."""
    rate: str | None = None
    out: list[Amount] = []
    for amount in row:
        if amount.rate is not None:
            rate = amount.rate if amount.label.role in ("base", "tax") else None
        elif amount.label.role not in ("", "base", "tax") or _OF_ALL.search(amount.words):
            rate = None
        elif rate is not None:
            amount = replace(amount, rate=rate)
        out.append(amount)
    return out


def _columns(row: list[Amount]) -> list[Amount]:
    """A row of a table of taxes: base and tax, or net, tax and gross in either order, after one word or one rate."""
    first, *rest = row
    table = first.rate is not None and first.label.role in ("base", "tax")
    if not (table or first.label.role == "total") or any(re.search(r"\w{2}", a.words) for a in rest):
        return row
    roles: tuple[labels.Role, ...] = ()
    values = [a.value for a in row]
    if len(row) == 2 and table and 0 <= values[1] < 0.31 * values[0]:
        roles = ("base", "tax")
    elif len(row) == 3 and values[0] + values[1] == values[2] and values[1] > 0:
        roles = ("base", "tax", "base") if table else ("subtotal", "tax", "total")
    elif len(row) == 3 and values[1] + values[2] == values[0] and values[2] > 0:
        roles = ("base", "base", "tax") if table else ("total", "subtotal", "tax")
    label = first.label
    return (
        [
            replace(a, label=label if a is first and label.role == role else Label(role, label.weight, label.words))
            for a, role in zip(row, roles, strict=True)
        ]
        if roles
        else row
    )


def _named(name: Namer, words: str, nearest: str, digits: int) -> Label:
    """Western labels: the words nearest to the figure first (Qty: 1   Total RM   11.60); Japanese ones as a whole."""
    if digits and nearest.strip() and (label := name(nearest)).role:
        return label
    return name(words)


def _label_above(row: Row, page: Sheet, name: Namer) -> tuple[Label, str]:
    """A figure alone on its row is named by the row above when that row has no figure of its own."""
    if row.index == 0:
        return Label(""), ""
    above = page.rows[row.index - 1]
    if re.search(r"\d{2}", above.text) or row.y - above.y > 3 * max(row.height, above.height):
        return Label(""), ""
    label = name(above.text)
    return label._replace(weight=label.weight * 0.8), above.text


def _value(text: str, digits: int) -> tuple[int | None, tuple[int, ...]]:
    """Minor units of the printed figure, and what else it may have been."""
    text = re.sub(r"\s", "", text)
    if digits == 0:
        return int(re.sub(r"[.,]", "", text)), ()
    match = re.fullmatch(r"(.*?)[.,](\d{2})", text)
    if match:
        return int(re.sub(r"\D", "", match[1]) or "0") * 100 + int(match[2]), ()
    plain = int(re.sub(r"\D", "", text))
    return plain * 100, ((plain,) if plain >= 100 else ())


def _inherit_rates(found: list[Amount]) -> list[Amount]:
    """(10%対象 ¥1,100) (内消費税等 ¥100): the tax line has no rate of its own; it means the base just above."""
    out: list[Amount] = []
    for amount in found:
        if amount.label.role == "tax" and amount.rate is None and not _OF_ALL.search(amount.words):
            for before in reversed(out[-3:]):
                if amount.row.index - before.row.index > 2:
                    break
                if before.label.role == "base" and before.rate is not None:
                    amount = replace(amount, rate=before.rate)
                    break
                if before.label.role not in ("tax", "base", "other"):
                    break
        out.append(amount)
    return out
