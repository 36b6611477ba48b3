"""What a figure is called: the words beside an amount, and the part in the sum that they give it.

The order matters: the first rule that matches wins, so the traps that contain the word for a total
(お預り合計, 合計点数, 税合計) stand before it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from ocr.text import JAPANESE

Role = Literal[
    "total",
    "subtotal",
    "base",
    "tax",
    "paid",
    "change",
    "payment",
    "tip",
    "service",
    "discount",
    "rounding",
    "other",
    "",
]


class Label(NamedTuple):
    """``weight`` 0..1: how sure the words make us. ``rate`` in per cent when the words name one."""

    role: Role
    weight: float = 0.0
    words: str = ""


# OCR breaks 計 into 言十 and drops one half of 合; these classes absorb that without admitting other words.
_GO = "[合台倉食含令]"
_KEI = "(?:計|言十|言+|[言訂]十?|許)"

_JAPANESE: tuple[tuple[str, Role, float], ...] = (
    (
        r"ポイント|ポイ[ント]|point|マイル|[0-9]P$|ptl?$|会員|カ-ド番号|カード番号|伝票|承認|番号|口座|預金|記号",
        "other",
        0.9,
    ),
    (r"残[高額]|ザンダカ|balance$|累計|前回|期間|次回|キャンペ|加算|獲得|進呈|還元", "other", 0.9),
    (rf"点数|{_GO}{_KEI}?数量|個数|商品数|数量|枚数", "other", 0.9),
    (
        r"お?預[りかリ]?金?合?計?額?|お?預[りかリ]|^預|お?(?:あずか|アズカ)[りリ]|お?受取(?:金額|額|"
        r"り)?|投入金額|現金投入",
        "paid",
        0.9,
    ),
    (r"(?:お)?(?:釣[りリ銭]?|つり|ツリ|おつり)(?:銭)?|釣銭|過不足", "change", 0.9),
    (rf"(?:値引|割引)後\w{{0,4}}(?:{_GO}{_KEI}|金額|{_KEI})(?<!小計)", "total", 0.95),
    (r"(?:値引|割引|割戻|クーポン|値下|優待|(?<![a-z])off(?![a-z]))", "discount", 0.9),
    (
        rf"税\w{{0,4}}[抜別]\D{{0,6}}(?:{_GO}{_KEI}|価格|金額)|本体(?:価格|金額|合計)?|^小\W?{_KEI}|小{_KEI}",
        "subtotal",
        0.8,
    ),
    (r"対象外|不課税|非課税", "base", 0.6),
    (
        r"(?<!・)(?:サ[-ー]ビス料|奉仕料|servicecharge|"
        r"(?:サ[-ー]ビス|サ料|席料|深夜料金?|深夜|チャ[-ー]ジ料?|割増(?:料金?)?)\(?\d{1,2}(?:\.\d)?%)(?!.*(?:税|[込含]))",
        "service",
        0.9,
    ),
    (r"対象.{0,3}税額|^\(?税(?:率)?(?:8|10)%\)?$|%\)?(?:[内外]|うち)(?:消費)?税額?等?$", "tax", 0.9),
    (r"(?:お|御|^)会計(?!機|番|No)", "total", 0.9),
    (
        r"対[象家像]|タイショウ|ﾀｲｼﾖｳ|課税[額計対]|課税金額|税率.{0,6}計$|税込.{0,3}(?:8|10)%|(?:8|10)%.{0,3}税込",
        "base",
        0.9,
    ),
    (
        r"(?:内|外)?消[費责]税|^\(?(?:内|外|うち)税(?!.*対)|税額|税客|税[合計等]|^\(?税\)?$|(?:内|"
        r"外)?\d{1,2}(?:\.0+)?%(?:税|外税|内税)|"
        # a bare per cent at the end of other words is a surcharge or a price (席料10%)
        r"^\W*(?:内|外|うち|税率?|標準|軽減?|[A-D※*][:=]?)?\W?\d{1,2}(?:\.0+)?%$|"
        r"^\W*(?:外|内)(?:8|10)%?$|TAX$|消費税",
        "tax",
        0.9,
    ),
    (r"端数|丸め", "rounding", 0.9),
    (
        rf"(?:ご?請求|お支払い?|支払|お会計|ご利用|領収|取引|税込|お買上げ?|御買上|総|現|精算|ご?精算|売上|振込)\D{{0,4}}(?:{_GO}{_KEI}|金?額|代金|{_KEI})",
        "total",
        0.95,
    ),
    (r"チャ[-ー]ジ(?:金|料)?額|入金額|積増(?:金)?額", "total", 0.9),
    (rf"{_GO}{_KEI}|^合$", "total", 1.0),
    (r"(?:税込|お会計|お支払い?|ご請求|料金|運賃|代金|総額|領収金?額|金額|乗車料金|宿泊料)$", "total", 0.6),
    (rf"^[買]?上{_KEI}", "total", 0.8),
    (rf"^{_KEI}$", "total", 0.6),
    (r"現金|現計|キャッシュ(?!レス)|cash$", "payment", 0.7),
    (
        r"クレジ|クジット|カ-ド|カード|キャッシュレス|キャリシュレス|paypay|ペイペイ|d払い|楽天ペイ|"
        r"楽天pay|aupay|linepay|メルペイ|merpay|suica|pasmo|交通系|icoca"
        r"|電子マネ|nanaco|waon|edy|id$|quicpay|visa|master|jcb|amex|支払(?:額|金額|い)?$|コ-ド決済|"
        r"コード決済|qr|apple ?pay|商品券|ギフト",
        "payment",
        0.8,
    ),
)

# Applied in order before the table below, so that it can speak of one spelling.
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"\(?\brm\b\)?|\bmyr\b|\busd?\b|\beur\b|[$€£]|(?<=tota)rm\b", " "),
        (r"\b[tfi][o0a]t[ae][l1i]?\b|\bt0ta[l1i]\b|\btota[l1i](?=\w)", "total "),
        (r"\bam(?:oun|aun|l|ou)?[tl]\b", "amount"),
        (r"\binc[l1i]?(?:usive|uding|uded)?\b\.?|\binciusive\b|\bind\.", "incl"),
        (r"\bincludes?\b|\bcontains?\b|\benthält\b|\bdavon\b|\bdont\b", "contains"),
        (r"\bexc?l?(?:uding|usive|uded)?\b\.?|\bbefore\b|\bwithout\b|\bw/o\b", "excl"),
        (r"\b(?:[g6]st|hst|sst|vat|mwst|ust|iva|tva|btw|moms|mva|sales tax|mehrwertsteuer)\b", "tax"),
        (r"\bnett\b", "net"),
    )
)

_WESTERN: tuple[tuple[str, Role, float], ...] = (
    (
        r"points?\b|balance b|approval|auth|card no|invoice n|receipt n|\bref\b|trace|batch|\btel\b|\bfax\b",
        "other",
        0.9,
    ),
    (r"phone|steuer-?nr|\bid\b|table no|member", "other", 0.9),
    (r"(?:total|ttl|no\.? of|tot)\W*(?:qty|quantity|items?|pcs|units?|count)|\bqty\b|items?\W*count", "other", 0.9),
    (r"items?\(?s?\)? ?:|anzahl|artikel|average|number of|quantity", "other", 0.9),
    (r"sav(?:ed|ings?)|discount|\bdisc\b|promo|coupon|rabatt|remise|\bless\b", "discount", 0.9),
    (
        r"cha?nge?\b|change|chiang|ciiang|kembali|r.{1,2}ckgeld|zurück|wechselgeld|wisselgeld|rendu|\bbaki\b",
        "change",
        0.9,
    ),
    (
        r"(?:total|amount)\D{0,12}round(?:ed|ing)$|round(?:ed|ing)\D{0,6}(?:total|amount)\b|after (?:adj|round)",
        "total",
        1.0,
    ),
    (r"round|\brnd\b|adj", "rounding", 0.9),
    (
        r"sub\W?\s?tot|\bsttl\b|subtotai|zwischensumme|sous.?total|excl|supplies|taxable|exempt|^\W*net\W*$",
        "subtotal",
        0.9,
    ),
    (r"(?:total|sales|amount|bill|price|paid|net)\D{0,22}incl", "total", 1.0),
    (r"contains.*tax|incl.*tax|\btax\b(?!\s*invoice)|^\W*(?:sr|zrl?|os|es|a|b)\W*(?:@|=|\d+\W?%)", "tax", 0.8),
    (r"gratuity|\btips?\b|trinkgeld|pourboire", "tip", 0.9),
    (
        r"service (?:charge|tax)|svc|\bserv\.? ?ch|\bservice\W*\d|^\W*service\W*$|charge\W*\d{1,2}(?:\.\d)? ?%",
        "service",
        0.9,
    ),
    (
        r"grand\W*total|net\W*total|final\W*total|total\W*(?:due|pa?e?yable|to pay|amount|sales|gross|ttc|net)\b",
        "total",
        1.0,
    ),
    (
        r"(?:amount|balance)\W*(?:due|pa?e?yable)|net amount|zu zahlen|gesamt|net à payer|à payer|total importe|jumlah",
        "total",
        1.0,
    ),
    (r"cash|tender|received|\bpaid\b|\bpald\b|tunai|\bbar\b|\bgeg\b|gegeben|payment|cheque", "paid", 0.7),
    (r"visa|master|amex|debit|credit|\bcard\b|kart|giro|maestro|paypal|e-?wallet|grab|boost|touch", "payment", 0.8),
    (
        r"total|\btotaal\b|\bsumm[ea]\b|\bsuma\b|\batt betala\b|\bte betalen\b|\bmontant\b|\bimporte\b|"
        r"\bamount\b$|\bbetrag\b|\bsum\b",
        "total",
        0.85,
    ),
)

_COMPILED = [(re.compile(p, re.IGNORECASE), r, w) for p, r, w in _JAPANESE]
_COMPILED_WEST = [(re.compile(p, re.IGNORECASE), r, w) for p, r, w in _WESTERN]
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2})(?:[.,](\d{1,2}))?\s*[%％]")
_BARE_RATE = re.compile(r"(?:外|内|税率|軽減|標準)\s*(8|10)(?!\d)")


@lru_cache(maxsize=4096)  # the words of a till come again on every row and every receipt
def japanese(words: str) -> Label:
    """The part that the Japanese label ``words`` (without spaces) gives to its figure."""
    flat = "".join(words.split())
    for pattern, role, weight in _COMPILED:
        if match := pattern.search(flat):
            return Label(role, weight, match.group())
    return Label("") if JAPANESE.search(words) else western(words)  # English bills of hotels here


@lru_cache(maxsize=4096)
def western(words: str) -> Label:
    """The same for English, German, French and Malay labels."""
    words = words.lower()
    for spelling, word in _SPELLINGS:
        words = spelling.sub(word, words)
    for pattern, role, weight in _COMPILED_WEST:
        if match := pattern.search(words):
            return Label(role, weight, match.group())
    return Label("")


def rate(words: str) -> str | None:
    """The tax rate in per cent that ``words`` name, as decimal text ("8", "10", "7.5"), or None."""
    if match := _PERCENT.search(words):
        fraction = (match[2] or "").rstrip("0")
        return f"{int(match[1])}.{fraction}" if fraction else str(int(match[1]))
    if match := _BARE_RATE.search("".join(words.split())):
        return match[1]
    if "軽減税率" in words:
        return "8"  # since 2019-10-01
    return "10" if "標準税率" in words else None
