"""What the lines of a settlement say of its trip: rides and nights, as ``Trip.legs`` and ``Trip.lodging`` hold them.

What was said of the trip beside its lines (by the request, or by the person later) is kept in ``Trip.options["said"]``;
a line that pays for one of those rides names it in ``basis["legs"]``. So a receipt takes the place of what was typed,
and gives it back when it leaves the claim. ``matching`` finds the ride of a receipt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.amounts import yen
from handlers.policies.hotel_and_home import LODGING
from handlers.policies.words import speaks_of
from handlers.travel.places import municipality as plain
from handlers.travel.places import prefecture_of, prefectures
from handlers.travel.trips import is_private
from storage.models import Claim, Expense, Trip

KINDS = ("receipt", "note", "statement")
TRAVEL = "travel_transport"
WORDS: dict[str, tuple[str, ...]] = {  # what names of issuers and goods say of the means of travel
    "taxi": ("タクシー", "ハイヤー", "TAXI", "CAB", "交通"),
    "rental_car": ("レンタカー", "カーシェア"),
    "air": ("航空", "空港", "ANA", "JAL", "搭乗", "AIRLINES", "AIRWAYS"),
    "ship": ("フェリー", "汽船"),
    "bus": ("バス", "BUS"),
    "rail": ("JR", "新幹線", "鉄道", "電鉄", "地下鉄", "メトロ", "乗車券", "特急券", "駅", "旅客"),
}
HIRED = {"taxi": ("タクシー", "ハイヤー", "TAXI"), "rental_car": ("レンタカー", "カーシェア")}
GUESSED = "both_guessed"  # in ``basis``: taken to be of both ways by its price; the person may say otherwise
NO_RIDE = ("駐車", "パーキング", "PARKING", "高速", "有料道路", "NEXCO", "ETC", "通行料")
BESIDE = ("from_home", "office_amount", "reason", "paid_by", "packed")  # of a ride, beside what its ticket says
OF_STAY = ("kind", "separable", "fare", "paid_by")  # of nights, beside their price and the cap's facts
FAMILIES = {"train": "rail", "shinkansen": "rail"}


def lines(claim: Claim, trip: Trip) -> list[Expense]:
    """The claim's receipts, typed expenses and statement rows that are of this trip."""
    return [e for e in claim.expenses if e.kind in KINDS and e.basis.get("of_trip", trip.id) == trip.id]


def capped(line: Expense) -> int:
    """Yen of a line that the travel rules do not pay; they stand in its private share beside the person's own."""
    return int(line.basis.get("capped") or 0)


def cap(line: Expense, over: int, item: dict[str, Any] | None, *, by_pack: bool = False) -> None:
    """Note what the travel rules say of a priced line, and the yen of it that they do not pay (``over``)."""
    before, private = capped(line), line.private_amount or 0
    own = private - before if private >= before else private
    line.private_amount = own + over
    if line.home_amount is not None:
        line.home_amount += private - own - over
    kept = {name: value for name, value in line.basis.items() if name not in ("item", "capped", "by_pack")}
    new: dict[str, Any] = {"item": item} if item is not None else {}
    new |= {"capped": over} if over else {}
    line.basis = {**kept, **new, **({"by_pack": True} if by_pack else {})}


def paid(line: Expense) -> int | None:
    """What was paid for work, before the travel rules: yen, None while it is not known."""
    claimed = yen(line)
    return None if claimed is None else claimed + capped(line)


def names(line: Expense) -> tuple[str, ...]:
    """The names on a line: issuer, description, goods."""
    return (line.payee, line.description, *(name for name in _goods(line)))


def is_lodging(line: Expense) -> bool:
    """A night's price: said so, or by its words."""
    if line.basis.get("part") == "lodging" or "stay" in line.basis:
        return True
    if line.category != TRAVEL or has_journey(line) or line.basis.get("part"):
        return False
    return any(speaks_of(name, LODGING) for name in names(line))


def is_ride(line: Expense) -> bool:
    return has_journey(line) or bool(line.basis.get("legs")) or line.basis.get("part") == "leg"


def hired(line: Expense) -> str:
    """``taxi`` or ``rental_car`` where a receipt's issuer is one by name: such a ride may want a reason."""
    if line.category != TRAVEL or line.basis.get("part") or "legs" in line.basis or has_journey(line):
        return ""
    said = (line.payee, line.description)
    return next((mode for mode, words in HIRED.items() if any(speaks_of(name, words) for name in said)), "")


def no_ride(name: str) -> bool:
    """Parking and tolls: paid on the way, but no ride."""
    return speaks_of(name, NO_RIDE)


def place_of(line: Expense) -> str:
    """The prefecture that stands on a receipt, or that the payee's name says; empty when neither does."""
    text = plain(_text(line))
    found = {prefecture for prefecture in prefectures() if prefecture in text}
    if len(found) == 1:
        return found.pop()
    return prefecture_of(line.payee) or ""


# --- receipts and the rides they pay for ------------------------------------------------------------------------------


def take(line: Expense, chosen: Sequence[int], said: Sequence[Mapping[str, Any]]) -> None:
    """The line pays for these rides; none: it is a ride of its own."""
    kept = {name: value for name, value in line.basis.items() if name != GUESSED}
    line.basis = {**kept, "legs": list(chosen)}
    if chosen and not has_journey(line):
        first, last = said[chosen[0]], said[chosen[-1]]
        back = len(chosen) > 1 and there_and_back(first, last)
        line.journey = {
            "from": first.get("from"),
            "to": first.get("to") if back else last.get("to"),
            "via": list(first.get("via") or ()),
            "mode": first.get("mode"),
            "round_trip": back or bool(first.get("round_trip")),
            "km": first.get("km"),
        }


def give_back_guess(line: Expense) -> None:
    """Undo what was only taken to be of both ways, unless the person has said since what ride it is."""
    if not line.basis.get(GUESSED):
        return
    said_so = "journey" in (line.corrected or [])
    gone = (GUESSED,) if said_so else (GUESSED, "legs")
    line.basis = {name: value for name, value in line.basis.items() if name not in gone}
    line.journey = line.journey if said_so else {}


def said_legs(trip: Trip) -> list[dict[str, Any]]:
    return [dict(leg) for leg in (trip.options or {}).get("said", {}).get("legs", ())]


def declined(trip: Trip) -> list[str]:
    """Keys of what the person does not claim."""
    return [str(key) for key in (trip.options or {}).get("declined", ())]


def open_legs(trip: Trip, of_trip: Sequence[Expense]) -> list[int]:
    """Numbers of the rides that were said and that no line pays for yet."""
    return _open(trip, of_trip, said_legs(trip))


def _open(trip: Trip, of_trip: Sequence[Expense], said: Sequence[Mapping[str, Any]]) -> list[int]:
    taken = {number for line in of_trip for number in line.basis.get("legs") or ()}
    gone = declined(trip)
    return [
        n for n, leg in enumerate(said) if n not in taken and f"transport:{n}" not in gone and not leg.get("packed")
    ]


def there_and_back(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    there = plain(first.get("from") or ""), plain(first.get("to") or "")
    return all(there) and there == (plain(second.get("to") or ""), plain(second.get("from") or ""))


# --- the trip as it was -----------------------------------------------------------------------------------------------


def legs(trip: Trip, of_trip: Sequence[Expense]) -> list[dict[str, Any]]:
    """``Trip.legs``: what was said and nobody paid for otherwise (``said``: its number), and the rides of the lines."""
    said, gone = said_legs(trip), declined(trip)
    payer = {n: line for line in of_trip for n in line.basis.get("legs") or () if n < len(said)}
    made: list[dict[str, Any]] = []
    done: set[str] = set()
    for number, leg in enumerate(said):
        line = payer.get(number)
        if line is None:
            if f"transport:{number}" not in gone:
                made.append({**leg, "said": number})
        elif line.id not in done:
            done.add(line.id)
            made.append(_ride(line, leg))
    made += [_ride(line, {}) for line in of_trip if (is_ride(line) or hired(line)) and line.id not in done]
    return made


def _ride(line: Expense, said: Mapping[str, Any]) -> dict[str, Any]:
    """The ride of a line: what the person said of it goes before what was planned."""
    journey, both = line.journey or {}, bool((line.journey or {}).get("round_trip"))
    covers = "round_trip" if both and (line.kind != "note" or line.basis.get("covers")) else ""
    said_of_it = {**said, **line.basis.get("ride", {})}
    return {
        **{name: said_of_it[name] for name in BESIDE if name in said_of_it},
        "date": iso(line.date),
        "from": journey.get("from"),
        "to": journey.get("to"),
        "via": list(journey.get("via") or ()),
        "mode": journey.get("mode") or hired(line) or None,
        "amount": None if line.basis.get("by_pack") else paid(line),
        "currency": "JPY",
        "round_trip": both,
        "covers": covers,
        "km": journey.get("km"),
        "km_covers": str(line.basis.get("covers") or ""),  # a note's figure of a car is that of its kilometres
        "expense_id": line.id,
    }


def stays(trip: Trip, of_trip: Sequence[Expense]) -> list[dict[str, Any]]:
    """``Trip.lodging``: a stay for each price; several prices within fewer nights are one stay.

    Nights at somebody's home, or that somebody else carries, are those that were said: they have no price. Others
    without a price are those that were said, their price not known.
    """
    said = said_stays(trip)
    free = [stay for stay in said if is_private(stay) or stay.get("paid_by") == "host"]
    nights = max(0, trip.nights - sum(int(stay.get("nights") or 1) for stay in free))
    priced = [line for line in of_trip if is_lodging(line)]
    planned = [stay for stay in said if stay not in free]
    if priced:
        return [*_priced(trip, priced, nights, planned), *free]
    if len(planned) == 1:
        return [*([{**planned[0], "amount": None, "nights": nights}] if nights else []), *free]
    return [*({**stay, "amount": None} for stay in planned), *free]


def said_stays(trip: Trip) -> list[dict[str, Any]]:
    """The nights that were said beside the lines."""
    return [dict(stay) for stay in (trip.options or {}).get("said", {}).get("lodging", ())]


def _priced(
    trip: Trip, priced: Sequence[Expense], nights: int, plans: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The stays of lines with a price, which are so many nights together."""
    if len(priced) > max(1, nights):
        main = max(priced, key=lambda line: paid(line) or 0)
        known = [amount for line in priced if (amount := paid(line)) is not None]
        amount = sum(known) if len(known) == len(priced) else None
        return [_stay(trip, main, nights or 1, amount, [line.id for line in priced], plans[:1])]
    unsaid = [line for line in priced if not _said_nights(line)]
    left = nights - sum(_said_nights(line) for line in priced)
    made = []
    for number, line in enumerate(priced):
        own = _said_nights(line)
        if not own:
            own = max(1, left - len(unsaid) + 1)
            left, unsaid = left - own, unsaid[1:]
        made.append(_stay(trip, line, own, paid(line), [line.id], plans[min(number, len(plans) - 1) :][:1]))
    return made


def _said_nights(line: Expense) -> int:
    return int(line.basis.get("stay", {}).get("nights") or line.basis.get("stay_nights") or 0)


def _stay(
    trip: Trip, line: Expense, nights: int, amount: int | None, ids: list[str], plans: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the person said of these nights goes before what was planned, that before what stands on the receipt.

    A chain's receipt may name its head office, so that an address alone does not decide about a cap.
    """
    plan: Mapping[str, Any] = plans[0] if plans else {}
    said = line.basis.get("stay", {})
    planned = plan.get("prefecture") or trip.prefecture or prefecture_of(trip.destination)
    prefecture = said.get("prefecture") or planned or place_of(line)
    meals = said.get("meals", line.basis.get("meals", plan.get("meals")))
    both = {**plan, **said}
    return {
        **{name: both[name] for name in OF_STAY if both.get(name)},
        "nights": nights,
        "place": line.payee,
        "amount": amount,
        "currency": "JPY",
        "prefecture": prefecture,
        "meals": meals if isinstance(meals, int) else len(meals or ()),
        "over_reason": said.get("over_reason", plan.get("over_reason") or ""),
        "receipt": line.kind != "note" or bool(line.missing_receipt),
        "expense_ids": ids,
    }


# --- texts on receipts ------------------------------------------------------------------------------------------------


def _reading(line: Expense) -> Mapping[str, Any]:
    readings = line.receipt.readings if line.receipt is not None else []
    found = readings[line.receipt_part] if line.receipt_part < len(readings) else {}
    return found if isinstance(found, dict) else {}


def _text(line: Expense) -> str:
    return "".join(str(row.get("text", "")) for row in _reading(line).get("lines") or ())


def text_of(line: Expense) -> str:
    """Everything that stands on the line and its receipt, to look for a place in."""
    return plain(f"{line.payee}{line.description}{_text(line)}")


def _goods(line: Expense) -> list[str]:
    items = _reading(line).get("items") or {}
    return [str(item["name"]) for item in (items.get("value") if isinstance(items, dict) else None) or ()]


def has_journey(line: Expense) -> bool:
    journey = line.journey or {}
    return bool(journey.get("mode") or journey.get("from") or journey.get("to"))


def iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
