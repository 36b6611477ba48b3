"""The lane without an approver: what passes, what does not, who looks, and who may change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.approvals import reminders
from handlers.chat import Capabilities, Card, Commanded, FileRef, Said
from handlers.keys import Keys
from handlers.lane import report
from ocr.reading import Field, Verdict
from storage.models import LaneDraw
from tests.handlers import lanes
from tests.handlers.house import House
from tests.handlers.waiting import at, change, types


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    lanes.prepared(built)
    yield built
    built.close()


# --- what passes ------------------------------------------------------------------------------------------------------


def test_a_clean_claim_passes_without_a_person_and_says_what_was_checked(house: House) -> None:
    lanes.stands(house)
    before = len(house.cards("s"))
    lanes.sends(house, "w", 1280)
    lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=house.claims()[-1].id)
    house.taps("w", house.button("w", "Submit"))
    claim = house.claims()[-1]
    assert claim.state == "approved"
    text = lanes.words(house.last("w"))
    assert "Approved by the rules, without an approver (11/24 10:00)" in text
    assert "¥1,280 of at most ¥5,000" in text
    assert "proves its total: sum of the tax rates" in text
    assert f"Registration number valid: {lanes.NUMBER}" in text
    assert "Not drawn for a random audit (1% of the claims)" in text
    assert len(house.cards("s")) == before, "nobody of the route is asked"
    link = lanes.links(house, "claim.approved")[-1]
    assert (link.actor, link.data["number"]) == ("rule", claim.number)
    assert {"terms", "rules", "as_read", "arithmetic", "number", "not_drawn"} <= set(link.data["checks"])


def sells(house: House, shop: str, user: str, amount: int, date: dt.date = dt.date(2026, 11, 20)) -> str:
    """A claim over a receipt of one shop, whatever its amount; the state it is in then."""
    house.services.reader.odd = {
        "issuer": Field(shop, 1.0),
        "registration_number": Field(lanes.NUMBER, 1.0),
        "date": Field(date, 1.0),
    }
    return lanes.hands_in(house, user, amount).state


def test_two_claims_of_one_shop_and_day_count_together(house: House) -> None:
    lanes.stands(house, share=1)
    assert sells(house, "喫茶さくら", "w", 3000) == "approved"
    assert sells(house, "喫茶さくら", "w", 2000) == "approved"  # 5,000 together
    assert sells(house, "喫茶さくら", "w", 1900) == "submitted"
    why = lanes.words(answer(house, "a", "lane why 3"))
    assert "喫茶さくら on 20 Nov 2026: ¥6,900 together, more than the lane's ¥5,000." in why
    assert sells(house, "喫茶さくら", "w", 1800, dt.date(2026, 11, 19)) == "approved"  # another day
    house.services.reader.odd = {}
    assert lanes.hands_in(house, "w", 4100).state == "approved"  # another shop


def test_a_draft_of_the_same_shop_and_day_counts_along(house: House) -> None:
    lanes.stands(house, share=1)
    house.services.reader.odd = {"issuer": Field("喫茶さくら", 1.0), "registration_number": Field(lanes.NUMBER, 1.0)}
    lanes.sends(house, "w", 4800)
    assert lanes.hands_in(house, "w", 4900).state == "submitted"
    assert "each not over ¥5,000, are ¥9,700 together" in lanes.words(house.last("s"))


def test_without_a_lane_everything_goes_to_people(house: House) -> None:
    assert lanes.hands_in(house, "w", 1280).state == "submitted"
    assert not lanes.decisions(house)


def test_what_passed_has_no_undo_and_is_exported_like_any_other(house: House) -> None:
    passes(house, 1280)
    assert not house.last("w").buttons
    house.does("c", Commanded("exported 1"))
    assert house.claims()[0].state == "exported"


def test_where_a_card_cannot_change_the_answer_says_it(house: House) -> None:
    lanes.stands(house)
    lanes.sends(house, "w", 1280)
    lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=house.claims()[-1].id)
    house.paper.capabilities = Capabilities(False, False, True, False)
    house.taps("w", house.button("w", "Submit"))
    assert house.last("w").title == "#1 was approved by the rules."
    assert "Checked:" in lanes.words(house.last("w"))


def test_a_late_tap_on_a_claim_that_passed_hears_so(house: House) -> None:
    lanes.stands(house)
    lanes.sends(house, "w", 1280)
    submit = house.button("w", "Submit")
    lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=house.claims()[-1].id)
    house.taps("w", submit)
    house.taps("w", submit)
    assert house.last("w").title == "Already approved by the rules (11/24 10:00)."


def test_foreign_currency_passes_at_a_rate_of_the_table_and_counts_in_yen(house: House) -> None:
    lanes.stands(house, most=2000)
    assert "150" in lanes.words(answer(house, "a", "rate USD 2026-11-20 150 source=bank"))
    house.services.reader.odd = {"currency": Field("USD", 1.0), "taxes": Field()}  # type: ignore[attr-defined]
    for amount, state in ((1280, "approved"), (1380, "submitted")):  # 12.80 and 13.80 dollars
        lanes.sends(house, "w", amount)
        lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=house.claims()[-1].id)
        house.taps("w", house.button("w", "Submit"))
        assert house.claims()[-1].state == state, lanes.words(
            answer(house, "a", f"lane why {house.claims()[-1].number}")
        )


def test_where_the_secret_key_has_changed_claims_go_to_people(house: House) -> None:
    lanes.stands(house)
    lanes.sends(house, "w", 1280)
    with house.services.db.transaction(house.organization_id) as session:
        for row in session.scalars(select(LaneDraw)):
            row.seed = Keys(b"another").encrypt("00" * 32)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"
    at(house, 12, 1, 9)
    report.sweep(house.services)
    assert not lanes.links(house, "lane.revealed")


# --- what does not ----------------------------------------------------------------------------------------------------


UNPROVED: tuple[dict[str, object], ...] = (
    {"total": Field(1280, 0.95, evidence=("label: 合計 1280",))},  # said, not proved
    {"total": Field(1280, 0.7, evidence=("label: 合計 1280", "taxes: 1280"))},  # another figure is as good
    {"total": Field(1280, 0.95, evidence=("label: 1280", "taxes: 1280"), doubted=True)},
    {"date": Field(dt.date(2026, 11, 20), 0.5, doubted=True)},
    {"registration_number": Field()},
    {"registration_number": Field("T1234567890123", 1.0)},  # its check digit is wrong
    {"quality": (Verdict("too_dark"),)},
    {"notices": ("cut_off",)},
    {"currency": Field("USD", 1.0)},
    {"kind": Field("other", 1.0)},
)


def test_whatever_is_not_proved_goes_to_a_person(house: House) -> None:
    lanes.stands(house)
    for number, odd in enumerate(UNPROVED):
        house.services.reader.odd = odd  # type: ignore[attr-defined]
        lanes.sends(house, "w", 1280 + number)
        assert house.claims()[-1].number == number + 1
        house.taps("w", house.button("w", "Submit"))
    assert not lanes.decisions(house)
    assert {claim.state for claim in house.claims()} <= {"submitted", "draft"}


def test_any_finding_keeps_a_claim_out_even_a_note(house: House) -> None:
    lanes.stands(house)
    assert lanes.hands_in(house, "w", 1280, note="").state == "submitted"
    assert house.claims()[0].findings[0]["rule"] == "purpose-missing"
    assert not lanes.decisions(house)


def test_a_number_is_wanted_even_where_that_rule_is_off(house: House) -> None:
    lanes.stands(house)
    house.does("a", Commanded("rule registration-number off from=2026-01-01"))
    house.services.reader.odd = {"registration_number": Field()}  # type: ignore[attr-defined]
    assert lanes.hands_in(house, "w", 1280).state == "submitted"
    assert not house.claims()[0].findings


def test_one_administrator_does_not_widen_the_lane_by_switching_a_rule_off(house: House) -> None:
    lanes.stands(house, share=1)
    at(house, 11, 24, 11)
    house.does("a", Commanded("rule purpose-missing off from=2026-01-01"))
    assert lanes.hands_in(house, "w", 1280, note="").state == "submitted"
    assert "loosened after the lane was agreed on: No purpose" in lanes.words(answer(house, "a", "lane why 1"))
    house.does("a", Commanded("lane change 1 max=4000"))  # narrower alone is no agreement either
    assert lanes.hands_in(house, "w", 1390, note="").state == "submitted"
    house.does("a", Commanded("lane change 1"))
    assert house.last("a").title == "Proposal: Agree on a lane anew"
    house.taps("s", house.button("s", "Confirm"))
    lanes.sends(house, "w", 1510, note="")
    lanes.fixes_seed(house, "2026-11", 1, drawn=False, claim_id=house.claims()[-1].id)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[-1].state == "approved"


@pytest.mark.parametrize(("amount", "most"), [(5001, 5000), (1280, 1279)])
def test_more_than_the_limit_goes_to_a_person(house: House, amount: int, most: int) -> None:
    lanes.stands(house, most=most)
    assert lanes.hands_in(house, "w", amount).state == "submitted"


def test_another_category_goes_to_a_person(house: House) -> None:
    lanes.stands(house, "supplies")
    assert lanes.hands_in(house, "w", 1280).state == "submitted"


@pytest.mark.parametrize("values", [{"amount": "1280", "date": "2026-11-19"}, {"category": "supplies"}])
def test_a_corrected_claim_goes_to_a_person(house: House, values: dict[str, str]) -> None:
    lanes.stands(house, "meeting", "supplies")
    lanes.sends(house, "w", 1280)
    house.fills("w", house.button("w", "Edit"), **values)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"


def test_a_claim_older_than_the_draw_goes_to_a_person(house: House) -> None:
    lanes.sends(house, "w", 1280)
    lanes.later(house, 1)
    lanes.stands(house)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"
    assert not lanes.decisions(house)


def test_administrators_own_claims_go_to_people(house: House) -> None:
    lanes.stands(house)
    assert lanes.hands_in(house, "s", 1280).state == "submitted"


def test_a_claim_that_a_person_sent_back_never_takes_the_lane(house: House) -> None:
    claim = lanes.hands_in(house, "w", 1280)
    house.taps("s", house.button("s", "Send back"))
    lanes.stands(house)
    house.taps("w", house.button("w", "Submit"))
    assert (house.claims()[0].id, house.claims()[0].state) == (claim.id, "submitted")


def test_a_wanted_statement_row_must_match(house: House) -> None:
    lanes.stands(house, statement=True)
    assert lanes.hands_in(house, "w", 1280).state == "submitted"
    assert "nothing passes" in lanes.words(answer(house, "a", "lane"))
    lanes.sends(house, "w", 1390)
    claim = house.claims()[-1]
    lanes.statement_row(house, claim)
    lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=claim.id)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[-1].state == "approved"
    assert "Matched with the statement: 1 rows" in lanes.words(house.last("w"))


# --- the random audit -------------------------------------------------------------------------------------------------


def test_a_drawn_claim_goes_to_a_person_though_it_is_clean(house: House) -> None:
    audited(house, 1280)
    assert house.claims()[0].state == "submitted"
    assert "Random audit: everything was clean" in lanes.words(house.last("s"))
    assert "Checked: " in lanes.words(house.last("w"))
    house.taps("s", house.button("s", "Approve"))
    assert [row.state for row in lanes.decisions(house)] == ["upheld"]
    house.taps("s", house.button("s", "Undo"))
    assert [row.state for row in lanes.decisions(house)] == ["audited"]


@pytest.mark.parametrize("verdict", ["Send back", "Reject"])
def test_what_a_person_does_not_approve_is_overturned(house: House, verdict: str) -> None:
    audited(house, 1280)
    house.taps("s", house.button("s", verdict))
    assert [row.state for row in lanes.decisions(house)] == ["overturned"]


def test_taking_it_back_does_not_change_the_draw(house: House) -> None:
    audited(house, 1280)
    house.taps("w", house.button("w", "Withdraw"))
    lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=house.claims()[0].id)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"
    assert [row.state for row in lanes.decisions(house)] == ["audited", "audited"]


@pytest.mark.parametrize("copy", ["", "again"], ids=["the same file", "another photo"])
def test_a_receipt_that_was_drawn_stays_drawn_in_a_new_claim(house: House, copy: str) -> None:
    audited(house, 1280)
    house.taps("w", house.button("w", "Withdraw"))
    house.taps("w", house.button("w", "Delete"))
    lanes.sends(house, "w", 1280, copy=copy)
    claim = house.claims()[-1]
    assert claim.number == 2
    lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=claim.id)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[-1].state == "submitted"
    assert lanes.links(house, "lane.drew")[-1].data["carried"] == house.claims()[0].id


def test_what_is_drawn_is_not_approved_together_with_others(house: House) -> None:
    audited(house, 1280)
    house.does("s", Commanded("waiting"))
    assert all(not button.label.startswith("Approve the") for button in house.last("s").buttons)
    assert house.last("s").rows[0].doubted


# --- reopening --------------------------------------------------------------------------------------------------------


def test_an_accountant_reopens_what_passed_and_people_decide_it(house: House) -> None:
    passes(house, 1280)
    assert types(house, "c", "lane reopen 1 行き先が書かれていません") == "#1 was reopened and waits for approval."
    assert house.claims()[0].state == "submitted"
    assert [row.state for row in lanes.decisions(house)] == ["overturned"]
    assert "was reopened by c: 行き先が書かれていません" in house.last("w").title
    assert "Comment of c" in lanes.words(house.last("s"))
    house.taps("s", house.button("s", "Approve"))
    assert house.claims()[0].state == "approved"
    assert types(house, "c", "lane reopen 1 また") == "#1 was not approved by the rules."


def test_who_may_not_reopen_and_what(house: House) -> None:
    passes(house, 1280)
    assert types(house, "a", "lane reopen 1 why") == "Only people with the role “accountant” can use this command."
    assert types(house, "c", "lane reopen 1").startswith("Please write the reason, too")
    assert types(house, "c", "lane reopen 99 why") == "There is no claim 99."
    house.does("c", Commanded("exported 1"))
    assert types(house, "c", "lane reopen 1 why") == "#1 is exported or paid already and cannot be reopened."


# --- seen by others ---------------------------------------------------------------------------------------------------


def test_the_supervisor_hears_with_the_next_reminder_how_many_passed(house: House) -> None:
    lanes.hands_in(house, "c", 900, note="")
    passes(house, 1280)
    at(house, 11, 26, 9)
    reminders.sweep(house.services)
    house.settle()
    assert "1 claims of your people were approved by the rules." in lanes.words(house.last("s"))
    at(house, 11, 27, 9)
    reminders.sweep(house.services)
    house.settle()
    assert "approved by the rules" not in lanes.words(house.last("s"))


def test_why_a_claim_passes_or_not_is_told_check_by_check(house: House) -> None:
    lanes.stands(house, most=1000)
    lanes.hands_in(house, "w", 1280, note="")
    told = lanes.words(answer(house, "a", "lane why 1"))
    assert told.startswith("#1 goes to people:")
    assert "✗ No lane is open for this category and amount." in told
    assert "✗ A rule found something: No purpose" in told
    assert "statement" not in told
    assert "✓ The receipt's arithmetic proves its total" in told
    assert types(house, "w", "lane why 1") == "Only people with the role “accountant / admin” can use this command."


def test_the_months_commitment_is_there_to_be_written_down(house: House) -> None:
    lanes.stands(house)
    commitment = lanes.links(house, "lane.committed")[0].data["commitment"]
    assert commitment in lanes.words(answer(house, "c", "lane"))
    assert commitment not in lanes.words(answer(house, "w", "lane"))


def test_receipts_of_one_claim_pass_together_or_not_at_all(house: House) -> None:
    lanes.stands(house, most=2700)
    for amounts in ((1280, 1390), (1510, 1620)):
        files = []
        for amount in amounts:
            house.paper.files[f"p{amount}"] = str(amount).encode()
            files.append(FileRef(f"p{amount}", message=f"p{amount}"))
        house.does("w", Said(text="打合せ", files=tuple(files)))
        lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=house.claims()[-2].id)
        house.taps("w", next(b for b in house.last("w").buttons if b.label.startswith("Submit")))
    states = {claim.number: claim.state for claim in house.claims() if claim.state != "cancelled"}
    assert states == {1: "approved", 3: "submitted"}


# --- two administrators -----------------------------------------------------------------------------------------------


def test_who_proposes_cannot_confirm(house: House) -> None:
    house.does("a", Commanded("lane open category=会議費 max=5000 statement=no"))
    assert "Confirm" not in {button.label for button in house.last("a").buttons}
    house.taps("a", house.button("s", "Confirm"))
    assert house.last("a").title == "You proposed this yourself. Another administrator has to confirm it."
    assert lanes.lane_rules(house)[0].state == "proposed"


def test_only_an_administrator_of_this_moment_confirms(house: House) -> None:
    house.does("a", Commanded("lane open category=会議費 max=5000 statement=no"))
    confirm = house.button("s", "Confirm")
    house.taps("w", confirm)
    assert house.last("w").title == "Only people with the role “admin” can use this command."
    change(house, "s", roles=["approver"])
    house.taps("s", confirm)
    assert house.last("s").title == "Only people with the role “admin” can use this command."
    change(house, "s", roles=["approver", "admin"])
    change(house, "a", roles=[])
    house.taps("s", confirm)
    assert house.last("s").title == "a, who proposed this, is no administrator any more. Please propose it anew."
    assert lanes.lane_rules(house)[0].state == "proposed"


def test_a_single_administrator_is_told_how_to_make_another(house: House) -> None:
    change(house, "s", roles=["approver"])
    title = types(house, "a", "lane open category=会議費 max=5000")
    assert title.startswith("The lane is a decision of two administrators, and you are the only one.")
    assert "roles=admin" in title
    assert not lanes.lane_rules(house)


def test_refused_withdrawn_and_late_answers(house: House) -> None:
    house.does("a", Commanded("lane open category=会議費 max=5000 statement=no"))
    confirm, refuse = house.button("s", "Confirm"), house.button("s", "Refuse")
    again = types(house, "a", "lane open category=会議費 max=5000 statement=no")
    assert again.startswith("The same is proposed already")
    house.taps("s", refuse)
    assert house.last("a").title == "Refused: Open a lane"
    house.taps("s", confirm)
    assert house.last("s").title == "Refused already (s, 11/24 10:00)."
    house.does("a", Commanded("lane open category=会議費 max=5000 statement=no"))
    house.taps("a", house.button("a", "Withdraw"))
    assert {rule.state for rule in lanes.lane_rules(house)} == {"refused", "withdrawn"}
    house.does("a", Commanded("lane open category=会議費 max=6000 statement=no"))
    late = house.button("s", "Confirm")
    lanes.later(house, 15)
    house.taps("s", late)
    assert house.last("s").title == "Nobody confirmed this within 14 days. Please propose it anew."


def test_a_proposal_that_cannot_be_confirmed_any_more_has_fallen_away(house: House) -> None:
    change(house, "c", roles=["admin"])
    house.does("a", Commanded("lane open category=会議費 max=5000 statement=no"))
    confirm = house.button("s", "Confirm")
    [row] = answer(house, "s", "lane").rows
    assert row.title == "Proposed: Open a lane"
    change(house, "a", roles=["approver"])
    [row] = answer(house, "s", "lane").rows
    assert row.title == "Fallen away: Open a lane"
    assert row.detail.endswith("a, who proposed this, is no administrator any more. Please propose it anew.")
    assert row.button is None
    house.taps("s", confirm)
    assert house.last("s").title.startswith("a, who proposed this, is no administrator any more.")
    house.does("s", Commanded("lane open category=会議費 max=5000 statement=no"))  # what it says can be done
    assert [rule.state for rule in lanes.lane_rules(house)] == ["proposed", "proposed"]
    assert house.button("c", "Confirm")


def test_wider_takes_two_and_narrower_one(house: House) -> None:
    lanes.stands(house, share=1000)
    for wider in ("max=6000", "category=会議費,消耗品費", "audit=5%"):
        house.does("a", Commanded(f"lane change 1 {wider}"))
        assert house.last("a").title == "Proposal: Widen a lane"
        assert [rule.max_amount for rule in lanes.lane_rules(house) if rule.state == "active"] == [5000]
        house.taps("a", house.button("a", "Withdraw"))
    title = types(house, "a", "lane change 1 max=3000 audit=20% statement=yes")
    assert title.startswith("The lane is narrower from now on.")
    [rule] = [rule for rule in lanes.lane_rules(house) if rule.state == "active"]
    assert (rule.max_amount, rule.audit_share, rule.wants_statement) == (3000, 2000, True)
    house.does("a", Commanded("lane change 1 statement=no"))
    assert house.last("a").title == "Proposal: Widen a lane"


def test_a_proposal_for_terms_that_changed_since_comes_to_nothing(house: House) -> None:
    lanes.stands(house)
    house.does("a", Commanded("lane change 1 max=9000"))
    confirm = house.button("s", "Confirm")
    house.does("s", Commanded("lane change 1 max=3000"))
    house.taps("s", confirm)
    assert house.last("s").title.startswith("The lane that this would change is not in force any more.")
    assert [rule.max_amount for rule in lanes.lane_rules(house) if rule.state == "active"] == [3000]


def test_switching_it_off_takes_two(house: House) -> None:
    lanes.stands(house)
    house.does("a", Commanded("lane close 1"))
    assert {rule.act: rule.state for rule in lanes.lane_rules(house)} == {"open": "active", "close": "proposed"}
    house.taps("s", house.button("s", "Confirm"))
    assert not [rule for rule in lanes.lane_rules(house) if rule.state == "active"]
    assert lanes.hands_in(house, "w", 1280).state == "submitted"
    actions = [link.action for link in (*lanes.links(house, "lane.proposed"), *lanes.links(house, "lane.confirmed"))]
    assert actions == ["lane.proposed", "lane.confirmed"]


NOT_UNDERSTOOD = {
    "lane open max=5000": "For example: /keihi lane open",
    "lane open category=会議費 max=5000 audit=0.001%": "The audit share is between 0.01% and 100%",
    "lane open category=会議費 max=5000 audit=0%": "The audit share is between 0.01% and 100%",
    "lane open category=ない科目 max=5000": "“ない科目” is not known here. Possible: ",
    "lane open category=会議費 max=0": "The limit must be more than nothing.",
    "lane open category=会議費 max=5000 statement=perhaps": "statement is yes or no",
    "lane open category=会議費 max=5000 to=w@example.jp": "w cannot confirm it",
    "lane change 7 max=1": "There is no lane “7”.",
    "lane dance": "For example: /keihi lane open",
    "lane report soon": "Please write the month like this: 2026-11",
}


def test_what_is_not_understood_changes_nothing_and_says_what_is(house: House) -> None:
    for typed, said in NOT_UNDERSTOOD.items():
        assert types(house, "a", typed).startswith(said)
    assert not lanes.lane_rules(house)


def test_everybody_sees_what_is_open_and_nobody_else_changes_it(house: House) -> None:
    lanes.stands(house)
    assert "Meeting" in lanes.words(answer(house, "w", "lane"))
    assert types(house, "w", "lane open category=会議費 max=9000").startswith("Only people with the role “admin”")
    assert types(house, "w", "lane report").startswith("Only people with the role")


def answer(house: House, user: str, command: str) -> Card:
    house.does(user, Commanded(command))
    return house.last(user)


def passes(house: House, amount: int) -> None:
    lanes.stands(house)
    lanes.sends(house, "w", amount)
    lanes.fixes_seed(house, "2026-11", 100, drawn=False, claim_id=house.claims()[-1].id)
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[-1].state == "approved", lanes.words(house.last("w"))


def audited(house: House, amount: int) -> None:
    lanes.stands(house)
    lanes.sends(house, "w", amount)
    lanes.fixes_seed(house, "2026-11", 100, drawn=True, claim_id=house.claims()[-1].id)
    house.taps("w", house.button("w", "Submit"))
    assert [row.state for row in lanes.decisions(house)] == ["audited"], lanes.words(house.last("w"))
