"""What changed in a claim since it was last handed in, for those who decide it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from handlers import categories, money, policies, rates, taxes
from handlers.attendees import parties
from handlers.cards import attendees
from handlers.cards.labels import FIELD_LABELS
from handlers.chat import Note
from handlers.dates import show_day
from handlers.notes.drafts import way
from handlers.rates.table import shown as shown_rate
from handlers.trips import written
from handlers.turn import View
from storage.models import Claim

Facts = Mapping[str, Any]  # as ``handlers.claims.facts.submitted`` keeps them

SHOWN = (
    *("payee", "date", "amount", "private_amount", "taxes", "registration_number", "category", "payment_method"),
    *("yen", "rate", "missing_receipt", "receipt", "description", "attendees", "journey"),
)
OF_CLAIM = ("purpose", "budget_code", "project", "advance")
OF_TRIP = ("destination", "prefecture", "starts", "ends", "nights", "distance_km", "rides", "lodging")


def notes(view: View, claim: Claim) -> list[Note]:
    """``Changed: Total ¥1,200 → ¥1,280``, a line a field; one sentence when nothing changed. Nothing the first time."""
    before, now = claim.submitted_facts.get("before") or {}, claim.submitted_facts.get("now") or {}
    if not before or not now:
        return []
    found = [*_fields(view, OF_CLAIM, before, now), *_reasons(view, before, now)]
    if "trip" in before:
        found += _fields(view, OF_TRIP, before["trip"], now["trip"])
    old, new = before["expenses"], now["expenses"]
    several = len(old) > 1 or len(new) > 1
    for key, facts in new.items():
        if key in old:
            found += _fields(view, SHOWN, old[key], facts, facts["payee"] if several else "")
        else:
            found.append(view.t("Added: {what}", what=_line(facts)))
    found += [view.t("Taken out: {what}", what=_line(facts)) for key, facts in old.items() if key not in new]
    if not found:
        return [Note(view.t("Nothing was changed since it was last submitted."), "doubt")]
    return [Note(text, "doubt") for text in found]


def _fields(view: View, names: tuple[str, ...], old: Facts, new: Facts, whose: str = "") -> Iterator[str]:
    for name in names:
        if name not in old and old:  # handed in before this field was kept: nobody knows what it was
            continue
        was, is_now = _value(view, name, old), _value(view, name, new)
        if was != is_now:
            yield _changed(view, whose, view.t(FIELD_LABELS[name]), was, is_now)


def _reasons(view: View, before: Facts, now: Facts) -> Iterator[str]:
    """Why a claim is right although a rule found something: said otherwise than the last time."""
    if "reasons" not in before:
        return
    old, new = before["reasons"], now["reasons"]
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            rule = policies.RULES.get(key.partition(":")[0])
            label = view.t("Reason: {title}", title=view.t(rule.title)) if rule else view.t(FIELD_LABELS["reason"])
            yield _changed(view, "", label, old.get(key, ""), new.get(key, ""))


def _changed(view: View, whose: str, field: str, was: str, is_now: str) -> str:
    field = view.t("{name}: {what}", name=whose, what=field) if whose else field
    return view.t("Changed: {field} {old} → {new}", field=field, old=was or "—", new=is_now or "—")


def _value(view: View, name: str, facts: Facts) -> str:
    value = facts.get(name)
    say = _SAID.get(name)
    return say(view, value, facts) if say is not None else str(value or "")


def _line(facts: Facts) -> str:
    return f"{facts['payee']} {money.show(facts['amount'], facts['currency'])}".strip()


# --- how a field is written -------------------------------------------------------------------------------------------


def _amount(_view: View, value: Any, facts: Facts) -> str:
    return money.show(value, facts["currency"])


def _private(_view: View, value: Any, facts: Facts) -> str:
    return money.show(value, facts["currency"]) if value else ""


def _yen(_view: View, value: Any, _facts: Facts) -> str:
    return "" if value is None else money.show(value)


def _day(view: View, value: Any, _facts: Facts) -> str:
    return show_day(dt.date.fromisoformat(value) if value else None, view.locale)


def _taxes(view: View, value: Any, facts: Facts) -> str:
    return taxes.shown(view.locale, value or (), facts["currency"])


def _category(view: View, value: Any, _facts: Facts) -> str:
    return categories.label(view.locale, value or "misc")


def _payment(view: View, value: Any, _facts: Facts) -> str:
    return categories.payment_label(view.locale, value or "")


def _rate(view: View, value: Any, _facts: Facts) -> str:
    """``155.32 (11/20, TTM)``; of the applicant's own rate that it is theirs."""
    if not value:
        return ""
    rate, day, source = value
    if source == rates.DECLARED:
        return f"{shown_rate(rate)} ({view.t('declared by the applicant')})"
    return f"{shown_rate(rate)} ({', '.join(filter(None, (_day(view, day, {}), source)))})"


def _paper(view: View, value: Any, _facts: Facts) -> str:
    """Which picture it is, is told by its first letters: another photo of the same receipt is a change."""
    return view.t("picture {name}", name=value[:6]) if value else ""


def _people(view: View, value: Any, facts: Facts) -> str:
    people = attendees.text(view, parties(value or ()), " / ")
    count = facts.get("attendees_count")
    return " ".join(part for part in (people, view.t("{count} people", count=count) if count else "") if part)


def _ride(view: View, value: Any, _facts: Facts) -> str:
    """``12/3 新幹線 東京→福島``, and the kilometres where there are."""
    if not value:
        return ""
    day = value.get("date") or ""
    parts = (f"{int(day[5:7])}/{int(day[8:10])}" if day else "", way(value, view.locale))
    km = f"{value['km']} km" if value.get("km") else ""
    return " ".join(part for part in (*parts, km) if part)


def _rides(_view: View, value: Any, facts: Facts) -> str:
    """As they stand in the trip's form, with everything that is known of them."""
    near = dt.date.fromisoformat(facts["ends"]) if value else dt.date.min
    return " / ".join(written.ride(row, near) for row in value or ())


def _stays(_view: View, value: Any, _facts: Facts) -> str:
    return " / ".join(written.stay(row) for row in value or ())


_SAID: Mapping[str, Callable[[View, Any, Facts], str]] = {
    "amount": _amount,
    "private_amount": _private,
    "yen": _yen,
    "advance": _yen,
    "date": _day,
    "starts": _day,
    "ends": _day,
    "taxes": _taxes,
    "category": _category,
    "payment_method": _payment,
    "rate": _rate,
    "receipt": _paper,
    "attendees": _people,
    "journey": _ride,
    "rides": _rides,
    "lodging": _stays,
}
