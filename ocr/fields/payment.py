"""How it was paid, with the brand and the last four digits of a card where printed."""

from __future__ import annotations

import re

from ocr.fields.amounts import Amount
from ocr.layout import Row, Sheet
from ocr.reading import Payment

_BRANDS: tuple[tuple[str, str, str], ...] = (
    (r"paypay|ペイペイ", "qr", "PayPay"),
    (r"d\s?払い|d払", "qr", "d払い"),
    (r"楽天ペイ|楽天pay|rakuten ?pay|R ?pay", "qr", "楽天ペイ"),
    (r"au ?pay", "qr", "au PAY"),
    (r"line ?pay", "qr", "LINE Pay"),
    (r"メルペイ|merpay", "qr", "メルペイ"),
    (r"alipay|アリペイ|wechat", "qr", "Alipay/WeChat Pay"),
    (r"コ[-ー]ド決済|QRコ[-ー]?ド|QR\s?決済|スマホ決済|バーコード決済", "qr", ""),
    (r"suica", "ic", "Suica"),
    (r"pasmo", "ic", "PASMO"),
    (r"icoca", "ic", "ICOCA"),
    (r"交通系", "ic", "交通系IC"),
    (r"nanaco", "ic", "nanaco"),
    (r"waon(?!\s?(?:ポイント|point))", "ic", "WAON"),
    (r"楽天edy|\bedy\b", "ic", "Edy"),
    (r"quicpay|クイックペイ", "ic", "QUICPay"),
    (r"\bid\s?(?:支払|利用|決済|¥)|^id$", "ic", "iD"),
    (r"電子マネ", "ic", ""),
    (r"visa|ビザ", "card", "VISA"),
    (r"master|マスタ", "card", "Mastercard"),
    (r"\bjcb\b", "card", "JCB"),
    (r"amex|american express|アメックス", "card", "American Express"),
    (r"diners|ダイナ[-ー]ス", "card", "Diners Club"),
    (
        r"クレ[ジシ]|クジット|クジッ支|カ[-ー]ド支払|credit|debit|maestro|girocard|ec-?karte|tarjeta|bancontact|interac|カ[-ー]ド売上票|一括払|"
        r"\bcard\b(?!\s*(?:no|number|holder))",
        "card",
        "",
    ),
    (r"商品券|ギフト券|プリペイド", "other", "商品券"),
)
_CASH = re.compile(r"現金|現計|キャッシュ(?!レス)|\bcash\b|\bbar\b|tunai|esp[eè]ces|contanti|efectivo|kontant", re.I)
_WAYS = tuple((re.compile(p, re.I), method, brand) for p, method, brand in (*_BRANDS, (_CASH.pattern, "cash", "")))
_ANY = re.compile("|".join(way[0].pattern for way in _WAYS), re.I)
_NOT = re.compile(
    (
        r"ポイント|ポイ|会員|募集|使え|ご利用いただけ|入会|アプリ|キャンペ|年会費|cash back|cashier|"
        r"cash bill|残高|チャージ|つくたび|限定"
    ),
    re.I,
)
_LAST_FOUR = re.compile(r"(?:[X*×＊x●★•・.\-\s]{4,}|[X*×＊●★•]\s?)-?(\d{4})(?!\d)")
_CARD_NUMBER = re.compile(r"カ[-ー]?ド番号|会員番号|card|visa|master|jcb|amex|acc(?:oun)?t", re.I)
_LONE_FOUR = re.compile(r"(?<![\d,.¥-])(\d{4})$")


def read(page: Sheet, amounts: list[Amount], total: int | None) -> tuple[Payment, Row, float, str] | None:
    """Method, the row it stands on, a confidence and the words. Rows that repeat the total weigh most."""
    beside_total = {a.row.index for a in amounts if total is not None and abs(a.value) == total}
    paying = {a.row.index for a in amounts if a.value}
    nothing = {a.row.index for a in amounts} - paying  # 現計 0: a key of the till that was not used
    best: tuple[float, str, str, Row, str] | None = None
    for row in page.rows:
        if row.index in nothing or not _ANY.search(row.text) or _NOT.search(row.text):
            continue
        for pattern, method, brand in _WAYS:
            match = pattern.search(row.text)
            if match is None or (match.group().lower() == "bar" and not any(a.row is row for a in amounts)):
                continue  # German for cash, or the name of a bar
            score = 0.5 + (0.35 if row.index in beside_total else 0.0) + (0.05 if brand else 0.0)
            if method == "cash" and any(a.row is row for a in amounts):
                score += 0.25
            if best is None or score > best[0]:
                best = (score, method, brand, row, match.group())
    handed = [a for a in amounts if a.label.role == "change" and a.value > 0]
    handed += [a for a in amounts if a.label.role == "paid" and a.marked and "預" in a.words]  # お預り is said of coins
    if best is None and handed:
        best = (0.7, "cash", "", handed[0].row, handed[0].words)
    if best is None:
        return None
    score, method, brand, row, words = best
    last_four = ""
    if method == "card":
        last_four = _last_four(page)
        brand = brand or next((b for p, m, b in _WAYS if m == "card" and b and p.search(page.text)), "")
    return Payment(method, brand, last_four), row, round(min(score, 0.95), 2), words


def _last_four(page: Sheet) -> str:
    """The digits that are left of a masked card number; an IC card's number is on its own receipts only."""
    for row in page.rows:
        if _CARD_NUMBER.search(row.text) and (match := _LAST_FOUR.search(row.text)):
            return match[1]
    for row in page.rows:
        numbered = _CARD_NUMBER.search(row.text) or (row.index and _CARD_NUMBER.search(page.rows[row.index - 1].text))
        if numbered and (match := _LONE_FOUR.search(row.flat)) and (_masked(row) or "番号" in row.text):
            return match[1]
    match = next((m for row in page.rows if _masked(row) and (m := _LAST_FOUR.search(row.text))), None)
    return match[1] if match else ""


def _masked(row: Row) -> bool:
    return sum(row.text.count(mark) for mark in "*X×＊x●★•") >= 3
