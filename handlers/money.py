"""Amounts: integer minor units and an ISO 4217 code; how people write them and how they read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import UnknownCurrencyError, get_currency_name, get_currency_precision, get_currency_symbol

from handlers.errors import Refusal

MAX_MINOR_UNITS = 10**12


def digits(currency: str) -> int:
    """Decimal places of a currency (yen 0, dollar 2), by CLDR."""
    try:
        return int(get_currency_precision(currency))
    except UnknownCurrencyError:
        return 2


def show(amount: int | None, currency: str = "JPY") -> str:
    """``12800, "JPY"`` → ``¥12,800``; ``1250, "USD"`` → ``US$12.50``; nothing → ``—``."""
    if amount is None:
        return "—"
    symbol = "¥" if currency == "JPY" else get_currency_symbol(currency, locale="ja_JP")
    places = digits(currency)
    value = Decimal(amount).scaleb(-places)
    return f"{'-' if amount < 0 else ''}{symbol}{abs(value):,.{places}f}"


def plain(amount: int | None, currency: str = "JPY") -> str:
    """The number alone, as a form's field holds it: ``12800``, ``12.50``."""
    if amount is None:
        return ""
    places = digits(currency)
    return f"{Decimal(amount).scaleb(-places):.{places}f}"


def rescaled(amount: int | None, before: str, after: str) -> int | None:
    """The same figure read in another currency: 1250 yen → 1250.00 dollars. :class:`Refusal` when that cannot be."""
    return None if amount is None else _minor(Decimal(amount).scaleb(-digits(before)), after)


def parse(text: str, currency: str = "JPY") -> int:
    """What one types (``１２，８００円``, ``¥12,800``, ``12.50``, ``12,50``) in minor units, else :class:`Refusal`."""
    plain_text = unicodedata.normalize("NFKC", text).strip()
    plain_text = re.sub(r"^(?:[A-Z]{0,2}[¥\\$€£₩]|[A-Z]{3}\s)|(?:円|yen|-)$|\s", "", plain_text, flags=re.IGNORECASE)
    plain_text = _with_point(plain_text, digits(currency))
    if not re.fullmatch(r"\d{1,12}(?:\.\d{1,3})?", plain_text):
        raise Refusal("Please enter an amount in figures, for example 1280.")
    return _minor(Decimal(plain_text), currency)


def _with_point(text: str, places: int) -> str:
    """Commas between thousands go; a comma before the cents, as much of Europe writes it, becomes a point."""
    if places and re.fullmatch(rf"[\d.]*\d,\d{{{places}}}", text):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "")


def _minor(value: Decimal, currency: str) -> int:
    places = digits(currency)
    minor = value.scaleb(places)
    if minor != minor.to_integral_value():
        if not places:
            raise Refusal("Amounts in {currency} have no decimals. Please enter a whole number.", currency=currency)
        raise Refusal("Amounts in {currency} have at most {places} decimals.", currency=currency, places=places)
    if minor > MAX_MINOR_UNITS:
        raise Refusal("That amount is too large.")
    return int(minor)


# --- currencies -------------------------------------------------------------------------------------------------------

USUAL = ("JPY", "USD", "EUR", "GBP", "CNY", "KRW", "TWD", "HKD", "THB", "SGD", "AUD", "CAD")  # suggested first
_SAID = {
    "JPY": ("円", "¥", "YEN"),
    "USD": ("ドル", "$", "US$"),
    "EUR": ("€",),
    "GBP": ("ポンド", "£"),
    "KRW": ("ウォン", "₩"),
    "CNY": ("元",),
}


@lru_cache
def currencies() -> Mapping[str, str]:
    """What people call each currency that is legal tender somewhere today (CLDR) → its ISO 4217 code."""
    codes = {
        code
        for eras in get_global("territory_currencies").values()
        for code, _start, end, tender in eras
        if tender and end is None
    }
    names = {_folded(get_currency_name(code, locale=locale)): code for code in sorted(codes) for locale in ("en", "ja")}
    said = {_folded(word): code for code, words in _SAID.items() for word in words}
    return {_folded(code): code for code in codes} | names | said


def find_currency(text: str) -> str:
    """The code that a code, a symbol or a name means; :class:`Refusal` when there is none."""
    code = currencies().get(_folded(text))
    if code is None:
        raise Refusal("This currency is not known. Please enter its code, for example JPY or USD.")
    return code


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
