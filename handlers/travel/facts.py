"""What is known of a trip, as the rules of a pack want it. Yen, kilometres, days; no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Payer = Literal["traveler", "agency", "host"]
Covers = Literal["one", "both", "unsaid"]


@dataclass(frozen=True)
class Leg:
    """One journey. ``amount``: yen of one way, None when it is not known. ``via``: stations between, in order.

    ``covers``: of a round trip the amount may be that of ``both`` ways, or it is not said (``unsaid``): then it counts
    once, until somebody says. ``km_covers``: the same of the kilometres.
    ``from_home``: it begins (or ends) at the traveller's home; ``office_amount``: the fare of one way from the office.
    ``reason``: why a taxi or a rental car. ``paid_by``: ``host`` when somebody else carries it. ``packed``: the
    price of a package contains it.
    """

    day: date | None
    origin: str
    destination: str
    mode: str
    amount: int | None = None
    round_trip: bool = False
    covers: Covers = "one"
    km: Decimal | None = None
    km_covers: Covers = "one"
    via: tuple[str, ...] = ()
    from_home: bool = False
    office_amount: int | None = None
    reason: str = ""
    paid_by: Payer = "traveler"
    packed: bool = False


@dataclass(frozen=True)
class Stay:
    """Nights at one place for one price (``amount``, all nights together; None when it is not known yet).

    ``meals``: how many of breakfast and supper are in the price; ``separable``: they are shown apart in it.
    ``receipt``: there is one, or will be. ``private``: at one's own or an acquaintance's home.
    """

    nights: int
    amount: int | None = None
    place: str = ""
    prefecture: str = ""
    meals: int = 0
    separable: bool = False
    private: bool = False
    over_reason: str = ""
    receipt: bool = True
    paid_by: Payer = "traveler"


@dataclass(frozen=True)
class PackagePrice:
    """Transport and lodging for one price (None: not known yet). ``fare``: yen of the transport alone, both ways."""

    amount: int | None
    nights: int
    prefecture: str = ""
    fare: int | None = None
    meals: int = 0
    separable: bool = False
    paid_by: Payer = "traveler"


@dataclass(frozen=True)
class Lost:
    """Costs of a trip that was cancelled: paid, given back, and a fee that is still due. Yen.

    ``ref``: the one ride, stay or package they are of (``legs.0``, ``stays.1``, ``packages.0``); empty: all of a kind.
    """

    kind: Literal["transport", "lodging", "package"]
    paid: int
    refunded: int = 0
    fee: int = 0
    ref: str = ""

    @property
    def unrecoverable(self) -> int:
        return max(0, self.paid - self.refunded) + self.fee


@dataclass(frozen=True)
class Facts:
    """A trip. ``distance_km``: one way to the destination. ``estimate``: prices not known yet count as the cap.

    ``lost`` is looked at only when the trip is ``cancelled``.
    """

    departs: date
    returns: date
    destination: str = ""
    legs: tuple[Leg, ...] = ()
    stays: tuple[Stay, ...] = ()
    packages: tuple[PackagePrice, ...] = ()
    distance_km: Decimal | None = None
    estimate: bool = False
    cancelled: bool = False
    lost: tuple[Lost, ...] = ()

    @property
    def days(self) -> int:
        return (self.returns - self.departs).days + 1

    @property
    def nights(self) -> int:
        return sum(stay.nights for stay in self.stays) + sum(package.nights for package in self.packages)


@dataclass(frozen=True)
class Quote:
    """A known fare: yen of one way, and where it is known from."""

    amount: int
    source: str


@dataclass(frozen=True)
class Section:
    """Stations that a commuter pass covers, in order, from one day to another (None: until it is ended).

    ``mode``: what it is valid for. A pass of the railway says nothing of a bus between its stations.
    """

    stations: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    mode: str = "train"

    def carries(self, mode: str) -> bool:
        return mode in PASSES.get(self.mode, ())

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


PASSES = {"train": ("train", "shinkansen"), "bus": ("bus",), "both": ("train", "shinkansen", "bus")}

FareOf = Callable[[str, str, str, date], Quote | None]


def no_fares(_origin: str, _destination: str, _mode: str, _day: date) -> Quote | None:
    """For computing without a fare table."""
    return None


@dataclass(frozen=True)
class Context:
    """Who travels: the member's grade as written, their commuter passes, and how fares are looked up."""

    grade: str = ""
    sections: tuple[Section, ...] = ()
    fare: FareOf = no_fares
