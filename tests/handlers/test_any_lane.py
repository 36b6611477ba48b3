"""What holds with a lane open, whoever taps whichever button in whatever order: nobody decides their own claim, what is
drawn is not decided by the rules, and the month can be reckoned again.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select

from handlers.chat import Commanded
from handlers.lane import proof
from storage.models import Claim, LaneDecision
from tests.handlers import lanes
from tests.handlers.test_any_taps import ANYBODY, MOST_RECEIPTS, AnybodyTapsAnything

NUMBER = st.integers(min_value=1, max_value=MOST_RECEIPTS)
SAID = st.tuples(
    ANYBODY,
    st.one_of(
        NUMBER.map("lane reopen {} A reason".format),
        st.sampled_from(
            (
                "lane",
                "lane close 1",
                "lane change 1 audit=90%",
                "lane change 1 audit=10%",
                "lane open category=会議費 max=3000 audit=60% statement=no",
            )
        ),
    ),
)
STATES = {
    "passed": {"approved", "exported", "paid"},
    "upheld": {"approved", "exported", "paid"},
    "overturned": {"returned", "rejected", "draft", "cancelled"},
    "audited": {"submitted", "in_approval", "draft", "cancelled"},
}


class AnybodyTapsAnythingOfALane(AnybodyTapsAnything):
    """The same people, with clean receipts and a lane of which every second claim is looked at."""

    def __init__(self) -> None:
        super().__init__()
        lanes.makes_administrators(self.house)
        lanes.opens(self.house, "category=会議費 max=3000 audit=50% statement=no")

    @rule(said=SAID)
    def say_of_the_lane(self, said: tuple[str, str]) -> None:
        """Anybody asks for the lane to be wider, narrower, closed, and for what it decided to be reopened."""
        who, words = said
        self.house.does(who, Commanded(words))
        self.collect()

    @invariant()
    def what_the_lane_said_agrees_with_the_claim(self) -> None:
        with self.house.services.db.snapshot(self.house.organization_id) as session:
            for row in session.scalars(select(LaneDecision)):
                claim = session.get_one(Claim, row.claim_id)
                if row.round == claim.round:
                    assert claim.state in STATES[row.state], (claim.number, claim.state, row.state)
                else:
                    assert row.state in ("audited", "overturned"), (claim.number, row.state)

    @invariant()
    def nobody_alone_put_a_lane_in_force(self) -> None:
        for row in lanes.lane_rules(self.house):
            if row.act != "narrow" and (row.state == "active" or row.active_from is not None):
                assert row.confirmed_by not in (None, row.proposed_by)

    def teardown(self) -> None:
        with self.house.services.db.snapshot(self.house.organization_id) as session:
            wrong = [proof.prove(session, month).wrong for month in proof.months(session)]
        super().teardown()
        assert not any(wrong), wrong


TestAnybodyTapsAnythingOfALane = AnybodyTapsAnythingOfALane.TestCase
TestAnybodyTapsAnythingOfALane.settings = settings(
    max_examples=5,
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
