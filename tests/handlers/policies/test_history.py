"""What other claims say, asked of a real database of each kind; and which row of a rule counts on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers.policies import RULES, History, evaluate, in_force
from handlers.policies.facts import case_of
from handlers.policies.in_force import InForce
from storage.db import Database
from storage.models import Claim, CommuterPass, Expense, Member, Organization, StatementRow
from tests.handlers.house import House
from tests.handlers.policies.cases import DAY, case, line, under

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path, database: Database) -> Iterator[House]:
    built = House(tmp_path, database)
    yield built
    built.close()


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with house.services.db.transaction(house.organization_id) as opened:
        yield opened


def member(session: Session, name: str = "w") -> Member:
    return session.query(Member).filter_by(name=name).one()


def claimed(session: Session, amount: int, *, by: str = "w", state: str = "approved", **facts: Any) -> Claim:
    number = session.query(Claim).count() + 1
    claim = Claim(number=number, member_id=member(session, by).id, state=state, created_at=NOW, purpose="打合せ")
    session.add(claim)
    session.flush()
    known: dict[str, Any] = {"payee": "喫茶ひかり", "date": DAY, "amount": amount, "category": "meeting"}
    expense = Expense(claim_id=claim.id, taxes=[], doubts=[], corrected=[], **(known | facts))
    session.add(expense)
    session.flush()
    session.refresh(claim)
    return claim


def history(session: Session, claim: Claim) -> History:
    return History(session, claim.id, claim.member_id)


def test_sums_count_what_was_handed_in_by_the_same_person_for_the_days(session: Session) -> None:
    mine = claimed(session, 100, state="draft")
    claimed(session, 1_000)
    claimed(session, 2_000, state="submitted", category="books")
    claimed(session, 500, private_amount=200)
    claimed(session, 4_000, state="rejected")
    claimed(session, 8_000, by="c")
    claimed(session, 16_000, date=DAY - ONE_DAY)
    claimed(session, 1_250, currency="USD", home_amount=190_000, category="books")
    claimed(session, 9_999, currency="USD")  # its rate is not known yet
    past = history(session, mine)
    assert past.spent(DAY, DAY) == 1_000 + 2_000 + 300 + 190_000
    assert past.spent(DAY - ONE_DAY, DAY, ("meeting",)) == 1_000 + 300 + 16_000


def test_what_is_usual_for_an_issuer_is_asked_of_everybodys_claims(session: Session) -> None:
    mine = claimed(session, 100, state="draft")
    claimed(session, 1_000)
    claimed(session, 1_100, by="c")
    claimed(session, 1_200, by="c", payee="Cafe Hikari", registration_number="T6012345678901")
    claimed(session, 5_000, payee="文具のあおぞら")
    claimed(session, 900, state="cancelled")
    past = history(session, mine)
    assert sorted(past.amounts(DAY, issuer=("T6012345678901", "喫茶ひかり"))) == [1_000, 1_100, 1_200]
    assert sorted(past.amounts(DAY, issuer=("", "喫茶ひかり"))) == [1_000, 1_100]
    assert sorted(past.amounts(DAY, category="meeting", mine=True)) == [1_000, 5_000]
    assert past.amounts(DAY + ONE_DAY, category="meeting") == []


def test_receipts_of_the_same_day_and_shop_are_found_in_other_drafts(session: Session) -> None:
    mine = claimed(session, 6_000, state="draft")
    claimed(session, 4_500, state="draft")
    claimed(session, 3_000, state="cancelled")
    claimed(session, 3_000, by="c")
    claimed(session, 3_000, date=DAY - ONE_DAY)
    assert history(session, mine).same_issuer(DAY, ("", "喫茶ひかり"), "meeting") == [4_500]


def test_journeys_and_home_are_those_of_the_person_on_that_day(session: Session) -> None:
    mine = claimed(session, 100, state="draft")
    for name, key, day in (("w", "1", DAY), ("c", "2", DAY), ("w", "3", DAY - ONE_DAY)):
        row = StatementRow(key=key, member_id=member(session, name).id, kind="ic", date=day, amount=500)
        row.origin, row.destination, row.imported_at = "中央", "青葉", NOW
        session.add(row)
    for name, station, until in (("w", "青葉", None), ("w", "若草", DAY - ONE_DAY), ("c", "南", None)):
        passes = CommuterPass(member_id=member(session, name).id, stations=[station, "中央"], valid_to=until)
        passes.valid_from = dt.date(2026, 4, 1)
        session.add(passes)
    session.flush()
    past = history(session, mine)
    assert [row.destination for row in past.rows(DAY, DAY, "ic")] == ["青葉"]
    assert past.rows(DAY, DAY, "card") == []
    assert past.homes(DAY) == {"青葉"}


def test_a_claim_is_evaluated_from_its_rows(session: Session, house: House) -> None:
    claim = claimed(session, 1_000, state="draft", payee="", attendees=[{"name": "s", "relation": "own"}])
    organization = session.get_one(Organization, house.organization_id)
    looked_at = case_of(session, organization, claim, dt.date(2026, 11, 23))
    assert [person.name for person in looked_at.approvers] == ["s"]
    assert (looked_at.lines[0].claimed, looked_at.lines[0].persons) == (1_000, 1)
    rules = {finding.rule: finding.strength for finding in evaluate(session, organization, claim, looked_at.day)}
    assert rules["approver-attends"] == "reason"
    assert rules["receipt-missing"] == "reason"


# --- which row counts -------------------------------------------------------------------------------------------------


def row(strength: str, first: str, last: str | None = None, **values: Any) -> InForce:
    until = dt.date.fromisoformat(last) if last else None
    name = values.pop("rule", "limit-category")
    return InForce(name, strength, values, dt.date.fromisoformat(first), until, "第8条", row_id="x")


MEAL = {"category": "meeting", "max": 1_000}


def test_the_day_of_the_expense_picks_its_row() -> None:
    policies = (row("stop", "2026-11-20", category="meeting", max=500), row("note", "2026-01-01", "2026-11-19", **MEAL))
    two = case(line(1_500), line(1_500, id="e2", date=DAY - ONE_DAY))
    assert [(f.expense_id, f.strength, f.figures["limit"]) for f in under(two, *policies)] == [
        ("e1", "stop", 500),
        ("e2", "note", 1_000),
    ]
    assert {f.paragraph for f in under(two, *policies)} == {"第8条"}


def test_rows_for_other_categories_stand_side_by_side() -> None:
    policies = (row("note", "2026-01-01", category="books", max=10), row("reason", "2026-01-01", **MEAL))
    found = under(case(line(1_500), line(20, id="e2", category="books")), *policies)
    assert {(f.expense_id, f.strength) for f in found} == {("e1", "reason"), ("e2", "note")}


def test_a_row_for_some_weeks_leaves_the_one_under_it() -> None:
    week = row("off", "2026-11-16", "2026-11-22", **MEAL)
    under_it = row("stop", "2026-01-01", **MEAL)
    assert not under(case(line(1_500)), week, under_it)
    assert under(case(line(1_500, date=dt.date(2026, 11, 23))), week, under_it)


def test_off_without_a_category_silences_all_that_was_written_before() -> None:
    policies = (row("off", "2026-11-20"), row("stop", "2026-01-01", **MEAL))
    assert not under(case(line(1_500)), *policies)
    assert under(case(line(1_500, date=DAY - ONE_DAY)), *policies)


def test_what_is_built_in_counts_until_the_organisation_says_otherwise() -> None:
    built_in = tuple(policy for policy in in_force.defaults() if policy.rule == "late")
    late = case(line(date=dt.date(2026, 6, 1)))
    assert [f.strength for f in under(late, *built_in)] == ["note"]
    stricter = row("stop", "2026-01-01", rule="late", days=30)
    assert [f.strength for f in under(late, stricter, *built_in)] == ["stop"]
    assert [f.figures["limit"] for f in under(late, stricter, *built_in)] == [30]


def test_every_built_in_rule_is_registered() -> None:
    assert {policy.rule for policy in in_force.defaults()} <= set(RULES)
