"""One spelling for what people write in many: widths, dashes, arrows, and numbers in Chinese figures."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 2000

_SAME = (
    (re.compile(r"[〜～∼˜]"), "~"),
    (re.compile(r"[‐‑‒–—―−]"), "-"),
    (re.compile(r"(?<=[一-龠々])ー(?=[一-龠々])"), "-"),
    (re.compile(r"<-+>|<=+>|[⇔↔⇄⇆]"), "⇔"),
    (re.compile(r"-+>|=+>|[⇒➡➔▶⟶>]"), "→"),
    (re.compile(r"\r\n?"), "\n"),
    (re.compile(r"[ \t\u3000\u00a0]+"), " "),
)
_FIGURES = "〇一二三四五六七八九"
_PLACES = {"十": 10, "百": 100, "千": 1000}
# Only before a unit: 千葉 and 四日市 stay names.
_NUMBER = re.compile(
    r"(?<![〇一二三四五六七八九十百千万])((?=[\d,.]*[〇一二三四五六七八九十百千万])[\d〇一二三四五六七八九十百千万,.]{1,14})"
    r"(?=\s?(?:円|泊|名|人|km|キロ|ドル|ユーロ|時|年|月|日(?![市町])))"
)


def normal(text: str) -> str:
    """``text`` in one spelling; at most :data:`LONGEST` characters. Doing it twice changes nothing."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    for pattern, same in _SAME:
        plain = pattern.sub(same, plain)
    plain = _NUMBER.sub(lambda found: _arabic(found[1]), plain)
    return "\n".join(line.strip() for line in plain.split("\n") if line.strip())[:LONGEST]


def _arabic(text: str) -> str:
    """``一万二千`` → ``12000``, ``1万2千`` → ``12000``, ``二〇二六`` → ``2026``; the text when it is none."""
    plain = text.replace(",", "")
    for value, figure in enumerate(_FIGURES):
        plain = plain.replace(figure, str(value))
    total, section, digits = 0, 0, ""
    for sign in plain:
        if sign.isascii() and (sign.isdigit() or sign == "."):
            digits += sign
            continue
        if digits.count(".") > 1 or digits == ".":
            return text
        if sign == "万":
            total += int((section + float(digits or (0 if section else 1))) * 10_000)
            section = 0
        else:
            section += int(float(digits or 1) * _PLACES[sign])
        digits = ""
    if "." in digits:
        return text
    return str(total + section + int(digits or 0))
