"""The telephone number of the shop, not its fax, its help desk or the customer's."""

from __future__ import annotations

import re

from ocr.layout import Sheet, Token

_JAPAN = re.compile(
    r"(?<![\dT-])\(?(0\d{1,4})[)\-. ]{1,2}(\d{1,4})[)\-. ]{1,2}(\d{3,4})(?!\d)|(?<![\dTt])(0\d{9,10})(?!\d)"
)
_ABROAD = re.compile(r"(?<![\d-])\+?\(?\d{1,4}\)?[\-. ]{0,3}\d{1,4}[\-. ]{0,2}\d{2,4}(?:[\-. ]{0,2}\d{2,5}){0,3}(?!\d)")
_LABEL = re.compile(r"TEL|電話|でんわ|phone|☎|℡|^T[:.]", re.I)
_FAX = re.compile(r"FAX|ファ[クッ]ス", re.I)
_OTHERS = re.compile(r"お客様相談|相談|フリ-?ダイヤル|お問|受付|センター|センタ-|hotline|customer", re.I)


def read(page: Sheet, currency: str) -> tuple[str, Token, float, str] | None:
    """The best number as printed (digits and hyphens), its token, a score 0..1 and the words."""
    best: tuple[float, str, Token, str] | None = None
    pattern = _JAPAN if currency == "JPY" else _ABROAD
    for row in page.rows:
        for token in row.tokens:
            for match in pattern.finditer(token.text):
                digits = re.sub(r"\D", "", match.group())
                if currency == "JPY" and not 10 <= len(digits) <= 11:
                    continue
                if currency != "JPY" and not (7 <= len(digits) <= 15 and _LABEL.search(row.text)):
                    continue
                before = token.text[: match.start()][-6:] or row.text[:6]
                score = 0.6 - 0.2 * row.index / max(len(page.rows), 1)
                score += 0.3 if _LABEL.search(before) else 0.0
                score -= 0.6 if _FAX.search(before) else 0.0
                score -= 0.25 if _OTHERS.search(row.text) or digits.startswith(("0120", "0800", "0570")) else 0.0
                if currency == "JPY" and match[4] is not None and not _LABEL.search(row.text):
                    score -= 0.2
                printed = re.sub(r"[^\d]+", "-", match.group()).strip("-")
                if match.group().startswith("+"):
                    printed = "+" + printed
                if best is None or score > best[0]:
                    best = (score, printed, token, match.group())
    if best is None or best[0] < 0.1:
        return None
    return best[1], best[2], round(min(best[0], 1.0), 2), best[3]
