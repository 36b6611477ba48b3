"""Rides and nights as lines of a form, and back: everything that a trip knows of them stands in the line.

    11/20 東京→大宮→福島 新幹線 片道8,950円 往復〔自宅発〕〔勤務地から8,600円〕〔理由 荷物が多い〕
    2泊 磐梯荘 福島県 18,000円 朝夕食込〔食事代は別〕〔上限を超える理由 主催者の指定〕

A line that was not touched is the ride (or the nights) it was written from, whatever else is kept with it. Another is
read by this spelling, and else as a note is read (``handlers.notes``), so that people may write as they are used to.
Amounts are major units of their currency; ``km`` is a text.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from handlers import notes
from handlers.errors import Refusal
from handlers.notes.drafts import MODE_LABELS
from handlers.texts import t
from handlers.travel.places import prefecture_of, prefectures
from handlers.travel.trips import is_private

Row = dict[str, Any]

_MODES = {t("ja", label): code for code, label in MODE_LABELS.items()}
_WAYS = {"one_way": "片道", "round_trip": "往復", "": ""}
_COVERS = {"片道": "one_way", "往復": "round_trip", "": ""}
PAYERS = {"agency": "旅行会社払い", "host": "先方払い"}
KINDS = {"private": "実家・知人宅", "package": "パック"}
_MEALS = {1: "一食込", 2: "朝夕食込"}
_FIGURE = r"(?P<{0}_covers>片道|往復)?(?P<{0}>\d[\d,]*(?:\.\d+)?)"
_AMOUNT = _FIGURE.format("amount") + r"(?P<currency>円| [A-Z]{3})"
_MARK = re.compile(r"〔([^〔〕]*)〕")
_RIDE = re.compile(
    r"(?:(?P<day>(?:\d{4}/)?\d{1,2}/\d{1,2})\s+)?(?P<stops>\S+→\S+)"
    rf"(?:\s+(?P<mode>{'|'.join(map(re.escape, _MODES))}))?(?:\s+{_AMOUNT})?"
    rf"(?:\s+{_FIGURE.format('km')}km)?(?P<back>\s+往復)?"
)
_STAY = re.compile(
    r"(?P<nights>\d{1,3})泊(?:\s+(?P<kind>実家・知人宅|実家|知人宅|パック))?(?:\s+(?P<place>(?!\d)\S+(?: \S+)*?))??"
    rf"(?:\s+(?P<prefecture>{'|'.join(prefectures())}))?(?:\s+{_AMOUNT})?(?:\s+(?P<meals>一食込|朝食込|夕食込|朝夕食込|食事なし))?"
)
_FROM_HOME, _APART, _NO_RECEIPT, _PACKED = "自宅発", "食事代は別", "領収書なし", "パックに込み"
_REASON, _OVER = "理由 ", "上限を超える理由 "
_OFFICE = re.compile(r"勤務地から(\d[\d,]*)円")
_FARE = re.compile(r"通常の運賃(\d[\d,]*)円")


# --- rides ------------------------------------------------------------------------------------------------------------


def rides(legs: Iterable[Mapping[str, Any]], near: dt.date) -> str:
    """A line for each ride; ``near``: a day of the trip, by which a day without a year is understood."""
    return "\n".join(ride(leg, near) for leg in legs)


def ride(leg: Mapping[str, Any], near: dt.date) -> str:
    """One ride in a line."""
    mode = t("ja", MODE_LABELS[leg["mode"]]) if leg.get("mode") in MODE_LABELS else ""
    stops = [_plain(leg.get("from")) or "?", *map(_plain, leg.get("via") or ()), _plain(leg.get("to")) or "?"]
    covers, km_covers = leg.get("covers") or "", leg.get("km_covers")
    km = leg.get("km")
    parts = [
        _day(leg.get("date"), near),
        "→".join(stops),
        mode,
        _amount(leg, covers),
        f"{_WAYS[covers if km_covers is None else km_covers]}{km}km" if km not in (None, "") else "",
        "往復" if leg.get("round_trip") else "",
    ]
    office = leg.get("office_amount")
    marks = [
        _FROM_HOME if leg.get("from_home") else "",
        f"勤務地から{int(office):,}円" if office is not None else "",
        _REASON + _plain(leg["reason"]) if leg.get("reason") else "",
        PAYERS.get(str(leg.get("paid_by") or ""), ""),
        _PACKED if leg.get("packed") else "",
    ]
    return _line(parts, marks)


def read_rides(text: str, now: Sequence[Mapping[str, Any]], near: dt.date) -> list[Row]:
    """The rides that were written; ``now``: those that the form was drawn of. :class:`Refusal` names a wrong line."""
    known = {ride(leg, near): leg for leg in now}
    made: list[Row] = []
    for line in _lines(text):
        if line in known:
            made.append({name: value for name, value in known[line].items() if name not in ("said", "expense_id")})
        else:
            made += [found] if (found := _read_ride(line, near)) else _noted_rides(line, near)
    return made


def _read_ride(line: str, near: dt.date) -> Row | None:
    marks = _MARK.findall(line)
    found = _RIDE.fullmatch(_MARK.sub("", line).strip())
    day = _day_of(found["day"], near) if found else None
    if found is None or (found["day"] and day is None):
        return None
    stops = found["stops"].split("→")
    if not all(stops) or not all(_known_ride_mark(mark) for mark in marks):
        return None
    amount, currency = _amount_of(found)
    leg: Row = {
        "date": day.isoformat() if day else None,
        "from": None if stops[0] == "?" else stops[0],
        "to": None if stops[-1] == "?" else stops[-1],
        "via": stops[1:-1],
        "mode": _MODES[found["mode"]] if found["mode"] else "train",
        "amount": amount,
        "currency": currency,
        "round_trip": bool(found["back"]) or "往復" in (found["amount_covers"], found["km_covers"]),
        "covers": _COVERS[found["amount_covers"] or ""],
        "km": found["km"].replace(",", "") if found["km"] else None,
    }
    if leg["km"] is not None:
        leg["km_covers"] = _COVERS[found["km_covers"] or ""]
    office = next((m for mark in marks if (m := _OFFICE.fullmatch(mark))), None)
    reason = next((mark.removeprefix(_REASON) for mark in marks if mark.startswith(_REASON)), "")
    payer = next((code for code, word in PAYERS.items() if word in marks), "")
    leg |= {"from_home": True} if _FROM_HOME in marks else {}
    leg |= {"packed": True} if _PACKED in marks else {}
    leg |= {"office_amount": int(office[1].replace(",", ""))} if office else {}
    leg |= {"reason": reason} if reason else {}
    return leg | ({"paid_by": payer} if payer else {})


def _known_ride_mark(mark: str) -> bool:
    known = mark in (_FROM_HOME, _PACKED, *PAYERS.values()) or mark.startswith(_REASON)
    return known or _OFFICE.fullmatch(mark) is not None


def _noted_rides(line: str, near: dt.date) -> list[Row]:
    """A line in words of one's own."""
    legs = notes.read(line, near).legs
    if not legs or any(leg.origin is None or leg.destination is None for leg in legs):
        raise Refusal("“{ride}” is not understood. For example: 11/20 東京→福島 新幹線 8,950円", ride=line[:40])
    return [
        {
            "date": leg.date.isoformat() if leg.date else None,
            "from": leg.origin,
            "to": leg.destination,
            "via": list(leg.via),
            "mode": leg.mode or "train",
            "amount": _number(leg.amount) if leg.amount is not None else None,
            "currency": leg.currency,
            "round_trip": leg.round_trip,
            "covers": leg.covers,
            "km": str(leg.km) if leg.km is not None else None,
            **({"km_covers": leg.covers} if leg.km is not None else {}),
        }
        for leg in legs
    ]


# --- nights -----------------------------------------------------------------------------------------------------------


def stays(lodging: Iterable[Mapping[str, Any]]) -> str:
    """A line for each stay."""
    return "\n".join(stay(one) for one in lodging)


def stay(one: Mapping[str, Any]) -> str:
    """One stay in a line."""
    kind = "private" if is_private(one) else str(one.get("kind") or "")
    meals, fare = one.get("meals"), one.get("fare")
    count = meals if isinstance(meals, int) else None if meals is None else len(meals)
    parts = [
        f"{int(one.get('nights') or 1)}泊",
        KINDS.get(kind, ""),
        _plain(one.get("place")),
        str(one.get("prefecture") or ""),
        _amount(one, ""),
        "" if count is None else _MEALS.get(min(count, 2), "食事なし"),
    ]
    marks = [
        _APART if one.get("separable") else "",
        _OVER + _plain(one["over_reason"]) if one.get("over_reason") else "",
        f"通常の運賃{int(fare):,}円" if fare is not None else "",
        PAYERS.get(str(one.get("paid_by") or ""), ""),
        _NO_RECEIPT if one.get("receipt", True) is False else "",
    ]
    return _line(parts, marks)


def read_stays(text: str, now: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The nights that were written; ``now``: those that the form was drawn of. :class:`Refusal` names a wrong line."""
    known = {stay(one): one for one in now}
    return [dict(known[line]) if line in known else _read_stay(line) for line in _lines(text)]


def _read_stay(line: str) -> Row:
    marks = _MARK.findall(line)
    found = _STAY.fullmatch(_MARK.sub("", line).strip())
    if found is None or not int(found["nights"]) or not all(_known_stay_mark(mark) for mark in marks):
        raise Refusal(
            "“{stay}” is not understood. For example: 1泊 実家・知人宅, or 2泊 パック 35,000円", stay=line[:40]
        )
    amount, currency = _amount_of(found)
    fare = next((m for mark in marks if (m := _FARE.fullmatch(mark))), None)
    over = next((mark.removeprefix(_OVER) for mark in marks if mark.startswith(_OVER)), "")
    payer = next((code for code, word in PAYERS.items() if word in marks), "")
    word, place = found["kind"] or "", found["place"]
    kind = "package" if word == "パック" else "private" if word else ""
    where = found["prefecture"] or prefecture_of(place or "") or ""
    made: Row = {"nights": int(found["nights"]), "place": place, "amount": amount, "currency": currency}
    made["meals"] = {"": None, "食事なし": 0, "朝夕食込": 2}.get(found["meals"] or "", 1)
    made |= {"prefecture": where} if where else {}
    made |= {"kind": kind} if kind else {}
    made |= {"separable": True} if _APART in marks else {}
    made |= {"over_reason": over} if over else {}
    made |= {"fare": int(fare[1].replace(",", ""))} if fare else {}
    made |= {"receipt": False} if _NO_RECEIPT in marks else {}
    return made | ({"paid_by": payer} if payer else {})


def _known_stay_mark(mark: str) -> bool:
    known = mark in (_APART, _NO_RECEIPT, *PAYERS.values()) or mark.startswith(_OVER)
    return known or _FARE.fullmatch(mark) is not None


# --- shared -----------------------------------------------------------------------------------------------------------


def _line(parts: Iterable[str], marks: Iterable[str]) -> str:
    return " ".join(filter(None, parts)) + "".join(f"〔{mark}〕" for mark in marks if mark)


def _lines(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := raw.strip())]


def _plain(said: object) -> str:
    """A name as it may stand in a line: without what parts the fields of one."""
    text = str(said or "").replace("〔", "（").replace("〕", "）").replace("→", "-")
    return " ".join(text.split())


def _amount(part: Mapping[str, Any], covers: str) -> str:
    amount, currency = part.get("amount"), part.get("currency") or "JPY"
    if amount is None:
        return ""
    return f"{_WAYS[covers]}{Decimal(str(amount)):,f}" + ("円" if currency == "JPY" else f" {currency}")


def _amount_of(found: re.Match[str]) -> tuple[int | float | None, str]:
    if not found["amount"]:
        return None, "JPY"
    currency = found["currency"].strip()
    return _number(Decimal(found["amount"].replace(",", ""))), "JPY" if currency == "円" else currency


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _day(iso: object, near: dt.date) -> str:
    if not iso:
        return ""
    day = dt.date.fromisoformat(str(iso))
    short = f"{day.month}/{day.day}"
    return short if _day_of(short, near) == day else f"{day.year}/{short}"


def _day_of(said: str | None, near: dt.date) -> dt.date | None:
    """The day that was written; without a year the one nearest to ``near``. None when there is no such day."""
    numbers = [int(part) for part in unicodedata.normalize("NFKC", said or "").split("/") if part]
    if len(numbers) == 3:
        return _date(*numbers)
    if len(numbers) != 2:
        return None
    days = [day for year in (near.year - 1, near.year, near.year + 1) if (day := _date(year, *numbers))]
    return min(days, key=lambda day: abs(day - near), default=None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
