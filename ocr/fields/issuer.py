"""Who issued the receipt, and which branch.

Every piece of text near the head competes, and so do pieces beside a registration number, a telephone number or an
address further down (領収証 and tickets name the issuer at the foot), and whatever names a company. What speaks for a
piece: its place, large type, a company form, a known brand, being repeated elsewhere. What speaks against it: being the
addressee, an address, a slogan, a greeting, a heading, a figure. The word lists are in ``issuer_words``; what becomes
of a candidate beside the others is in ``issuer_rank``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr import brands
from ocr.fields import issuer_words as words
from ocr.fields.issuer_rank import (
    HEAD,
    NEAR,
    Found,
    chosen,
    company_of,
    give_way,
    inside,
    is_branch,
    is_seal,
    jumbled,
    unfit,
    where,
)
from ocr.layout import Row, Sheet, Token
from ocr.text import JAPANESE, repair_kana, skeleton

BRANCH_HEAD = 4  # rows that name the shop when the company stands at the foot
LARGE = 1.3  # usual letters from which type is large


@dataclass(frozen=True)
class _Setting:
    """What a piece is judged against: the whole sheet, and where its landmarks are (row numbers)."""

    page: Sheet
    skeleton: str
    contacts: tuple[int, ...]
    heading: int
    japanese: bool
    brands: dict[str, str]


def read(page: Sheet) -> list[Found]:
    """Names that could be the issuer's, best first."""
    setting = _setting(page)
    found: list[Found] = []
    for row in page.rows:
        if row.index and _continues(row, page.rows[row.index - 1]):
            continue
        if words.PURPOSE.search(row.flat):
            continue
        below = page.rows[row.index + 1].flat if row.index + 1 < len(page.rows) else ""
        if words.ADDRESSED.fullmatch(below):
            continue
        for piece in _pieces(row):
            if (candidate := _candidate(piece, row, setting)) is not None:
                found.append(candidate)
    found = give_way(found) if setting.japanese else found
    found = [c for c in found if not is_seal(c, found)]
    found.sort(key=lambda c: -c.score)
    if found:
        company = None if setting.japanese else company_of(found[0], found[1:])
        if company is not None:
            found = [company, *(c for c in found if c.row is not company.row or c.token is not company.token)]
        else:
            found[0] = chosen(found, setting.japanese, _headed(found[0], setting))
    return found


def _setting(page: Sheet) -> _Setting:
    contacts = tuple(row.index for row in page.rows if words.CONTACT.search(row.text))
    japanese = len(JAPANESE.findall(page.text)) >= 8
    heading = next((r.index for r in page.rows[2:] if words.HEADING.search(r.text)), len(page.rows))
    text = skeleton(page.text)
    return _Setting(page, text, contacts, heading, japanese, brands.within(text))


def _pieces(row: Row) -> list[tuple[Token, ...]]:
    """Tokens that stand close together are one name; a wide gap starts another."""
    pieces: list[list[Token]] = []
    for token in row.tokens:
        before = pieces[-1][-1] if pieces else None
        if before is not None and token.left - before.right < 1.6 * max(token.height, before.height):
            pieces[-1].append(token)
        else:
            pieces.append([token])
    kept = []
    for n, piece in enumerate(pieces):
        following = pieces[n + 1][0].text if n + 1 < len(pieces) else ""
        if not words.ADDRESSED.match(following) and not words.ADDRESSEE.search(" ".join(t.text for t in piece)):
            kept.append(tuple(piece))
    return kept


def _candidate(piece: tuple[Token, ...], row: Row, at: _Setting) -> Found | None:
    text = _clean(" ".join(token.text for token in piece))
    said = words.SAYS.match(text)
    text = said["name"].strip(" :") if said else words.LABELLED.sub("", text)
    above = at.page.rows[row.index - 1].flat if row.index else ""
    said_above = words.SAYS_ALONE.match(above) is not None
    letters = re.sub(r"[\W\d_]", "", text)
    if len(letters) < 2 or (len(letters) < 3 and not JAPANESE.search(letters)):
        return None
    contact = next((n for n in at.contacts if -1 <= n - row.index <= NEAR), None)
    if row.index >= HEAD and contact is None and not (words.FORM.search(text) or said or said_above):
        return None
    name = _extended(text, row, at.page)
    if at.japanese and inside(name) and not (said or said_above):
        return None
    hit = _brand(name, piece)
    place = where(name, hit[0] if hit else None) if at.japanese else ""
    size = max(token.height for token in piece) / at.page.letter
    score, why = _for(name, size, row, at, contact, place)
    if hit is not None:
        score += (1.2 if place == "whole" else 2.6) * hit[2]
        why.append(f"brand {hit[1]}")
    if said or said_above:
        score += 2.5
        why.append("named as issuer")
    against = _against(name, size, row, at, hit is not None)
    priced = at.japanese and not (said or said_above) and _priced(row, at.page)
    score -= against + (2.0 if priced and hit is None else 0.0)
    read_score = min(token.score for token in piece)
    if read_score < 0.8:
        score -= 0.8
    if hit is None and (known := brands.near(name, at.brands)) is not None:
        name, score = known, score + 0.8
        why.append(f"brand {known}")
    if hit is not None and hit[2] < 1 and read_score < 0.97 and len(skeleton(name)) <= len(skeleton(hit[1])) + 1:
        name = hit[1]
    brand = hit[0] if hit else None
    return Found(
        repair_kana(name), score, read_score, piece[0], row, tuple(why), brand, place, size, against < 0.9, priced
    )


def _brand(name: str, piece: tuple[Token, ...]) -> tuple[brands.Brand, str, float] | None:
    read_score = min(token.score for token in piece)
    cutoff = 75 if read_score < 0.85 else 84
    hit = brands.match(name, cutoff=cutoff)
    if hit is None and read_score < 0.95:  # an emblem beside the name came back as letters
        parts = [part for part in name.split() if len(skeleton(part)) >= 5]
        hit = next((found for part in parts if (found := brands.match(part, cutoff=cutoff)) is not None), None)
    if hit is not None and hit[2] < 0.95 and read_score > 0.95:
        return None  # clearly read and still different: another name
    return hit


def _for(text: str, size: float, row: Row, at: _Setting, contact: int | None, place: str) -> tuple[float, list[str]]:
    why: list[str] = []
    score = 2.2 * max(0.0, 1 - row.index / HEAD)
    if contact is not None:
        score += 1.3 if contact > row.index else 0.7
        if row.index > len(at.page.rows) * 0.5:
            score += 0.6
            why.append("beside its number")
    score += min(max(size - 1.0, -0.3), 1.5) * 1.4
    if size > LARGE:
        why.append("large type")
    if words.FORM.search(text):
        score += 0.9 if at.japanese else 1.6  # in Japan the shop is known by its brand, which stands above
        why.append("company form")
    if place == "line":
        score -= 1.0  # a street of restaurants is not a restaurant
    elif words.TRADE.search(text) or words.DEALER.search(text):
        score += 1.0
        why.append("trade")
    if is_branch(text):
        score += 0.8
        why.append("branch")
    key = skeleton(words.FORM.sub("", text))
    if len(key) >= 3 and at.skeleton.count(key) > 1:
        score += 0.8
        why.append("named again")
    return score, why


def _against(text: str, size: float, row: Row, at: _Setting, known: bool) -> float:
    minus = 0.0
    form = words.FORM.search(text) is not None
    share = unfit(text, _clean(row.text))
    least = (1.2 if form or known else 3.0) * share
    # large type at the very head is a name even where a word in it also serves as a label
    minus += min(least, 1.0) if share < 1 and size > LARGE and row.index < BRANCH_HEAD else least
    if words.ADDRESS.search(text):
        minus += 0.8 if form else 2.5
    if words.SLOGAN.search(text):
        minus += 1.5
    if sum(c.isdigit() for c in text) > 0.35 * len(text):
        minus += 3.0
    if re.search(r"\d{1,2}:\d{2}|[¥$€]\s?\d|\d[.,]\d{2}\b|[→⇒~〜]", text):
        minus += 3.0
    if row.index > at.heading and not at.japanese:
        minus += 2.5  # under INVOICE or the date stands the customer, if anybody
    if words.GENERIC.fullmatch(text):
        minus += 2.5
    if re.fullmatch(r"[a-z ]+", text) and not known and not at.japanese:
        minus += 1.5  # a note in somebody's handwriting; a Japanese shop may have such a logo
    if len(text) > 40:
        minus += 1.0
    if re.search(r"^[(\[]|[\[\]{}]", text):
        minus += 1.2
    return minus


def _priced(row: Row, page: Sheet) -> bool:
    """Whether a price belongs to the row, as it does to an article: behind it, or alone on the row below."""
    below = page.rows[row.index + 1].flat if row.index + 1 < len(page.rows) else ""
    return words.PRICE.fullmatch(row.tokens[-1].text) is not None or words.PRICE.fullmatch(below) is not None


def _clean(text: str) -> str:
    text = words.DATED.sub("", text)  # 発行2026年9月28日 〇〇株式会社 on one line
    text = re.sub(r"(?:\bTEL\b|TEL[:.\d]|電話|℡|☎|FAX).*$", "", text, flags=re.I)
    text = re.sub(r"\(?0\d{1,4}[)\- ]\d{1,4}[)\- ]\d{3,4}.*$", "", text)
    text = re.sub(r"(?:事業者)?登録番号.*$|T\d{13}.*$|\d{3}-\d{4}(?:\D.*)?$", "", text)
    text = re.sub(r"20\d\d[年/.-].*$|\(?\b\d{6,12}\s?-\s?[A-Z0-9]\b\)?$|\([A-Z]{2}\d{5,}.*$", "", text)
    return text.strip(" :;,.|*=_~<>[]'\"-")


def _continues(row: Row, above: Row) -> bool:
    """Whether this row only carries on the name of the row above: & TEA LEAF, CO. (M) SDN BHD."""
    text = _clean(row.text)
    if not text or re.search(r"\d{4}", text) or row.y - above.y > 3 * max(row.height, above.height):
        return False
    upper = _clean(above.text)
    if len(re.sub(r"[\W\d_]", "", upper)) < 3 or unfit(upper, upper) == 1.0 or words.ADDRESS.search(upper):
        return False
    open_end = above.text.rstrip().endswith(("&", " AND", "(M)"))
    return bool(
        (words.FORM_ONLY.match(text) and not words.FORM.search(upper)) or words.CARRIES_ON.match(text) or open_end
    )


def _extended(text: str, row: Row, page: Sheet) -> str:
    if row.index + 1 < len(page.rows):
        below = page.rows[row.index + 1]
        if len(row.tokens) <= 3 and _continues(below, row):
            return f"{text.rstrip('- ')} {_clean(below.text)}".strip()
    return text


def _headed(best: Found, at: _Setting) -> float:
    """A well read name at the very head with its own address, telephone or number right below it is a letterhead."""
    if not at.japanese or best.sure < 0.95 or jumbled(best.name) or words.GENERIC.fullmatch(best.name):
        return 0.0
    above = [row for row in at.page.rows[: best.row.index] if unfit(row.text, row.text) < 1.0]
    below = sum(0 < n - best.row.index <= NEAR for n in at.contacts)
    return 0.06 if not above and below >= 2 else 0.0


def branch(page: Sheet, chosen: Found) -> tuple[str, Token] | None:
    """The branch: on one of the rows around the issuer's that ends in 店, 営業所, 駅 and the like."""
    if (within := words.COMPANY_BRANCH.match(_clean(" ".join(token.text for token in chosen.row.tokens)))) is not None:
        return repair_kana(within["branch"]), chosen.token
    rows = sorted(page.rows, key=lambda row: (abs(row.index - chosen.row.index), row.index))
    for row in (*rows[:7], *page.rows[:BRANCH_HEAD]):
        for piece in _pieces(row):
            text = _clean(" ".join(token.text for token in piece))
            text = re.sub(r"(?<=駅)[A-Z]{0,2}\d*発行.*$", "", text)  # the machine that sold a ticket
            if unfit(text, text) == 1.0 or not is_branch(text) or inside(text):
                continue
            name = re.sub(r"(?<!第)\d+$", "", text).strip()
            if words.ADDRESS.search(name) and not words.PLACE.search(name):
                continue  # 名駅5-5 is a street, not the station's shop
            if skeleton(name) != skeleton(chosen.name) and len(name) <= 30:
                return repair_kana(name), piece[0]
    return None
