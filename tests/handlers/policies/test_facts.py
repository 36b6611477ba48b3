"""What is missing, when it was, who was there, and the trip it belongs to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.policies import Attendee, Case, Person, TripFacts, in_force
from handlers.policies.history import Row
from tests.handlers.policies.cases import DAY, TODAY, Past, case, found, line, spoken, under

TRIP = TripFacts("t", dt.date(2026, 11, 18), dt.date(2026, 11, 20), 2, "福島")
ONE_DAY = dt.timedelta(days=1)


def test_a_typed_expense_without_a_receipt_needs_a_reason_or_a_declaration() -> None:
    typed = line(1_200, receipt_id="", kind="note")
    [finding] = found("receipt-missing", case(typed))
    assert spoken(finding) == ("¥1,200 の領収書がありません。", "There is no receipt for ¥1,200.")
    [declared] = found("receipt-missing", case(replace(typed, missing_receipt="券売機のため")))
    assert declared.strength == "note"
    assert "券売機のため" in spoken(declared)[0]
    assert not found("receipt-missing", case(line(1_200)))


def test_small_amounts_fares_and_allowances_need_no_receipt() -> None:
    typed = line(999, receipt_id="", kind="note")
    assert not found("receipt-missing", case(typed), min=1_000)
    assert found("receipt-missing", case(replace(typed, claimed=1_000)), min=1_000)
    train = replace(typed, journey={"mode": "train"})
    assert not found("receipt-missing", case(train))
    assert found("receipt-missing", case(train), fares=True)
    assert found("receipt-missing", case(replace(typed, journey={"mode": "taxi"})))
    assert not found("receipt-missing", case(replace(typed, kind="allowance")))


def test_a_claim_says_what_it_was_for() -> None:
    [finding] = found("purpose-missing", case(line(), purpose="  "))
    assert spoken(finding)[0] == "用途が書かれていません。"
    assert not found("purpose-missing", case(line()))
    assert not found("purpose-missing", case(line(description="コピー用紙"), purpose=""))


def test_entertainment_names_its_guests() -> None:
    dinner = line(6_000, category="entertainment")
    [finding] = found("attendees-missing", case(dinner), min=5_000)
    assert spoken(finding) == (
        "接待交際費 ¥6,000：参加者（氏名・会社・人数）が書かれていません。",
        "Entertainment ¥6,000: who took part is missing.",
    )
    assert not found("attendees-missing", case(replace(dinner, attendees=(Attendee("山本"),))), min=5_000)
    assert not found("attendees-missing", case(replace(dinner, claimed=4_999)), min=5_000)
    assert found("attendees-missing", case(replace(dinner, claimed=5_000)), min=5_000)
    assert not found("attendees-missing", case(replace(dinner, category="meeting")))


def _without_attendees(looked_at: Case) -> list[int]:
    """The amounts that want attendees by the built-in rows."""
    rows = [row for row in in_force.defaults() if row.rule == "attendees-missing"]
    return [finding.figures["amount"] for finding in under(looked_at, *rows)]


def test_a_meetings_meal_over_ten_thousand_yen_names_who_was_there_and_a_coffee_does_not() -> None:
    assert _without_attendees(case(line(50_000))) == [50_000]
    assert _without_attendees(case(line(10_001))) == [10_001]
    for silent in (line(480), line(10_000), line(50_000, attendees=(Attendee("山本", "山田商事", "outside"),))):
        assert not _without_attendees(case(silent))
    halves = (line(8_000, amount=8_000), line(4_000, amount=4_000, id="e2"))  # of one receipt, by tax rate
    assert _without_attendees(case(*halves)) == [12_000]


def test_late_is_more_than_the_days_allowed() -> None:
    [finding] = found("late", case(line(date=TODAY - dt.timedelta(days=61))))
    assert finding.figures == {"days": 61, "limit": 60}
    assert spoken(finding)[1] == "61 days have passed since 23 Sep 2026; 60 are allowed."
    assert not found("late", case(line(date=TODAY - dt.timedelta(days=60))))


def test_a_trips_days_count_from_its_end() -> None:
    old = line(date=TRIP.starts)
    assert not found("late", case(old, trip=TRIP), days=3)
    assert found("late", case(old), days=3)


def test_tomorrow_is_the_future_and_today_is_not() -> None:
    [finding] = found("date-future", case(line(date=TODAY + ONE_DAY)))
    assert spoken(finding)[0] == "日付 2026/11/24（火） は未来です。"
    assert not found("date-future", case(line(date=TODAY)))
    assert not found("date-future", case(line(date=TODAY + ONE_DAY), kind="request"))


def test_weekends_and_holidays_are_noted_outside_trips() -> None:
    [saturday] = found("date-day-off", case(line(date=DAY + ONE_DAY)))
    assert spoken(saturday) == ("2026/11/21（土）は休日です。", "21 Nov 2026 was a Saturday.")
    [holiday] = found("date-day-off", case(line(date=dt.date(2026, 11, 23))))
    assert "勤労感謝の日" in spoken(holiday)[0]
    assert not found("date-day-off", case(line(date=DAY)))
    away = replace(TRIP, ends=DAY + ONE_DAY)
    assert not found("date-day-off", case(line(date=DAY + ONE_DAY), trip=away))


def test_what_is_claimed_for_a_trip_is_of_its_days() -> None:
    after = line(date=TRIP.ends + ONE_DAY)
    [finding] = found("trip-dates", case(after, trip=TRIP))
    assert spoken(finding)[0] == "2026/11/21（土） は出張期間（2026/11/18（水）〜2026/11/20（金））の外です。"
    assert not found("trip-dates", case(line(date=TRIP.ends), line(date=TRIP.starts), trip=TRIP))
    assert not found("trip-dates", case(after, trip=TRIP), slack=1)
    assert not found("trip-dates", case(after))


def test_tickets_may_be_bought_before_the_trip() -> None:
    ticket = line(date=TRIP.starts - dt.timedelta(days=20), category="travel_transport")
    assert not found("trip-dates", case(ticket, trip=TRIP))
    assert found("trip-dates", case(ticket, trip=TRIP), prepaid=False)
    assert found("trip-dates", case(replace(ticket, category="meeting"), trip=TRIP))


def test_a_trip_with_a_night_that_nobody_asked_for_is_told_and_a_far_one_where_that_is_wanted() -> None:
    night, far = replace(TRIP, nights=1), replace(TRIP, nights=0, km=120)
    [finding] = found("trip-request", case(line(), trip=night))
    assert "no approved request" in spoken(finding)[1]
    assert finding.figures["nights"] == 1
    assert not found("trip-request", case(line(), trip=replace(night, requested=True)))
    [late] = found("trip-request", case(line(), trip=night, kind="request"))
    assert "it is asked for on 23 Nov 2026" in spoken(late)[1]
    assert not found("trip-request", case(line(), trip=night, kind="request", day=TRIP.starts))
    assert not found("trip-request", case(line(), trip=night), nights=2)
    assert not found("trip-request", case(line(), trip=far))
    assert found("trip-request", case(line(), trip=far), km=100)
    assert not found("trip-request", case(line(), trip=far), km=121)
    assert not found("trip-request", case(line()))


def test_an_approver_at_the_table_is_found_whatever_the_blanks() -> None:
    approvers = (Person("s", "田中 一郎"),)
    dinner = line(attendees=(Attendee("田中　一郎さん", "", "own"), Attendee("山本")))
    [finding] = found("approver-attends", case(dinner, approvers=approvers))
    assert spoken(finding)[0] == "承認者の 田中 一郎 さんが参加者に含まれています。"
    assert not found("approver-attends", case(line(attendees=(Attendee("田中 二郎"),)), approvers=approvers))
    guest = Attendee("田中 一郎", "みどり商事", "outside")  # the same name in another company
    assert not found("approver-attends", case(line(attendees=(guest,)), approvers=approvers))


def test_a_meal_beside_the_per_diem_of_its_day() -> None:
    daily = line(2_200, id="d", kind="allowance", category="travel_transport", basis={"kind": "daily"})
    meal = line(980)
    [finding] = found("per-diem-meal", case(meal, daily))
    assert (finding.expense_id, finding.figures) == ("e1", {"amount": 980})
    assert not found("per-diem-meal", case(meal, replace(daily, basis={"kind": "car"})))
    assert not found("per-diem-meal", case(meal, replace(daily, date=DAY - ONE_DAY)))
    assert not found("per-diem-meal", case(replace(meal, persons=3), daily))
    assert found("per-diem-meal", case(meal, history=Past(allowed=("lodging_allowance",))))


def ride(day: dt.date, origin: str, destination: str) -> Row:
    return Row(f"{day}{origin}", "ic", day, "", origin, destination, 500)


def test_a_hotel_for_a_night_at_home() -> None:
    hotel = line(9_800, payee="ホテルみずうみ", category="travel_transport", date=dt.date(2026, 11, 19))
    trip = replace(TRIP, starts=dt.date(2026, 11, 19))  # only the night of the 19th is within it
    there, back = (ride(dt.date(2026, 11, 19), *way) for way in (("青葉", "中央"), ("中央", "青葉")))
    again = ride(dt.date(2026, 11, 20), "青葉", "中央")
    at_home = Past(journeys=(there, back, again), home=frozenset({"青葉"}))
    [finding] = found("hotel-and-home", case(hotel, trip=trip, history=at_home))
    assert spoken(finding)[0] == (
        "ホテルみずうみ の宿泊ですが、2026/11/19（木） に帰宅（青葉）したICカードの記録があります。"
    )
    away = replace(at_home, journeys=(there,))
    assert not found("hotel-and-home", case(hotel, trip=trip, history=away))
    assert not found("hotel-and-home", case(replace(hotel, payee="喫茶ひかり"), trip=trip, history=at_home))


def test_going_home_on_the_day_of_departure_is_no_contradiction() -> None:
    hotel = line(9_800, payee="ホテルみずうみ", category="travel_transport")  # dated on the day of departure
    home = ride(DAY, "中央", "青葉")
    past = Past(journeys=(home,), home=frozenset({"青葉"}))
    assert not found("hotel-and-home", case(hotel, history=past))
