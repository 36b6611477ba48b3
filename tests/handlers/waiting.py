"""What the tests of waiting share: a house whose clock is set by hand, and claims handed in in it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.chat import Commanded
from storage.models import Member
from tests.handlers.house import House

TOKYO = ZoneInfo("Asia/Tokyo")


def at(house: House, month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> None:
    """It is this moment in Tokyo."""
    moment = dt.datetime(year, month, day, hour, minute, tzinfo=TOKYO).astimezone(dt.UTC)
    house.services.clock = lambda: moment


def hands_in(house: House, user: str, amount: int) -> None:
    """A receipt of this amount, submitted."""
    house.sends_receipt(user, amount)
    house.taps(user, house.button(user, "Submit"))


def types(house: House, user: str, command: str) -> str:
    """A command; the title of the answer."""
    house.does(user, Commanded(command))
    return house.last(user).title


def titles(house: House, user: str) -> list[str]:
    return [card.title for card in house.cards(user)]


def change(house: House, name: str, **values: object) -> None:
    """Something about a member, as an administrator or an import would set it."""
    with house.services.db.transaction(house.organization_id) as session:
        member = session.scalars(select(Member).filter_by(name=name)).one()
        for key, value in values.items():
            setattr(member, key, value)
