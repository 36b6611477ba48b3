"""How a card says what was learned before: one line each."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.chat import Note
from handlers.dates import show_day
from handlers.turn import View
from storage.models import Expense

_LABELS = {"payee": "Payee", "category": "Category"}


def notes(view: View, expense: Expense) -> list[Note]:
    """Which fields come from earlier corrections, and why the category is what it is. Not of what was changed since."""
    recalled, found = expense.recalled, list[Note]()
    taught = [name for name in recalled.get("taught", ()) if name not in expense.corrected]
    if taught:
        labels = ("・" if view.locale != "en" else ", ").join(view.t(_LABELS[name]) for name in taught)
        day = show_day(datetime.fromisoformat(recalled["at"]).astimezone(ZoneInfo(view.zone)).date(), view.locale)
        found.append(Note(view.t("From a correction of {day}: {fields}", day=day, fields=labels)))
    if expense.category_reason and "category" not in expense.corrected and "category" not in recalled.get("taught", ()):
        by_habit = "Category: {reason} (as in {count} earlier claims)"
        text = by_habit if recalled.get("habit") else "Category: {reason}"
        found.append(Note(view.t(text, reason=expense.category_reason, count=recalled.get("times", 0))))
    if recalled.get("rate") and not any(name.startswith("tax") for name in expense.corrected):
        text = "The tax was not found; it is computed at this shop's usual rate ({rate}%). Please check it."
        found.append(Note(view.t(text, rate=recalled["rate"]), "doubt"))
    return found
