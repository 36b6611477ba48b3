"""An advance: asked for with a request, paid once it is approved, settled, and what is left given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import actions
from handlers.approvals import decisions, reminders
from handlers.chat import Card, Said, Tapped
from handlers.claims.drafts import next_number
from storage.models import AuditEvent, Claim, Expense, Member, Organization, Trip
from tests.handlers.house import House
from tests.handlers.waiting import at, change, titles, types


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    change(built, "a", roles=["admin", "accountant"])
    at(built, 11, 24, 10)
    yield built
    built.close()


def expense(amount: int, **more: object) -> Expense:
    return Expense(
        payee="新幹線", date=dt.date(2026, 11, 26), amount=amount, currency="JPY", category="travel_transport", **more
    )


def request(house: House, amount: int = 32_400, **values: object) -> int:
    """A draft request for a trip of 26 and 27 November, as its applicant has it; its number."""
    with house.services.db.transaction(house.organization_id) as session:
        organization = session.scalars(select(Organization)).one()
        member = session.scalars(select(Member).filter_by(name="w")).one()
        starts, now = dt.date(2026, 11, 26), house.services.clock()
        trip = Trip(
            member_id=member.id, starts=starts, ends=dt.date(2026, 11, 27), nights=1, destination="福島", created_at=now
        )
        session.add(trip)
        session.flush()
        claim = Claim(number=next_number(session, organization), member_id=member.id, created_at=now)
        claim.kind, claim.trip_id, claim.purpose = "request", trip.id, "福島出張"
        for name, value in values.items():
            setattr(claim, name, value)
        claim.expenses = [expense(amount, kind="estimate", taxes=[], doubts=[], corrected=[])]
        session.add(claim)
        session.flush()
        return claim.number


def the(house: House, number: int) -> Claim:
    return next(claim for claim in house.claims() if claim.number == number)


def opens(house: House, user: str, number: int) -> Card:
    claim = the(house, number)
    house.does(user, Tapped(actions.token(house.services.keys, "open", claim.id)))
    return house.last(user)


def value(card: Card, label: str = "Advance") -> str:
    return next((field.value for field in card.fields if field.label == label), "")


def approved(house: House, advance: int = 30_000) -> int:
    """A request with an advance, approved by its supervisor."""
    number = request(house, advance=advance)
    opens(house, "w", number)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Approve"))
    return number


def settles(house: House, number: int, amount: int, *, state: str = "approved", method: str = "cash") -> int:
    """The claim that settles a request, in this state."""
    with house.services.db.transaction(house.organization_id) as session:
        organization = session.scalars(select(Organization)).one()
        asked = session.scalars(select(Claim).filter_by(number=number)).one()
        claim = Claim(
            number=next_number(session, organization), member_id=asked.member_id, created_at=house.services.clock()
        )
        claim.state, claim.request_id, claim.trip_id = state, asked.id, asked.trip_id
        claim.expenses = [expense(amount, kind="allowance", payment_method=method, taxes=[], doubts=[], corrected=[])]
        session.add(claim)
        session.flush()
        return claim.number


def test_an_advance_is_asked_for_approved_paid_and_told(house: House) -> None:
    number = request(house, advance=30_000)
    assert value(opens(house, "w", number), "Advance wanted") == "¥30,000"
    house.taps("w", house.button("w", "Submit"))
    assert value(house.last("s"), "Advance wanted") == "¥30,000"
    assert not any("an advance of" in title for title in titles(house, "a"))
    house.taps("s", house.button("s", "Approve"))
    assert f"#{number}: an advance of ¥30,000 is approved" in titles(house, "a")
    house.taps("a", house.button("a", "Advance paid"))
    assert f"#{number}: the advance of ¥30,000 was paid." in titles(house, "w")
    assert value(opens(house, "w", number)).startswith("¥30,000 · paid on 11/24")
    with house.services.db.snapshot(house.organization_id) as session:
        [event] = session.scalars(select(AuditEvent).filter_by(action="advance.paid"))
    assert event.data == {"number": number, "amount": 30_000}


def test_an_advance_above_the_estimate_stops_the_submission(house: House) -> None:
    number = request(house, advance=50_000)
    opens(house, "w", number)
    house.taps("w", house.button("w", "Submit"))
    assert house.last("w").title == "An advance cannot be more than the estimate (¥32,400)."
    assert the(house, number).state == "draft"


def test_what_the_organisation_will_pay_itself_needs_no_advance(house: House) -> None:
    number = request(house, advance=30_000)
    with house.services.db.transaction(house.organization_id) as session:
        claim = session.scalars(select(Claim).filter_by(number=number)).one()
        line = expense(9000, kind="estimate", payment_method="invoice", position=1, taxes=[], doubts=[], corrected=[])
        claim.expenses.append(line)
        claim.expenses[0].amount = 23_400
    opens(house, "w", number)
    house.taps("w", house.button("w", "Submit"))
    assert house.last("w").title == "An advance cannot be more than what you will pay yourself (¥23,400)."


def test_of_many_accountants_those_who_were_here_last_are_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "MOST_TOLD", 1)
    change(house, "c", roles=["accountant"])
    house.does("a", Said("hello"))
    at(house, 11, 24, 11)
    house.does("c", Said("hello"))
    number = approved(house)
    told = f"#{number}: an advance of ¥30,000 is approved"
    assert (told in titles(house, "c"), told in titles(house, "a")) == (True, False)
    assert types(house, "a", "advance") == "Open advances: 1"


def test_only_a_request_has_one(house: House) -> None:
    house.sends_receipt("w", 1000)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Approve"))
    assert types(house, "a", "advance paid 1") == "Advances paid: 0, ¥0"
    assert house.last("a").notes[0].text == "#1: No advance was asked for with #1."


def test_an_advance_is_paid_once_and_only_when_approved_and_by_accountants(house: House) -> None:
    waiting = request(house, advance=10_000)
    types(house, "a", f"advance paid {waiting}")
    assert "is not approved (Draft)" in house.last("a").notes[0].text
    number = approved(house)
    assert types(house, "s", f"advance paid {number}").startswith("Only people with the role “accountant”")
    button = house.button("a", "Advance paid")
    house.does("s", Tapped(button.token))
    assert house.last("s").title.startswith("Only people with the role “accountant”")
    assert types(house, "a", f"advance paid {number}") == "Advances paid: 1, ¥30,000"
    house.taps("a", button)
    assert house.last("a").title == f"The advance of #{number} was paid already (11/24 10:00)."
    assert titles(house, "w").count(f"#{number}: the advance of ¥30,000 was paid.") == 1


def test_the_approval_of_a_request_cannot_be_taken_back_once_its_advance_is_paid(house: House) -> None:
    number = approved(house)
    undo = house.button("s", "Undo")
    types(house, "a", f"advance paid {number}")
    house.taps("s", undo)
    assert house.last("s").title.startswith("Something has followed from this decision already.")
    assert the(house, number).state == "approved"


def test_the_approval_of_a_settlement_cannot_be_taken_back_once_the_rest_came_back(house: House) -> None:
    number = approved(house)
    types(house, "a", f"advance paid {number}")
    at(house, 11, 30, 10)
    settlement = settles(house, number, 27_400, state="draft")
    opens(house, "w", settlement)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Approve"))
    undo = house.button("s", "Undo")
    types(house, "a", f"advance returned {number}")
    house.taps("s", undo)
    assert house.last("s").title.startswith("Something has followed from this decision already.")


@pytest.mark.parametrize(
    ("costs", "method", "shown"),
    [
        (27_400, "cash", "Advance ¥30,000 − costs ¥27,400 = ¥2,600 to give back"),
        (33_000, "cash", "Costs ¥33,000 − advance ¥30,000 = ¥3,000 to be paid"),
        (30_000, "cash", "Advance ¥30,000 − costs ¥30,000 = nothing left"),
        (33_000, "corporate_card", "Advance ¥30,000 − costs ¥0 = ¥30,000 to give back"),
    ],
)
def test_the_settlement_says_what_is_given_back_or_paid(house: House, costs: int, method: str, shown: str) -> None:
    number = approved(house)
    types(house, "a", f"advance paid {number}")
    settlement = settles(house, number, costs, method=method)
    for user in "wa":
        assert value(opens(house, user, settlement)) == shown


def test_what_is_left_comes_back_once_and_the_traveller_hears(house: House) -> None:
    number = approved(house)
    types(house, "a", f"advance returned {number}")
    assert "was never paid" in house.last("a").notes[0].text
    types(house, "a", f"advance paid {number}")
    types(house, "a", f"advance returned {number}")
    assert "is not settled yet" in house.last("a").notes[0].text
    settlement = settles(house, number, 27_400)
    assert types(house, "a", "advance") == "Open advances: 1"
    [row] = house.last("a").rows
    assert (row.value, row.detail) == ("¥2,600", f"w · ¥2,600 to come back (#{settlement})")
    assert row.button is not None
    house.taps("a", row.button)
    assert f"#{number}: ¥2,600 of the advance came back. It is closed." in titles(house, "w")
    types(house, "a", f"advance returned {settlement}")
    assert "came back already" in house.last("a").notes[0].text
    assert types(house, "a", "advance") == "No advance is open."


def test_only_the_rest_of_a_settlement_is_paid_out(house: House) -> None:
    number = approved(house)
    types(house, "a", f"advance paid {number}")
    settlement = settles(house, number, 33_000)
    types(house, "a", f"advance returned {number}")
    assert "is left" in house.last("a").notes[0].text
    types(house, "a", f"paid {number}")
    assert "a trip request" in house.last("a").notes[0].text
    assert types(house, "a", f"paid {settlement}") == "1 claims are marked as paid: ¥3,000 paid out, ¥33,000 claimed"


def test_a_trip_that_is_off_pays_no_advance_and_wants_back_the_whole(house: House) -> None:
    first, second = approved(house), approved(house)
    types(house, "a", f"advance paid {second}")
    with house.services.db.transaction(house.organization_id) as session:
        for trip in session.scalars(select(Trip)):
            trip.cancelled_at = house.services.clock()
    types(house, "a", f"advance paid {first}")
    assert "does not take place" in house.last("a").notes[0].text
    types(house, "a", "advance")
    assert [row.value for row in house.last("a").rows] == ["¥30,000"]
    assert types(house, "a", f"advance returned {second}") == "Advances given back: 1, ¥30,000"


def test_travellers_see_their_own_and_words_that_mean_nothing_are_answered(house: House) -> None:
    number = approved(house)
    types(house, "a", f"advance paid {number}")
    assert types(house, "w", "advance") == "Open advances: 1"
    assert house.last("w").rows[0].button.label == "Open"  # type: ignore[union-attr]
    assert types(house, "c", "概算払") == "No advance is open."
    assert types(house, "a", "advance everything").startswith("Please write:")


# --- the reminder -----------------------------------------------------------------------------------------------------

LATE = "1 advances are not settled yet."


def reminded(house: House) -> int:
    reminders.sweep(house.services)
    reminders.sweep(house.services)
    house.settle()
    return titles(house, "w").count(LATE)


def test_whoever_holds_an_advance_too_long_is_reminded_once_a_week(house: House) -> None:
    number = approved(house)
    types(house, "a", f"advance paid {number}")
    counts = []
    for day in (10, 11, 14, 15, 18, 21):  # the trip ended on Friday 27 November; the tenth business day is 11 December
        at(house, 12, day, 9)
        counts.append(reminded(house))
    assert counts == [0, 1, 1, 1, 2, 2]
    assert types(house, "a", "advance") == "Open advances: 1"
    assert "for 16 business days" in house.last("a").rows[0].detail


def test_nobody_is_reminded_of_what_is_handed_in_or_where_that_is_switched_off(house: House) -> None:
    number = approved(house)
    types(house, "a", f"advance paid {number}")
    types(house, "a", "remind settle=off")
    at(house, 12, 11, 9)
    assert reminded(house) == 0
    types(house, "a", "remind settle=3")
    settles(house, number, 27_400, state="submitted")
    at(house, 12, 16, 9)
    assert reminded(house) == 0
    assert types(house, "a", "remind settle=0").startswith("I do not understand")


def test_where_few_messages_are_left_the_next_answer_carries_it(house: House) -> None:
    number = approved(house)
    types(house, "a", f"advance paid {number}")
    house.paper.capabilities, house.paper.left = replace(house.paper.capabilities, counts_pushes=True), 0
    at(house, 12, 11, 9)
    assert reminded(house) == 0
    house.does("w", Said("hello"))
    assert any(note.text == LATE for note in house.last("w").notes)
