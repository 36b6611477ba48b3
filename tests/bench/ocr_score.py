"""Scores readings against labels: which fields are right, and whether what was not doubted is right.

A receipt is touchless when none of merchant, date and total is doubted. Names count as right when they are four fifths
alike, or when a name of three letters and more stands within a reading that is not much longer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

FIELDS = ("total", "date", "merchant", "registration_number", "tax", "phone")
KEYS = ("merchant", "date", "total")


@dataclass
class Score:
    hits: dict[str, list[bool]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    receipts: int = 0
    touchless: int = 0
    touchless_right: int = 0

    def add(self, name: str, want: dict[str, Any], got: dict[str, Any], text: str = "") -> None:
        """``text`` is all that the engine read, to tell a miss of the engine from one of the extraction."""
        verdicts = judge(want, got)
        self.receipts += 1
        for key, right in verdicts.items():
            self.hits.setdefault(key, []).append(right)
            if not right:
                self.causes[key, cause(key, want, got, text)] += 1
                self.misses.append(f"{name} {key}: read {got.get(key, got.get('taxes'))!r}")
        if got and not set(got.get("doubts") or ()) & set(KEYS):
            self.touchless += 1
            self.touchless_right += all(verdicts[key] for key in KEYS if key in verdicts)

    def per_cent(self, name: str) -> str:
        """``share`` without the counts."""
        return self.share(name).split(" (")[0]

    def share(self, name: str) -> str:
        """A cell of the table: per cent and counts, or a dash where nothing is labelled."""
        if name == "touchless":
            part, whole = self.touchless, self.receipts
        elif name == "of these right":
            part, whole = self.touchless_right, self.touchless
        else:
            part, whole = sum(self.hits.get(name, ())), len(self.hits.get(name, ()))
        return f"{part / whole:.1%} ({part}/{whole})" if whole else "–"


def judge(want: dict[str, Any], got: dict[str, Any]) -> dict[str, bool]:
    """Field → right or wrong, for the fields that the label holds."""
    out: dict[str, bool] = {}
    if want.get("total") is not None:
        total = got.get("total")
        out["total"] = total is not None and (abs(total - want["total"]) < 0.005 or total in want.get("alt_total", ()))
    if want.get("date"):
        out["date"] = got.get("date") == want["date"]
    if want.get("merchant"):
        out["merchant"] = _named(got.get("merchant"), want["merchant"])
    if want.get("registration_number"):
        out["registration_number"] = got.get("registration_number") == want["registration_number"]
    if want.get("phone"):
        out["phone"] = re.sub(r"\D", "", got.get("phone") or "") == re.sub(r"\D", "", want["phone"])
    rates = {float(rate): amounts[1] for rate, amounts in (want.get("rates") or {}).items() if amounts[1]}
    if rates:
        read = {float(line["rate"]): line["tax"] for line in got.get("taxes") or () if line.get("rate") is not None}
        out["tax"] = all(read.get(rate) == tax for rate, tax in rates.items())
    return out


def cause(key: str, want: dict[str, Any], got: dict[str, Any], text: str) -> str:
    """Where a miss comes from, and whether the person would have been asked."""
    if not got:
        return "no reading"
    asked = "asked" if key in (got.get("doubts") or ()) else "not asked"
    return f"{'another was chosen' if _stands_in(key, want, text) else 'not in the text that was read'}, {asked}"


def _stands_in(key: str, want: dict[str, Any], text: str) -> bool:
    text = unicodedata.normalize("NFKC", text)
    digits, letters = re.sub(r"\D", "", text), _plain(text)
    if key == "merchant":
        return any(_plain(name) in letters for name in want["merchant"] if _plain(name))
    if key == "date":
        year, month, day = (int(part) for part in want["date"].split("-"))
        short = (year, year % 100, year - 2018)  # 2018: the year before Reiwa 1
        forms = (form for y in short for form in ((y, month, day), (day, month, y), (month, day, y)))
        return any(re.search(r"\D{0,3}0?".join(map(str, form)), text) for form in forms)
    amounts = [want["total"]] if key == "total" else [line[1] for line in (want.get("rates") or {}).values() if line[1]]
    known = {"registration_number": [want.get("registration_number")], "phone": [want.get("phone")]}.get(key, amounts)
    figures = (f"{value:.2f}" if isinstance(value, float) else str(value) for value in known)
    return all(re.sub(r"\D", "", figure) in digits for figure in figures)


def _named(read: str | None, names: list[str]) -> bool:
    plain = _plain(read)
    for name in map(_plain, names):
        if not name or not plain:
            continue
        if SequenceMatcher(None, plain, name).ratio() >= 0.8:
            return True
        if len(name) >= 3 and name in plain and len(plain) <= 4 * len(name):
            return True
    return False


def _plain(text: str | None) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text or "").lower())
