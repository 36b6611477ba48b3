"""What changed in a claim since it was last handed in, for those who decide it again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from handlers import categories, money, taxes
from handlers.attendees import parties
from handlers.cards import attendees
from handlers.cards.labels import FIELD_LABELS
from handlers.chat import Note
from handlers.dates import show_day
from handlers.turn import View
from storage.models import Claim

SHOWN = (
    *("payee", "date", "amount", "private_amount", "taxes", "registration_number", "category", "payment_method"),
    *("yen", "missing_receipt", "description", "attendees"),
)


def notes(view: View, claim: Claim) -> list[Note]:
    """``Changed: Total ¥1,200 → ¥1,280``, a line a field; one sentence when nothing changed. Nothing the first time."""
    before, now = claim.submitted_facts.get("before") or {}, claim.submitted_facts.get("now") or {}
    if not before or not now:
        return []
    found = []
    if before["purpose"] != now["purpose"]:
        found.append(_changed(view, "", view.t("Purpose"), before["purpose"], now["purpose"]))
    old, new = before["expenses"], now["expenses"]
    several = len(old) > 1 or len(new) > 1
    for key, facts in new.items():
        if key not in old:
            found.append(view.t("Added: {what}", what=_line(facts)))
            continue
        for name in SHOWN:
            was, is_now = _value(view, name, old[key]), _value(view, name, facts)
            if was != is_now:
                whose = facts["payee"] if several else ""
                found.append(_changed(view, whose, view.t(FIELD_LABELS[name]), was, is_now))
    found += [view.t("Taken out: {what}", what=_line(facts)) for key, facts in old.items() if key not in new]
    if not found:
        return [Note(view.t("Nothing was changed since it was last submitted."), "doubt")]
    return [Note(text, "doubt") for text in found]


def _changed(view: View, whose: str, field: str, was: str, is_now: str) -> str:
    field = f"{whose}: {field}" if whose else field
    return view.t("Changed: {field} {old} → {new}", field=field, old=was or "—", new=is_now or "—")


def _value(view: View, name: str, facts: dict[str, Any]) -> str:
    value = facts.get(name)
    if name in ("amount", "private_amount"):
        return money.show(value or 0 if name == "private_amount" else value, facts["currency"])
    if name == "yen":
        return "" if value is None else money.show(value)
    if name == "date":
        from_iso = dt.date.fromisoformat(value) if value else None
        return show_day(from_iso, view.locale)
    if name == "taxes":
        return taxes.shown(view.locale, value or (), facts["currency"])
    if name == "category":
        return categories.label(view.locale, value or "misc")
    if name == "payment_method":
        return categories.payment_label(view.locale, value or "")
    if name == "attendees":
        people = attendees.text(view, parties(value or ()), " / ")
        count = facts.get("attendees_count")
        return " ".join(part for part in (people, view.t("{count} people", count=count) if count else "") if part)
    return str(value or "")


def _line(facts: dict[str, Any]) -> str:
    return f"{facts['payee']} {money.show(facts['amount'], facts['currency'])}".strip()
