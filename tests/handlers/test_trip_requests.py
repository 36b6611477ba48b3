"""A trip that lies ahead is asked for: its estimate by the travel rules, what is asked, and its way to approval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import policies
from handlers.chat import Capabilities, Card, Commanded, Said, Tapped
from handlers.travel.replay import replay
from storage.models import Budget, Claim, Fare, Organization, Trip
from tests.handlers.house import House

NOTE = "12/3 東京→福島 新幹線 8,950円 磐梯町打合せ 1泊"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    home = House(tmp_path)
    home.services.clock = lambda: datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    yield home
    home.close()


@pytest.fixture
def town(house: House) -> House:
    """The same, with the State's travel rules in use."""
    house.does("a", Commanded("travel use state-2026-04 from=2026-04-01"))
    return house


def says(house: House, text: str) -> None:
    house.does("w", Said(text))


def question(house: House) -> Card:
    """The newest message that offers to stop."""
    return next(card for card in reversed(house.cards("w")) if any(c.label == "Stop" for c in card.choices))


def request(house: House) -> Claim:
    return next(claim for claim in reversed(house.claims()) if claim.kind == "request")


def trip(house: House) -> Trip:
    with house.services.db.snapshot(house.organization_id) as session:
        return session.scalars(select(Trip).order_by(Trip.created_at.desc())).first()  # type: ignore[return-value]


def card(house: House, user: str = "w") -> Card:
    return next(card for card in reversed(house.cards(user)) if "Trip request" in card.title)


def amounts(house: House) -> dict[str, int | None]:
    return {line.payee: line.amount for line in request(house).expenses}


def test_a_note_of_a_trip_to_come_is_a_request_with_the_estimate_of_the_travel_rules(town: House) -> None:
    says(town, NOTE)
    claim, found = request(town), trip(town)
    assert (found.starts, found.ends, found.nights) == (date(2026, 12, 3), date(2026, 12, 4), 1)
    assert (found.destination, found.prefecture, found.pack) == ("福島", "福島県", "state-2026-04")
    assert {line.kind for line in claim.expenses} == {"estimate"}
    assert amounts(town) == {"Shinkansen 東京→福島": 8950, "Lodging Fukushima": 8000, "Lodging allowance": 2400}
    details = " ".join(row.detail for row in card(town).rows)
    assert "cap ¥8,000; the price is not known → ¥8,000" in details
    assert "施行令第" in details
    assert "not verified" in details


def test_the_way_back_is_asked_and_doubles_the_fare(town: House) -> None:
    says(town, NOTE)
    assert "The way back" in question(town).title
    says(town, "往復")
    assert amounts(town)["Shinkansen 東京⇔福島"] == 17900
    assert not [b for b in card(town).buttons if b.label == "Fill in what is missing"]


def test_a_fare_that_nobody_knows_has_no_amount_and_is_asked_before_it_is_submitted(town: House) -> None:
    says(town, "12/3 東京→福島 新幹線往復 1泊 磐梯町打合せ")
    assert amounts(town)["Shinkansen 東京⇔福島"] is None
    town.does("w", Tapped(next(c.token for c in question(town).choices if c.label == "Stop")))
    town.taps("w", town.button("w", "Submit"))
    assert request(town).state == "draft"
    assert "Expected amount" in question(town).title
    says(town, "8,950円")
    says(town, "One way")
    town.taps("w", town.button("w", "Submit"))
    assert (request(town).state, amounts(town)["Shinkansen 東京⇔福島"]) == ("submitted", 17900)


def test_a_trip_to_nowhere_is_asked_where_it_goes_before_it_is_submitted(house: House) -> None:
    says(house, "12/3〜4 出張 ホテル1泊 9,800円 打合せ")
    assert "Where the trip goes" in question(house).title
    says(house, "Later")
    house.taps("w", house.button("w", "Submit"))
    assert request(house).state == "draft"
    assert "Where the trip goes" in question(house).title
    says(house, "福島")
    house.taps("w", house.button("w", "Submit"))
    assert (request(house).state, trip(house).prefecture) == ("submitted", "福島県")


def test_a_known_fare_is_taken_with_where_it_is_known_from(town: House) -> None:
    with town.services.db.transaction(town.organization_id) as session:
        session.add(
            Fare(
                origin="東京",
                destination="福島",
                mode="shinkansen",
                amount=8950,
                valid_from=date(2026, 4, 1),
                source="表",
            )
        )
    says(town, "12/3 東京→福島 新幹線往復 1泊 磐梯町打合せ")
    assert amounts(town)["Shinkansen 東京⇔福島"] == 17900
    assert any("fare: 表" in row.detail for row in card(town).rows)


def test_without_travel_rules_what_was_typed_counts_and_the_lodging_is_asked(house: House) -> None:
    says(house, NOTE)
    assert any("No travel rules are in use" in note.text for note in card(house).notes)
    says(house, "One way only")
    assert "Expected amount" in question(house).title
    says(house, "9800")
    assert amounts(house) == {"Shinkansen 東京→福島": 8950, "Lodging Fukushima": 9800}
    assert trip(house).pack == ""


def test_a_price_over_the_cap_is_asked_for_one_of_the_reasons_that_the_rules_accept(town: House) -> None:
    says(town, "12/3 東京→福島 新幹線往復 片道8,950円 磐梯町打合せ ホテル1泊 9,800円")
    assert amounts(town)["Lodging Fukushima"] == 8000
    assert "more than the cap" in question(town).title
    reason = next(c for c in question(town).choices if c.label not in ("Later", "Stop"))
    says(town, reason.text)
    assert amounts(town)["Lodging Fukushima"] == 9800
    assert any("¥1,800 over the cap" in row.detail for row in card(town).rows)


def test_a_place_whose_prefecture_nobody_knows_is_asked(town: House) -> None:
    says(town, "12/3 東京→鶴亀温泉 バス 2,000円 視察 1泊")
    says(town, "One way only")
    assert "In which prefecture" in question(town).title
    says(town, "どこか")
    assert "for example 福島県" in question(town).title
    says(town, "福島")
    assert amounts(town)["Lodging Fukushima"] == 8000


def test_a_request_goes_the_way_of_every_claim_and_its_budget_stays_reserved(town: House) -> None:
    grant(town, 100_000)
    says(town, NOTE)
    says(town, "There and back, at the same fare")
    town.taps("w", town.button("w", "Submit"))
    assert held(town) == (28_300, 0)
    seen = card(town, "s")
    shown = {field.label: field.value for field in seen.fields}
    assert shown["Applicant"] == "w"
    assert shown["Where to"] == "福島 (Fukushima)"
    assert shown["When"] == "3 Dec 2026 to 4 Dec 2026, nights: 1"
    assert shown["Purpose"] == "磐梯町打合せ"
    assert "left" in shown["Budget"]
    assert any("施行令第9条" in row.detail for row in seen.rows)
    assert seen.notes[0].text == f"Your note: {NOTE}" or any(NOTE in note.text for note in seen.notes)
    town.does("s", Commanded("waiting"))
    assert [row.title for row in town.last("s").rows] == ["#1 Trip request 福島 12/3–12/4"]
    town.taps("s", next(b for b in seen.buttons if b.label == "Approve"))
    assert (request(town).state, held(town)) == ("approved", (28_300, 0))
    news = next(card for card in town.cards("w") if "Approved by s" in card.title)
    assert (news.lead, [b.label for b in news.buttons]) == ("Trip request 福島 12/3–12/4 ¥28,300", ["Open"])
    mine = {field.label: field.value for field in card(town).fields}
    assert "¥28,300 reserved until the settlement, ¥71,700 left" in mine["Budget"]
    assert any("After the trip" in note.text for note in card(town).notes)


def test_a_request_that_the_budget_cannot_bear_is_refused(town: House) -> None:
    grant(town, 10_000)
    says(town, NOTE)
    says(town, "One way only")
    town.taps("w", town.button("w", "Submit"))
    assert (request(town).state, held(town)) == ("draft", (0, 0))
    assert "¥10,000 left" in town.last("w").title


def test_a_route_for_requests_alone_is_theirs(town: House) -> None:
    town.does("a", Commanded("route add kind=出張伺い : a@example.jp"))
    says(town, NOTE)
    says(town, "One way only")
    town.taps("w", town.button("w", "Submit"))
    assert not town.cards("s")
    town.taps("a", town.button("a", "Approve"))
    assert request(town).state == "approved"


def test_the_rules_want_no_receipt_and_mind_no_day_to_come_of_a_request(town: House) -> None:
    says(town, NOTE)
    says(town, "One way only")
    assert request(town).findings == []


@pytest.mark.parametrize(("approved", "told"), [(True, 0), (False, 1)])
def test_a_trip_with_a_night_is_told_when_no_request_for_it_was_approved(
    town: House, approved: bool, told: int
) -> None:
    says(town, NOTE)
    says(town, "One way only")
    if approved:
        town.taps("w", town.button("w", "Submit"))
        town.taps("s", town.button("s", "Approve"))
    asked = request(town)
    with town.services.db.transaction(town.organization_id) as session:
        home = session.get_one(Organization, town.organization_id)
        facts = {"member_id": asked.member_id, "trip_id": asked.trip_id, "request_id": asked.id}
        settlement = Claim(number=99, created_at=town.services.clock(), **facts)
        session.add(settlement)
        session.flush()
        session.refresh(settlement)
        found = policies.evaluate(session, home, settlement, date(2026, 12, 8))
    assert [finding.rule for finding in found].count("trip-request") == told


def test_what_is_no_request_becomes_a_draft_of_what_was_paid(town: House) -> None:
    says(town, NOTE)
    town.taps("w", town.button("w", "Not a request"))
    first, second = town.claims()
    assert (first.kind, first.state) == ("request", "cancelled")
    assert (second.kind, second.state, second.expenses[0].amount) == ("expense", "draft", 8950)
    assert trip(town).cancelled_at is not None


def test_a_trip_that_is_over_is_no_request(town: House) -> None:
    says(town, "11/20 東京→福島 新幹線 8,950円 磐梯町打合せ 1泊")
    assert [claim.kind for claim in town.claims()] == ["expense"]


def test_the_form_makes_a_request_with_an_advance(town: House) -> None:
    town.does("w", Commanded("trip new"))
    answers = {"destination": "福島", "starts": "2026-12-03", "ends": "2026-12-04", "purpose": "磐梯町打合せ"}
    answers |= {"from": "東京", "mode": "shinkansen", "fare": "17900", "advance": "20000"}
    town.fills("w", town.button("w", "New trip request"), **answers)
    assert amounts(town) == {"Shinkansen 東京⇔福島": 17900, "Lodging Fukushima": 8000, "Lodging allowance": 2400}
    assert request(town).advance == 20_000
    town.does("w", Commanded("trip new"))
    town.does("w", Tapped(town.button("w", "New trip request").token, form="h"))
    assert {field.name: field.value for field in town.paper.forms[-1][1].inputs}["from"] == "東京"
    assert {field.label: field.value for field in card(town).fields}["Advance wanted"] == "¥20,000"


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"ends": "2026-12-01"}, "The last day lies before the first."),
        ({"starts": "2026-11-01"}, "This day has passed."),
        ({"ends": "2028-12-01"}, "a year at most"),
        ({"destination": " "}, "Please fill this in."),
        ({"fare": "many"}, "amount in figures"),
        ({"prefecture": "どこか"}, "for example 福島県"),
    ],
)
def test_a_form_that_cannot_be_is_refused(town: House, changed: dict[str, str], answer: str) -> None:
    answers = {
        "destination": "福島",
        "starts": "2026-12-03",
        "ends": "2026-12-04",
        "purpose": "磐梯町打合せ",
        "mode": "train",
    }
    town.does("w", Commanded("request"))
    town.fills("w", town.button("w", "New trip request"), **answers | changed)
    assert town.claims() == []
    assert answer in town.last("w").title


def test_where_there_are_no_forms_a_new_request_is_asked_question_by_question(town: House) -> None:
    town.paper.capabilities = Capabilities(False, False, True, False)
    says(town, "出張申請")
    assert "Where the trip goes" in question(town).title
    says(town, "福島")
    assert "First day" in question(town).title
    says(town, "12/3")
    assert "Last day" in question(town).title
    says(town, "12/1")
    assert "The last day lies before the first." in question(town).title
    says(town, "12/4")
    assert "Purpose" in question(town).title
    says(town, "磐梯町打合せ")
    found = trip(town)
    assert (found.destination, found.starts, found.ends) == ("福島", date(2026, 12, 3), date(2026, 12, 4))
    assert "From where" in question(town).title


def test_other_days_reckon_the_estimate_anew_and_keep_what_was_typed(town: House) -> None:
    says(town, NOTE)
    says(town, "One way only")
    town.fills("w", town.button("w", "Edit"), ends="2026-12-05")
    found = trip(town)
    assert (found.nights, found.lodging[0]["nights"]) == (2, 2)
    assert amounts(town) == {
        "Shinkansen 東京→福島": 8950,
        "Lodging Fukushima, 2 nights": 16000,
        "Lodging allowance": 4800,
    }


def test_days_upside_down_and_an_advance_over_the_estimate_change_nothing(town: House) -> None:
    says(town, NOTE)
    says(town, "One way only")
    before = request(town).version
    town.fills("w", town.button("w", "Edit"), starts="2026-12-06")
    assert "The last day lies before the first." in town.last("w").title
    town.fills("w", town.button("w", "Edit"), advance="90000")
    assert "cannot be more than the estimate (¥19,350)" in town.last("w").title
    town.fills("w", town.button("w", "Edit"), destination=" ")
    assert request(town).version == before


def test_a_second_request_for_the_same_days_is_told(town: House) -> None:
    says(town, NOTE)
    says(town, "One way only")
    assert not any("another request" in note.text for note in card(town).notes)
    says(town, "12/4 東京→郡山 新幹線 8,340円 現地確認")
    assert any("there is another request: #1" in note.text for note in card(town).notes)


def test_what_the_rules_of_a_town_want_to_know_is_asked(house: House) -> None:
    house.does("a", Commanded("travel use hoshimi-town from=2026-04-01"))
    says(house, "12/10 郡山→猪苗代 タクシー 3,000円 打合せ")
    assert "Kilometres to the destination" in question(house).title
    says(house, "近い")
    assert "figures" in question(house).title
    says(house, "19.5km")
    near = amounts(house)["Daily allowance"]
    house.fills("w", house.button("w", "Edit"), distance_km="20")
    far = amounts(house)["Daily allowance"]
    assert (near, far) == (1300, 2600)


def test_a_taxi_wants_its_reason_where_the_rules_say_so(town: House) -> None:
    says(town, "12/10 郡山→猪苗代 タクシー 3,000円 打合せ")
    assert "Why this means of travel" in question(town).title
    says(town, "バスがないため")
    assert any("バスがないため" in row.detail for row in card(town).rows)


def test_what_the_organisation_will_pay_itself_is_said_on_its_line(town: House) -> None:
    says(town, "12/3 東京→福島 新幹線往復 往復17,900円 法人カード 磐梯町打合せ")
    [line] = request(town).expenses
    assert line.payment_method == "corporate_card"
    assert card(town).rows[0].detail.endswith("Corporate card")


def test_abroad_a_price_is_asked_where_no_prefecture_can_be_said(town: House) -> None:
    says(town, "12/3 成田→ソウル 飛行機往復 往復分42,000円 見本市 1泊")
    assert "In which prefecture" in question(town).title
    says(town, "Later")
    assert "Expected amount" in question(town).title
    says(town, "15,000")
    assert amounts(town)["Lodging"] == 15_000
    assert [row.detail for row in card(town).rows if row.title == "Lodging"] == [
        "As typed: the travel rules do not say."
    ]
    town.taps("w", town.button("w", "Submit"))
    assert request(town).state == "submitted"


def test_a_line_is_changed_by_itself_and_an_allowance_only_downwards(town: House) -> None:
    says(town, NOTE)
    says(town, "One way only")
    claim = request(town)
    town.opens_line("w", claim, 0)
    town.fills("w", town.button("w", "Edit"), amount="9000", to="郡山")
    assert amounts(town)["Shinkansen 東京→郡山"] == 9000
    town.opens_line("w", request(town), 2)
    town.fills("w", town.button("w", "Edit"), amount="5000")
    assert "it cannot be more" in town.last("w").title
    town.fills("w", town.button("w", "Edit"), amount="0")
    assert amounts(town)["Lodging allowance"] == 0


def test_a_request_is_changed_by_its_traveller_alone(town: House) -> None:
    says(town, NOTE)
    for label in ("Edit", "Not a request", "Fill in what is missing", "Submit", "Delete"):
        button = next(b for b in card(town).buttons if b.label == label)
        town.does("c", Tapped(button.token, form="h"))
        assert "Only w can do this" in town.last("c").title
    assert request(town).version == 1


def test_my_trips_say_where_each_of_them_stands(town: House) -> None:
    town.does("w", Commanded("trip"))
    assert "no trip yet" in town.last("w").title
    says(town, NOTE)
    says(town, "One way only")
    town.taps("w", town.button("w", "Submit"))
    town.taps("s", town.button("s", "Approve"))
    town.does("w", Commanded("出張"))
    [row] = town.last("w").rows
    assert (row.title, row.detail, row.value) == ("福島 12/3–12/4", "#1 Approved", "¥19,350")
    town.services.clock = lambda: datetime(2026, 12, 8, 3, 0, tzinfo=UTC)
    town.does("w", Commanded("trip"))
    assert town.last("w").rows[0].detail == "#1 To be settled"
    says(town, "12/1 東京→水戸 特急 3,890円 打合せ")
    town.does("w", Commanded("trip"))
    assert [row.title for row in town.last("w").rows] == ["福島 12/3–12/4", "水戸 12/1"]
    assert town.last("w").rows[1].detail == "Settlement #2: Draft"


def test_a_trip_is_replayed_once_its_request_is_approved(town: House) -> None:
    says(town, NOTE)
    says(town, "One way only")

    def replayed() -> list[tuple[int, int]]:
        with town.services.db.snapshot(town.organization_id) as session:
            return [(one.first, one.second) for one in replay(session, "state-2025-04", "aoba-town")]

    assert replayed() == []
    town.taps("w", town.button("w", "Submit"))
    assert replayed() == []
    town.taps("s", town.button("s", "Approve"))
    assert replayed() == [(8950 + 2400, 8950 + 2 * 2200)]


def test_a_request_is_never_marked_as_paid(town: House) -> None:
    town.does("a", Commanded("add a a@example.jp roles=accountant,admin"))
    says(town, NOTE)
    says(town, "One way only")
    town.taps("w", town.button("w", "Submit"))
    town.taps("s", town.button("s", "Approve"))
    town.does("a", Commanded("paid 1"))
    assert request(town).state == "approved"
    assert any("its settlement is paid" in note.text for note in town.last("a").notes)


def test_a_returned_request_is_changed_and_what_changed_is_shown(town: House) -> None:
    says(town, NOTE)
    says(town, "One way only")
    town.taps("w", town.button("w", "Submit"))
    town.taps("s", town.button("s", "Send back"))
    assert request(town).state == "returned"
    town.fills("w", next(b for b in card(town).buttons if b.label == "Edit"), ends="2026-12-05")
    town.taps("w", town.button("w", "Submit"))
    assert any("Lodging" in note.text and "¥8,000 → ¥16,000" in note.text for note in card(town, "s").notes)


def grant(house: House, amount: int) -> None:
    house.does("a", Commanded(f"budget set {amount} account=travel_transport name=Travel year=2026 stopped=yes"))


def held(house: House) -> tuple[int, int]:
    with house.services.db.snapshot(house.organization_id) as session:
        line = session.scalars(select(Budget)).one()
        return line.reserved, line.consumed
