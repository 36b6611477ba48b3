"""Pieces that many screens share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from handlers import amounts, money, rates
from handlers.chat import Card, Picture, Tone
from handlers.dates import show_day
from handlers.turn import View
from storage.models import Claim, Expense, Receipt


def sentence(text: str, tone: Tone = "plain", *, private: bool = False) -> Card:
    return Card(title=text, tone=tone, private=private)


def validity(view: View, first: date, last: date | None) -> str:
    """From when until when something holds: ``2026/04/01（水） – 2026/09/30（水）``, or from its first day on."""
    begins = show_day(first, view.locale)
    return f"{begins} – {show_day(last, view.locale)}" if last else view.t("from {day} on", day=begins)


def picture(view: View, receipt: Receipt | None) -> Picture | None:
    if receipt is None or not receipt.preview_sha256:
        return None
    return Picture(receipt.preview_sha256, view.t("Photo of the receipt"))


def sums(claims: Sequence[Claim]) -> str:
    """What is claimed in yen, the originals behind: ``¥10,020 ($45.20)``. What was deleted is not.

    What has no exchange rate yet stands beside it: ``¥3,000 + $12.50``.
    """
    lines = [e for claim in claims if claim.state != "cancelled" for e in claim.expenses]
    known = [line for line in lines if amounts.yen(line) is not None]
    originals = _listed(line for line in known if rates.foreign(line))
    parts = [money.show(amounts.total_yen(known)) + (f" ({originals})" if originals else "")] if known else []
    unknown = _listed(line for line in lines if amounts.yen(line) is None)
    return " + ".join([*parts, *([unknown] if unknown else [])])


def _listed(lines: Iterable[Expense]) -> str:
    return " + ".join(money.show(amount, currency) for currency, amount in sorted(amounts.by_currency(lines).items()))
