"""Words on a receipt: which of its goods, or which text of it, speak of something.

Japanese words are looked for anywhere in a name, Latin ones as whole words (GIN is not in GINGER). A name that holds
one of the ``unless`` words is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from handlers.policies.base import Case, Line, Parameter, Parameters, Value, money


def folded(text: str) -> str:
    """The form in which words are compared: one width, small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def speaks_of(text: str, words: Iterable[str], unless: Iterable[str] = ()) -> bool:
    """Whether ``text`` holds one of ``words`` and none of ``unless``."""
    plain = folded(text)
    return bool(_any(tuple(words)).search(plain)) and not _any(tuple(unless)).search(plain)


def goods(line: Line, words: Iterable[str], unless: Iterable[str] = ()) -> list[tuple[str, int]]:
    """The goods of the receipt that speak of it; of a typed expense what was bought, with its whole amount."""
    words, unless = tuple(words), tuple(unless)
    found = [(name, amount) for name, amount in line.seen.items if speaks_of(name, words, unless)]
    if not found and not line.receipt_id and speaks_of(line.description, words, unless):
        found = [(line.description, line.amount or 0)]
    return found


def named(found: Iterable[tuple[str, int]]) -> str:
    """The first names, for a sentence."""
    names = list(dict.fromkeys(name.strip()[:30] for name, _ in found))
    return "・".join(names[:3]) + (" …" if len(names) > 3 else "")


def goods_parameters(words: list[str], unless: list[str], *, allowed: list[str]) -> tuple[Parameter, ...]:
    """What an administrator may set of a rule about goods that only some categories may hold."""
    return (
        Parameter("words", "words", words, "Words that are looked for, by comma.", ("言葉",)),
        Parameter("unless", "words", unless, "Words that make an item harmless, by comma.", ("除く",)),
        Parameter("allowed", "categories", allowed, "Categories in which it is allowed, by comma.", ("許可",)),
    )


def bought(case: Case, parameters: Parameters) -> Iterator[tuple[Line, dict[str, Value]]]:
    """The expenses with such goods outside the allowed categories; ``items`` and ``amount`` for a sentence."""
    for line in case.lines:
        if line.category in parameters.words("allowed"):
            continue
        found = goods(line, parameters.words("words"), parameters.words("unless"))
        if found:
            yield line, {"items": named(found), "amount": money(sum(amount for _, amount in found), line.currency)}


@lru_cache(256)
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = []
    for word in map(folded, words):
        plain = re.escape(word)
        parts.append(rf"(?<![a-z]){plain}(?![a-z])" if re.fullmatch(r"[a-z .\-]+", word) else plain)
    return re.compile("|".join(parts) if parts else r"(?!)")
