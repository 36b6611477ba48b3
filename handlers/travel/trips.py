"""A stored trip as the facts that a pack wants.

``Trip.legs`` and ``Trip.lodging`` are what a note's reading gives (``date``, ``from``, ``to``, ``mode``, ``amount`` …);
what a note does not say may stand beside it: of a leg ``via``, ``covers``, ``km_covers``, ``from_home``,
``office_amount``, ``reason``, ``paid_by``, ``packed``; of a lodging ``prefecture``, ``separable``, ``kind``,
``over_reason``, ``receipt``, ``paid_by``. ``kind`` of a lodging: ``private`` (one's own or an acquaintance's home) or
``package`` (one price for lodging and transport; then ``fare`` is the ordinary fare). A round trip whose leg does not
say what its amount ``covers`` (``one_way``, ``round_trip``), or its kilometres (``km_covers``, else ``covers``), has
them once.
``Trip.options`` holds ``distance_km``, ``packages`` and ``lost``, named as in :mod:`handlers.travel.facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from sqlalchemy.orm import Session

from handlers.travel import commuter, fares, load
from handlers.travel.compute import compute
from handlers.travel.facts import Context, Facts, Leg, Lost, PackagePrice, Payer, Stay
from handlers.travel.items import Item
from handlers.travel.pack import Pack
from storage.models import Member, Trip

HOMES = ("自宅", "home")
_COVERS = {"one_way": "one", "round_trip": "both"}


def facts_of(trip: Trip, *, estimate: bool = False) -> Facts:
    """The facts of a trip. ``estimate``: before it, when prices may be unknown. Amounts in other currencies are not."""
    options = trip.options or {}
    facts = Facts(
        departs=trip.starts,
        returns=trip.ends,
        destination=trip.destination or trip.prefecture,
        legs=tuple(_leg(leg) for leg in trip.legs),
        stays=tuple(_stay(stay, trip.prefecture) for stay in trip.lodging if not is_package(stay)),
        packages=tuple(_package(package, trip.prefecture) for package in packages_of(trip)),
        distance_km=_decimal(options.get("distance_km")),
        estimate=estimate,
        cancelled=trip.cancelled_at is not None,
        lost=tuple(_lost(lost) for lost in options.get("lost", ())),
    )
    missing = trip.nights - facts.nights
    if missing > 0:  # nights of which nothing else is known
        facts = replace(facts, stays=(*facts.stays, Stay(missing, prefecture=trip.prefecture)))
    return facts


def is_package(stay: Mapping[str, Any]) -> bool:
    """Whether the price of these nights is that of a package."""
    return stay.get("kind") == "package"


def is_private(stay: Mapping[str, Any]) -> bool:
    """Whether these nights were at one's own or an acquaintance's home."""
    return stay.get("kind") == "private" or bool(stay.get("private"))


def at_home(leg: Mapping[str, Any]) -> bool:
    """Whether a ride begins or ends at the traveller's home: said so, or by its places."""
    if leg.get("from_home") is not None:
        return bool(leg["from_home"])
    return any(str(leg.get(name) or "").strip().lower() in HOMES for name in ("from", "to"))


def packages_of(trip: Trip) -> list[Mapping[str, Any]]:
    """The trip's packages in the order of ``Facts.packages``."""
    options = trip.options or {}
    return [*options.get("packages", ()), *(stay for stay in trip.lodging if is_package(stay))]


def lodging_of(trip: Trip, path: str) -> int:
    """The number in ``Trip.lodging`` of what a path speaks of: ``stays.0``, ``packages.1.fare``.

    A stay that is not written there yet (nights of which nothing is known) comes after the last.
    """
    part, number, *_ = path.split(".")
    before = len((trip.options or {}).get("packages", ())) if part == "packages" else 0
    wanted = [n for n, stay in enumerate(trip.lodging) if is_package(stay) == (part == "packages")]
    at = int(number) - before
    return wanted[at] if 0 <= at < len(wanted) else len(trip.lodging)


@dataclass(frozen=True)
class Given:
    """What an organisation's pack gives for a trip. ``pack`` is None, and nothing given, where none is in use."""

    pack: Pack | None
    items: tuple[Item, ...]

    def reasons(self, locale: str) -> tuple[str, ...]:
        """Reasons that the pack accepts for a lodging over its cap, in the person's language."""
        over = self.pack.lodging.over if self.pack and self.pack.lodging else None
        said = over.reasons if over else ()
        return tuple((reason.text_en if locale == "en" else "") or reason.text for reason in said)


def given(session: Session, trip: Trip, member: Member, *, estimate: bool = False) -> Given:
    """What the pack of the trip's day of departure gives ``member`` for it; before the trip as an ``estimate``."""
    pack = load.pack_for(session, trip.starts)
    if pack is None:
        return Given(None, ())
    return Given(pack, compute(facts_of(trip, estimate=estimate), pack, context_of(session, member)))


def context_of(session: Session, member: Member) -> Context:
    """Who travels, with their commuter passes and the fares that are known for them."""
    return Context(
        grade=member.grade,
        sections=commuter.sections(session, member),
        fare=lambda origin, destination, mode, day: fares.fare(
            session, origin, destination, mode, day, member_id=member.id
        ),
    )


def _leg(leg: Mapping[str, Any]) -> Leg:
    day = leg.get("date")
    return Leg(
        day=date.fromisoformat(day) if day else None,
        origin=leg.get("from") or "",
        destination=leg.get("to") or "",
        mode=leg.get("mode") or "train",
        amount=_yen(leg),
        round_trip=bool(leg.get("round_trip")),
        covers=cast(Any, _COVERS.get(leg.get("covers") or "", "unsaid")),
        km=_decimal(leg.get("km")),
        km_covers=cast(Any, _COVERS.get(leg.get("km_covers") or leg.get("covers") or "", "unsaid")),
        via=tuple(leg.get("via") or ()),
        from_home=at_home(leg),
        office_amount=leg.get("office_amount"),
        reason=leg.get("reason") or "",
        paid_by=_payer(leg),
        packed=bool(leg.get("packed")),
    )


def _stay(stay: Mapping[str, Any], prefecture: str) -> Stay:
    return Stay(
        nights=int(stay.get("nights") or 1),
        amount=_yen(stay),
        place=stay.get("place") or "",
        prefecture=stay.get("prefecture") or prefecture,
        meals=_meals(stay),
        separable=bool(stay.get("separable")),
        private=is_private(stay),
        over_reason=stay.get("over_reason") or "",
        receipt=bool(stay.get("receipt", True)),
        paid_by=_payer(stay),
    )


def _package(package: Mapping[str, Any], prefecture: str) -> PackagePrice:
    return PackagePrice(
        amount=_yen(package),
        nights=int(package.get("nights") or 1),
        prefecture=package.get("prefecture") or prefecture,
        fare=package.get("fare"),
        meals=_meals(package),
        separable=bool(package.get("separable")),
        paid_by=_payer(package),
    )


def _lost(lost: Mapping[str, Any]) -> Lost:
    return Lost(
        kind=lost["kind"],
        paid=int(lost["paid"]),
        refunded=int(lost.get("refunded", 0)),
        fee=int(lost.get("fee", 0)),
        ref=str(lost.get("ref") or ""),
    )


def _yen(part: Mapping[str, Any]) -> int | None:
    amount = part.get("amount")
    return int(amount) if amount is not None and part.get("currency", "JPY") == "JPY" else None


def _meals(part: Mapping[str, Any]) -> int:
    """A list of meals, or how many."""
    meals = part.get("meals")
    return meals if isinstance(meals, int) else len(meals) if isinstance(meals, (list, tuple)) else 0


def _payer(part: Mapping[str, Any]) -> Payer:
    said = part.get("paid_by")
    return cast(Payer, said) if said in ("agency", "host") else "traveler"


def _decimal(said: object) -> Decimal | None:
    try:
        return None if said is None else Decimal(str(said))
    except InvalidOperation:
        return None
