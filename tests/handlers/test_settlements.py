"""Settling a trip: what the travel rules give, what is gathered, what a person may change, what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers import actions
from handlers.chat import Button, Card, Commanded, Said, Tapped
from handlers.claims.drafts import next_number
from handlers.travel import load
from storage.models import Claim, Expense, Member, Organization, StatementRow, Trip
from tests.handlers.house import House

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 19)
NEXT = DAY + dt.timedelta(days=1)
LEGS = (
    {"date": DAY.isoformat(), "from": "東京", "to": "福島", "mode": "shinkansen", "amount": 8950},
    {"date": NEXT.isoformat(), "from": "福島", "to": "東京", "mode": "shinkansen", "amount": 8950},
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.clock = lambda: NOW
    yield built
    built.close()


def uses(house: House, pack: str = "state-2026-04") -> None:
    with house.services.db.transaction(house.organization_id) as session:
        load.use(session, pack, dt.date(2026, 4, 1), by="a", now=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))


def approved(
    house: House,
    *,
    user: str = "w",
    legs: tuple[Mapping[str, Any], ...] = LEGS,
    estimate: Mapping[str, int] | None = None,
    state: str = "approved",
    **trip: Any,
) -> str:
    """An approved request for two days in Fukushima, as the chat makes it; its id."""
    values = {"starts": DAY, "ends": NEXT, "nights": 1, "destination": "福島", "prefecture": "福島県", **trip}
    with house.services.db.transaction(house.organization_id) as session:
        member = session.scalars(select(Member).filter_by(name=user)).one()
        row = Trip(
            member_id=member.id, purpose="町役場との協議", legs=[dict(leg) for leg in legs], created_at=NOW, **values
        )
        session.add(row)
        session.flush()
        number = next_number(session, session.get_one(Organization, house.organization_id))
        request = Claim(
            number=number, member_id=member.id, kind="request", state=state, purpose="町役場との協議", created_at=NOW
        )
        request.trip_id = row.id
        session.add(request)
        session.flush()
        for position, (kind, amount) in enumerate((estimate or {"transport": 17900, "lodging": 8000}).items()):
            line = Expense(claim_id=request.id, kind="estimate", position=position, payee=kind, amount=amount)
            line.basis, line.date, line.category = {"kind": kind, "paragraph": ""}, row.starts, "travel_transport"
            session.add(line)
        return request.id


def shows(house: House, request_id: str) -> Card:
    """The request's card on the traveller's screen."""
    with house.services.db.snapshot(house.organization_id) as session:
        number = session.get_one(Claim, request_id).number
    house.does("w", Commanded("claims"))
    button = next(r.button for r in house.last("w").rows if r.title.startswith(f"#{number} ") and r.button)
    house.taps("w", button)
    return house.last("w")


def button(card: Card, label: str) -> Button:
    return next(b for b in card.buttons if b.label == label)


def settles(house: House, request_id: str) -> Claim:
    house.taps("w", button(shows(house, request_id), "Settle"))
    return the_settlement(house, request_id)


def the_settlement(house: House, request_id: str) -> Claim:
    return [c for c in house.claims() if c.request_id == request_id][-1]


def amounts(claim: Claim) -> dict[str, int | None]:
    return {line.payee: line.amount for line in claim.expenses}


def card_of(house: House, claim: Claim, user: str = "w") -> Card:
    return next(c for c in reversed(house.cards(user)) if c.title.startswith(f"#{claim.number} "))


def says(card: Card) -> str:
    return "\n".join(note.text for note in card.notes)


def hotel(house: House, amount: int = 9800, *, day: dt.date = DAY) -> Claim:
    """A draft of a hotel's receipt."""
    return receipt(house, "ホテルみずうみ", amount, day=day)


def receipt(house: House, payee: str, amount: int, *, day: dt.date = DAY, user: str = "w") -> Claim:
    house.sends_receipt(user, amount)
    with house.services.db.transaction(house.organization_id) as session:
        claim = session.scalars(select(Claim).order_by(Claim.number.desc())).first()
        assert claim is not None
        claim.expenses[0].payee, claim.expenses[0].date = payee, day
        claim.expenses[0].category, claim.expenses[0].taxes = "travel_transport", []
        claim.purpose = "町役場との協議"
    return house.claims()[-1]


# --- making it --------------------------------------------------------------------------------------------------------


def test_a_settlement_has_the_allowances_and_the_receipts_of_the_days(house: House) -> None:
    uses(house)
    request = approved(house)
    mine = hotel(house)
    receipt(house, "喫茶さくら", 700, day=dt.date(2026, 11, 10))
    claim = settles(house, request)
    assert amounts(claim) == {
        "Shinkansen 東京→福島": 8950,
        "Shinkansen 福島→東京": 8950,
        "ホテルみずうみ": 9800,
        "Lodging allowance": 2400,
    }
    [night] = [line for line in claim.expenses if line.payee == "ホテルみずうみ"]
    assert (night.private_amount, night.kind) == (1800, "receipt")
    states = {c.number: c.state for c in house.claims()}
    assert (states[mine.number], states[mine.number + 1]) == ("cancelled", "draft")
    text = says(card_of(house, claim))
    assert "cap ¥8,000, actual price ¥9,800 → ¥8,000" in text
    assert "Lodging allowance ¥2,400 × 1 → ¥2,400 [施行令第11条" in text


def test_without_travel_rules_the_settlement_has_what_was_typed_and_the_receipts(house: House) -> None:
    request = approved(house)
    hotel(house)
    claim = settles(house, request)
    assert sorted(line.amount or 0 for line in claim.expenses) == [8950, 8950, 9800]
    assert not any(line.private_amount for line in claim.expenses)


def test_a_receipt_takes_the_place_of_the_fare_that_was_estimated_and_gives_it_back(house: House) -> None:
    uses(house)
    request = approved(house)
    receipt(house, "JR東日本 新幹線", 8950)
    claim = settles(house, request)
    assert amounts(claim) == {
        "JR東日本 新幹線": 8950,
        "Shinkansen 福島→東京": 8950,
        "Lodging allowance": 2400,
    }
    [line] = [line for line in claim.expenses if line.kind == "receipt"]
    assert line.journey["from"] == "東京"
    house.opens_line("w", claim, [e.id for e in claim.expenses].index(line.id))
    house.taps("w", house.button("w", "Take out"))
    claim = the_settlement(house, request)
    assert amounts(claim) == {
        "Shinkansen 東京→福島": 8950,
        "Shinkansen 福島→東京": 8950,
        "Lodging allowance": 2400,
    }
    assert house.claims()[-1].expenses[0].payee == "JR東日本 新幹線"


def test_one_receipt_for_both_ways_takes_both(house: House) -> None:
    uses(house)
    request = approved(house)
    receipt(house, "JR東日本 新幹線", 17900)
    assert amounts(settles(house, request)) == {"JR東日本 新幹線": 17900, "Lodging allowance": 2400}


def test_a_price_that_is_nearer_to_both_ways_is_taken_so_with_a_word_and_can_be_changed(house: House) -> None:
    uses(house)
    request = approved(house)
    receipt(house, "JR東日本 新幹線", 19000)
    claim = settles(house, request)
    assert amounts(claim) == {"JR東日本 新幹線": 19000, "Lodging allowance": 2400}
    told = (
        "JR東日本 新幹線 ¥19,000 is taken to be for both ways. If it is for one way only, open it and choose the ride."
    )
    assert told in says(card_of(house, claim))
    [line] = [line for line in claim.expenses if line.kind == "receipt"]
    assert line.journey["round_trip"]
    house.opens_line("w", claim, [e.id for e in claim.expenses].index(line.id))
    house.fills("w", house.button("w", "Choose the ride"), ride="1. Shinkansen 東京→福島")
    claim = the_settlement(house, request)
    assert amounts(claim) == {
        "JR東日本 新幹線": 19000, "Shinkansen 福島→東京": 8950, "Lodging allowance": 2400
    }  # fmt: skip
    assert "both ways" not in says(card_of(house, claim))


@pytest.mark.parametrize(("payee", "amount", "both"), [
    ("JR東日本 新幹線", 13430, True),  # 1.5 times one way
    ("JR東日本 新幹線", 13420, False),
    ("JR東日本 新幹線", 26850, True),  # 1.5 times both
    ("JR東日本 新幹線", 26900, False),
])  # fmt: skip
def test_where_one_way_ends_and_both_begin(house: House, payee: str, amount: int, both: bool) -> None:
    uses(house)
    request = approved(house)
    receipt(house, payee, amount)
    assert ("Shinkansen 福島→東京" not in amounts(settles(house, request))) is both


def test_a_ticket_of_the_way_back_goes_before_a_guess(house: House) -> None:
    uses(house)
    request = approved(house)
    receipt(house, "JR東日本 新幹線", 14000)
    receipt(house, "JR東海 新幹線", 8950, day=NEXT)
    claim = settles(house, request)
    assert amounts(claim) == {"JR東日本 新幹線": 14000, "JR東海 新幹線": 8950, "Lodging allowance": 2400}
    assert "both ways" not in says(card_of(house, claim))


def test_a_taxi_is_paid_ride_by_ride(house: House) -> None:
    legs = tuple({**leg, "mode": "taxi", "amount": 2000} for leg in LEGS)
    request = approved(house, legs=legs)
    receipt(house, "福島タクシー", 3500)
    assert sorted(amount or 0 for amount in amounts(settles(house, request)).values()) == [2000, 3500]


def test_rows_of_the_ic_card_are_gathered_once_and_only_of_the_trips_days(house: House) -> None:
    uses(house)
    request = approved(house)
    with house.services.db.transaction(house.organization_id) as session:
        member = session.scalars(select(Member).filter_by(name="w")).one()
        for number, (day, amount) in enumerate(((DAY, 210), (DAY - dt.timedelta(days=3), 180))):
            session.add(
                StatementRow(
                    key=f"k{number}",
                    member_id=member.id,
                    kind="ic",
                    date=day,
                    origin="福島",
                    destination="笹木野",
                    amount=amount,
                    imported_at=NOW,
                )
            )
    claim = settles(house, request)
    [row] = [line for line in claim.expenses if line.kind == "statement"]
    assert (row.amount, row.journey["to"], row.payment_method) == (210, "笹木野", "ic")


def test_a_settled_request_says_where_its_settlement_is_and_a_second_tap_makes_no_second(house: House) -> None:
    uses(house)
    request = approved(house)
    settle = button(shows(house, request), "Settle")
    house.taps("w", settle)
    claim = the_settlement(house, request)
    house.taps("w", settle)
    assert house.last("w").title.endswith(f"is settled with #{claim.number} already.")
    assert len([c for c in house.claims() if c.request_id]) == 1
    card = shows(house, request)
    assert [b.label for b in card.buttons] == [f"Open #{claim.number}"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": "submitted"}, "is not approved yet"),
        ({"starts": dt.date(2026, 12, 1), "ends": dt.date(2026, 12, 2)}, "The trip begins on"),
        ({"cancelled_at": NOW}, "was called off"),
    ],
)
def test_what_cannot_be_settled_is_refused_with_its_reason(house: House, change: dict[str, Any], why: str) -> None:
    request = approved(house, **change)
    house.does("w", tapped(house, "trip_settle", request))
    assert why in house.last("w").title
    assert len(house.claims()) == 1


def test_only_the_traveller_settles_and_calls_off(house: House) -> None:
    request = approved(house)
    for act in ("trip_settle", "trip_cancel"):
        house.does("c", tapped(house, act, request))
        assert "Only w can do this" in house.last("c").title
    assert len(house.claims()) == 1


def test_a_settlement_of_nothing_is_refused(house: House) -> None:
    request = approved(house, legs=())
    house.does("w", tapped(house, "trip_settle", request))
    assert "nothing to settle" in house.last("w").title
    assert len(house.claims()) == 1


def tapped(house: House, act: str, request_id: str, extra: str = "") -> Any:
    with house.services.db.snapshot(house.organization_id) as session:
        version = session.get_one(Claim, request_id).version
    return Tapped(actions.token(house.services.keys, act, request_id, version, extra), form="h")


# --- a note of a trip that is over ------------------------------------------------------------------------------------


def test_a_note_of_a_past_trip_gets_its_allowances_at_once_and_keeps_what_was_typed(house: House) -> None:
    uses(house)
    house.does("w", Said("11/19 東京→福島 新幹線 8,950円 磐梯町打合せ ホテル1泊 9,800円"))
    [claim] = house.claims()
    assert [(e.amount, e.private_amount) for e in claim.expenses] == [(8950, 0), (9800, 1800), (2400, 0)]
    with house.services.db.snapshot(house.organization_id) as session:
        [trip] = session.scalars(select(Trip))
        assert (trip.starts, trip.ends, trip.nights, trip.prefecture) == (DAY, NEXT, 1, "福島県")
        assert [row["kind"] for row in trip.computed] == ["transport", "lodging", "lodging_allowance"]


def test_a_ride_in_town_is_no_trip(house: House) -> None:
    uses(house, "aoba-town")
    house.does("w", Said("11/20 渋谷→品川 電車 180円 客先訪問"))
    [claim] = house.claims()
    assert [e.amount for e in claim.expenses] == [180]
    assert claim.trip_id is None
