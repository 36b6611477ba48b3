"""The lane when people act in the same moment, on each kind of database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from handlers.chat import Commanded, Tapped
from handlers.lane import draw
from storage import audit
from storage.db import Database
from storage.models import LaneDraw
from tests.handlers import lanes
from tests.handlers.house import House
from tests.handlers.waiting import at


@pytest.fixture
def house(tmp_path: Path, database: Database) -> Iterator[House]:
    built = House(tmp_path, database)
    lanes.prepared(built)
    yield built
    built.services.jobs.stop()


def at_once(house: House, *acts: tuple[str, Tapped]) -> None:
    """Each act answered in a thread of its own."""
    start, wrong = threading.Barrier(len(acts)), list[BaseException]()
    remembered = [house.remembers(user, act) for user, act in acts]

    def answer(inbox_id: str) -> None:
        start.wait()
        try:
            house.answers(inbox_id)
        except BaseException as error:  # told by the caller's thread
            wrong.append(error)

    threads = [threading.Thread(target=answer, args=(one,)) for one in remembered]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    house.settle()
    assert not wrong


def test_of_two_changes_of_one_lane_confirmed_at_once_one_comes_into_force(house: House) -> None:
    lanes.stands(house)
    house.does("a", Commanded("lane change 1 max=6000"))
    house.does("s", Commanded("lane change 1 max=7000"))
    confirms = [("s", house.button("s", "Confirm")), ("a", house.button("a", "Confirm"))]
    at_once(house, *((user, Tapped(button.token)) for user, button in confirms))
    states = sorted(rule.state for rule in lanes.lane_rules(house))
    assert states == ["active", "ended", "proposed"]


def test_the_first_claims_of_a_month_find_one_draw(house: House) -> None:
    lanes.stands(house, share=5000)
    with house.services.db.transaction(house.organization_id) as session:
        session.execute(delete(LaneDraw).where(LaneDraw.organization_id == house.organization_id))
    for user, amount in (("w", 1280), ("c", 1390)):
        lanes.sends(house, user, amount)
    at(house, 11, 24, 11)
    submits = [(user, Tapped(house.button(user, "Submit").token)) for user in "wc"]
    at_once(house, *submits)
    with house.services.db.snapshot(house.organization_id) as session:
        [row] = session.scalars(select(LaneDraw)).all()
        assert draw.commitment_of(draw.seed_of(house.services.keys, row)) == row.commitment
        assert audit.verify(session)[1] is None
    assert [link.data["commitment"] for link in lanes.links(house, "lane.committed")][-1] == row.commitment
    assert {claim.state for claim in house.claims()} == {"submitted"}, "they are older than that draw"


def test_claims_handed_in_at_once_have_each_their_own_draw(house: House) -> None:
    lanes.stands(house, share=5000)
    for user, amount in (("w", 1280), ("c", 1390)):
        lanes.sends(house, user, amount)
    at_once(house, *[(user, Tapped(house.button(user, "Submit").token)) for user in "wc"])
    found = lanes.decisions(house)
    with house.services.db.snapshot(house.organization_id) as session:
        seed = draw.seed_of(house.services.keys, session.scalars(select(LaneDraw).filter_by(month="2026-11")).one())
    assert [row.draw for row in found] == [draw.draw_of(seed, row.claim_id) for row in found]
    assert [row.state == "audited" for row in found] == [draw.drawn(row.draw, 5000) for row in found]
    assert len(found) == 2
