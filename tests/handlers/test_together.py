"""Drafts submitted together: which can, why others stay out, nothing half done, and taken apart again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers import claims
from handlers.chat import Capabilities, Card, Commanded, FormSent, Said, Tapped
from handlers.commands.together import heard
from handlers.dates import parse_month
from storage import audit
from storage.models import AuditEvent, Claim, Member, Policy
from tests.handlers.house import House

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    with built.services.db.transaction(built.organization_id) as session:
        for name in ("split", "duplicate-facts"):  # receipts of one shop and day are only drawn that way here
            first = TODAY.replace(day=1)
            session.add(
                Policy(rule=name, strength="off", parameters={}, valid_from=first, created_at=built.services.clock())
            )
    yield built
    built.close()


def says(house: House, text: str, user: str = "w") -> Card:
    house.does(user, Commanded(text))
    return house.last(user)


def drafts(house: House, *amounts: int) -> None:
    for amount in amounts:
        house.sends_receipt("w", amount)


def change(house: House, number: int, **values: object) -> None:
    """Something about a draft that a form would have said; its version stays."""
    with house.services.db.transaction(house.organization_id) as session:
        claim = session.scalars(select(Claim).filter_by(number=number)).one()
        for name, value in values.items():
            setattr(claim if hasattr(Claim, name) and name != "date" else claim.expenses[0], name, value)


def notes(card: Card) -> str:
    return "\n".join(note.text for note in card.notes)


# --- which ------------------------------------------------------------------------------------------------------------


def test_all_drafts_are_listed_with_their_sum_and_become_one_claim(house: House) -> None:
    drafts(house, 1000, 2000, 3000)
    card = says(house, "together")
    assert card.title == "3 drafts can go together as #1"
    assert [row.value for row in card.rows] == ["¥1,000", "¥2,000", "¥3,000"]
    assert [(field.label, field.value) for field in card.fields] == [("Total", "¥6,000")]
    assert "This claim goes: Supervisor (s)." in notes(card)
    assert [claim.state for claim in house.claims()] == ["draft"] * 3  # looking changes nothing
    house.taps("w", house.button("w", "Submit together"))
    first, *others = house.claims()
    assert first.state == "submitted"
    assert [line.amount for line in first.expenses] == [1000, 2000, 3000]
    assert all(line.receipt_id for line in first.expenses)
    assert [(claim.state, claim.expenses) for claim in others] == [("cancelled", [])] * 2
    assert "3 drafts were submitted together as #1." in house.last("w").title
    assert any(field.value == "¥6,000" for card in house.cards("s") for field in card.fields)


def test_numbers_choose_and_an_unknown_or_a_strangers_number_is_told_alike(house: House) -> None:
    drafts(house, 1000, 2000, 3000)
    house.sends_receipt("c", 4000)
    card = says(house, "together 1 3 4 99")
    assert [row.title.split()[0] for row in card.rows] == ["#1", "#3"]
    assert "#4: No claim of yours has this number." in notes(card)
    assert "#99: No claim of yours has this number." in notes(card)


def test_a_month_is_that_of_the_expenses_dates(house: House) -> None:
    drafts(house, 1000, 2000, 3000)
    change(house, 1, date=dt.date(2026, 10, 30))
    card = says(house, "together 11月")
    assert [row.title.split()[0] for row in card.rows] == ["#2", "#3"]
    assert "#1" not in notes(card)
    card = says(house, "together 先月")
    assert card.title == "Only one draft is ready to go."
    assert says(house, "together 2025-01").title == "There are no two drafts that can go together."


def test_what_stays_out_is_told_with_the_reason(house: House) -> None:
    drafts(house, 1000, 2000, 3000, 4000, 5000)
    change(house, 2, doubts=["amount"])
    change(house, 3, payee="")
    change(house, 4, budget_code="10/20")
    house.does("w", Said("12/3 東京→福島 新幹線 8,950円 打合せ"))
    card = says(house, "together")
    assert [row.title.split()[0] for row in card.rows] == ["#1", "#5"]
    told = notes(card)
    assert "#2: Please check first what is marked ⚠: Total." in told
    assert "#3: Something is still missing: Payee." in told
    assert "#4: It has another budget line or project." in told
    assert "#6: A trip request is submitted by itself." in told


def test_a_rule_that_stops_a_draft_keeps_it_out_with_its_sentence(house: House) -> None:
    drafts(house, 1000, 2000, 30000)
    with house.services.db.transaction(house.organization_id) as session:
        row = {"parameters": {"max": 20000, "category": "meeting"}, "valid_from": TODAY.replace(day=1)}
        session.add(Policy(rule="limit-category", strength="stop", created_at=house.services.clock(), **row))
    card = says(house, "together")
    assert [row.title.split()[0] for row in card.rows] == ["#1", "#2"]
    assert "#3: A rule stops it." in notes(card)


def test_what_a_rule_says_only_of_all_together_takes_the_submission_away_and_leaves_the_merging(house: House) -> None:
    drafts(house, 1000, 2000)
    with house.services.db.transaction(house.organization_id) as session:
        row = {"parameters": {"max": 2500, "category": "meeting"}, "valid_from": TODAY.replace(day=1)}
        session.add(Policy(rule="limit-day", strength="stop", created_at=house.services.clock(), **row))
    labels = [button.label for button in says(house, "together").buttons]
    assert labels in (["Only put together"], [])  # the rule may count the other draft already


@pytest.mark.parametrize("words", ["together abc", "together 1 x", "together 2026-13"])
def test_words_that_are_neither_are_refused(house: House, words: str) -> None:
    drafts(house, 1000, 2000)
    assert says(house, words).title.startswith("Please write the numbers of your drafts, or a month")


# --- doing it ---------------------------------------------------------------------------------------------------------


def test_only_merging_leaves_a_draft_whose_purpose_is_said_once(house: House) -> None:
    drafts(house, 1000, 2000)
    says(house, "together")
    house.taps("w", house.button("w", "Only put together"))
    assert [claim.state for claim in house.claims()] == ["draft", "cancelled"]
    house.fills("w", house.button("w", "Purpose"), purpose="月例の打合せ")
    assert house.claims()[0].purpose == "月例の打合せ"
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"


def test_a_list_that_is_old_changes_nothing_and_says_what_happened(house: House) -> None:
    drafts(house, 1000, 2000, 3000)
    says(house, "together")
    submit = house.button("w", "Submit together")
    edit = next(
        b for card in house.cards("w") if card.title.startswith("#2") for b in card.buttons if b.label == "Edit"
    )
    house.fills("w", edit, amount="2500")
    delete = next(
        b for card in house.cards("w") if card.title.startswith("#3") for b in card.buttons if b.label == "Delete"
    )
    house.taps("w", delete)
    house.taps("w", submit)
    card = house.last("w")
    assert card.title == "The list has changed since. Nothing was put together."
    assert "#2: It was corrected since: Total" in notes(card)
    assert "#3: It is no draft any more (Deleted)." in notes(card)
    assert [claim.state for claim in house.claims()] == ["draft", "draft", "cancelled"]
    house.taps("w", house.button("w", "Submit together"))  # the way to the list as it is now
    assert house.last("w").title == "2 drafts can go together as #1"


def test_a_second_tap_says_where_the_drafts_are(house: House) -> None:
    drafts(house, 1000, 2000)
    says(house, "together")
    submit = house.button("w", "Submit together")
    house.taps("w", submit)
    house.taps("w", submit)
    assert "#2 is in #1 now." in notes(house.last("w"))
    assert house.claims()[0].version == 3  # merged and submitted, once


def test_a_list_is_its_owners(house: House) -> None:
    drafts(house, 1000, 2000)
    says(house, "together")
    house.taps("c", house.button("w", "Submit together"))
    assert house.last("c").title == "This list is not yours."
    assert [claim.state for claim in house.claims()] == ["draft", "draft"]


def test_an_old_card_of_a_draft_that_went_points_to_where_it_is(house: House) -> None:
    drafts(house, 1000, 2000)
    old = next(
        b for card in house.cards("w") if card.title.startswith("#2") for b in card.buttons if b.label == "Submit"
    )
    says(house, "together")
    house.taps("w", house.button("w", "Only put together"))
    moved = next(card for card in house.cards("w") if card.title == "#2 is in #1 now.")
    assert [button.label for button in moved.buttons] == ["Open #1"]
    house.taps("w", old)
    assert house.last("w").title == "#2 is in #1 now."


def test_of_several_purposes_each_stays_with_its_line_and_goes_out_with_it(house: House) -> None:
    drafts(house, 1000, 2000)
    change(house, 1, purpose="河川の打合せ")
    change(house, 2, purpose="道路の打合せ")
    says(house, "together")
    house.taps("w", house.button("w", "Only put together"))
    merged = house.claims()[0]
    assert merged.purpose == "河川の打合せ / 道路の打合せ"
    assert [line.description for line in merged.expenses] == ["河川の打合せ", "道路の打合せ"]
    house.opens_line("w", merged, 1)
    house.taps("w", house.button("w", "Take out"))
    first, _, third = house.claims()
    assert (first.purpose, third.purpose) == ("河川の打合せ", "道路の打合せ")
    assert [line.amount for line in third.expenses] == [2000]
    assert third.expenses[0].description == ""


def test_a_reason_that_a_rule_wants_is_asked_and_the_drafts_wait_together(house: House) -> None:
    drafts(house, 1000, 2000)
    with house.services.db.transaction(house.organization_id) as session:
        row = {"parameters": {"max": 1500, "category": "meeting"}, "valid_from": TODAY.replace(day=1)}
        session.add(Policy(rule="limit-category", strength="reason", created_at=house.services.clock(), **row))
    assert "A reason is needed." in notes(says(house, "together"))
    house.does("w", Tapped(house.button("w", "Submit together").token))  # a button that opens no form
    assert [claim.state for claim in house.claims()] == ["draft", "cancelled"]
    house.paper.forms.clear()
    house.does("w", Tapped(house.button("w", "Give reasons").token, form="h"))
    [(_, form)] = house.paper.forms
    house.does("w", FormSent(form.token, tuple((i.name, "大人数のため") for i in form.inputs)))
    assert house.claims()[0].state == "submitted"


def test_what_was_submitted_before_takes_others_in_only_by_number(house: House) -> None:
    drafts(house, 1000)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Send back"))
    drafts(house, 2000, 3000)
    card = says(house, "together")
    assert "#1: It was submitted before. To add others to it, name the numbers." in notes(card)
    card = says(house, "together 1 2")
    assert card.title == "2 drafts can go together as #1"
    house.taps("w", house.button("w", "Submit together"))
    first = house.claims()[0]
    assert first.state == "submitted"
    assert [decision.verdict for decision in first.decisions] == ["returned"]


def test_the_list_of_claims_offers_it_from_two_drafts_on(house: House) -> None:
    drafts(house, 1000)
    assert says(house, "claims").buttons == ()
    drafts(house, 2000)
    [button] = says(house, "claims").buttons
    house.taps("w", button)
    assert house.last("w").title == "2 drafts can go together as #1"


def test_the_words_alone_are_understood_also_where_a_purpose_would_be_asked(house: House) -> None:
    house.paper.capabilities = Capabilities(True, True, False, True, has_captions=True)
    drafts(house, 1000, 2000)
    house.does("w", Said("まとめて提出"))
    assert house.last("w").title == "2 drafts can go together as #1"
    house.does("w", Said("11月分をまとめて提出してください"))
    assert house.last("w").title == "2 drafts can go together as #1"


def test_the_audit_record_tells_both_sides_and_holds(house: House) -> None:
    drafts(house, 1000, 2000)
    says(house, "together")
    house.taps("w", house.button("w", "Submit together"))
    with house.services.db.snapshot(house.organization_id) as session:
        merged = [event.data for event in session.scalars(select(AuditEvent).filter_by(action="claim.merged"))]
        assert merged == [{"into": 1}, {"number": 1, "from": [2]}]
        assert audit.verify(session)[1] is None


def test_a_draft_that_went_twice_points_to_the_last_place(house: House) -> None:
    drafts(house, 1000, 2000, 3000)
    with house.services.db.transaction(house.organization_id) as session:
        one, two, three = session.scalars(select(Claim).order_by(Claim.number)).all()
        me = session.scalars(select(Member).filter_by(name="w")).one()
        claims.merge(session, [two, three], by=me, zone="Asia/Tokyo")
        claims.merge(session, [one, two], by=me, zone="Asia/Tokyo")
        assert claims.merged_into(session, three) == 1
        assert [line.amount for line in one.expenses] == [1000, 2000, 3000]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("まとめて提出", "together"),
        ("まとめて提出してください。", "together"),
        ("先月分をまとめて提出", "together 先月分"),
        ("１と２をまとめて提出", "together 1 2"),
        ("まとめて提出 3、5", "together 3 5"),
        ("submit 3, 5 together", "together 3 5"),
        ("磐梯町との打合せをまとめて提出", None),
        ("まとめて払いました", None),
        ("打合せ", None),
    ],
)
def test_what_plain_words_mean(text: str, command: str | None) -> None:
    assert heard(text, TODAY) == command


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-11", (2026, 11)),
        ("２０２６年１１月", (2026, 11)),
        ("令和8年11月分", (2026, 11)),
        ("R8.11", (2026, 11)),
        ("11月", (2026, 11)),
        ("12月", (2025, 12)),
        ("今月", (2026, 11)),
        ("先月分", (2026, 10)),
        ("先々月", (2026, 9)),
        ("last month", (2026, 10)),
        ("November", (2026, 11)),
        ("dec 2024", (2024, 12)),
        ("13月", None),
        ("11", None),
        ("いつか", None),
    ],
)
def test_months_as_people_write_them(text: str, month: tuple[int, int] | None) -> None:
    assert parse_month(text, today=TODAY) == (dt.date(*month, 1) if month else None)
