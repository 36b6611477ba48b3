"""A trip from its request in the chat to its settlement: differences, corrections, budgets, calling off, the offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers import actions
from handlers.budgets import sheets
from handlers.chat import Capabilities, Card, Commanded, Said, Tapped
from handlers.travel.replay import replay
from handlers.trips import offering
from storage.models import Budget, Claim, CommuterPass, Member, StatementRow, Trip
from tests.handlers.house import House

BEFORE = dt.datetime(2026, 11, 16, 3, 0, tzinfo=dt.UTC)
DURING = dt.datetime(2026, 11, 19, 9, 0, tzinfo=dt.UTC)
AFTER = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
NOTE = "11/19 東京→福島 新幹線往復 片道8,950円 町役場との協議 1泊"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.clock = lambda: BEFORE
    built.does("a", Commanded("travel use state-2026-04 from=2026-04-01"))
    yield built
    built.close()


def at(house: House, moment: dt.datetime) -> None:
    house.services.clock = lambda: moment


def asks(house: House, note: str = NOTE) -> Claim:
    """The request, approved, in the week before the trip."""
    house.does("w", Said(note))
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Approve"))
    request = house.claims()[-1]
    assert (request.kind, request.state) == ("request", "approved"), house.last("w")
    return request


def card_of(house: House, claim: Claim, user: str = "w") -> Card:
    return next(c for c in reversed(house.cards(user)) if c.title.startswith(f"#{claim.number} "))


def press(house: House, claim: Claim, label: str, user: str = "w", **values: str) -> None:
    """Tap a button of the claim's card; ``values`` fill the form that opens."""
    button = next(b for b in card_of(house, claim, user).buttons if b.label == label)
    if values:
        house.fills(user, button, **values)
    else:
        house.taps(user, button)


def settles(house: House, request: Claim) -> Claim:
    at(house, AFTER)
    opens(house, request)
    press(house, request, "Settle")
    return settlement(house)


def opens(house: House, claim: Claim) -> None:
    house.does("w", Tapped(actions.token(house.services.keys, "open", claim.id)))


def settlement(house: House) -> Claim:
    return next(c for c in reversed(house.claims()) if c.request_id or (c.kind == "expense" and c.trip_id))


def says(house: House, claim: Claim, user: str = "w") -> str:
    return "\n".join(note.text for note in card_of(house, claim, user).notes)


def receipt(house: House, payee: str, amount: int, *, day: dt.date, category: str = "travel_transport") -> Claim:
    house.sends_receipt("w", amount)
    claim = house.claims()[-1]
    press(house, claim, "Edit", payee=payee, date=day.isoformat(), category=category, tax_10="", other_taxes="")
    return house.claims()[-1]


DAY, NEXT = dt.date(2026, 11, 19), dt.date(2026, 11, 20)


# --- what differs -----------------------------------------------------------------------------------------------------


def test_the_difference_to_the_estimate_is_told_line_by_line_on_both_cards(house: House) -> None:
    request = asks(house)
    receipt(house, "ホテルみずうみ", 9800, day=DAY)
    receipt(house, "JR東日本", 9100, day=NEXT)
    claim = settles(house, request)
    press(house, claim, "Submit")
    for user in ("w", "s"):
        text = says(house, claim, user)
        assert "Lodging: estimate ¥8,000 → ¥8,000 (±¥0: actual price ¥9,800, cap ¥8,000; ¥1,800 is not paid)" in text
        assert "福島: estimate ¥17,900 → ¥18,050 (+¥150: actual fare)" in text
        assert "Estimate ¥28,300 → settlement ¥28,450 (+¥150)" in text


def test_a_reason_for_a_price_over_the_cap_is_given_on_the_line_and_paid(house: House) -> None:
    request = asks(house)
    receipt(house, "ホテルみずうみ", 9800, day=DAY)
    claim = settles(house, request)
    number = next(n for n, e in enumerate(claim.expenses) if e.payee == "ホテルみずうみ")
    house.opens_line("w", claim, number)
    house.fills("w", house.button("w", "Nights and reason"), over_reason="The organiser names the lodging")
    claim = settlement(house)
    [line] = [e for e in claim.expenses if e.payee == "ホテルみずうみ"]
    assert (line.amount, line.private_amount) == (9800, 0)
    assert "(+¥1,800: over the cap of ¥8,000: The organiser names the lodging)" in says(house, claim)


def test_meals_in_the_price_lower_the_allowance_and_a_word_that_is_no_choice_is_refused(house: House) -> None:
    request = asks(house)
    receipt(house, "ホテルみずうみ", 7800, day=DAY)
    claim = settles(house, request)
    number = next(n for n, e in enumerate(claim.expenses) if e.payee == "ホテルみずうみ")
    house.opens_line("w", claim, number)
    button = house.button("w", "Nights and reason")
    house.fills("w", button, nights="二泊ほど")
    assert "nights in figures" in house.last("w").title
    house.fills("w", button, meals="2")
    assert {e.payee: e.amount for e in settlement(house).expenses}["Lodging allowance"] == 800


def test_facts_of_the_trip_are_mended_and_everything_is_computed_again(house: House) -> None:
    request = asks(house)
    claim = settles(house, request)
    press(house, claim, "Mend the trip", ends="2026-11-21", nights="2")
    claim = settlement(house)
    assert {e.payee: e.amount for e in claim.expenses}["Lodging allowance"] == 4800
    assert "nights 1 → 2" in says(house, claim)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"ends": "2026-11-18"}, "before the departure"),
        ({"nights": "3"}, "there are 1 nights"),
        ({"prefecture": "どこか"}, "Which prefecture"),
        ({"rides": "いろいろ"}, "is not understood"),
    ],
)
def test_facts_that_cannot_be_are_refused(house: House, values: dict[str, str], why: str) -> None:
    request = asks(house)
    claim = settles(house, request)
    press(house, claim, "Mend the trip", **values)
    assert why in house.last("w").title
    assert settlement(house).version == claim.version


def test_rides_without_a_receipt_are_mended_as_text(house: House) -> None:
    request = asks(house)
    claim = settles(house, request)
    press(house, claim, "Mend the trip", rides="11/19 東京→福島 新幹線 8,950円\n11/20 福島→仙台 新幹線 3,000円")
    rides = [e.amount for e in settlement(house).expenses if e.journey]
    assert rides == [8950, 3000]


def test_an_amount_that_a_person_corrected_stays_but_no_allowance_grows(house: House) -> None:
    request = asks(house)
    claim = settles(house, request)
    number = next(n for n, e in enumerate(claim.expenses) if e.payee == "Lodging allowance")
    house.opens_line("w", claim, number)
    house.fills("w", house.button("w", "Edit"), amount="2000")
    press(house, settlement(house), "Mend the trip", destination="福島市")
    assert {e.payee: e.amount for e in settlement(house).expenses}["Lodging allowance"] == 2000
    house.opens_line("w", settlement(house), number)
    house.fills("w", house.button("w", "Edit"), amount="9000")
    assert {e.payee: e.amount for e in settlement(house).expenses}["Lodging allowance"] == 2400


def test_a_computed_line_that_is_not_claimed_does_not_come_back(house: House) -> None:
    request = asks(house)
    claim = settles(house, request)
    number = next(n for n, e in enumerate(claim.expenses) if e.payee == "Lodging allowance")
    house.opens_line("w", claim, number)
    line = house.last("w")
    assert "Take out" not in [b.label for b in line.buttons]
    house.taps("w", house.button("w", "Do not claim"))
    press(house, settlement(house), "Mend the trip", destination="福島市")
    assert "Lodging allowance" not in [e.payee for e in settlement(house).expenses]


# --- while it runs, and after -----------------------------------------------------------------------------------------


def test_a_receipt_of_a_trips_day_says_where_it_goes_and_can_be_kept_out(house: House) -> None:
    request = asks(house)
    at(house, DURING)
    inside = receipt(house, "福島タクシー", 1200, day=DAY)
    assert "It goes into the settlement of the trip to 福島 (11/19–20)." in says(house, inside)
    outside = receipt(house, "喫茶さくら", 700, day=DAY)
    press(house, outside, "Keep it out")
    assert "It stays out of the settlement" in says(house, outside)
    claim = settles(house, request)
    payees = [e.payee for e in claim.expenses]
    assert "福島タクシー" in payees
    assert "喫茶さくら" not in payees
    taxi = next(e for e in claim.expenses if e.payee == "福島タクシー")
    assert taxi.basis["why"] == {"place": "福島"} or taxi.basis["why"] == {"place": "福島県"}


def test_a_receipt_that_comes_after_the_draft_is_put_into_it_once(house: House) -> None:
    request = asks(house)
    claim = settles(house, request)
    late = receipt(house, "ホテルみずうみ", 7800, day=DAY)
    button = next(b for b in card_of(house, late).buttons if b.label == f"Put into #{claim.number}")
    house.taps("w", button)
    house.taps("w", button)
    assert [e.payee for e in settlement(house).expenses].count("ホテルみずうみ") == 1
    assert " is in #" in house.last("w").title
    states = {c.number: c.state for c in house.claims()}
    assert states[late.number] == "cancelled"


def test_a_note_of_the_days_of_a_request_is_gathered_and_no_ride_is_paid_twice(house: House) -> None:
    request = asks(house)
    at(house, AFTER)
    house.does("w", Said("11/20 福島→東京 新幹線 9,100円、駐車場 500円"))
    note = house.claims()[-1]
    assert note.trip_id is None
    assert "It goes into the settlement of the trip to 福島 (11/19–20)." in says(house, note)
    claim = settles(house, request)
    assert sorted(e.amount or 0 for e in claim.expenses) == [500, 2400, 8950, 9100]


def test_a_receipt_takes_the_place_of_what_a_note_typed(house: House) -> None:
    at(house, AFTER)
    house.does("w", Said("11/19 東京→福島 新幹線 8,950円 町役場との協議 ホテル1泊 7,800円"))
    claim = settlement(house)
    late = receipt(house, "ホテルみずうみ", 7800, day=DAY)
    press(house, late, f"Put into #{claim.number}")
    assert [(e.kind, e.amount) for e in settlement(house).expenses if e.amount == 7800] == [("receipt", 7800)]


def test_deleting_the_draft_gives_its_receipts_back_and_the_trip_can_be_settled_again(house: House) -> None:
    request = asks(house)
    receipt(house, "ホテルみずうみ", 9800, day=DAY)
    claim = settles(house, request)
    press(house, claim, "Delete")
    freed = house.claims()[-1]
    assert (freed.state, freed.expenses[0].amount, freed.expenses[0].private_amount) == ("draft", 9800, 0)
    again = settles(house, request)
    assert again.number > claim.number
    assert "ホテルみずうみ" in [e.payee for e in again.expenses]


def test_the_offer_comes_once_after_the_end_and_not_at_night(house: House) -> None:
    request = asks(house)
    before = len(house.cards("w"))
    for moment in (DURING, dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC), dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)):
        at(house, moment)  # the trip runs; a holiday; midnight
        offering.sweep(house.services)
        house.settle()
        assert len(house.cards("w")) == before
    at(house, AFTER)
    for _ in range(2):
        offering.sweep(house.services)
        house.settle()
    [offer] = house.cards("w")[before:]
    assert offer.title.startswith("The trip to 福島 (11/19–20) is over.")
    house.taps("w", next(b for b in offer.buttons if b.label == "Settle"))
    assert settlement(house).request_id == request.id


# --- calling off ------------------------------------------------------------------------------------------------------


def test_calling_off_without_costs_cancels_the_request_and_frees_the_budget(house: House) -> None:
    grants(house)
    request = asks(house)
    assert held(house) == (28300, 0)
    opens(house, request)
    press(house, request, "Call off", reason="先方の都合")
    assert held(house) == (0, 0)
    claims = {c.number: c for c in house.claims()}
    assert claims[request.number].state == "cancelled"
    assert "Called off: 先方の都合" in says(house, request)


def test_calling_off_with_costs_claims_the_smaller_of_estimate_and_loss(house: House) -> None:
    grants(house)
    request = asks(house)
    opens(house, request)
    press(house, request, "Call off", reason="先方の都合", cost_0="640", cost_1="9,000")
    assert held(house) == (0, 0)
    claim = settlement(house)
    assert [(e.payee, e.amount, e.private_amount) for e in claim.expenses] == [
        ("Cancellation costs: Shinkansen 東京⇔福島", 640, 0),
        ("Cancellation costs: Lodging Fukushima", 9000, 1000),
    ]
    text = says(house, claim)
    assert "the smaller of ¥8,000 (computed) and ¥9,000 (lost) → ¥8,000 [旅費支給規程第3条" in text
    opens(house, request)
    assert [b.label for b in card_of(house, request).buttons] == [f"Open #{claim.number}"]


def test_where_there_are_no_forms_calling_off_asks_one_by_one(house: House) -> None:
    request = asks(house)
    house.paper.capabilities = Capabilities(True, False, False, True)
    opens(house, request)
    press(house, request, "Call off")
    house.does("w", Said("先方の都合"))
    house.does("w", Said("ホテル少し"))
    assert "what and how much" in house.last("w").title
    house.does("w", Said("ホテル 3,000円、新幹線 640円"))
    assert [e.amount for e in settlement(house).expenses] == [3000, 640]


def test_a_settled_trip_is_not_called_off_and_a_called_off_trip_is_not_settled(house: House) -> None:
    request = asks(house)
    opens(house, request)
    off = next(b for b in card_of(house, request).buttons if b.label == "Call off")
    settles(house, request)
    house.does("w", Tapped(off.token, form="h"))
    assert "is settled with" in house.last("w").title


def test_an_approval_that_was_followed_by_a_settlement_is_not_taken_back(house: House) -> None:
    at(house, AFTER - dt.timedelta(minutes=1))
    house.does("w", Said("11/25 東京→福島 新幹線往復 片道8,950円 町役場との協議 1泊"))
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Approve"))
    request = house.claims()[-1]
    undo = next(b for b in card_of(house, request, "s").buttons if b.label == "Undo")
    opens(house, request)
    press(house, request, "Call off", reason="先方の都合", lodging="9,000")
    house.taps("s", undo)
    assert "Something has followed" in house.last("s").title


# --- the budget -------------------------------------------------------------------------------------------------------


def grants(house: House) -> None:
    text = "year,department,account,project,name,amount,stopped\n2026,,旅費交通費,,出張旅費,30000,yes\n"
    with house.services.db.transaction(house.organization_id) as session:
        sheets.save(session, sheets.understand(text.encode()), by="system", now=BEFORE, sha256="")


def held(house: House) -> tuple[int, int]:
    with house.services.db.snapshot(house.organization_id) as session:
        [line] = session.scalars(select(Budget))
        return line.reserved, line.consumed


def test_a_settlement_reserves_once_and_its_approval_consumes_what_was_spent(house: House) -> None:
    grants(house)
    request = asks(house)
    assert held(house) == (28300, 0)
    receipt(house, "JR東日本", 9100, day=NEXT)
    receipt(house, "ホテルみずうみ", 7000, day=DAY)
    claim = settles(house, request)
    assert held(house) == (28300, 0)
    press(house, claim, "Submit")
    assert held(house) == (28300, 0)
    press(house, claim, "Approve", "s")
    assert held(house) == (0, 8950 + 9100 + 7000 + 2400)
    assert settlement(house).state == "approved"


def test_a_settlement_that_goes_beyond_a_stopped_budget_is_refused(house: House) -> None:
    grants(house)
    request = asks(house)
    receipt(house, "福島タクシー", 11000, day=DAY)
    claim = settles(house, request)
    press(house, claim, "Submit")
    assert settlement(house).state == "draft"
    assert held(house) == (28300, 0)


# --- what normal use gives the rules and the replay -------------------------------------------------------------------


def keys(house: House, claim: Claim) -> set[str]:
    return {str(f["rule"]) for f in next(c for c in house.claims() if c.number == claim.number).findings}


def test_an_expense_of_another_day_than_the_trips_is_found(house: House) -> None:
    at(house, AFTER)
    house.does("w", Said("11/19 東京→福島 新幹線 8,950円 町役場との協議 ホテル1泊 7,800円"))
    claim = settlement(house)
    assert "trip-dates" not in keys(house, claim)
    house.opens_line("w", claim, 1)
    house.fills("w", house.button("w", "Edit"), date="2026-11-22")
    assert "trip-dates" in keys(house, settlement(house))


def test_a_hotel_and_a_journey_home_are_found_in_a_settlement(house: House) -> None:
    request = asks(house)
    receipt(house, "ホテルみずうみ", 7800, day=DAY)
    with house.services.db.transaction(house.organization_id) as session:
        member = session.scalars(select(Member).filter_by(name="w")).one()
        session.add(CommuterPass(member_id=member.id, stations=["荻窪", "東京"], valid_from=dt.date(2026, 4, 1)))
        row: dict[str, Any] = {"member_id": member.id, "kind": "ic", "amount": 200, "imported_at": AFTER}
        session.add(StatementRow(key="1", date=DAY, origin="東京", destination="荻窪", **row))
    claim = settles(house, request)
    assert "hotel-and-home" in keys(house, claim)


def test_trips_of_the_chat_are_replayed_under_another_pack(house: House) -> None:
    request = asks(house)
    receipt(house, "ホテルみずうみ", 7800, day=DAY)
    settles(house, request)
    with house.services.db.snapshot(house.organization_id) as session:
        [one] = replay(session, "state-2026-04", "aoba-town")
        assert (one.first, one.second, one.open) == (17900 + 7800 + 2400, 17900 + 7800 + 4400, False)
        assert one.trip.id == session.scalars(select(Trip)).one().id
