"""Which money: by sign, code, and what the text says of the country.

A bare $, ¥ or kr and words like MwSt are shared by several countries: they go to the one that something else names.
Where nothing does, $ is taken for the American one, kr for the Swedish one, and both are doubted. Codes are ISO 4217,
calling codes ITU-T E.164.
"""

from __future__ import annotations

import re

from ocr.text import JAPANESE, KANA

BARE = 0.5  # confidence in a dollar of no country: asked about
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
_SIGNS: tuple[tuple[str, str, float], ...] = (
    (r"[¥\\]\s?\d|\d\s?円|JPY", "JPY", 3),
    (r"\bT\d{13}\b|登録番号|合計|領収|消費税", "JPY", 4),
    (
        r"(?i:\bRM\b|\bMYR\b|SDN\.?\s?BHD|MALAYSIA|KUALA LUMPUR|SELANGOR|JOHOR|\bJALAN\b|\bGST (?:ID|NO|REG))",
        "MYR",
        3,
    ),
    (r"(?i:€|\bEUR\b)", "EUR", 3),
    (
        r"(?i:\b(?:Germany|Deutschland|France|Italia|Italy|España|Spain|Nederland|Netherlands|Austria)\b)|\bBTW\b",
        "EUR",
        2,
    ),
    (r"£\s?\d|\bGBP\b|(?i:\bVAT No)|\bUnited Kingdom\b", "GBP", 3),
    (r"(?<![A-Z])S\$\s?\d|\bSGD\b|(?i:\bSINGAPORE\b)", "SGD", 4),
    (r"(?i:\bNPR\b|NEPAL|KATHMANDU|\bPAN\s?(?:NO|:)|Pvt\.? ?Ltd)", "NPR", 2),
    (r"\bCHF\b|\bCHE-\d{3}|(?i:\b(?:Schweiz|Suisse|Svizzera|Switzerland)\b)", "CHF", 3),
    (r"₹|GSTIN", "INR", 3),
    (r"₩|(?i:\b(?:Seoul|Korea)\b)", "KRW", 3),
    (r"NT\$|(?i:\bTaiwan\b)|統一[編発]|[台臺]北市|[台臺]湾|找零", "TWD", 4),
    (r"HK\$|(?i:\bHong ?Kong\b)", "HKD", 4),
    (r"人民[币幣]|支付宝|微信支付|増值税|信用代[码碼]|\d\s?元", "CNY", 4),
    (r"(?<![A-Z])A\$|\bABN\b|(?i:\bAustralia\b)|\b(?:NSW|VIC|QLD|TAS)\s?\d{4}\b", "AUD", 3),
    (r"NZ\$|(?i:\bNew Zealand\b)", "NZD", 4),
    (r"(?<![A-Z])CA?\$|\bHST\b|(?i:\bInterac\b|\bCanada\b)|\b[ABCEGHJ-NPR-TVXY]\d[A-Z]\s?\d[A-Z]\d\b", "CAD", 4),
    (r"(?i:฿|\bBaht\b|\bThailand\b|\bBangkok\b)", "THB", 3),
    (r"₫|\d\s?đ\b|(?i:\bVi[eệ]t ?Nam\b)", "VND", 3),
    (r"\bRp\.?\s?\d|(?i:\b(?:Indonesia|Jakarta)\b)", "IDR", 3),
    (r"₱|(?i:\bPhilippines\b|\bMetro Manila\b|\bVATable\b|\bBIR Permit\b)", "PHP", 3),
    # ₱ comes back as a P or a #: twice beside centavos it is no letter and no number
    (r"(?<![A-Za-z])[P#] ?\d{1,3}(?:,\d{3})*\.\d\d\b(?=[^$€£]*\s[P#] ?\d{1,3}(?:,\d{3})*\.\d\d\b)", "PHP", 2),
    (r"(?i:\b(?:Sverige|Sweden|Stockholm)\b)", "SEK", 3),
    (r"(?i:\b(?:Norge|Norway|Oslo|MVA)\b)", "NOK", 3),
    (r"(?i:\b(?:Danmark|Denmark|København|Copenhagen)\b)", "DKK", 3),
    (r"zł|(?i:\bPolska\b|\bPTU\b|\bPARAGON\b)", "PLN", 3),
    (r"Kč", "CZK", 3),
    (r"(?<=\d) ?Ft\b", "HUF", 3),
    (r"\bDubai\b", "AED", 3),
    (r"\bUSD\b|\bUS\$", "USD", 4),
    (rf"\b(?:{_STATES})[ ,.]{{0,2}}\d{{5}}(?:-\d{{4}})?\b|\bUSA\b|(?i:\bsales tax\b)", "USD", 3),
    (r"\(\d{3}\)\s?\d{3}[- ]\d{4}", "USD", 1),
)
_CODES = (
    "AED|AUD|BDT|BGN|BRL|CAD|CNY|CZK|DKK|EGP|HKD|HUF|IDR|ILS|INR|ISK|KHR|KRW|KWD|LKR|MMK|MNT|MOP|MXN|NOK|NZD|PHP|PKR|"
    "PLN|QAR|RMB|RON|SAR|SEK|THB|TRY|TWD|UAH|VND|ZAR"
)
# beside a figure or the word for a total only: CNY is also a feast, and THB may be half of a number
_CODE = re.compile(
    rf"(?<![A-Za-z])(?P<before>{_CODES})(?= ?\d+(?:[.,]\d|$))|\d ?(?P<after>{_CODES})$|"
    rf"(?i:total|summ?[ae]|amount|due)[^\w\n]{{0,3}}(?P<total>{_CODES})\b",
    re.M,
)
_COMPILED = tuple((re.compile(pattern), code, weight) for pattern, code, weight in _SIGNS)
_CALLING = {
    "1": "USD", "31": "EUR", "32": "EUR", "33": "EUR", "34": "EUR", "351": "EUR", "353": "EUR", "358": "EUR",
    "39": "EUR", "41": "CHF", "43": "EUR", "44": "GBP", "45": "DKK", "46": "SEK", "47": "NOK", "48": "PLN",
    "49": "EUR", "60": "MYR", "61": "AUD", "62": "IDR", "63": "PHP", "64": "NZD", "65": "SGD", "66": "THB",
    "81": "JPY", "82": "KRW", "84": "VND", "852": "HKD", "86": "CNY", "886": "TWD", "91": "INR",
}  # fmt: skip
_CALL = re.compile(rf"(?<![\d+])\+\s?({'|'.join(sorted(_CALLING, key=len, reverse=True))})[\s\-.(]?\d")
_SHARED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"(?<![A-Z])\$\s?\d"), ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD")),
    (re.compile(r"(?i:\bkr\b|:-$)", re.M), ("SEK", "NOK", "DKK")),
    (re.compile(r"(?i:\bMwSt\b|\bUSt\b|\bSumme\b|\bTVA\b|\bIVA\b)"), ("EUR", "CHF")),
)
_CHINESE = ("CNY", "TWD", "HKD")
_ONLY_JAPAN = re.compile(r"登録番号|消費税|\d\s?円")


def read(text: str) -> tuple[str, float, str]:
    """ISO code, confidence and the words that it rests on. Japanese text without any sign means yen."""
    scores: dict[str, float] = {}
    words: dict[str, str] = {}
    for pattern, code, weight in _COMPILED:
        if hits := [match.group() for match in pattern.finditer(text)]:
            scores[code] = scores.get(code, 0.0) + weight * min(len(hits), 4) ** 0.5
            words.setdefault(code, hits[0])
    for match in _CODE.finditer(text):
        code = (match[match.lastgroup or 0]).replace("RMB", "CNY")
        scores[code] = scores.get(code, 0.0) + 3
        words.setdefault(code, match.group())
    for match in _CALL.finditer(text):
        code = _CALLING[match[1]]
        scores[code] = scores.get(code, 0.0) + 2
        words.setdefault(code, match.group())
    kana = len(KANA.findall(text))
    if kana >= 4 or len(JAPANESE.findall(text)) >= 12:
        scores["JPY"] = scores.get("JPY", 0.0) + 4
        words.setdefault("JPY", "日本語")
    if kana < 4 and any(code in scores for code in _CHINESE) and not _ONLY_JAPAN.search(text):
        scores.pop("JPY", None)  # ¥ and 合計 are printed there too
    bare = ""
    for pattern, codes in _SHARED:
        if not (hits := [match.group() for match in pattern.finditer(text)]):
            continue
        named = any(code in scores for code in codes)
        code = max(codes, key=lambda c: scores.get(c, 0.0))  # the first one where nothing names another
        scores[code] = scores.get(code, 0.0) + 2 * min(len(hits), 4) ** 0.5
        words.setdefault(code, hits[0])
        bare = code if not named and code != "EUR" else bare
    if not scores:
        return ("JPY", 0.3, "") if JAPANESE.search(text) else ("USD", 0.2, "")
    code = max(scores, key=lambda c: scores[c])
    share = scores[code] / sum(scores.values())
    sure = min(0.99, 0.4 + 0.6 * share)
    if code == bare:
        sure = min(sure, BARE)
    return code, round(sure, 2), words[code]
