"""What sort of paper it is."""

from __future__ import annotations

import re

from ocr.layout import Sheet
from ocr.reading import Kind

_TICKET = (
    r"乗車券|特急券|運賃|切符|きっぷ|ICカ[-ー]ド.{0,4}チャ[-ー]ジ|チャ[-ー]ジ(?:金額|票)|ご?利用区間|"
    r"乗車区間|区間|搭乗|boarding|航空券|e-?ticket|入金額|のりば|タクシ[-ー].{0,4}領収"
)

_SLIP = (
    r"カ[-ー]?ド売上票|売上票|カ[-ー]?ドお買上票|クレジットカ[-ー]?ド.{0,3}(?:控|票)|お客様控|加盟店控|承認番号|"
    r"端末番号|merchant copy|cardholder|customer copy"
)

_INVOICE = r"請求書|御請求|invoice\s*(?:no|number|#)|振込先|お?支払期限|due date"
_RYOSHUSHO = r"領\s?収\s?[証書]"
_RECEIPT = (
    r"レシ[-ー]?ト|(?:駐車|通行|ご?利用)料金|合計|小計|お釣|お預|receipt|tota[al]|cash|change|税|"
    r"\bsumm[ea]\b|\bsuma\b|mwst|\bbtw\b|\bmoms\b|rückgeld|quittung|kassenbon|scontrino|kvitto"
)


_SLIP_HEAD = r"売上票|カ[-ー]?ドお買上票|お客様控え?\)?$"
_USE_HEAD = (
    r"ご?利用(?:明細|票)"  # of a card only where the words of a card company stand too: tolls and hotels say it too
)
_COMPANY = r"加盟店|承認番号|端末番号|カ[-ー]ド会社|お支払い?区分|取扱区分"
_FARE = r"乗車券|特急券|指定券|自由席|指定席|回数券|定期券|きっぷ|切符|搭乗券|航空券|e-?ticket"
HEAD = 4  # rows in which a paper says what it is


def read(page: Sheet, amounts: int) -> tuple[Kind, float, str]:
    """Kind, confidence and the words that say so."""
    text = page.text
    scores: dict[Kind, tuple[float, str]] = {}

    def hear(kind: Kind, pattern: str, weight: float) -> None:
        hits = re.findall(pattern, text, re.IGNORECASE)
        if hits:
            scores[kind] = (weight * min(len(hits), 3) ** 0.5, str(hits[0]))

    hear("ticket", _TICKET, 1.1)
    hear("card_slip", _SLIP, 0.8)
    if not re.search(r"請求書\W*兼?\W*領収", text):  # a bill that is its own receipt has been paid
        hear("invoice", _INVOICE, 0.9)
    hear("receipt", _RECEIPT, 1.0)
    if (
        re.search(_RYOSHUSHO, text)
        and re.search(r"[様殿御]中?\s*$|但し?書?|但\b|宛名|上様", text, re.M)
        and "小計" not in text
    ):
        scores["ryoshusho"] = (2.0, "領収証")
    head = "\n".join(row.flat for row in page.rows[:HEAD])
    if re.search(r"^御?ご?請求書", head, re.M) and not re.search(r"お?釣|お預|請求書\W*兼?\W*領収", text):
        scores["invoice"] = (3.0, "請求書")
    if re.search(_FARE, text, re.I) and re.search(r"区間|[駅港]|搭乗|乗車日|\bflight\b", text, re.I):
        scores["ticket"] = (3.0, "乗車券")
    if re.search(_SLIP_HEAD, head) or (re.search(_USE_HEAD, head) and re.search(_COMPANY, text)):
        scores["card_slip"] = (3.0, "売上票")
    if re.search(r"小計|お釣|お預|subtotal|sub total|change", text, re.I):
        scores["receipt"] = (scores.get("receipt", (0.0, ""))[0] + 0.8, scores.get("receipt", (0.0, "小計"))[1])
    if not scores or amounts == 0:
        return "other", 0.6, ""
    kind = max(scores, key=lambda k: scores[k][0])
    return kind, round(min(0.95, 0.5 + 0.25 * scores[kind][0]), 2), scores[kind][1]
