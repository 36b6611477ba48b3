"""Whether two sets of facts tell of one purchase, when a reader or a hand may have got one of them wrong.

Same issuer, day and amount is not enough: two colleagues buy the same ticket, one person drinks the same coffee twice.
What tells these apart is the time and the other numbers on the paper (of the slip, the till, the seat), and these are
also what makes a pair certain in which one figure was misread.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from stdnum.jp import cn

LIKE = 78  # of 100: two names of one issuer
LONG = 5  # digits of a serial number that stands on one paper alone; shorter ones tell papers apart at most

# Digits that readers take for one another, by their strokes.
LOOK_ALIKE = frozenset(
    frozenset(pair)
    for pair in ("08", "06", "09", "14", "17", "27", "35", "38", "39", "49", "56", "58", "68", "79", "89")
)
QUEUE = 10  # slips that a till may print between two people who came together

How = Literal["same", "slip", "unknown", "other"]

_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|一般社団法人|[(（][株有][)）]|㈱|㈲|co\.?,?\s*ltd\.?|inc\.?$|llc"
)
# What a shop prints on every paper, and what is compared by itself: postcode, telephone, registration number, money,
# date, time. The groups of digits that are left count the papers: of the slip, the till's roll, the seat.
_ON_EVERY_PAPER = re.compile(
    r"\d{3}-\d{4}(?!\d|-)|0\d{1,4}[-()]\d{1,4}[-()]\d{3,4}|T?\d{12,}|[¥$€£]\s?-?[\d,.]+|[\d,]+\s?円|\d{1,3}(?:,\d{3})+"
    r"|20\d\d\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}|\d{1,2}:\d{2}"
)
_NUMBER = re.compile(r"\d{4,11}")
_TELLS_NOTHING = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Facts:
    """What is known of one purchase. ``serials``: its paper's own numbers; ``ticket``: a fare, as many buy at once."""

    payee: str = ""
    registration_number: str = ""
    date: dt.date | None = None
    time: dt.time | None = None
    amount: int | None = None
    serials: frozenset[str] = frozenset()
    ticket: bool = False


def same(one: Facts, other: Facts) -> bool:
    """Whether both are the same purchase: everything agrees, or one figure is misread and the rest is certain."""
    issuer, amount = _issuer(one, other), _amount(one.amount, other.amount)
    date, time = _date(one.date, other.date), _time(one.time, other.time)
    paper = _paper(one.serials, other.serials)
    if "other" in (issuer, amount, time, paper) or "unknown" in (amount, date):
        return False
    sure = paper == "same"
    slips = [issuer, amount, date].count("slip")
    if date != "same":  # a rent is paid on the same day of every month, a coffee drunk every morning
        certain = time == amount == issuer == "same"
        return certain and (sure or (date == "slip" and (paper == "slip" or not one.serials)))
    if amount == "slip":
        return issuer == "same" and (time == "same" or sure or _misread(one, other))
    if time == "same" or sure:
        return slips <= 1
    if time == "slip":
        return slips == 0 and issuer == "same"
    if _misread(one, other):
        return slips <= 1
    return issuer == "same" and not one.ticket and not other.ticket


def speaks_against(one: Facts, other: Facts) -> bool:
    """Whether a figure of the one is surely not that of the other, however alike they look."""
    if any(a is not None and b is not None and a != b for a, b in ((one.date, other.date), (one.amount, other.amount))):
        return True
    return _time(one.time, other.time) == "other" or _paper(one.serials, other.serials) == "other"


def may_be(one: Facts, other: Facts) -> bool:
    """What issuer, date and amount alone allow: at most one of date and amount is misread."""
    amount, date = _amount(one.amount, other.amount), _date(one.date, other.date)
    if "unknown" in (amount, date) or "same" not in (amount, date) or amount == "other":
        return False
    issuer = _issuer(one, other)
    return issuer == "same" if date == "other" else issuer != "other"


def _paper(one: frozenset[str], other: frozenset[str]) -> How:
    """Whether the numbers are those of one paper. A photo may cut some off, so that the fewer must be among the more.

    A slip is a long number that was misread, by one digit or two; it may also be the next customer's.
    """
    missing = [{n for n in a if not any(n == m or _nearly(n, m) for m in b)} for a, b in ((one, other), (other, one))]
    if all(missing):
        return "other"
    if any(len(number) >= LONG for number in one & other) and min(len(one - other), len(other - one)) == 0:
        return "same"
    return "slip" if any(len(n) >= LONG and _alike(n, m) for n in one for m in other) else "unknown"


def _misread(one: Facts, other: Facts) -> bool:
    """Whether a long number differs by one digit, and not as much as between one customer and the next."""
    return any(
        len(n) >= LONG and _alike(n, m) and _one_digit(n, m) and abs(int(n) - int(m)) >= QUEUE
        for n in one.serials
        for m in other.serials
    )


def _nearly(one: str, other: str) -> bool:
    return _one_digit(one, other) or (len(one) >= LONG and _alike(one, other))


def _alike(one: str, other: str) -> bool:
    """Whether one was read as the other: one digit or two taken for others of their shape."""
    pairs = [frozenset((x, y)) for x, y in zip(one, other, strict=False) if x != y]
    return len(one) == len(other) and 0 < len(pairs) <= 2 and LOOK_ALIKE.issuperset(pairs)


def serials(text: str) -> frozenset[str]:
    """The numbers of a paper's text that another paper of the same shop would not have."""
    plain = _ON_EVERY_PAPER.sub(" ", unicodedata.normalize("NFKC", text))
    return frozenset(_NUMBER.findall(plain))


@lru_cache(4096)
def folded(name: str) -> str:
    """A name as it is compared: width, case, legal form and punctuation aside."""
    plain = _LEGAL.sub("", unicodedata.normalize("NFKC", name).lower())
    return _TELLS_NOTHING.sub("", plain)


def _issuer(one: Facts, other: Facts) -> How:
    a, b = one.registration_number, other.registration_number
    if a and b:
        if a == b:
            return "same"
        if cn.is_valid(a[1:]) and cn.is_valid(b[1:]):
            return "other"
    return named(one.payee, other.payee)


def named(one: str, other: str) -> How:
    """How two names of an issuer agree."""
    a, b = folded(one), folded(other)
    if not a or not b:
        return "unknown"
    if a == b:
        return "same"
    if min(len(a), len(b)) >= 3 and (a in b or b in a):
        return "same"  # the shop, and the shop with its branch
    return "slip" if max(fuzz.ratio(a, b), fuzz.partial_ratio(a, b) - 8) >= LIKE else "other"


def _amount(one: int | None, other: int | None) -> How:
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "same"
    return "slip" if _one_digit(str(one), str(other)) else "other"


def _date(one: dt.date | None, other: dt.date | None) -> How:
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "same"
    return "slip" if abs((one - other).days) == 1 or _one_digit(f"{one:%Y%m%d}", f"{other:%Y%m%d}") else "other"


def _time(one: dt.time | None, other: dt.time | None) -> How:
    if one is None or other is None:
        return "unknown"
    a, b = f"{one:%H%M}", f"{other:%H%M}"
    if a == b:
        return "same"
    # one misread digit changes the hour as easily as the minute; the last minutes are also just the next customer
    return "slip" if _one_digit(a, b) and abs(int(a) - int(b)) >= 10 else "other"


def _one_digit(one: str, other: str) -> bool:
    """Whether one digit was misread: the same length, one place differs."""
    return len(one) == len(other) and sum(x != y for x, y in zip(one, other, strict=True)) == 1
