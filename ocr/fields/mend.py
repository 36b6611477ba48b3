"""A misread digit in a tax line put right by what the rest of the receipt proves.

When the total stands on witnesses of its own and all rates but one are solved, what is left of the total belongs to
that rate. A base or a tax is replaced only when the other one was read, the rate ties both to the rest within the
rounding rule, the new figure differs from the read one in a single digit, and there is no second way to do it. Small
amounts fit a rate by chance, so rates that are solved but do not add up to the total are tried too, one at a time.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ocr.fields.amounts import Amount
from ocr.fields.taxes import RateTax, exclusive, inclusive
from ocr.reading import TaxLine


def mend(solved: list[RateTax], amounts: list[Amount], total: int) -> list[RateTax]:
    """``solved`` with the one entry that does not fit ``total`` made to fit it, or as it was."""
    suspects = [entry for entry in solved if not entry.proved]
    if not suspects and sum(entry.line.gross or 0 for entry in solved) != total:
        suspects = solved
    if not suspects or (len(suspects) > 1 and suspects is not solved):
        return solved
    found: list[tuple[RateTax, RateTax]] = []
    for entry in suspects:
        others = [other for other in solved if other is not entry]
        rest = total - sum(other.line.gross or 0 for other in others)
        customs = {other.line.inclusive for other in others if other.line.inclusive is not None}
        for line, note, source in _ways(entry, amounts, rest).values():
            if not customs or customs == {line.inclusive}:  # a till prints all its rates the same way
                found.append((entry, RateTax(line, True, note, source)))
    if len(found) != 1:
        return solved
    wrong, right = found[0]
    return [right if entry is wrong else entry for entry in solved]


def exempt(solved: list[RateTax], amounts: list[Amount], total: int) -> list[RateTax]:
    """``solved`` and what carries no consumption tax (非課税, 対象外, 入湯税), where it completes the total."""
    rest = total - sum(entry.line.gross or 0 for entry in solved)
    for amount in amounts:
        if amount.value == rest and untaxed(amount):
            line = TaxLine(Decimal(0), 0, rest, rest, None)
            return [*solved, RateTax(line, True, amount.text, amount)]
    return solved


def untaxed(amount: Amount) -> bool:
    """Whether the words say that no consumption tax is on ``amount``."""
    if amount.value <= 0 or amount.rate not in (None, "0"):
        return False
    return _UNTAXED.search("".join(amount.words.split())) is not None


_UNTAXED = re.compile(r"非課税|不課税|免税|対象外|税対象外|宿泊税|入湯税|印紙")


def _ways(entry: RateTax, amounts: list[Amount], rest: int) -> dict[tuple[int, int], tuple[TaxLine, str, Amount]]:
    """(base, tax) → how they come about. ``rest`` is the gross amount that this rate must have."""
    rate = entry.line.rate
    of_rate = [a for a in amounts if a.rate is not None and Decimal(a.rate) == rate and a.value > 0]
    bases = [a for a in of_rate if a.label.role == "base"]
    taxes = [a for a in of_rate if a.label.role == "tax"]
    ways: dict[tuple[int, int], tuple[TaxLine, str, Amount]] = {}
    if rest <= 0:
        return ways
    for base in bases:
        for tax in taxes:
            for new_base, new_tax, inside in _fitting(base.value, tax.value, rest, rate):
                net, gross = (new_base - new_tax, new_base) if inside else (new_base, new_base + new_tax)
                read = tax.value if new_tax != tax.value else base.value
                put = new_tax if new_tax != tax.value else new_base
                note = f"{new_base} {'⊃' if inside else '+'} {new_tax} = {rate}%; {read} → {put}"
                ways[new_base, new_tax] = (TaxLine(rate, new_tax, net, gross, inside), note, tax)
    return ways


def _fitting(base: int, tax: int, rest: int, rate: Decimal) -> list[tuple[int, int, bool]]:
    found: list[tuple[int, int, bool]] = []
    if base == rest:  # the tax in it was misread: any rounding may have been meant, one digit decides
        whole = int(Decimal(base) * rate / (100 + rate))
        found += [(base, t, True) for t in (whole, whole + 1) if inclusive(base, t, rate) and alike(t, tax)]
    if exclusive(base, rest - base, rate) and alike(rest - base, tax):
        found.append((base, rest - base, False))
    if inclusive(rest, tax, rate) and alike(rest, base):
        found.append((rest, tax, True))
    if exclusive(rest - tax, tax, rate) and alike(rest - tax, base):
        found.append((rest - tax, tax, False))
    return found


def alike(one: int, other: int) -> bool:
    """Whether two figures have the same length and differ in one digit."""
    a, b = str(one), str(other)
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
