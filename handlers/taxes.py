"""The taxes of an expense as people correct them: by rate, exempt amounts, within the prices or on top of them.

An expense keeps a list of {rate, tax, net, gross, inclusive}: ``rate`` in per cent as text (``10``, ``5.5``; ``0`` is
exempt), amounts in minor units, ``inclusive`` as :class:`ocr.reading.TaxLine` has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from handlers import money
from handlers.errors import Choices, Refusal
from handlers.texts import t

Line = dict[str, Any]

YEN_RATES = ("10", "8")  # the rates in force that a Japanese receipt names; each has a question of its own
INCLUSION = {"yes": "Included", "no": "Added on top"}


def rate_text(rate: Decimal) -> str:
    """``10`` or ``5.5``: a rate as text, since the audit chain and JSON must not meet floats."""
    return f"{rate.normalize():f}"


def own_rates(currency: str) -> tuple[str, ...]:
    """The rates that are asked for one by one; all others are asked for together."""
    return YEN_RATES if currency == "JPY" else ()


def tax_of(lines: Iterable[Mapping[str, Any]], rate: str) -> int | None:
    return next((line["tax"] for line in lines if line["rate"] == rate), None)


def others_text(lines: Iterable[Mapping[str, Any]], currency: str) -> str:
    """The rates without a question of their own, one line each: ``20% 1.86``; exempt with its amount: ``0% 500``."""
    shown = [(line["rate"], _asked_amount(line)) for line in lines if line["rate"] not in own_rates(currency)]
    return "\n".join(f"{rate}% {money.plain(amount, currency)}" for rate, amount in shown if amount is not None)


def _asked_amount(line: Mapping[str, Any]) -> int | None:
    amount: int | None = line["gross"] if line["rate"] == "0" else line["tax"]
    return amount


def inclusion(lines: Iterable[Mapping[str, Any]]) -> str:
    """``yes`` (within the prices), ``no`` (on top) or, where the rates differ or nothing is known, empty."""
    found = {line.get("inclusive") for line in lines if line["rate"] != "0"}
    return {True: "yes", False: "no", None: ""}[found.pop()] if len(found) == 1 else ""


def find_inclusion(text: str) -> bool:
    """What a code or a label means; :class:`Refusal` when it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    for code, label in INCLUSION.items():
        names = (code, label, t("ja", label))
        if plain in (unicodedata.normalize("NFKC", name).casefold() for name in names):
            return code == "yes"
    choices = Choices({"ja": t("ja", label), "en": label} for label in INCLUSION.values())
    raise Refusal("“{word}” is not known here. Possible: {choices}", word=text.strip()[:40], choices=choices)


def parse_others(text: str, asked_in: str, currency: str) -> list[Line]:
    """What :func:`others_text` wrote and a person changed. :class:`Refusal` says what is wrong with it.

    ``asked_in`` is the currency that the form was made for; the same form may change it to ``currency``.
    """
    lines: dict[str, Line] = {}
    for piece in re.split(r"[\n;、/]+", unicodedata.normalize("NFKC", text)):
        if not piece.strip():
            continue
        found = re.fullmatch(r"\s*(\d{1,3}(?:\.\d{1,3})?)\s*%\s*:?\s*(\S.*)", piece)
        if found is None or Decimal(found[1]) > 100:
            raise Refusal("Please write one rate a line with its tax, for example 20% 186.")
        rate, amount = rate_text(Decimal(found[1])), money.parse(found[2], currency)
        if rate in own_rates(asked_in):
            raise Refusal("Please enter the tax of {rate}% in its own field.", rate=rate)
        lines[rate] = _exempt(amount) if rate == "0" else _line(rate, amount)
    return _sorted(lines.values())


def _line(rate: str, tax: int | None) -> Line:
    return {"rate": rate, "tax": tax, "net": None, "gross": None, "inclusive": None}


def _exempt(amount: int) -> Line:
    return _line("0", 0) | {"net": amount, "gross": amount}


def with_tax(lines: Sequence[Line], rate: str, tax: int | None) -> list[Line]:
    """The tax of one rate changed, added, or (None) taken away; its base is reckoned anew from what was printed."""
    rest = [line for line in lines if line["rate"] != rate]
    if tax is None:
        return rest
    old = next((line for line in lines if line["rate"] == rate), _line(rate, tax))
    return _sorted([*rest, old if old["tax"] == tax else _rebased({**old, "tax": tax})])


def with_others(lines: Sequence[Line], others: Sequence[Line], currency: str) -> list[Line]:
    """All rates without a question of their own replaced; a base whose tax was not read was not asked and stays."""
    made = [line for line in lines if line["rate"] in own_rates(currency)]
    old = {line["rate"]: line for line in lines}
    for line in others:
        same = line["rate"] != "0" and line["rate"] in old
        made = [*made, *with_tax([old[line["rate"]]], line["rate"], line["tax"])] if same else [*made, line]
    known = {line["rate"] for line in made}
    return _sorted([*made, *(line for line in lines if line["rate"] not in known and _asked_amount(line) is None)])


def with_inclusion(lines: Sequence[Line], inclusive: bool) -> list[Line]:
    """The same printed amounts, read as prices with (true) or without the tax. Exempt amounts know no difference."""
    changed = []
    for line in lines:
        if line["rate"] == "0" or line.get("inclusive") == inclusive:
            changed.append(line)
            continue
        was = line.get("inclusive")
        printed = None if was is None else line["gross"] if was else line["net"]
        base = {} if printed is None else {"gross": printed, "net": printed}
        changed.append(_rebased({**line, **base, "inclusive": inclusive}) if base else {**line, "inclusive": inclusive})
    return changed


def _rebased(line: Line) -> Line:
    """Net and gross so that they differ by the tax; what the receipt printed stays."""
    printed = line["net"] if line.get("inclusive") is False else line["gross"]
    if printed is None or line["tax"] is None:
        return line
    if line.get("inclusive") is False:
        return {**line, "gross": printed + line["tax"]}
    return {**line, "net": printed - line["tax"]}


def within(amount: int, rate: str, currency: str) -> Line:
    """The tax of one rate that a total holds; part of a yen is dropped, as registers do. ``0``: all of it is exempt.

    :class:`Refusal` for another currency, whose rates these are not.
    """
    if rate == "0":
        return _exempt(amount)
    if rate not in own_rates(currency):
        raise Refusal("For another currency, please leave the rate out and add the tax with “Edit”.")
    tax = amount * int(rate) // (100 + int(rate))
    return {"rate": rate, "tax": tax, "net": amount - tax, "gross": amount, "inclusive": True}


def rescaled(lines: Sequence[Line], before: str, after: str) -> list[Line]:
    """The same figures in another currency. :class:`Refusal` when that has fewer decimals than they need."""
    return [
        {**line, **{name: money.rescaled(line[name], before, after) for name in ("tax", "net", "gross")}}
        for line in lines
    ]


def taken_from_total(lines: Iterable[Mapping[str, Any]]) -> int:
    """Taxes and exempt amounts: together they cannot be more than the total."""
    return sum(_asked_amount(line) or 0 for line in lines)


def shown(locale: str, lines: Iterable[Mapping[str, Any]], currency: str) -> str:
    """``10% ¥116（内税） / 非課税 ¥500``; nothing → ``—``."""
    parts = []
    for line in lines:
        amount = _asked_amount(line)
        if amount is None:
            continue
        if line["rate"] == "0":
            parts.append(t(locale, "Exempt {amount}", amount=money.show(amount, currency)))
            continue
        kind = line.get("inclusive")
        mark = "" if kind is None else t(locale, " (included)") if kind else t(locale, " (added)")
        parts.append(f"{line['rate']}% {money.show(amount, currency)}{mark}")
    return " / ".join(parts) or "—"


def _sorted(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: Decimal(line["rate"]), reverse=True)
