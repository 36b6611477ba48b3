"""Every field of a form that changes a claim is told to those who decide it again, and nothing else is.

Each form is opened on a claim that was sent back; its fields are changed one after the other, and each time the
approver's card must tell a difference. A new field without a line in ``handlers.cards.changes``, or without another
value here, fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy import update

from handlers import actions
from handlers.cards.changes import notes
from handlers.chat import Button, Card, Commanded, FormSent, Input, Said, Tapped
from handlers.turn import view_of
from storage.models import Claim, Organization
from tests.handlers import test_settlements as settlements
from tests.handlers.house import House

# Another value of each field, as a person would write it. Of a choice another option is taken.
OTHERWISE = {
    "payee": "喫茶 けやき",
    "date": "2026-11-19",
    "amount": "1100",
    "tax_10": "90",
    "tax_8": "20",
    "other_taxes": "0% 12",
    "registration_number": "T6012345678901",
    "purpose": "町役場との協議",
    "description": "茶菓",
    "names": "山田商事 山田様、自社 1名",
    "count": "5",
    "budget": "*/会議費/P1",
    "project": "P2",
    "destination": "郡山",
    "starts": "2026-12-04",
    "ends": "2026-12-08",
    "prefecture": "福井県",
    "distance_km": "123",
    "advance": "5000",
    "from": "上野",
    "to": "いわき",
    "place": "ホテル一葉",
    "over_reason": "指定された宿のため",
    "reason": "荷物が多いため",
    "km": "40",
    "nights": "1",
    "rides": "12/3 東京→福島 電車 5,000円 往復",
    "stays": "3泊 ホテル一葉 福島県 8,500円",
    "fare": "7000",
    "office_amount": "8000",
}
UNCHANGED = "Nothing was changed since it was last submitted."
TRIP = "12/3〜12/6 東京→福島 新幹線往復 8,950円 ホテル3泊 9,000円 磐梯町打合せ"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.clock = lambda: datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    for rule in ("purpose-missing", "registration-number", "attendees-missing"):
        built.does("a", Commanded(f"rule {rule} off from=2026-01-01"))
    yield built
    built.close()


def told(house: House) -> list[str]:
    """The difference on the approver's newest card."""
    with house.services.db.snapshot(house.organization_id) as session:
        claim = session.get_one(Claim, house.claims()[-1].id)
        organization = session.get_one(Organization, house.organization_id)
        return [note.text for note in notes(view_of(house.services, organization, claim.member), claim)]


def token(house: House, act: str, line: int | None = None) -> str:
    claim = house.claims()[-1]
    extra = claim.expenses[line].id if line is not None else ""
    return actions.token(house.services.keys, act, claim.id, claim.version, extra)


def opens(house: House, act: str, line: int | None = None) -> tuple[str, tuple[Input, ...]]:
    house.paper.forms.clear()
    house.does("w", Tapped(token(house, act, line), form="h"))
    [(_, form)] = house.paper.forms
    return form.token, form.inputs


def otherwise(question: Input) -> str:
    if question.kind == "choice":
        return next(value for value, _ in question.options if value not in (question.value, ""))
    assert question.name in OTHERWISE, f"another value of the field “{question.name}” is wanted here"
    return OTHERWISE[question.name]


def submits(house: House) -> None:
    house.does("w", Tapped(token(house, "submit"), form="h"))
    for _, form in list(house.paper.forms):
        if actions.read(house.services.keys, form.token).name == "reasons":
            house.does("w", FormSent(form.token, tuple((i.name, "because") for i in form.inputs)))
    assert house.claims()[-1].state == "submitted", house.last("w")


def comes_back(house: House) -> None:
    house.taps("s", Button("", token(house, "return")))
    assert house.claims()[-1].state == "returned", house.last("s")


def each_field(
    house: House,
    act: str,
    line: int | None = None,
    leave: tuple[str, ...] = (),
    otherwise_by: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, list[str]]:
    """What is told after each field of a form was changed by itself, by field."""
    found: dict[str, list[str]] = {}
    for name in [question.name for question in opens(house, act, line)[1] if question.name not in leave]:
        sent, questions = opens(house, act, line)
        values = {q.name: q.value for q in questions}
        values[name] = otherwise_by.get(name) or otherwise(next(q for q in questions if q.name == name))
        house.does("w", FormSent(sent, tuple(values.items())))
        house.paper.forms.clear()
        submits(house)
        found[name] = told(house)
        comes_back(house)
    return found


def assert_told(found: dict[str, list[str]]) -> None:
    silent = [name for name, lines in found.items() if not lines or lines == [UNCHANGED]]
    assert not silent, f"not in handlers.cards.changes: {silent}"


def receipt(house: House) -> None:
    house.sends_receipt("w", 1280)
    submits(house)
    comes_back(house)


def request(house: House) -> None:
    house.does("a", Commanded("travel use state-2026-04 from=2026-04-01"))
    house.does("w", Said(TRIP))
    while any(c.label == "Stop" for c in house.last("w").choices):
        house.does("w", Said("One way"))
    submits(house)
    comes_back(house)


def test_nothing_changed_is_said_where_nothing_changed(house: House) -> None:
    receipt(house)
    submits(house)
    assert told(house) == [UNCHANGED]


def test_nothing_changed_in_a_trip(house: House) -> None:
    request(house)
    submits(house)
    assert told(house) == [UNCHANGED]


def test_every_field_of_a_receipt(house: House) -> None:
    receipt(house)
    assert_told(each_field(house, "edit", leave=("currency",)))


def test_another_currency_and_the_rate_on_a_statement(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 155.32 source=TTM"))
    receipt(house)
    sent, questions = opens(house, "edit")
    values = {q.name: q.value for q in questions} | {"currency": "USD", "amount": "12.80", "tax_10": "1.16"}
    house.does("w", FormSent(sent, tuple(values.items())))
    submits(house)
    assert "Changed: Total ¥1,280 → $12.80" in told(house)
    assert "Changed: Exchange rate — → 155.32 (20 Nov 2026, TTM)" in told(house)
    comes_back(house)
    sent, questions = opens(house, "own_rate", 0)
    house.does("w", FormSent(sent, tuple((q.name, "156.5 VISA") for q in questions)))
    submits(house)
    lines = told(house)
    assert any(line.startswith("Changed: Exchange rate 155.32 (20 Nov 2026, TTM) → 156.5") for line in lines)


def test_who_took_part(house: House) -> None:
    receipt(house)
    assert_told(each_field(house, "attendees", 0, leave=("relation",)))  # it says what the next names mean


def test_which_budget_bears_it(house: House) -> None:
    house.does("a", Commanded("budget set 300000 科目=会議費 プロジェクト=P1 名称=橋"))
    house.does("a", Commanded("budget set 300000 科目=会議費 プロジェクト=P2 名称=道"))
    house.does("a", Commanded("budget set 300000 科目=会議費 名称=町の会議"))
    receipt(house)
    found = each_field(house, "budget", leave=("budget",))
    assert found["project"] == ["Changed: Project — → P2"]
    house.paper.forms.clear()
    sent, _ = opens(house, "budget")
    house.does("w", FormSent(sent, (("budget", "*/会議費/P1"), ("project", ""))))
    submits(house)
    assert "Changed: Budget line — → */会議費/P1" in told(house)


def test_the_days_places_and_advance_of_a_trip(house: House) -> None:
    request(house)
    found = each_field(house, "edit", leave=("destination",))
    assert_told(found)
    assert "Changed: Advance wanted — → ¥5,000" in found["advance"]
    assert "Changed: Nights 3 → 2" in found["starts"]
    assert "Changed: Prefecture 福島県 → 福井県" in found["prefecture"]


def test_another_destination(house: House) -> None:
    request(house)
    sent, questions = opens(house, "edit")
    house.does(
        "w", FormSent(sent, tuple((q.name, "猪苗代" if q.name == "destination" else q.value) for q in questions))
    )
    while any(c.label == "Stop" for c in house.last("w").choices):
        house.does("w", Said("8,950"))
    sent, questions = opens(house, "edit", 0)
    house.does("w", FormSent(sent, tuple((q.name, "8950" if q.name == "amount" else q.value) for q in questions)))
    house.paper.forms.clear()
    submits(house)
    where, rides = told(house)[:2]
    assert where == "Changed: Where the trip goes 福島 → 猪苗代"
    assert rides.startswith("Changed: Rides 12/3 東京→福島 新幹線")
    assert "→ 12/3 東京→猪苗代 新幹線" in rides


def of_part(house: House, part: str) -> int:
    """The number of the line that a ride or a night stands in."""
    lines = house.claims()[-1].expenses
    return next(n for n, line in enumerate(lines) if str(line.basis.get("ref", "")).startswith(part))


def test_a_ride_of_a_request(house: House) -> None:
    request(house)
    assert_told(each_field(house, "edit", of_part(house, "legs"), leave=("paid_by",)))


def test_a_night_of_a_request(house: House) -> None:
    request(house)
    assert_told(each_field(house, "edit", of_part(house, "lodging"), leave=("paid_by", "kind")))


@pytest.mark.parametrize(("part", "name"), [("legs", "paid_by"), ("lodging", "paid_by"), ("lodging", "kind")])
def test_what_leaves_no_line_behind(house: House, part: str, name: str) -> None:
    request(house)
    sent, questions = opens(house, "edit", of_part(house, part))
    values = {q.name: otherwise(q) if q.name == name else q.value for q in questions}
    house.does("w", FormSent(sent, tuple(values.items())))
    house.paper.forms.clear()
    submits(house)
    assert told(house) not in ([], [UNCHANGED])


def test_every_fact_of_a_settled_trip(house: House) -> None:
    settlements.uses(house)
    settlements.settles(house, settlements.approved(house, lodging=[{"nights": 1, "amount": 7_900}]))
    submits(house)
    comes_back(house)
    others = {"starts": "2026-11-18", "ends": "2026-11-21", "nights": "2", "rides": "11/19 東京→福島 新幹線 9,000円"}
    assert_told(each_field(house, "trip_facts", otherwise_by=others | {"stays": "1泊 ホテル一葉 福島県 7,000円"}))


def test_the_reason_to_a_rule(house: House) -> None:
    house.does("a", Commanded("rule limit-category category=会議費 max=1000 from=2026-01-01"))
    receipt(house)
    [key] = house.claims()[-1].reasons
    with house.services.db.transaction(house.organization_id) as session:  # as when it is asked anew
        session.execute(update(Claim).values(reasons={key: "the only place that was open"}))
    submits(house)
    assert told(house) == ["Changed: Reason: Over the limit of the category because → the only place that was open"]


def test_a_claim_handed_in_before_a_field_was_kept_says_nothing_of_it(house: House) -> None:
    request(house)
    with house.services.db.transaction(house.organization_id) as session:
        claim = session.get_one(Claim, house.claims()[-1].id)
        facts = dict(claim.submitted_facts)
        facts["now"] = {k: v for k, v in facts["now"].items() if k in ("purpose", "project", "budget_code", "expenses")}
        claim.submitted_facts = facts
    submits(house)
    assert told(house) == [UNCHANGED]


def test_the_card_says_it(house: House) -> None:
    request(house)
    sent, questions = opens(house, "edit")
    values = {q.name: q.value for q in questions} | {"advance": "7000"}
    house.does("w", FormSent(sent, tuple(values.items())))
    submits(house)
    card: Card = house.last("s")
    assert [n.text for n in card.notes if re.match("Changed|Nothing", n.text)] == ["Changed: Advance wanted — → ¥7,000"]
