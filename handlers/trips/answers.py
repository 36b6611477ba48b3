"""Answers that several forms of a request share: days, yen, prefectures, and carrying a change out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from handlers import advances, money, periods
from handlers.errors import Refusal
from handlers.trips import asking, requests
from handlers.turn import Turn
from storage.models import Claim

LONGEST_TRIP = dt.timedelta(days=366)


def day(text: str, today: dt.date) -> dt.date:
    """A day to come, as people write it; :class:`Refusal` when it is none."""
    return periods.parse(text, today=today).starts


def yen(text: str) -> int | None:
    """None of an empty answer; :class:`Refusal` when it is no amount."""
    return money.parse(text) if text.strip() else None


def prefecture(text: str) -> str:
    """Empty of an empty answer; :class:`Refusal` when it tells none."""
    return asking.a_prefecture(text) if text.strip() else ""


def advance(claim: Claim, text: str) -> int | None:
    """Yen wanted beforehand, at most what the traveller is going to lay out."""
    wanted = yen(text)
    advances.at_most(claim, wanted)
    return wanted or None


def upside_down(starts: dt.date | None, ends: dt.date | None, today: dt.date) -> dict[str, Refusal]:
    """What is wrong with the days of a trip, by ``starts`` or ``ends``."""
    if starts is not None and starts < today:
        return {"starts": Refusal("This day has passed. What a trip has cost is claimed by its receipts or a note.")}
    if starts is not None and ends is not None and ends < starts:
        return {"ends": Refusal("The last day lies before the first.")}
    if starts is not None and ends is not None and ends - starts > LONGEST_TRIP:
        return {"ends": Refusal("A request is for a year at most.")}
    return {}


def carry_out(
    turn: Turn, claim: Claim, columns: Mapping[str, Any], *, version: int, typed: Mapping[str, int] | None = None
) -> None:
    """Change the trip and reckon its estimate anew."""
    zone, locale = turn.organization.zone, turn.view.locale
    requests.change(
        turn.session, claim, columns, by=turn.member, version=version, zone=zone, locale=locale, typed=typed
    )
