"""What holds for claims on any route, whoever taps whichever button in whatever order."""

from __future__ import annotations

import datetime as dt
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import claims
from handlers.approvals import seats, steps
from handlers.budgets.holding import HOLDS
from handlers.chat import Button, Commanded
from storage import audit
from storage.models import (
    ApprovalStep,
    AuditEvent,
    Budget,
    BudgetEntry,
    Claim,
    Decision,
    Delegation,
    Member,
    Organization,
    Policy,
    Post,
)
from tests.handlers.house import House

PEOPLE = ("w", "s", "a", "c")  # worker, her supervisor, his who is the administrator, a colleague
MOST_RECEIPTS = 4
PLACES = ("manager", "s@example.jp", "a@example.jp", "c@example.jp", "role:accountant", "role:admin", "課長", "部長")
STEP = st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True).flatmap(
    lambda places: st.sampled_from((" | ".join(places), " & ".join(places)))
)
ROUTE = st.lists(STEP, min_size=1, max_size=3).map(" > ".join)
STANDS_IN = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda pair: pair[0] != pair[1])
ANYBODY = st.sampled_from(PEOPLE)
MAIL = "{}@example.jp".format
# (who, command): delegates, comments, leaving with and without an heir, coming back, posts, the budget, the books.
SAID = st.one_of(
    st.tuples(ANYBODY, ANYBODY.map(lambda other: f"delegate {MAIL(other)} 今日から7日間") | st.just("delegate off")),
    st.tuples(ANYBODY, st.integers(min_value=1, max_value=MOST_RECEIPTS).map("comment {} A word".format)),
    st.tuples(ANYBODY, st.sampled_from(("together", "duplicates", "claim 1"))),
    st.tuples(
        st.just("a"),
        st.one_of(
            st.builds("remove {}@example.jp manager={}@example.jp".format, st.sampled_from("swc"), ANYBODY),
            st.builds(
                "add {0} {0}@example.jp manager={1}@example.jp".format, st.sampled_from("swc"), st.sampled_from("sa")
            ),
            st.builds(
                "post {} holder={}".format, st.sampled_from(("課長", "部長")), st.just("vacant") | ANYBODY.map(MAIL)
            ),
            st.sampled_from((1500, 9000)).map("budget set {} account=会議費 stopped=yes".format),
            st.sampled_from(("exported", "paid")).map((f"{{}} 1-{MOST_RECEIPTS}").format),
        ),
    ),
)


class AnybodyTapsAnything(RuleBasedStateMachine):
    """People send receipts, tap old and new buttons of anybody, answer forms, ask, look through what waits, approve
    several at once, name delegates, hand over and leave, vacate and fill posts, change budgets, and let time go by, in
    any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.house = House(Path(self.folder.name))
        self.now = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)
        self.house.services.clock = lambda: self.now
        self.buttons: list[Button] = []
        self.seen: dict[str, tuple[str, int]] = {}
        self.amount = 1000

    @initialize(route=st.none() | ROUTE, pairs=st.lists(STANDS_IN, max_size=3))
    def an_organisation(self, route: str | None, pairs: list[tuple[str, str]]) -> None:
        with self.house.services.db.transaction(self.house.organization_id) as session:
            people = {member.name: member for member in session.scalars(select(Member))}
            people["a"].roles, people["c"].roles = ["accountant", "admin"], ["accountant"]
            above = Post(title="部長", department="", member_id=people["a"].id)
            line = Budget(
                year=2026, code="*/会議費", category="meeting", amount=2500, stopped=True, updated_at=self.now
            )
            session.add_all([above, line])
            session.flush()
            session.add(Post(title="課長", department="", member_id=people["c"].id, above_id=above.id))
            for name in ("purpose-missing", "registration-number"):  # else no claim here would be clean
                first = self.now.date().replace(day=1)
                session.add(Policy(rule=name, strength="off", parameters={}, valid_from=first, created_at=self.now))
            for principal, delegate in pairs:
                days = {"starts": self.now.date(), "ends": self.now.date() + dt.timedelta(days=1)}
                of = {"principal_id": people[principal].id, "delegate_id": people[delegate].id}
                session.add(Delegation(**of, **days, created_by=people["a"].id, created_at=self.now))
        if route is not None:
            self.house.does("a", Commanded(f"route add : {route}"))
            assert self.house.last("a").tone == "good", self.house.last("a")
        self.send("w")
        self.tap("w", 0)

    @precondition(lambda self: self.amount < 1000 + MOST_RECEIPTS)  # what matters are the taps
    @rule(who=st.sampled_from(("w", "s", "c")))
    def send(self, who: str) -> None:
        self.amount += 1
        self.house.sends_receipt(who, self.amount)
        self.collect()

    @rule(who=st.sampled_from(PEOPLE), which=st.integers(min_value=0, max_value=10**6))
    def tap(self, who: str, which: int) -> None:
        """Any button that was ever on anybody's screen."""
        if self.buttons:
            self.house.taps(who, self.buttons[which % len(self.buttons)])
            self.collect()

    @rule(who=st.sampled_from(PEOPLE), which=st.integers(min_value=0, max_value=10**6))
    def tap_on_ones_own_screen(self, who: str, which: int) -> None:
        mine = [button for card in self.house.cards(who) for button in card.buttons]
        if mine:
            self.house.taps(who, mine[which % len(mine)])
            self.collect()

    @precondition(lambda self: sum(state in claims.WAITING for state, _ in self.seen.values()) > 1)
    @rule(who=ANYBODY)
    def look_through_what_waits(self, who: str) -> None:
        """The list has the button that leads to the approval of several at once."""
        self.house.does(who, Commanded("waiting"))
        self.collect()
        several = next((b for b in self.house.last(who).buttons if b.label.startswith("Approve the")), None)
        if several is not None:
            self.house.taps(who, several)
            self.collect()

    @rule(said=SAID)
    def say(self, said: tuple[str, str]) -> None:
        """Comments and delegates of anybody, what administrators and accountants do, in their words."""
        who, words = said
        self.house.does(who, Commanded(words))
        self.collect()

    @rule(minutes=st.sampled_from((1, 2, 60 * 24 * 2)))
    def time_goes_by(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    def collect(self) -> None:
        seen = {b.token for b in self.buttons}
        for person in PEOPLE:
            for card in self.house.cards(person):
                self.buttons += [b for b in card.buttons if b.token not in seen]
                seen |= {b.token for b in card.buttons}

    @invariant()
    def every_claim_is_where_the_table_allows(self) -> None:
        with self.house.services.db.snapshot(self.house.organization_id) as session:
            for claim in session.scalars(select(Claim)):
                state, version = self.seen.get(claim.id, ("draft", 1))
                assert claim.state in after(state, claim.version - version), (
                    state,
                    claim.state,
                    claim.version - version,
                )
                self.seen[claim.id] = claim.state, claim.version
                nobody_decides_twice_or_for_themselves(claim)
                steps_and_state_agree(session, claim)

    @invariant()
    def the_budget_is_what_the_claims_hold(self) -> None:
        with self.house.services.db.snapshot(self.house.organization_id) as session:
            for line in session.scalars(select(Budget)):
                entries = session.scalars(select(BudgetEntry).filter_by(budget_id=line.id, released_at=None)).all()
                sums = {kind: sum(e.amount for e in entries if e.kind == kind) for kind in ("reserve", "consume")}
                assert (line.reserved, line.consumed) == (sums["reserve"], sums["consume"])
                assert line.reserved + line.consumed <= line.amount
                kinds = {entry.claim_id: entry.kind for entry in entries}
                for claim in session.scalars(select(Claim)):
                    assert kinds.get(claim.id) == HOLDS.get(claim.state), (claim.number, claim.state)

    @invariant()
    def what_waits_always_waits_for_somebody(self) -> None:
        with self.house.services.db.snapshot(self.house.organization_id) as session:
            organization = session.get_one(Organization, self.house.organization_id)
            day = seats.today(self.house.services, organization)
            for claim in session.scalars(select(Claim).where(Claim.state.in_(claims.WAITING))):
                deciders = seats.deciders(session, claim, day)
                assert deciders, f"{claim.number} waits for nobody"
                assert claim.member_id not in {each.member.id for each in deciders}

    def teardown(self) -> None:
        with self.house.services.db.snapshot(self.house.organization_id) as session:
            _, broken = audit.verify(session)
            told = {(e.subject, e.action) for e in session.scalars(select(AuditEvent))}
            decided = session.scalars(select(Decision)).all()
            untold = [d for d in decided if not any(s == f"claim:{d.claim_id}" for s, _ in told)]
        self.house.close()
        self.folder.cleanup()
        assert broken is None
        assert not untold


def nobody_decides_twice_or_for_themselves(claim: Claim) -> None:
    versions = [decision.claim_version for decision in claim.decisions]
    assert all(earlier < later for earlier, later in pairwise(versions))
    rounds = {step.id: step.round for step in claim.steps}
    standing = [(rounds[d.step_id], d.member_id) for d in claim.decisions if d.undone_at is None and d.step_id]
    assert len(standing) == len(set(standing))
    for decision in claim.decisions:
        assert claim.member_id not in (decision.member_id, decision.for_member_id)
        assert decision.member_id != decision.for_member_id


def steps_and_state_agree(session: Session, claim: Claim) -> None:
    """The state says what the steps of the present submission say."""
    present = [step for step in claim.steps if step.round == claim.round]
    states = [step.state for step in present]
    if claim.state in claims.WAITING:
        assert states.count("open") == 1, states
        assert ("passed" in states) == (claim.state == "in_approval"), states
    elif claim.state in ("approved", "exported", "paid"):
        assert set(states) <= {"passed", "skipped"}, states
        assert all(agreed(step) for step in present if step.state == "passed")
    else:
        assert "open" not in states
    for step in claim.steps:
        if step.round < claim.round:
            assert step.state not in ("open", "ahead")
    assert not [seat for step in claim.steps for seat in step.seats if seat.member_id == claim.member_id]


def agreed(step: ApprovalStep) -> bool:
    """One person in a step of any, in a step of all one of every place that was not left to somebody before."""
    places = steps.places(step)
    signed = [any(seat.state == "approved" for seat in place) for place in places]
    return any(signed) if step.mode == "any" else any(signed) and len(signed) == len(places)


def after(state: str, times: int) -> set[str]:
    """The states that so many transitions lead to."""
    reached = {state}
    for _ in range(times):
        reached = {target for (source, _), target in claims.TRANSITIONS.items() if source in reached}
    return reached


TestAnybodyTapsAnything = AnybodyTapsAnything.TestCase
TestAnybodyTapsAnything.settings = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # so short a story is readable; making it shorter takes long
)
