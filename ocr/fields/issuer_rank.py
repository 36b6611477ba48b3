"""Names that could be the issuer's, compared: which of them says only where the shop is, and how sure the best is.

A candidate is scored by itself in ``issuer``; here it is seen beside the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr import brands
from ocr.fields import issuer_words as words
from ocr.layout import Row, Token
from ocr.text import JAPANESE, skeleton

HEAD = 12  # rows from the top that may name the issuer without saying so
NEAR = 3  # rows above a number or address within which the name belonging to it stands
SEAL = 4  # letters of a name that a seal may show alone
BESIDE = 2  # rows between a name and the line that says where it is, at most
DOUBT = 0.6  # below every limit of doubt


@dataclass(frozen=True)
class Found:
    """``score`` orders candidates; ``sure`` 0..1 is how far the name can be trusted unseen.

    ``place`` is set when it may say where and not who: "branch" (〇〇店), "bare" (〇〇店 and nothing else), "line" (a
    floor, a street of shops), "whole" and "part" (a mall, a large shop). ``size`` is in usual letters; ``plain`` means
    that nothing speaks against its being a name; ``priced``, that a price follows as it does an article.
    """

    name: str
    score: float
    sure: float
    token: Token
    row: Row
    why: tuple[str, ...]
    brand: brands.Brand | None = None
    place: str = ""
    size: float = 1.0
    plain: bool = True
    priced: bool = False


def unfit(text: str, row: str) -> float:
    """How far ``text`` is a label or a sentence and no name, 0..1; ``row`` is all that stands beside it."""
    if words.PHRASE.search(text) or words.AGENT.match(text):
        return 1.0
    letters = len(re.sub(r"[\W_]", "", text))
    labels = sum(len(re.sub(r"[\W_]", "", match.group())) for match in words.LABEL.finditer(text))
    if not labels:
        return 0.0
    share = labels / max(letters, 1)
    return 1.0 if share >= 0.5 or re.search(r"\d|:", row) else share


def where(text: str, brand: brands.Brand | None) -> str:
    """What kind of place ``text`` names, as ``Found.place`` has it, or ""."""
    if words.FORM.search(text):
        return ""
    if brand is not None and brand.place:
        return brand.place
    if brand is None and words.STORES.search(text) and not words.FLOOR.search(text):
        return "whole"
    if brand is None and (words.FLOOR.search(text) or words.BUILDING.search(text)):
        return "line"
    if brand is None and is_branch(text):
        return "bare" if words.BARE.fullmatch(text) and not words.TRADE.search(text) else "branch"
    return ""


def inside(text: str) -> bool:
    """Whether ``text`` only says in which building: (〇〇川口内)."""
    return words.INSIDE.search(text) is not None and not words.FORM.search(text)


def is_branch(text: str) -> bool:
    return words.BRANCH.search(text + " ") is not None and not words.DEALER.search(text)


def give_way(found: list[Found]) -> list[Found]:
    """``found`` in its order, with what says where ranked below the name that it stands beside."""
    out = list(found)
    for n, c in enumerate(found):
        if not c.place:
            continue
        if c.place == "branch":
            if any(b.score > 1.0 and b.row is not c.row for b in found[max(0, n - 3) : n]):
                out[n] = replace(c, score=c.score - 1.6)
            continue
        if _signs(c, found):
            continue
        names = [b for b in found if _names(b, c)]
        if c.place == "part":  # the large shop itself, unless the other is more of a name
            names = [b for b in names if _substantial(b) or b.size > 1.15 * c.size or b.row.index < c.row.index]
        if names:
            best = max(b.score for b in names)
            out[n] = replace(c, score=min(c.score - 1.6, best - 0.5))
        elif c.place == "bare" and any(b.score > 0.0 and 0 < c.row.index - b.row.index <= BESIDE for b in found):
            out[n] = replace(c, score=c.score - 2.4)  # even a name with something against it is more of a name
    return out


def _signs(place: Found, found: list[Found]) -> bool:
    """Whether the company of a mall or large shop is named too: then it is the issuer, and not only the building."""
    return place.brand is not None and any("company form" in c.why and c.brand is place.brand for c in found)


def _names(b: Found, place: Found) -> bool:
    """Whether ``b`` is a plausible name beside ``place``."""
    if not b.plain or b.place or b.priced or b.row is place.row or "company form" in b.why or b.score <= 0.5:
        return False
    return abs(b.row.index - place.row.index) <= BESIDE and not _same(b, place) and not words.GENERIC.fullmatch(b.name)


def _same(a: Found, b: Found) -> bool:
    """Whether both name the same: one within the other, or two spellings of a brand."""
    if a.brand is not None and a.brand is b.brand:
        return True
    one, other = sorted((skeleton(a.name), skeleton(b.name)), key=len)
    return one in other


def chosen(found: list[Found], japanese: bool, headed: float) -> Found:
    """The first of ``found``, which are sorted, as sure as it is beside the others."""
    best, others = found[0], found[1:]
    following = next((c for c in others if best.place or c.place in ("", "branch")), None)  # a place is no rival
    sure = _sure(best, best.score - following.score if following else 0.0) + headed
    if (_disputed(best, others) if japanese else _contested(best, others)) or doubtful(best):
        sure = min(sure, DOUBT)
    return replace(best, sure=round(min(sure, 0.99), 2))


def doubtful(best: Found) -> bool:
    """Whether no place on the sheet makes ``best`` a name to be taken unseen."""
    return best.place in ("bare", "line") or best.priced or words.GENERIC.fullmatch(best.name) is not None


def _disputed(best: Found, others: list[Found]) -> bool:
    """Whether another line of the head, about as large, may as well be the name and ``best`` a mall or slogan."""
    if best.place in ("whole", "part"):
        if _signs(best, others):
            return False
        companies = [c for c in others if "company form" in c.why and not _same(c, best) and c.sure > 0.8]
        return bool(companies and best.place == "whole") or any(_names(c, best) for c in others)
    if best.brand is not None or {"named as issuer", "company form", "named again"} & set(best.why):
        return False
    rivals = [c for c in others if _names(c, best) and c.sure > 0.8 and c.row.index < HEAD]
    if "trade" in best.why:
        return any(c.size > (0.85 if "trade" in c.why else 1.15) * best.size for c in rivals)
    return any(c.size > (0.6 if "trade" in c.why else 0.85) * best.size for c in rivals)


def is_seal(candidate: Found, found: list[Found]) -> bool:
    """A seal beside the printed name has its letters in columns: they come back in another order, or only some."""
    key = skeleton(candidate.name)
    if len(key) > SEAL and " " not in candidate.name:
        return False
    letters = Counter(key)
    for c in found:
        name = skeleton(c.name)
        if c is candidate or name == key:
            continue
        if " " in candidate.name and letters == Counter(name):
            return True
        if " " in candidate.name and " " not in c.name and _nearly(letters, Counter(name)):
            return True
        beside = abs(c.row.index - candidate.row.index) <= 2 and candidate.token.left > c.token.x
        if beside and len(key) <= SEAL and len(name) >= len(key) + 2 and letters <= Counter(name):
            return True
    return False


def _nearly(seal: Counter[str], name: Counter[str]) -> bool:
    """Whether all letters but one are the same: a seal is read worse than print (ヶ → 夕)."""
    return seal.total() == name.total() > SEAL and (seal - name).total() == 1 and bool(JAPANESE.search("".join(name)))


def _sure(best: Found, lead: float) -> float:
    """From the score, the lead over the next name and the reasons; the weights are set on labelled receipts."""
    sure = 0.45 + 0.05 * max(min(best.score, 6.0), 0.0) + 0.05 * max(min(lead, 3.0), 0.0)
    sure += 0.06 * sum(reason in ("company form", "named again", "named as issuer", "trade") for reason in best.why)
    sure += 0.03 * sum(reason in ("large type", "beside its number", "branch") for reason in best.why)
    sure += 0.1 * any(reason.startswith("brand") for reason in best.why)
    if jumbled(best.name):
        sure *= 0.75
    if words.GENERIC.fullmatch(best.name):
        sure = min(sure, 0.5)  # SUPER MARKET under a logo that could not be read
    return round(min(sure, 0.98) * (0.6 + 0.4 * best.sure), 2)


def company_of(logo: Found, others: list[Found]) -> Found | None:
    """Abroad the company named under a bare logo issues the receipt; the logo may be a brand, a mall or a stain."""
    if _substantial(logo):
        return None
    below = (c for c in others if 0 < c.row.index - logo.row.index <= NEAR and c.sure >= 0.8)
    company = next((c for c in below if logo.score - c.score < 2.0 and {"company form", "trade"} & set(c.why)), None)
    return None if company is None else replace(company, sure=min(_sure(company, 0.0), DOUBT))


def _contested(best: Found, others: list[Found]) -> bool:
    """Whether another name has as good a claim: a company's under a bare logo, a logo's over a trade name."""
    if "company form" in best.why:
        return False
    if not _substantial(best) and any("company form" in c.why and c.row.index < HEAD for c in others):
        return True
    near = (c for c in others if 0 < best.row.index - c.row.index <= NEAR and best.score - c.score < 1.0)
    return any({"large type", "named again"} <= set(c.why) for c in near)


def _substantial(found: Found) -> bool:
    return any(reason in ("company form", "trade") or reason.startswith("brand") for reason in found.why)


def jumbled(name: str) -> bool:
    """Latin letters strewn among kana are a logo read badly: KガまCん, ガまCた."""
    kinds = [unicodedata.name(c, "?").split()[0] for c in name if c.isalpha()]
    changes = sum(a != b and "LATIN" in (a, b) for a, b in pairwise(kinds))
    return changes >= 3 or re.search(r"[\u3041-\u30fa][A-Za-z][\u3041-\u30fa]", name) is not None
