"""The same of trips: requests and their settlements, whoever taps whichever button in whatever order."""

from __future__ import annotations

import datetime as dt

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import select

from handlers import claims
from handlers.chat import Commanded, Said
from storage.models import Budget, BudgetEntry, Claim, Trip
from tests.handlers.test_any_taps import ANYBODY, AnybodyTapsAnything

MOST_TRIPS = 3
PAID = ("approved", "exported", "paid")
ONWARD = (  # who usually has the button, and its label
    ("w", "Submit"), ("w", "Settle"), ("w", "Call off"), ("w", "Withdraw"), ("s", "Approve"), ("s", "Submit"),
    ("a", "Approve"), ("c", "Approve"), ("s", "Undo"),
)  # fmt: skip
ANSWERS = ("One way", "There and back, at the same fare", "8,950", "Later", "福島", "打合せ", "出張", "まとめ")


class AnybodyTapsTrips(AnybodyTapsAnything):
    """People ask for trips by notes, answer what is asked or something else, and let the trips go by."""

    trips = 0

    @initialize(line=st.integers(min_value=30_000, max_value=90_000), days=st.sampled_from((0, 1, 3)))
    def travel_rules_a_budget_and_a_trip(self, line: int, days: int) -> None:
        self.house.does("a", Commanded("travel use state-2026-04 from=2026-04-01"))
        self.house.does("a", Commanded(f"budget set {line} account=旅費交通費 stopped=yes"))
        self.ask_for_a_trip("w")
        for who, label in (("w", "Submit"), ("s", "Approve"), ("a", "Approve"), ("c", "Approve"), ("a", "Approve")):
            self.press(who, label)
        self.now += dt.timedelta(days=days)

    @precondition(lambda self: self.trips < MOST_TRIPS)
    @rule(who=st.sampled_from(("w", "s")))
    def ask_for_a_trip(self, who: str) -> None:
        self.trips += 1
        day = self.now.date() + dt.timedelta(days=self.trips)
        note = f"{day.month}/{day.day} 東京→福島 新幹線往復 片道{8_950 + self.trips}円 打合せ 1泊"
        self.house.does(who, Said(note))
        self.collect()

    @rule(way=st.sampled_from(ONWARD))
    def go_on(self, way: tuple[str, str]) -> None:
        """The ways that lead on are long."""
        self.press(*way)

    def press(self, who: str, label: str) -> None:
        """The newest button of this label on one's own screen, if there is one."""
        mine = [b for card in reversed(self.house.cards(who)) for b in card.buttons if b.label.startswith(label)]
        if mine:
            self.house.taps(who, mine[0])
            self.collect()

    @rule(who=ANYBODY, words=st.sampled_from(ANSWERS))
    def answer(self, who: str, words: str) -> None:
        self.house.does(who, Said(words))
        self.collect()

    @invariant()
    def the_budget_is_what_the_claims_hold(self) -> None:
        """A request reserves until it is settled or called off; what is spent is spent by what was paid."""
        with self.house.services.db.snapshot(self.house.organization_id) as session:
            for line in session.scalars(select(Budget)):
                entries = session.scalars(select(BudgetEntry).filter_by(budget_id=line.id, released_at=None)).all()
                sums = {kind: sum(e.amount for e in entries if e.kind == kind) for kind in ("reserve", "consume")}
                assert (line.reserved, line.consumed) == (sums["reserve"], sums["consume"])
                assert line.reserved + line.consumed <= line.amount
            held = {
                entry.claim_id: entry.kind for entry in session.scalars(select(BudgetEntry).filter_by(released_at=None))
            }
            for claim in session.scalars(select(Claim).filter_by(kind="request")):
                trip = session.get_one(Trip, claim.trip_id)
                settled = session.scalars(
                    select(Claim).where(Claim.request_id == claim.id, Claim.state.in_(PAID))
                ).first()
                holds = claim.state in (*claims.WAITING, *PAID) and trip.cancelled_at is None and settled is None
                assert held.get(claim.id) == ("reserve" if holds else None), (claim.number, claim.state)
                assert trip.nights >= 0
                assert trip.starts <= trip.ends


TestAnybodyTapsTrips = AnybodyTapsTrips.TestCase
TestAnybodyTapsTrips.settings = settings(
    max_examples=3,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
