"""What notes and forms say of a trip beside its fares: kilometres, passes, packages, homes, reasons, who pays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.chat import Card, Commanded, FormSent, Said, Tapped
from handlers.trips import commuting
from storage.models import Claim, CommuterPass, Dialogue, Fare, Member, StatementRow, Trip
from tests.handlers.house import House
from tests.handlers.waiting import at, types

CAR = "青葉町役場→会津若松 自家用車"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    home = House(tmp_path)
    at(home, 11, 24, 10)
    yield home
    home.close()


def uses(house: House, pack: str) -> None:
    types(house, "a", f"travel use {pack} from=2026-04-01")


def says(house: House, text: str) -> None:
    house.does("w", Said(text))


def card(house: House, user: str = "w") -> Card:
    """The newest card of a claim."""
    heads = ("Draft", "Trip request")
    return next(one for one in reversed(house.cards(user)) if any(head in one.title for head in heads))


def told(house: House, user: str = "w") -> str:
    """All that stands on it."""
    found = card(house, user)
    return "\n".join((*(note.text for note in found.notes), *(f"{r.title} | {r.detail}" for r in found.rows)))


def asked(house: House) -> str:
    """The question that is open now; empty when there is none."""
    with house.services.db.snapshot(house.organization_id) as session:
        row = session.scalars(select(Dialogue)).first()
        return str(row.form["inputs"][0]["label"]) if row is not None else ""


def lines(house: House) -> dict[str, int]:
    """Yen that are claimed, by payee."""
    return {line.payee: (line.amount or 0) - (line.private_amount or 0) for line in house.claims()[-1].expenses}


def trip(house: House) -> Trip:
    with house.services.db.snapshot(house.organization_id) as session:
        return session.scalars(select(Trip).order_by(Trip.created_at.desc())).first()  # type: ignore[return-value]


def pick(house: House, label: str) -> None:
    house.taps("w", house.button("w", label))


def has_pass(house: House, *stations: str) -> None:
    with house.services.db.transaction(house.organization_id) as session:
        member = session.scalars(select(Member).filter_by(name="w")).one()
        session.add(CommuterPass(member_id=member.id, stations=list(stations), valid_from=dt.date(2026, 4, 1)))


# --- kilometres -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["12/3", "11/19"])
@pytest.mark.parametrize(
    ("written", "answer", "amount", "name"),
    [
        ("往復34km", "", 1258, "34 km (there and back)"),
        ("片道34km 往復", "", 2516, "34 km × 2 (there and back)"),
        ("34km 往復", "There and back", 1258, "34 km (there and back)"),
        ("34km 往復", "One way", 2516, "34 km × 2 (there and back)"),
        ("34.5km 往復", "One way", 69 * 37, "34.5 km × 2 (there and back)"),
    ],
)
def test_kilometres_are_paid_once_for_what_they_stand_for(
    house: House, day: str, written: str, answer: str, amount: int, name: str
) -> None:
    uses(house, "aoba-town")
    says(house, f"{day} {CAR} {written} 打合せ 日帰り")
    assert bool(asked(house)) == bool(answer)
    if answer:
        says(house, answer)
    assert lines(house) == {f"Own or company car 青葉町役場⇔会津若松 {name}": amount, "Daily allowance": 2200}
    assert not asked(house)
    assert "There is no receipt" not in told(house)


def test_a_past_day_by_car_is_a_settlement_where_the_rules_pay_by_the_kilometre(house: House) -> None:
    uses(house, "aoba-town")
    says(house, f"11/19 {CAR} 34km 打合せ 日帰り")
    assert lines(house) == {"Own or company car 青葉町役場→会津若松 34 km": 1258, "Daily allowance": 2200}
    assert not asked(house)


def test_where_the_rules_pay_what_a_car_cost_the_total_is_asked(house: House) -> None:
    uses(house, "state-2026-04")
    says(house, "11/19 青葉町役場→磐梯町 自家用車 34km 打合せ 日帰り")
    assert "Total" in asked(house)


def test_a_car_of_which_less_is_claimed_wants_no_receipt_either(house: House) -> None:
    uses(house, "aoba-town")
    says(house, f"11/19 {CAR} 34km 打合せ 日帰り")
    claim = house.claims()[-1]
    house.opens_line("w", claim, 0)
    house.fills("w", house.button("w", "Edit"), amount="1000")
    assert lines(house)["Own or company car 青葉町役場→会津若松 34 km"] == 1000
    assert not [f for f in house.claims()[-1].findings if f["rule"] == "receipt-missing"]


# --- commuter passes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", ["state-2026-04", ""])
def test_a_journey_along_the_pass_leaves_nothing_to_claim(house: House, pack: str) -> None:
    if pack:
        uses(house, pack)
    has_pass(house, "渋谷", "新宿")
    says(house, "11/19 渋谷→新宿 電車 170円 打合せ")
    assert list(lines(house).values()) == [0]
    assert "¥170 one way is covered by the commuter pass 渋谷〜新宿" in told(house)
    assert "The commuter pass 渋谷〜新宿 covers this journey: there is nothing to claim." in told(house)
    pick(house, "Submit")
    assert house.claims()[-1].state == "draft"
    assert "there is nothing to claim" in house.last("w").title


def known(house: House, origin: str, destination: str, amount: int, mode: str = "train") -> None:
    with house.services.db.transaction(house.organization_id) as session:
        day = dt.date(2026, 4, 1)
        session.add(
            Fare(origin=origin, destination=destination, mode=mode, amount=amount, valid_from=day, source="駅の表")
        )


@pytest.mark.parametrize("pack", ["state-2026-04", ""])
def test_a_past_journey_takes_a_known_fare_with_where_it_is_known_from(house: House, pack: str) -> None:
    if pack:
        uses(house, pack)
    known(house, "名取", "岩沼", 200)
    says(house, "11/18 岩沼→名取 電車 会議出席")
    assert list(lines(house).values()) == [200]
    assert "computed: Total / fare: 駅の表" in told(house)
    assert not asked(house)
    says(house, "11/17 名取→岩沼 電車 往復 会議出席")
    assert list(lines(house).values()) == [400]
    assert not asked(house)
    pick(house, "Submit")
    assert any("fare: 駅の表" in note.text for note in house.last("s").notes)


def test_a_past_trip_takes_it_too(house: House) -> None:
    known(house, "名取", "岩沼", 200)
    says(house, "11/17-18 岩沼出張 名取→岩沼 電車 会議出席 ホテル1泊 9,000円")
    assert 200 in lines(house).values()
    assert "fare: 駅の表" in told(house)


def test_a_fare_that_nobody_knows_or_that_was_typed_is_left_alone(house: House) -> None:
    known(house, "名取", "岩沼", 200)
    says(house, "11/18 名取→岩沼 電車 240円 会議出席")
    assert list(lines(house).values()) == [240]
    says(house, "11/18 名取→岩沼 バス 会議出席")
    assert "Total" in asked(house)
    says(house, "3/1 名取→岩沼 電車 会議出席")  # before the table begins
    assert "Total" in asked(house)


def test_a_known_fare_follows_the_corrected_day_and_gives_way_to_a_typed_one(house: House) -> None:
    known(house, "名取", "岩沼", 200)
    says(house, "11/18 名取→岩沼 電車 会議出席")
    house.fills("w", house.button("w", "Edit"), date="2026-03-01")
    assert house.claims()[-1].expenses[0].amount is None
    house.fills("w", house.button("w", "Edit"), amount="240")
    assert list(lines(house).values()) == [240]
    assert "fare:" not in told(house)


def test_a_pass_is_taken_off_a_known_fare(house: House) -> None:
    known(house, "渋谷", "新宿", 170)
    has_pass(house, "渋谷", "新宿")
    says(house, "11/19 渋谷→新宿 電車 打合せ")
    assert list(lines(house).values()) == [0]


def test_of_a_journey_beyond_the_pass_a_known_fare_is_left_for_both_ways(house: House) -> None:
    has_pass(house, "渋谷", "新宿")
    with house.services.db.transaction(house.organization_id) as session:
        day = dt.date(2026, 4, 1)
        session.add(Fare(origin="新宿", destination="立川", mode="train", amount=490, valid_from=day, source="表"))
    says(house, "11/19 渋谷→立川 電車 片道660円 往復 打合せ")
    assert list(lines(house).values()) == [980]
    assert "is covered by the commuter pass 渋谷〜新宿" in told(house)
    assert "nothing to claim" not in told(house)
    pick(house, "Submit")
    assert house.claims()[-1].state == "submitted"


def test_where_the_rest_is_not_known_the_person_is_told(house: House) -> None:
    has_pass(house, "渋谷", "新宿")
    says(house, "11/19 渋谷→立川 電車 660円 打合せ")
    assert list(lines(house).values()) == [660]
    assert "may overlap with the commuter pass 渋谷〜新宿; please check" in told(house)


def test_another_way_another_day_and_a_taxi_are_paid_as_they_are(house: House) -> None:
    has_pass(house, "渋谷", "新宿")
    says(house, "3/19 渋谷→新宿 電車 170円 打合せ")
    says(house, "11/19 品川→新橋 電車 180円 打合せ")
    says(house, "11/19 渋谷→新宿 タクシー 2,340円 打合せ")
    assert [c.expenses[0].private_amount or 0 for c in house.claims()] == [0, 0, 0]


def test_rows_of_a_card_lose_the_same(house: House) -> None:
    has_pass(house, "渋谷", "新宿")
    says(house, "11/19 渋谷→新宿 電車 170円 打合せ")
    with house.services.db.transaction(house.organization_id) as session:
        line = session.scalars(select(Claim)).one().expenses[0]
        line.kind, line.basis, line.private_amount = "statement", {}, 0
        commuting.judge(session, line.claim)
        assert (line.private_amount, line.basis["capped"]) == (170, 170)
        commuting.take_off(line, None)
        assert (line.private_amount, "capped" in line.basis) == (0, False)
        assert not session.scalars(select(StatementRow)).all()


# --- packages, homes, the start ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["12/3〜12/4", "11/18〜11/19"])
def test_a_package_is_paid_up_to_the_fare_and_the_cap_and_no_night_is_asked(house: House, day: str) -> None:
    uses(house, "state-2026-04")
    says(house, f"{day} 大阪出張 東京→大阪 新幹線ホテルパック 45,000円 1泊 打合せ")
    assert "Ordinary fare without the package, both ways" in asked(house)
    says(house, "29,440")
    assert not asked(house)
    [amount] = [amount for name, amount in lines(house).items() if name.startswith("Package")]
    assert amount == 29_440 + 13_000
    assert "up to fare ¥29,440 + lodging cap ¥13,000 × 1 → ¥42,440" in told(house)
    assert not any(name.startswith(("Shinkansen", "Lodging Osaka")) for name in lines(house))


def test_the_ordinary_fare_of_a_package_is_not_asked_where_it_is_known(house: House) -> None:
    uses(house, "state-2026-04")
    with house.services.db.transaction(house.organization_id) as session:
        day = dt.date(2026, 4, 1)
        session.add(
            Fare(origin="東京", destination="大阪", mode="shinkansen", amount=14720, valid_from=day, source="表")
        )
    says(house, "12/3〜12/4 大阪出張 東京→大阪 新幹線ホテルパック 35,000円 1泊 打合せ")
    assert not asked(house)
    assert lines(house)["Package"] == 35_000
    assert "fare: 表" in told(house)


@pytest.mark.parametrize("day", ["12/3〜12/4", "11/18〜11/19"])
@pytest.mark.parametrize("night", ["実家泊", "知人宅に1泊"])
def test_a_night_at_a_home_wants_no_price_and_gives_no_allowance(house: House, day: str, night: str) -> None:
    uses(house, "state-2026-04")
    says(house, f"{day} 大阪出張 東京→大阪 新幹線 14,720円 片道 {night} 打合せ")
    if "The way back" in asked(house):
        says(house, "One way only")
    assert not asked(house)
    assert lines(house) == {"Shinkansen 東京→大阪": 14720}
    assert "receipt of the lodging" not in told(house)


@pytest.mark.parametrize("day", ["12/3〜12/4", "11/18〜11/19"])
@pytest.mark.parametrize("start", ["自宅→大阪", "自宅発 東京→大阪"])
def test_a_start_from_home_is_compared_with_the_office_where_the_rules_say_so(
    house: House, day: str, start: str
) -> None:
    uses(house, "shiranami-village")
    says(house, f"{day} 大阪出張 {start} 新幹線 片道14,720円 ホテル1泊 9,000円 打合せ")
    if "The way back" in asked(house):
        says(house, "One way only")
    assert "Fare of one way from the office" in asked(house)
    says(house, "13,000")
    assert next(amount for name, amount in lines(house).items() if name.startswith("Shinkansen")) == 13_000
    assert "starts from home; ¥13,000 from the office" in told(house)


def test_meals_that_are_shown_apart_do_not_lower_the_allowance(house: House) -> None:
    uses(house, "state-2026-04")
    note = "11/18〜11/19 大阪出張 東京→大阪 新幹線 片道14,720円 ホテル1泊 9,000円 2食付き"
    says(house, f"{note} 打合せ")
    assert lines(house)["Lodging allowance"] == 800
    says(house, f"{note} 食事代は別 打合せ")
    assert lines(house)["Lodging allowance"] == 2400


# --- a taxi wants its reason ------------------------------------------------------------------------------------------

TAXI = "11/18〜11/19 大阪出張 東京→大阪 新幹線 14,720円 片道、大阪→堺 タクシー 4,000円、ホテル1泊 12,000円 打合せ"


def test_a_settlement_with_a_taxi_is_not_handed_in_without_its_reason(house: House) -> None:
    uses(house, "state-2026-04")
    types(house, "a", "rule receipt-missing off from=2026-01-01")
    says(house, TAXI)
    assert "Why this means of travel" in asked(house)
    says(house, "Later")
    assert not asked(house)
    pick(house, "Submit")
    assert (house.claims()[-1].state, "Why this means of travel" in asked(house)) == ("draft", True)
    says(house, "Later")
    pick(house, "Give the reason for the ride")
    says(house, "最終バスの後")
    assert "最終バスの後" in told(house)
    assert "Give the reason for the ride" not in [button.label for button in card(house).buttons]
    pick(house, "Submit")
    assert house.claims()[-1].state == "submitted"


def test_a_request_with_a_taxi_is_not_handed_in_without_its_reason(house: House) -> None:
    uses(house, "state-2026-04")
    says(house, "12/3 大阪→堺 タクシー 4,000円 打合せ 日帰り")
    for _ in range(3):
        if asked(house):
            says(house, "Later")
    pick(house, "Submit")
    assert house.claims()[-1].state == "draft"
    assert "Why this means of travel" in asked(house)
    says(house, "荷物が多い")
    pick(house, "Submit")
    assert house.claims()[-1].state == "submitted"


def test_the_receipt_of_a_taxi_within_a_trip_wants_its_reason_too(house: House) -> None:
    uses(house, "state-2026-04")
    says(house, "11/18〜11/19 大阪出張 東京→大阪 新幹線 14,720円 片道 実家泊 打合せ")
    house.sends_receipt("w", 2340)
    draft = house.claims()[-1]
    house.fills(
        "w", house.button("w", "Edit"), payee="堺タクシー", date="2026-11-18", category="travel_transport", tax_10=""
    )
    house.taps("w", house.button("w", "Put into #1"))
    assert "Why this means of travel" in asked(house)
    says(house, "最終バスの後")
    claim = next(c for c in house.claims() if c.number == 1)
    assert [e.basis.get("ride") for e in claim.expenses if e.payee == "堺タクシー"] == [{"reason": "最終バスの後"}]
    assert house.claims()[-1].number == draft.number


# --- forms ------------------------------------------------------------------------------------------------------------


def a_request(
    house: House, note: str = "12/3〜12/4 東京→大阪 新幹線往復 片道14,720円 ホテル1泊 9,000円 打合せ"
) -> None:
    uses(house, "state-2026-04")
    says(house, note)


def edits(house: House, payee: str, **values: str) -> None:
    """Open a line of the request by its name and answer its form."""
    [row] = [row for row in card(house).rows if row.title.startswith(payee)]
    assert row.button is not None
    house.taps("w", row.button)
    house.fills("w", house.button("w", "Edit"), **values)


def test_the_kind_of_a_night_is_chosen_on_its_line_and_taken_back_in_the_form_of_the_trip(house: House) -> None:
    a_request(house)
    edits(house, "Lodging Osaka", kind="private")
    assert lines(house) == {"Shinkansen 東京⇔大阪": 29_440}
    button = next(b for b in card(house).buttons if b.label == "Edit")
    house.paper.forms.clear()
    house.does("w", Tapped(button.token, form="h"))
    [(_, form)] = house.paper.forms
    values = {question.name: question.value for question in form.inputs}
    assert values["stays"] == "1泊 実家・知人宅 大阪府 9,000円"
    values["stays"] = "1泊 9,000円 朝夕食込〔食事代は別〕"
    house.does("w", FormSent(form.token, tuple(values.items())))
    assert lines(house)["Lodging allowance"] == 2400
    assert lines(house)["Lodging Osaka"] == 9000


def test_what_else_is_to_say_of_a_line_is_in_its_form(house: House) -> None:
    a_request(house)
    edits(house, "Lodging Osaka", meals="2")
    assert lines(house)["Lodging allowance"] == 800
    edits(house, "Lodging Osaka", separable="yes")
    assert lines(house)["Lodging allowance"] == 2400
    edits(house, "Shinkansen", paid_by="host")
    assert "Shinkansen 東京⇔大阪" not in lines(house)
    [leg] = trip(house).legs
    assert (leg["paid_by"], leg["amount"]) == ("host", 14720)
    edits(house, "Lodging Osaka", kind="package")
    assert "Package" in lines(house)


@pytest.mark.parametrize(
    ("values", "why"),
    [({"rides": "いろいろ"}, "is not understood"), ({"stays": "どこか"}, "is not understood")],
)
def test_lines_that_mean_nothing_change_nothing(house: House, values: dict[str, str], why: str) -> None:
    a_request(house)
    before = lines(house)
    house.fills("w", next(b for b in card(house).buttons if b.label == "Edit"), **values)
    assert why in house.last("w").title
    assert lines(house) == before


def test_mending_a_settlement_loses_nothing_of_its_rides(house: House) -> None:
    uses(house, "aoba-town")
    says(house, f"11/26 {CAR} 往復34km 打合せ 日帰り")
    pick(house, "Submit")
    house.taps("s", house.button("s", "Approve"))
    at(house, 11, 27, 10)
    house.does("w", Commanded("trip"))
    house.taps("w", next(row.button for row in house.last("w").rows if row.button))
    before = lines(house)
    house.paper.forms.clear()
    button = house.button("w", "Mend the trip")
    house.does("w", Tapped(button.token, form="h"))
    [(_, form)] = house.paper.forms
    values = {question.name: question.value for question in form.inputs}
    assert values["rides"] == "11/26 青葉町役場→会津若松 自家用車・社用車 往復34km 往復"
    values["rides"] += "\n11/26 会津若松→猪苗代 電車 500円"
    house.does("w", FormSent(form.token, tuple(values.items())))
    assert lines(house) == {**before, "Train 会津若松→猪苗代": 500}
    assert before["Own or company car 青葉町役場⇔会津若松 34 km (there and back)"] == 1258


def test_nights_without_a_receipt_are_said_in_the_settlement(house: House) -> None:
    uses(house, "state-2026-04")
    says(house, "11/18〜11/19 大阪出張 東京→大阪 新幹線 14,720円 片道 1泊 打合せ")
    says(house, "Later")
    claim = house.claims()[-1]
    house.opens_line("w", claim, [e.payee for e in claim.expenses].index("Lodging"))
    house.fills("w", house.button("w", "Nights and reason"), kind="private")
    assert lines(house) == {"Shinkansen 東京→大阪": 14720}
    house.fills("w", house.button("w", "Mend the trip"), stays="1泊")
    assert lines(house) == {"Shinkansen 東京→大阪": 14720, "Lodging allowance": 2400}
    house.fills("w", house.button("w", "Mend the trip"), stays="1泊〔先方払い〕")
    assert "The price of 1 nights is not known yet" not in told(house)


@pytest.mark.parametrize(
    ("kind", "claimed"),
    [
        ("private", {"Shinkansen 東京⇔大阪": 29_440}),
        ("package", {"Package": 42_440, "Lodging allowance": 2400}),
        ("lodging", {"Shinkansen 東京⇔大阪": 29_440, "Lodging Osaka": 13_000, "Lodging allowance": 2400}),
    ],
)
def test_the_form_of_a_new_request_says_what_kind_of_night_it_is(
    house: House, kind: str, claimed: dict[str, int]
) -> None:
    uses(house, "state-2026-04")
    house.does("w", Commanded("trip new"))
    values = {"destination": "大阪", "starts": "2026-12-03", "ends": "2026-12-04", "purpose": "打合せ"}
    values |= {"from": "東京", "mode": "shinkansen", "fare": "29440", "lodging": "45000", "kind": kind}
    house.fills("w", house.button("w", "New trip request"), **values)
    assert lines(house) == claimed


def test_a_ride_from_home_says_so_by_its_name_until_somebody_says_otherwise(house: House) -> None:
    uses(house, "shiranami-village")
    says(house, "12/3 大阪で打合せ 新幹線 片道14,720円 日帰り")
    assert asked(house) == "From where"
    says(house, "自宅")
    assert "the fare from the office is needed" in told(house)
    edits(house, "Shinkansen", from_home="no")
    assert "the fare from the office is needed" not in told(house)


def test_each_cost_of_a_trip_that_was_called_off_is_compared_with_its_own_line(house: House) -> None:
    uses(house, "shiranami-village")
    says(house, "12/3〜12/4 東京→大阪 新幹線往復 片道14,720円 ホテル1泊 9,000円 打合せ")
    pick(house, "Submit")
    house.taps("s", house.button("s", "Approve"))
    house.paper.forms.clear()
    house.does("w", Tapped(house.button("w", "Call off").token, form="h"))
    [(_, form)] = house.paper.forms
    names = [question.label for question in form.inputs[1:]]
    assert names == ["Cancellation costs: Shinkansen 東京⇔大阪", "Cancellation costs: Lodging Osaka"]
    house.does("w", FormSent(form.token, (("reason", "台風"), ("cost_0", "500"), ("cost_1", "12,000"))))
    assert list(lines(house).values()) == [500, 9000]
    assert "Cancelled Lodging Osaka: the smaller of ¥9,000 (computed) and ¥12,000 (lost) → ¥9,000" in told(house)
