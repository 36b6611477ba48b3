"""How an item is told: the figures it was computed from, in a line of the person's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.texts import t
from handlers.travel.items import Item
from handlers.travel.pack import CONFIDENCES, Confidence
from handlers.travel.places import english

MODES = {
    "shinkansen": "Shinkansen",
    "train": "Train",
    "bus": "Bus",
    "air": "Flight",
    "ship": "Ship",
    "taxi": "Taxi",
    "rental_car": "Rental car",
}
CONFIDENCE_LABELS: dict[Confidence, str] = {
    "confirmed": "confirmed",
    "verified": "published",
    "inferred": "inferred, not verified",
    "unverified": "not verified",
    "example": "example, not verified",
    "unknown": "not known",
}
assert tuple(CONFIDENCE_LABELS) == CONFIDENCES
_OF = {"transport": "transport", "lodging": "lodging", "package": "package"}  # the kinds of ``facts.Lost``


def yen(locale: str, amount: int | None) -> str:
    """``8,000円`` or ``¥8,000``."""
    if amount is None:
        return "—"
    return f"¥{amount:,}" if locale == "en" else f"{amount:,}円"


def say(item: Item, locale: str) -> str:
    """The item in one line: what, how it was reckoned, → yen, and in brackets what is to be known or done."""
    main, notes = _SAYS[item.kind](item, item.inputs, locale)
    if item.to == "agency":
        notes.append(t(locale, "paid to the travel agency"))
    joined, (left, right) = ("; ", (" (", ")")) if locale == "en" else ("、", ("（", "）"))
    return main + (left + joined.join(notes) + right if notes else "")


def line(item: Item, locale: str) -> str:
    """:func:`say` with the paragraph and, where a figure in it is not verified, that."""
    ends = [item.paragraph] if item.paragraph else []
    if not item.sure:
        ends.append(t(locale, CONFIDENCE_LABELS[item.confidence]))
    left, comma, right = (" [", ", ", "]") if locale == "en" else ("［", "、", "］")
    return say(item, locale) + (left + comma.join(ends) + right if ends else "")


def _transport(item: Item, known: dict[str, Any], locale: str) -> tuple[str, list[str]]:
    way = {"mode": t(locale, MODES.get(known["mode"], "Transport")), "begin": known["from"], "end": known["to"]}
    if "fare" not in known:
        return t(locale, "{mode} {begin}→{end}: the fare is not known", **way), []
    way |= {"fare": yen(locale, known["fare"]), "amount": yen(locale, item.amount)}
    notes = []
    if known.get("deducted"):
        values = {"section": known["section"], "amount": yen(locale, known["deducted"])}
        notes.append(t(locale, "{amount} one way is covered by the commuter pass {section}", **values))
    if known.get("unsure"):
        notes.append(t(locale, "may overlap with the commuter pass {section}; please check", section=known["section"]))
    if known.get("start") == "home":
        notes.append(t(locale, "starts from home"))
    elif "office_fare" in known:
        fare = yen(locale, known["office_fare"])
        notes.append(t(locale, "starts from home; {fare} from the office", fare=fare))
    elif known.get("start"):
        notes.append(t(locale, "starts from home; the fare from the office is needed"))
    if known.get("fare_source"):
        notes.append(t(locale, "fare: {source}", source=known["fare_source"]))
    if "reason" in known:
        notes.append(known["reason"] or t(locale, "a reason is needed"))
    if "covers" in known:
        if known["covers"] == "unsaid":
            notes.append(t(locale, "is this fare for one way or for both?"))
        return t(locale, "{mode} {begin}⇄{end} {fare} both ways → {amount}", **way), notes
    if not known["from"] and not known["to"]:  # a receipt says who drove, not where
        return t(locale, "{mode} {fare} → {amount}", **way), notes
    if known["ways"] == 2:
        return t(locale, "{mode} {begin}⇄{end} {fare} × 2 → {amount}", **way), notes
    return t(locale, "{mode} {begin}→{end} {fare} → {amount}", **way), notes


def _car(item: Item, known: dict[str, Any], locale: str) -> tuple[str, list[str]]:
    amount = yen(locale, item.amount)
    if "whole_km" in known:
        rate = yen(locale, known["per_km"])
        values = {"km": known["whole_km"], "rate": rate, "amount": amount}
        notes = []
        if known.get("covers") == "both":
            notes.append(t(locale, "{km} km there and back", km=known["said_km"]))
        elif known.get("covers") == "one":
            notes.append(t(locale, "{km} km one way, × 2", km=known["said_km"]))
        elif known.get("covers"):
            notes.append(t(locale, "are {km} km one way or both?", km=known["said_km"]))
        if known["km"] != str(known["whole_km"]):
            notes.append(t(locale, "{km} km, cut off below one kilometre", km=known["km"]))
        return t(locale, "Private car {km} km × {rate} → {amount}", **values), notes
    way = {"begin": known["from"], "end": known["to"]}
    if item.asked.endswith(".covers"):
        asked = t(locale, "is this fare for one way or for both?")
        return t(locale, "Private car {begin}→{end}, actual cost → {amount}", **way, amount=amount), [asked]
    if item.asked.endswith(".km"):
        return t(locale, "Private car {begin}→{end}: the kilometres are not known", **way), []
    notes = [t(locale, "the actual cost is needed")] if item.asked else []
    return t(locale, "Private car {begin}→{end}, actual cost → {amount}", **way, amount=amount), notes


def _lodging(item: Item, known: dict[str, Any], locale: str) -> tuple[str, list[str]]:
    where = english(known["prefecture"]) if locale == "en" else known["prefecture"]
    amount = yen(locale, item.amount)
    if "cap" not in known:
        if not where:
            return t(locale, "Lodging: in which prefecture is it?"), []
        return t(locale, "Lodging {where}: the pack has no cap for it", where=where), []
    nights, notes = known["nights"], []
    cap = yen(locale, known["cap"]) + (t(locale, " × {nights} nights", nights=nights) if nights > 1 else "")
    if "actual" not in known:
        values = {"where": where, "cap": cap, "amount": amount}
        return t(locale, "Lodging {where}, cap {cap}; the price is not known → {amount}", **values), []
    values = {"where": where, "cap": cap, "actual": yen(locale, known["actual"]), "amount": amount}
    if item.asked.endswith(".over_reason"):
        may = known["allowed_over"]
        notes.append(t(locale, "{over} over the cap needs a reason", over=yen(locale, may)))
        if may < item.over:
            notes.append(t(locale, "{over} is not paid", over=yen(locale, item.over - may)))
    else:
        if known.get("reason") and known.get("allowed_over"):
            over = yen(locale, known["allowed_over"])
            notes.append(t(locale, "{over} over the cap: {reason}", over=over, reason=known["reason"]))
        if item.over:
            notes.append(t(locale, "{over} is not paid", over=yen(locale, item.over)))
    if known.get("receipt"):
        notes.append(t(locale, "the receipt is needed"))
    return t(locale, "Lodging {where}, cap {cap}, actual price {actual} → {amount}", **values), notes


def _allowance(item: Item, known: dict[str, Any], locale: str) -> tuple[str, list[str]]:
    values = {"night": yen(locale, known["night"]), "nights": known["nights"], "amount": yen(locale, item.amount)}
    notes = []
    if known["meals"] and known["separable"]:
        notes.append(t(locale, "meals are shown apart"))
    elif known["meals"]:
        full = yen(locale, known["full"])
        notes.append(t(locale, "{count} of two meals in the price, {full} without", count=known["meals"], full=full))
    return t(locale, "Lodging allowance {night} × {nights} → {amount}", **values), notes


def _daily(item: Item, known: dict[str, Any], locale: str) -> tuple[str, list[str]]:
    label = known["label_en"] if locale == "en" else known["label"]
    values = {"label": label, "day": yen(locale, known["day"]), "days": known["days"]}
    values["amount"] = yen(locale, item.amount)
    notes = []
    if known.get("none") == "lodging":
        notes.append(t(locale, "none for trips with lodging"))
    elif known.get("none") == "listed":
        notes.append(t(locale, "none in {place}", place=known["place"]))
    elif known.get("half"):
        near = {"limit": known["half_below"]}
        if "km" in known:
            notes.append(t(locale, "half below {limit} km: {km} km", **near, km=known["km"]))
        else:
            notes.append(t(locale, "half until the distance is known: whole from {limit} km", **near))
    return t(locale, "{label} {day} × {days} → {amount}", **values), notes


def _package(item: Item, known: dict[str, Any], locale: str) -> tuple[str, list[str]]:
    values = {"actual": yen(locale, known["actual"]), "amount": yen(locale, item.amount)}
    if known["actual"] is None:
        return t(locale, "Package: the price is not known → {amount}", **values), []
    if "cap" not in known:
        return t(locale, "Package {actual}: the pack has no cap for it", **values), []
    values |= {"fare": yen(locale, known["fare"]), "cap": yen(locale, known["cap"]), "nights": known["nights"]}
    notes = [t(locale, "the ordinary fare is needed")] if item.asked else []
    if known.get("fare_source"):
        notes.append(t(locale, "fare: {source}", source=known["fare_source"]))
    if item.over and not item.asked:
        notes.append(t(locale, "{over} is not paid", over=yen(locale, item.over)))
    return t(locale, "Package {actual}, up to fare {fare} + lodging cap {cap} × {nights} → {amount}", **values), notes


def _cancellation(item: Item, known: dict[str, Any], locale: str) -> tuple[str, list[str]]:
    what = known.get("what") or t(locale, _OF[known["of"]])
    lost = yen(locale, known["unrecoverable"])
    if "computed" not in known:
        return t(locale, "Cancelled {what}, lost {lost}: the pack has no rule for it", what=what, lost=lost), []
    values = {"what": what, "lost": lost, "computed": yen(locale, known["computed"])}
    values["amount"] = yen(locale, item.amount)
    return t(
        locale, "Cancelled {what}: the smaller of {computed} (computed) and {lost} (lost) → {amount}", **values
    ), []


_SAYS: dict[str, Callable[[Item, dict[str, Any], str], tuple[str, list[str]]]] = {
    "transport": _transport,
    "car": _car,
    "lodging": _lodging,
    "lodging_allowance": _allowance,
    "daily": _daily,
    "package": _package,
    "cancellation": _cancellation,
}
