"""Words on a receipt: which of its goods, or which text of it, speak of something.

Tills print one name in many ways (ｽ-ﾊﾟ-ﾄﾞﾗｲ, スーパー ドライ, GIFTCARD), so width, small kana, dashes for ー and spaces
do not count. Japanese words are looked for anywhere in a name, Latin ones as whole words (GIN is not in GINGER). A name
that holds one of the ``unless`` words is left alone. A word that is something else by itself says what makes it meant:

- ``A|B+C|D``: one of each group stands somewhere in the name (``ハイライト|ピース+20本|BOX``);
- ``=A``: nothing else stands there but figures and units.

The words of a rule about goods lie beside it in a ``.toml``: ``words``, ``unless``, tables ``together`` (``words``,
``with``) and ``alone`` (``words``).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from handlers.policies.base import Case, Line, Parameter, Parameters, Value, money

# Old tills have no small kana: ﾁﾔ-ｼﾞ is チャージ.
_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_LONG = re.compile(r"(?<=[ァ-ヶー])[-‐‑–—―−]|(?<=[ァ-ヶ])一(?=[ァ-ヶ])")
_GAP = r"[\s・]*"
_FIGURES = r"(?:[\W\d_]|年|合|杯|本|点|個|つ|円|税込|ml|x)*"


def table(name: str) -> tuple[list[str], list[str]]:
    """The words and the unless words of ``name``.toml, written as a rule's parameters hold them."""
    found = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
    together = ["|".join(pair["words"]) + "+" + "|".join(pair["with"]) for pair in found.get("together", ())]
    alone = [f"={word}" for word in found.get("alone", {}).get("words", ())]
    return [*found["words"], *alone, *together], list(found["unless"])


def folded(text: str) -> str:
    """The form in which words are compared: one width, small letters, large katakana, ー for what stands for it."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LARGE)
    return _LONG.sub("ー", plain)


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
    return re.compile("|".join(map(_written, words)) if words else r"(?!)", re.DOTALL)


def _written(word: str) -> str:
    """A word, or words together, as an expression; a mark without a word finds nothing."""
    groups = [[_one(one) for one in group.split("|") if _one(one)] for group in word.lstrip("=").split("+")]
    groups = [group for group in groups if group]
    if not groups:
        return r"(?!)"
    if word.startswith("="):
        return rf"\A{_FIGURES}(?:{'|'.join(groups[0])}){_FIGURES}\Z"
    if len(groups) == 1:
        return "|".join(groups[0])
    return r"\A" + "".join(f"(?=.*(?:{'|'.join(group)}))" for group in groups)


def _one(word: str) -> str:
    """One word. Latin ones may be printed without their spaces, and then run into the one before: APPLEGIFTCARD."""
    plain = folded(word)
    if re.fullmatch(r"[a-z .\-]+", plain):
        parts = [re.escape(part) for part in re.split(r"[ \-]+", plain) if part]
        return ("" if len(parts) > 1 else "(?<![a-z])") + r"[\s\-]*".join(parts) + "(?![a-z])"
    return _GAP.join(re.escape(char) for char in plain if char not in " ・")
