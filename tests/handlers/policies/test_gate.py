"""What findings lead to, through the chat: notes on cards, reasons that are asked for, claims that are stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.chat import Card, Commanded, Said, Tapped
from handlers.policies import findings
from storage.models import AuditEvent, Policy
from tests.handlers.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def told(card: Card) -> str:
    return "\n".join((card.title, card.lead, *(note.text for note in card.notes)))


def limit(house: House, words: str = "category=meeting max=1000 from=2026-11-01") -> None:
    house.does("a", Commanded(f'rule limit-category {words} paragraph="Travel rules 8"'))
    assert house.last("a").title == "The rule is set."


def test_a_finding_stands_on_both_cards_with_its_figures_and_paragraph(house: House) -> None:
    limit(house, "category=meeting max=1000 strength=note from=2026-11-01")
    house.sends_receipt("w", 1280)
    sentence = "Meeting: ¥1,280 is ¥280 over the limit of ¥1,000. [Travel rules 8]"
    assert sentence in told(house.last("w"))
    house.taps("w", house.button("w", "Submit"))
    assert sentence in told(house.last("s"))


def test_a_reason_is_asked_before_submission_and_the_approver_reads_it(house: House) -> None:
    limit(house)
    house.sends_receipt("w", 1280)
    submit = house.button("w", "Submit")
    assert submit.opens_form
    key = next(f.key for f in findings(house.claims()[0]) if f.strength == "reason")
    house.fills("w", submit, **{key: "The guests were five"})
    [claim] = house.claims()
    assert (claim.state, claim.reasons) == ("submitted", {key: "The guests were five"})
    assert "Reason given: The guests were five" in told(house.last("s"))
    with house.services.db.snapshot(house.organization_id) as session:
        [event] = session.scalars(select(AuditEvent).filter_by(action="claim.reasons"))
    assert event.data["reasons"] == {key: "The guests were five"}


def test_without_a_reason_nothing_is_submitted(house: House) -> None:
    limit(house)
    house.sends_receipt("w", 1280)
    house.fills("w", house.button("w", "Submit"))
    assert house.last("w").title == "Please write the reason in a few words."
    assert house.claims()[0].state == "draft"


def test_where_there_are_no_forms_each_reason_is_a_question(house: House) -> None:
    house.paper.capabilities = replace(house.paper.capabilities, can_edit=False, has_forms=False)
    limit(house)
    house.does("a", Commanded("rule purpose-missing strength=reason from=2026-11-01"))
    house.sends_receipt("w", 1280)
    house.does("w", Said("not a purpose"))  # text after the photo is a suggestion only
    for answer in ("five guests", "yearly meeting"):
        assert house.claims()[0].state == "draft"
        if answer == "five guests":
            house.taps("w", house.button("w", "Submit"))
        assert house.last("w").title.startswith("Please send: Reason: ")
        house.does("w", Said(answer))
    [claim] = house.claims()
    assert claim.state == "submitted"
    assert sorted(claim.reasons.values()) == ["five guests", "yearly meeting"]


def test_a_stop_refuses_and_says_why(house: House) -> None:
    limit(house, "category=meeting max=1000 strength=stop from=2026-11-01")
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    assert house.last("w").title == (
        "#1 cannot be submitted. Meeting: ¥1,280 is ¥280 over the limit of ¥1,000. [Travel rules 8]"
    )
    assert house.claims()[0].state == "draft"
    house.fills("w", house.button("w", "Edit"), amount="1000", tax_10="90")
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"


def test_a_rule_that_stops_only_now_refuses_the_approval(house: House) -> None:
    house.sends_receipt("w", 1280)
    house.taps("w", house.button("w", "Submit"))
    limit(house, "category=meeting max=1000 strength=stop from=2026-11-01")
    house.taps("s", house.button("s", "Approve"))
    assert house.last("s").title.startswith("#1 cannot be approved as it is. Meeting: ¥1,280")
    assert house.claims()[0].state == "submitted"
    house.taps("s", house.button("s", "Send back"))
    assert house.claims()[0].state == "returned"


def test_drafts_that_want_a_reason_are_not_submitted_unread_with_an_album(house: House) -> None:
    limit(house)
    house.sends_album("w", (900, 1_280))
    house.taps("w", next(b for b in house.last("w").buttons if b.label.startswith("Submit")))
    states = {claim.expenses[0].amount: claim.state for claim in house.claims() if claim.expenses}
    assert states == {900: "submitted", 1_280: "draft"}


def test_a_claim_that_wants_a_reason_unexpectedly_says_so_with_a_button(house: House) -> None:
    house.sends_receipt("w", 1280)
    old = house.button("w", "Submit")  # drawn before there was a limit: no form waits for it
    limit(house)
    house.does("w", Tapped(old.token))
    assert house.last("w").title == "Before #1 can be submitted, a reason is needed."
    assert house.button("w", "Give reasons").opens_form
    assert house.claims()[0].state == "draft"


# --- the command ------------------------------------------------------------------------------------------------------


def rows(house: House) -> list[Policy]:
    with house.services.db.snapshot(house.organization_id) as session:
        return list(session.scalars(select(Policy).order_by(Policy.created_at)))


def test_only_administrators_set_rules(house: House) -> None:
    house.does("w", Commanded("rule late off"))
    assert "role “admin”" in house.last("w").title
    assert not rows(house)


def test_the_list_tells_strength_days_and_where_each_comes_from(house: House) -> None:
    house.does("a", Commanded("rule"))
    listed = {row.title.split()[0]: row for row in house.last("a").rows}
    assert "needs a reason" in listed["receipt-missing"].detail
    assert "built in, source read" in listed["registration-number"].detail
    assert listed["attendees-missing"].doubted
    assert "not verified" in listed["attendees-missing"].detail
    assert "limit-category" in told(house.last("a"))  # among those that are not in force


def test_a_new_row_ends_the_one_before_and_both_stay(house: House) -> None:
    limit(house)
    limit(house, "category=meeting max=2000 from=2026-12-01")
    limit(house, "category=books max=3000 from=2026-12-01")
    old, new, books = rows(house)
    assert (str(old.valid_to), old.parameters["max"], new.valid_to) == ("2026-11-30", 1000, None)
    assert books.valid_to is None
    house.does("a", Commanded("rule limit-category"))
    assert len(house.last("a").rows) == 3


def test_off_and_back_to_what_is_built_in(house: House) -> None:
    house.does("a", Commanded("rule purpose-missing off from=2026-11-01"))
    assert house.last("a").title == "The rule was switched off."
    house.sends_receipt("w", 1280)
    assert "The purpose is missing." not in told(house.last("w"))
    house.does("a", Commanded("rule purpose-missing default"))
    [row] = rows(house)
    assert row.ended_at is not None
    house.does("a", Commanded("rule"))
    assert any(listed.title.startswith("purpose-missing ") for listed in house.last("a").rows)
    house.sends_receipt("w", 1290)  # of a day on which it was off
    assert "The purpose is missing." not in told(house.last("w"))


def test_japanese_words_do_the_same(house: House) -> None:
    house.does(
        "a", Said("経費 ルール 科目の上限超過 科目=会議費 上限=１０，０００円 強さ=停止 開始=2026年12月1日 根拠=第8条")
    )
    [row] = rows(house)
    assert (row.rule, row.strength, row.parameters) == ("limit-category", "stop", {"category": "meeting", "max": 10000})
    assert (str(row.valid_from), row.paragraph) == ("2026-12-01", "第8条")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("rule nonsense off", "There is no rule “nonsense”."),
        ("rule late day=3", "“day=3” is not understood here. Possible: days=, strength="),
        ("rule late days=soon", "days is a whole number, for example days=30."),
        ("rule late strength=hard", "The strength is one of: note, reason, stop, off."),
        ("rule limit-category category=meeting", "max= must be given. Example: /keihi rule limit-category"),
        ("rule late days=3 from=2026-12-01 to=2026-11-01", "The last day lies before the first."),
        ("rule late from=someday", "Please enter a date"),
        ("rule limit-category category=nothing max=1", "“nothing” is not known here. Possible: "),
        ("rule trip-dates prepaid=perhaps", "prepaid is yes or no"),
        ("rule late default", "Your organisation has no rule of its own here."),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_set(house: House, typed: str, answer: str) -> None:
    house.does("a", Commanded(typed))
    assert house.last("a").title.startswith(answer)
    assert not rows(house)
