"""What belongs to what: guests to their firm, an aim to its ride, a title to its book, an amount to its thing."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.notes import read

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("Lunch with 3 guests from Acme 5,400 yen Nov 20", ("Acme",), 3),
        ("Lunch with guests from Acme 5,400 yen Nov 20", ("Acme",), None),
        ("Lunch with guests from Acme", ("Acme",), None),
        ("Coffee with two clients from Sakura Trading 1,200 yen Nov 20", ("Sakura Trading",), 2),
        ("Dinner with Mr. Sato of Acme Corp, 12,000 yen, Nov 20", ("Sato",), None),
        ("Dinner with visitors from Osaka 12,000 yen Nov 20", (), None),  # a town is nobody
        ("Lunch for 3 people from Acme 5,400 yen Nov 20", ("Acme",), 3),
    ],
)
def test_guests_from_a_firm_are_no_way(text: str, names: tuple[str, ...], count: int | None) -> None:
    reading = read(text, TODAY)
    assert (reading.kind, reading.attendees, reading.attendees_count) == ("expense", names, count)
    assert len(reading.expenses) == 1


def test_a_ride_with_guests_begins_where_it_says() -> None:
    [leg] = read("Taxi with 2 guests from Haneda to Shinjuku 8,000 yen Nov 20", TODAY).legs
    assert (leg.origin, leg.destination, leg.amount) == ("Haneda", "Shinjuku", 8000)


def test_a_meal_that_is_planned_is_no_note() -> None:
    assert read("田中さんと昼食に行きます", TODAY).kind == "unknown"
