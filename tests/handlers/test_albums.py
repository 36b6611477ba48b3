"""Receipts sent together: their list, and the claim that they become, keep the order in which they were sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import receipts
from handlers.chat import Album, Capabilities, FileRef, Said
from storage.models import Receipt
from tests.handlers.house import House

AMOUNTS = (1100, 1200, 1300, 1400)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def read_in_reverse(house: House) -> None:
    with house.services.db.snapshot(house.organization_id) as session:
        waiting = session.scalars(select(Receipt).filter_by(state="waiting").order_by(Receipt.source.desc())).all()
    assert len(waiting) == len(AMOUNTS)
    for receipt in waiting:
        receipts.read(house.services, house.organization_id, receipt.id)
    house.settle()


def listed(house: House) -> list[str]:
    return [row.value for row in house.last("w").rows]


def files() -> tuple[FileRef, ...]:
    return tuple(FileRef(f"f{n}", message=f"m{n}") for n in range(len(AMOUNTS)))


def test_photos_of_one_message_keep_its_order(house: House) -> None:
    house.paper.files = {f"f{n}": str(amount).encode() for n, amount in enumerate(AMOUNTS)}
    house.starts("w", Said(files=files()))
    read_in_reverse(house)
    assert listed(house) == ["¥1,100", "¥1,200", "¥1,300", "¥1,400"]
    house.taps("w", house.button("w", "Submit 4 together"))
    [claim] = [c for c in house.claims() if c.state == "submitted"]
    assert [expense.amount for expense in claim.expenses] == list(AMOUNTS)


def test_photos_that_come_one_by_one_in_any_order_stand_as_the_platform_numbers_them(house: House) -> None:
    house.paper.files = {f"f{n}": str(amount).encode() for n, amount in enumerate(AMOUNTS)}
    for place in (2, 0, 3, 1):
        house.starts("w", Said(files=(files()[place],), album=Album("a", place + 1, len(AMOUNTS))))
    read_in_reverse(house)
    assert listed(house) == ["¥1,100", "¥1,200", "¥1,300", "¥1,400"]


def test_a_photo_that_cannot_be_read_keeps_its_place_in_the_list(house: House) -> None:
    house.paper.files = {f"f{n}": str(amount).encode() for n, amount in enumerate(AMOUNTS)}
    house.paper.files["f1"] = house.paper.files["f0"]  # the same bytes twice
    house.does("w", Said(files=files()))
    assert [row.doubted for row in house.last("w").rows] == [False, True, False, False]


@pytest.mark.parametrize(("total", "said"), [(4, "Reading 4 receipts…"), (None, "Receiving your photos…")])
def test_where_nothing_can_be_replaced_an_album_is_answered_at_its_first_photo(
    house: House, total: int | None, said: str
) -> None:
    """Also where the platform does not say how many photos will come."""
    house.paper.capabilities = Capabilities(False, False, True, False, has_captions=False)
    house.paper.files = {f"f{n}": str(amount).encode() for n, amount in enumerate(AMOUNTS)}
    for place in range(2):
        house.does("w", Said(files=(files()[place],), album=Album("a", total and place + 1, total)))
    assert [card.title for card in house.cards("w")] == [said]
