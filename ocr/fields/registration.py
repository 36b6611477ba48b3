"""The invoice registration number: T and 13 digits with a check digit.

Check digit: 9 − (Σ P·Q mod 9) over the twelve digits of the body counted from the right, Q = 1 on odd and 2 on even
places (国税庁, 法人番号の指定に関する省令). It also holds for the numbers of sole traders, so a number that fails was
misread: it is then repaired from the engine's own alternatives, or given as doubted, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, product

from ocr.layout import Row, Sheet, Token

_LABEL = re.compile(
    r"登[録禄緑].{0,2}番号|[録禄]番号|事業者.{0,3}番号|適格請求書|インボイス|登録[Nn][Oo]|registration", re.I
)
_LIKE_DIGITS = {
    "O": "0",
    "o": "0",
    "D": "0",
    "Q": "0",
    "I": "1",
    "l": "1",
    "|": "1",
    "i": "1",
    "Z": "2",
    "z": "2",
    "S": "5",
    "s": "5",
    "B": "8",
    "G": "6",
    "b": "6",
    "q": "9",
    "g": "9",
}
_SOME = re.compile(
    r"(?P<t>[TｔtＴ7丁Г]?)[\s:.\-]?(?P<n>[0-9OoDQIl|iZzSsBGbqg][0-9OoDQIl|iZzSsBGbqg \-]{10,18}[0-9OoDQIl|iZzSsBGbqg])"
)


_DIGITS = re.compile(r"\d+")
_BEGUN = re.compile(r"[TＴ]\s?(?P<n>\d[\d -]{3,13})$")


@dataclass(frozen=True)
class Found:
    value: str
    valid: bool
    score: float
    token: Token
    how: str


def valid(number: str) -> bool:
    """Whether ``number`` is T and 13 digits with the right check digit."""
    if not re.fullmatch(r"T\d{13}", number):
        return False
    body = [int(c) for c in number[2:]]
    total = sum(digit * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(body)))
    return int(number[1]) == 9 - total % 9


def read(page: Sheet) -> list[Found]:
    """Numbers on the sheet, best first. At most one guess is kept for each place."""
    found = []
    for row in page.rows:
        labelled = bool(_LABEL.search(row.flat)) or (
            row.index > 0 and bool(_LABEL.search(page.rows[row.index - 1].flat))
        )
        for token in row.tokens:
            if (candidate := _of_token(token, labelled)) is not None:
                found.append(candidate)
        if not found and (cut := _cut(row, page, labelled)) is not None:
            found.append(cut)
    return sorted(found, key=lambda f: -f.score)


def _cut(row: Row, page: Sheet, labelled: bool) -> Found | None:
    """A number that goes on in the next row or piece of text: T80217 / 77777922; doubted where they do not fit."""
    match = _BEGUN.search(row.text)
    if match is None or row.index + 1 >= len(page.rows):
        return None
    begun = re.sub(r"\D", "", match["n"])
    goes_on = _DIGITS.match(page.rows[row.index + 1].flat.lstrip("-"))
    rest = goes_on[0] if goes_on is not None and len(begun) < 13 else ""
    number = f"T{begun}{rest}"
    if valid(number):
        return Found(number, True, 0.85, row.tokens[-1], "check digit holds over two rows")
    return Found(f"T{begun}", False, 0.1, row.tokens[-1], "cut off") if labelled and len(begun) > 3 else None


def _of_token(token: Token, labelled: bool) -> Found | None:
    """The best number in one piece of text: a valid one first, then a repaired one, then what was at least labelled."""
    found = []
    for match in _SOME.finditer(token.text):
        digits = "".join(_LIKE_DIGITS.get(c, c) for c in re.sub(r"[ \-]", "", match["n"]))
        marked = match["t"] not in ("", "7")
        if "-" in match["n"] and len(digits) > 13 and valid("T" + digits[:13]):
            digits = digits[:13]  # a shop's own number behind that of its company
        if digits.isdigit() and (labelled or (marked and len(digits) == 13)):
            found.append(_judge(match, digits, marked, token))
    return max(found, key=lambda candidate: candidate.score, default=None)


def _judge(match: re.Match[str], digits: str, marked: bool, token: Token) -> Found:
    options = [digits]
    if len(digits) == 14 and digits[0] in "71" and not marked:
        options.append(digits[1:])  # the T itself was read as a digit
    if len(digits) == 12 and match["t"] == "7":
        options.append("7" + digits)
    whole = [option for option in options if len(option) == 13]
    for option in whole:
        if valid("T" + option):
            clean = option == re.sub(r"[ \-]", "", match["n"])[: len(option)]
            return Found("T" + option, True, 1.0 if clean else 0.9, token, "check digit holds")
    for option in whole:
        if (repaired := _repair(option, token)) is not None:
            return Found("T" + repaired, True, 0.8, token, "misread digit replaced by the engine's own alternative")
    score = (0.2 if len(digits) == 13 else 0.1) + (0.05 if marked else 0.0) - (0.08 if "-" in match["n"] else 0.0)
    return Found("T" + digits, False, score, token, "check digit fails")


def _repair(digits: str, token: Token) -> str | None:
    """The one valid number reachable by the engine's alternatives for one or two digits, or None when not unique."""
    options = _alternatives(digits, token)
    unsure = [i for i, choices in enumerate(options) if choices]
    for count in (1, 2):
        hits: dict[str, float] = {}
        for places in combinations(unsure, count):
            for choice in product(*(options[i] for i in places)):
                changed = list(digits)
                weight = 1.0
                for place, (digit, probability) in zip(places, choice, strict=True):
                    changed[place] = digit
                    weight *= probability
                text = "".join(changed)
                if valid("T" + text):
                    hits[text] = max(weight, hits.get(text, 0.0))
        ranked = sorted(hits.items(), key=lambda hit: -hit[1])
        if ranked and (len(ranked) == 1 or ranked[0][1] > 4 * ranked[1][1]):
            return ranked[0][0]
    return None


def _alternatives(digits: str, token: Token) -> list[list[tuple[str, float]]]:
    """For each digit the other digits that the engine saw there with probability."""
    if len(token.alternatives) != len(token.raw):
        return [[] for _ in digits]
    places = [i for i, c in enumerate(token.raw) if _LIKE_DIGITS.get(c, c).isdigit() and len(c) == 1]
    text = "".join(_digit(token.raw[i]) for i in places)
    start = text.rfind(digits)
    if start < 0:
        return [[] for _ in digits]
    out = []
    for n, digit in enumerate(digits):
        seen = token.alternatives[places[start + n]]
        out.append([(_digit(c), p) for c, p in seen if _digit(c).isdigit() and _digit(c) != digit])
    return out


def _digit(character: str) -> str:
    if "０" <= character <= "９":
        return chr(ord(character) - 0xFEE0)
    return _LIKE_DIGITS.get(character, character)
