"""The draw: nobody can foretell it from what is public, everybody can reckon it afterwards, no change stays unseen."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Executable, select, text, update
from sqlalchemy.orm import Session

from bot.commands import audit as command
from bot.settings import Settings
from handlers.lane import draw, proof, report
from storage import audit
from storage.models import AuditEvent, Claim, LaneDecision, LaneDraw, Organization
from tests.handlers import lanes
from tests.handlers.house import House
from tests.handlers.waiting import at

SEED = st.binary(min_size=draw.SEED_BYTES, max_size=draw.SEED_BYTES)
CLAIM = st.text("0123456789abcdef", min_size=32, max_size=32)
SHARE = st.integers(min_value=0, max_value=draw.WHOLE)
MONTH = "2026-11"


# --- reckoning --------------------------------------------------------------------------------------------------------


@given(SEED, CLAIM, SHARE)
def test_whoever_has_the_seed_comes_to_the_same_draw(seed: bytes, claim: str, share: int) -> None:
    own = hmac.new(seed, claim.encode(), hashlib.sha256).hexdigest()
    assert draw.draw_of(seed, claim) == own
    assert draw.commitment_of(seed) == hashlib.sha256(seed).hexdigest()
    assert draw.drawn(own, share) == (int(own, 16) / 2**256 < share / draw.WHOLE)


@given(SEED, CLAIM, SHARE, SHARE)
def test_a_larger_share_only_adds_and_the_whole_is_everybody(seed: bytes, claim: str, one: int, other: int) -> None:
    result = draw.draw_of(seed, claim)
    assert draw.drawn(result, min(one, other)) <= draw.drawn(result, max(one, other))
    assert draw.drawn(result, draw.WHOLE)
    assert not draw.drawn(result, 0)


@given(SEED, SEED, CLAIM)
def test_another_seed_has_another_commitment_and_another_draw(seed: bytes, other: bytes, claim: str) -> None:
    if seed != other:
        assert draw.commitment_of(seed) != draw.commitment_of(other)
        assert draw.draw_of(seed, claim) != draw.draw_of(other, claim)


@pytest.mark.parametrize("share", [100, 1000, 5000])
def test_what_is_public_does_not_tell_who_is_drawn(share: int) -> None:
    """Guesses from the commitment, from the id and from the other claims are right no more often than without them."""
    size = 4000
    claims = [hashlib.md5(str(n).encode()).hexdigest() for n in range(size)]
    seed = hashlib.sha256(b"some seed").digest()
    known = bytes.fromhex(draw.commitment_of(seed))
    real = [draw.drawn(draw.draw_of(seed, claim), share) for claim in claims]
    by_commitment = [draw.drawn(draw.draw_of(known, claim), share) for claim in claims]
    by_id = [draw.drawn(claim * 2, share) for claim in claims]
    by_neighbour = [real[-1], *real[:-1]]
    part = share / draw.WHOLE
    assert abs(sum(real) / size - part) < 0.03
    for guess in (by_commitment, by_id, by_neighbour):
        both = sum(a and b for a, b in zip(real, guess, strict=True)) / size
        assert abs(both - part * part) < 0.02


def test_months_by_the_organisations_calendar() -> None:
    assert draw.following("2026-12") == "2027-01"
    begin, end = draw.bounds("2026-12", "Asia/Tokyo")
    assert begin.isoformat() == "2026-12-01T00:00:00+09:00"
    assert end.isoformat() == "2027-01-01T00:00:00+09:00"
    assert draw.month_of(end, "Asia/Tokyo") == "2027-01"
    assert draw.month_of(end, "UTC") == "2026-12"


# --- in the house -----------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    lanes.prepared(built)
    yield built
    built.close()


def worked(house: House) -> None:
    """A month in which claims took a lane that two administrators opened, until one passed and one was drawn."""
    lanes.opens(house, "category=会議費 max=5000 audit=50% statement=no")
    for amount in range(1280, 1320):
        lanes.hands_in(house, "w", amount)
        found = lanes.decisions(house)
        assert len(found) == amount - 1279
        if {row.state for row in found} == {"passed", "audited"}:
            return
    raise AssertionError("a coin that falls on one side forty times")


def is_over(house: House) -> None:
    """The first business morning of the next month."""
    at(house, 12, 1, 9)
    report.sweep(house.services)
    house.settle()


def proved(house: House) -> proof.Proof:
    with house.services.db.snapshot(house.organization_id) as session:
        assert audit.verify(session)[1] is None
        return proof.prove(session, MONTH)


def test_nothing_that_is_kept_tells_the_seed_before_the_month_is_over(house: House) -> None:
    worked(house)
    with house.services.db.snapshot(house.organization_id) as session:
        row = session.scalars(select(LaneDraw).filter_by(month=MONTH)).one()
        seed = draw.seed_of(house.services.keys, row)
        names = session.scalars(text("select name from sqlite_master where type = 'table'")).all()
        kept = " ".join(str(line) for name in names for line in session.execute(text(f'select * from "{name}"')))
        assert row.commitment in kept
        assert seed.hex() not in kept
    assert proved(house).seed == ""
    at(house, 11, 30, 23, 59)
    report.sweep(house.services)
    assert proved(house).seed == ""


def test_this_month_and_the_next_are_committed_when_the_lane_opens_and_ahead_from_then_on(house: House) -> None:
    lanes.opens(house, "category=会議費 max=5000 statement=no")
    assert [link.data["month"] for link in lanes.links(house, "lane.committed")] == ["2026-11", "2026-12"]
    is_over(house)
    is_over(house)
    assert [link.data["month"] for link in lanes.links(house, "lane.committed")] == ["2026-11", "2026-12", "2027-01"]


def test_a_month_that_is_over_is_revealed_once_and_can_be_reckoned_again(house: House) -> None:
    worked(house)
    at(house, 12, 1, 3)
    report.sweep(house.services)
    assert proved(house).seed == "", "at night nobody is written to, and the report goes along"
    is_over(house)
    is_over(house)
    assert len(lanes.links(house, "lane.revealed")) == 1
    found = proved(house)
    assert (found.wrong, len(found.decisions)) == ([], len(lanes.decisions(house)))
    assert draw.commitment_of(bytes.fromhex(found.seed)) == found.commitment
    sent = [card for card in house.cards("a") if card.title.endswith(MONTH)]
    assert len(sent) == 1
    assert f"Handed in: {len(found.decisions)} claims" in lanes.words(sent[0])
    assert "revealed" in lanes.words(sent[0])


def test_the_reports_figures(house: House) -> None:
    worked(house)
    drawn = [row.claim_id for row in lanes.decisions(house) if row.state == "audited"]
    is_over(house)
    with house.services.db.snapshot(house.organization_id) as session:
        month = report.month_of(session, session.get_one(Organization, house.organization_id), MONTH)
        passed = [claim for claim in session.scalars(select(Claim)) if claim.id not in drawn]
        assert (month.submitted, month.passed) == (len(passed) + len(drawn), len(passed))
        assert (month.audited, month.waiting) == (len(drawn), len(drawn))
        assert month.yen == sum(claim.expenses[0].amount or 0 for claim in passed)


# --- what somebody could have changed ---------------------------------------------------------------------------------


class _Back(Exception):
    """Undo everything."""


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose month is over; the tests leave it as it is."""
    built = House(tmp_path_factory.mktemp("over"))
    lanes.prepared(built)
    worked(built)
    is_over(built)
    yield built
    built.close()


def after(house: House, change: Callable[[Session], None]) -> list[str]:
    """What the month's proof says after a change, which is then undone."""
    wrong: list[str] = []
    with suppress(_Back), house.services.db.transaction(house.organization_id) as session:
        change(session)
        session.flush()
        wrong += proof.prove(session, MONTH).wrong
        raise _Back
    return wrong


def in_tables(statement: Executable) -> Callable[[Session], None]:
    def change(session: Session) -> None:
        session.execute(statement)

    return change


def in_chain(action: str, **data: object) -> Callable[[Session], None]:
    """The first link of an action changed and the whole chain made anew behind it, as only its keeper could."""

    def change(session: Session) -> None:
        previous, done = audit.START, False
        for link in session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)):
            if link.action == action and not done:
                link.data, done = {**link.data, **data}, True
            link.previous = previous
            link.hash = previous = audit.link_hash(
                link.organization_id, link.sequence, link.at, link.actor, link.action, link.subject, link.data, previous
            )

    return change


def test_another_seed_or_commitment_in_the_table_is_found(over: House) -> None:
    row = update(LaneDraw).where(LaneDraw.month == MONTH)
    assert after(over, in_tables(row.values(seed="00" * 32))) == ["the table has another seed than the chain"]
    other = row.values(commitment=draw.commitment_of(bytes(32)))
    assert after(over, in_tables(other)) == ["the table has another commitment than the chain"]


def test_a_swapped_dropped_or_added_decision_is_found(over: House) -> None:
    first, second, *_ = lanes.decisions(over)
    row = update(LaneDecision).where(LaneDecision.id == first.id)
    assert after(over, in_tables(row.values(draw=second.draw))) == ["#1: its decision was changed in the table"]
    assert after(over, in_tables(row.values(month="2026-10"))) == ["#1: its decision is missing in the table"]
    again = after(over, in_tables(row.values(round=2)))
    assert f"claim {first.claim_id}: a decision that the chain does not know" in again


@pytest.mark.parametrize(
    ("action", "data", "said"),
    [
        ("lane.revealed", {"seed": "11" * 32}, "the seed is not the one that was committed"),
        ("lane.committed", {"commitment": "22" * 32}, "the seed is not the one that was committed"),
        ("lane.drew", {"draw": "f" * 64}, "#1: its draw is not the one of this seed and claim"),
        ("lane.drew", {"share": 100}, "#1: its audit share is not that of its rule"),
        ("lane.drew", {"rule": "another"}, "#1: its rule was not put in force by two administrators"),
        ("lane.drew", {"carried": "nowhere", "audited": True}, "#1: the claim whose draw it carries on was not drawn"),
        ("lane.proposed", {"share": 1}, "#1: its rule was not put in force by two administrators"),
        (
            "claim.approved",
            {"expenses": [{"amount": 5001, "category": "meeting"}]},
            "it came to more than its rule allows",
        ),
        ("claim.approved", {"expenses": [{"amount": 1, "category": "misc"}]}, "its category is not one of its rule"),
    ],
)
def test_even_a_chain_made_anew_does_not_hide_it(over: House, action: str, data: dict[str, object], said: str) -> None:
    assert any(said in sentence for sentence in after(over, in_chain(action, **data)))


def test_letting_a_drawn_claim_pass_is_found(over: House) -> None:
    flipped = not lanes.links(over, "lane.drew")[0].data["audited"]
    wrong = after(over, in_chain("lane.drew", audited=flipped))
    assert ("#1: it was audited though it was not drawn" if flipped else "#1: it passed though it was drawn") in wrong


def test_the_undisturbed_month_holds(over: House) -> None:
    assert proved(over).wrong == []
    assert after(over, lambda session: None) == []


def test_the_command_prints_the_month_and_fails_on_what_does_not_hold(
    over: House, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(database_url=over.services.db.engine.url.render_as_string(hide_password=False))
    seed = lanes.links(over, "lane.revealed")[0].data["seed"]
    assert command.draw(settings, MONTH, as_json=False) == 0
    said = capsys.readouterr().out
    assert f"{len(lanes.decisions(over))} draws" in said
    assert f"seed {seed}" in said
    assert command.draw(settings, MONTH, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    for one in told["decisions"]:
        assert hmac.new(bytes.fromhex(told["seed"]), one["claim_id"].encode(), "sha256").hexdigest() == one["draw"]
    with over.services.db.transaction(over.organization_id) as session:
        session.execute(update(LaneDecision).where(LaneDecision.month == MONTH).values(month="2026-10"))
    try:
        assert command.draw(settings, "", as_json=False) == 1
        assert "#1: its decision is missing in the table" in capsys.readouterr().out
    finally:
        with over.services.db.transaction(over.organization_id) as session:
            session.execute(update(LaneDecision).where(LaneDecision.month == "2026-10").values(month=MONTH))
