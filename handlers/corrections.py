"""What the texts of the edit form mean, and what is wrong with those that mean nothing."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stdnum.jp import cn

from handlers import categories, money, taxes
from handlers.dates import parse_day
from handlers.errors import Refusal
from storage.models import Expense

LONGEST = 200
TAX_QUESTIONS = (*(f"tax_{rate}" for rate in taxes.YEN_RATES), "other_taxes", "tax_included")


@dataclass(frozen=True)
class Correction:
    """``values``: what an expense's fields (and the claim's purpose) become; ``confirmed``: what the person answered.

    The two differ where one answer changes other fields too, as a currency its amounts.
    """

    values: Mapping[str, Any]
    confirmed: frozenset[str]
    wrong: Mapping[str, Refusal]


def understand(values: Mapping[str, str], expense: Expense, *, today: dt.date) -> Correction:
    """``values``: text by the name of its question. Unknown names are ignored, unasked fields stay as they are."""
    texts = {name: text.strip() for name, text in values.items()}
    made: dict[str, Any] = {}
    wrong: dict[str, Refusal] = {}
    for name, text in texts.items():
        try:
            made |= _plain_field(name, text, today)
        except Refusal as refusal:
            wrong[name] = refusal
    if "currency" not in wrong:
        _amounts(texts, expense, made, wrong)
    confirmed = frozenset("taxes" if name in TAX_QUESTIONS else name for name in texts)
    return Correction(made, confirmed, wrong)


def _plain_field(name: str, text: str, today: dt.date) -> dict[str, Any]:
    if name in ("payee", "purpose", "description"):
        return {name: text[:LONGEST]}
    if name == "date":
        day = parse_day(text, today=today)
        if day > today + dt.timedelta(days=366):
            raise Refusal("That date is too far in the future.")
        return {name: day}
    if name == "currency":
        return {name: money.find_currency(text)}
    if name == "registration_number":
        return {name: _registration_number(text) if text else ""}
    if name == "category":
        return {name: categories.find(text)}
    if name == "payment_method":
        return {name: categories.find_payment(text)}
    return {}


def _registration_number(text: str) -> str:
    """``T`` and 13 digits whose check digit holds (rule: National Tax Agency, corporate number)."""
    plain = unicodedata.normalize("NFKC", text).upper().replace("-", "").replace(" ", "")
    plain = plain if plain.startswith("T") else "T" + plain
    if len(plain) != 14 or not cn.is_valid(plain[1:]):
        raise Refusal("This registration number is not valid. It is T and 13 digits, as printed on the receipt.")
    return plain


# --- amounts, which hang together -------------------------------------------------------------------------------------


def _amounts(texts: Mapping[str, str], expense: Expense, made: dict[str, Any], wrong: dict[str, Refusal]) -> None:
    """Total, taxes and currency; whatever is not asked keeps its figures, also in another currency."""
    before, after = expense.currency, made.get("currency", expense.currency)
    asked = [name for name in (*TAX_QUESTIONS, "amount", "currency") if name in texts]
    if not asked:
        return
    total, lines = expense.amount, [dict(line) for line in expense.taxes]
    if after != before:
        try:
            total = total if "amount" in texts else money.rescaled(total, before, after)
            lines = _asked_anew(lines, texts, before)
            lines = taxes.rescaled(lines, before, after)
        except Refusal as refusal:
            wrong["currency"] = refusal
            return
    for name in asked:
        try:
            if name == "amount":
                total = money.parse(texts[name], after)
            elif name != "currency":
                lines = _with_answer(lines, name, texts[name], before, after)
        except Refusal as refusal:
            wrong[name] = refusal
    if any(name in wrong for name in asked):
        return
    if total is not None and taxes.taken_from_total(lines) > total:
        wrong[asked[0]] = Refusal("Taxes and exempt amounts together are larger than the total.")
        return
    private = expense.private_amount or 0
    try:
        private = money.rescaled(private, before, after) or 0
    except Refusal as refusal:
        wrong[asked[0]] = refusal
        return
    if private and (total is None or total <= private):
        wrong[asked[0]] = Refusal("The total must be larger than the private share.")
        return
    if private != (expense.private_amount or 0):
        made["private_amount"] = private
    if "amount" in texts or after != before:
        made["amount"] = total
    if after != before or any(name in TAX_QUESTIONS for name in asked):
        made["taxes"] = lines


def _asked_anew(lines: list[taxes.Line], texts: Mapping[str, str], currency: str) -> list[taxes.Line]:
    """Without the lines whose figures come with the same form: their old ones need not fit the new currency."""
    own = taxes.own_rates(currency)
    return [
        line
        for line in lines
        if not (f"tax_{line['rate']}" in texts if line["rate"] in own else "other_taxes" in texts)
    ]


def _with_answer(lines: list[taxes.Line], name: str, text: str, before: str, after: str) -> list[taxes.Line]:
    if name == "tax_included":
        return taxes.with_inclusion(lines, taxes.find_inclusion(text))
    if name == "other_taxes":
        return taxes.with_others(lines, taxes.parse_others(text, before, after), before)
    return taxes.with_tax(lines, name.removeprefix("tax_"), money.parse(text, after) if text else None)
