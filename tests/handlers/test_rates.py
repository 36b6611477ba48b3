"""Foreign currency: the table, what a draft makes of it, what is asked when a rate is wanted, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.chat import Capabilities, Card, Commanded, Said
from handlers.errors import Refusal, SheetWrong
from handlers.rates import Terms, sheets, wanted
from handlers.rates.table import in_yen, parse_rate
from storage.models import ExchangeRate, Expense, Organization
from tests.handlers.house import House

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.services.clock = lambda: NOW
    yield built
    built.close()


def in_dollars(house: House, amount: str = "45.20", **more: str) -> None:
    """The worker's draft of 20 November is corrected to dollars."""
    house.sends_receipt("w", 4520)
    house.fills("w", house.button("w", "Edit"), currency="USD", amount=amount, tax_10="", **more)


def expense(house: House, number: int = -1) -> Expense:
    return house.claims()[number].expenses[0]


def said(card: Card) -> str:
    return " ".join([card.title, *(f.value for f in card.fields), *(n.text for n in card.notes)])


def draft(house: House) -> Card:
    return next(card for card in reversed(house.cards("w")) if any(b.label == "Submit" for b in card.buttons))


# --- reckoning --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "down", "yen"),
    [
        (4520, "USD", "155.32", False, 7020),  # 7020.464
        (4520, "USD", "155.32", True, 7020),
        (1050, "USD", "151", False, 1586),  # 1585.5: half a yen counts as one
        (1050, "USD", "151", True, 1585),
        (12000, "KRW", "0.1085", False, 1302),  # no decimals
        (1, "USD", "0.00000001", False, 0),
    ],
)
def test_yen_are_whole_and_half_of_one_counts(amount: int, currency: str, rate: str, down: bool, yen: int) -> None:
    assert in_yen(amount, currency, Decimal(rate), Terms(down=down)) == yen


@pytest.mark.parametrize(
    ("text", "rate"), [("155.32", "155.32"), ("１５５．３２円", "155.32"), ("10.85/100", "0.1085"), ("¥1,234", "1234")]
)
def test_rates_as_people_write_them(text: str, rate: str) -> None:
    assert parse_rate(text) == Decimal(rate)


@pytest.mark.parametrize(
    "text", ["0", "0.0", "-3", "abc", "", "155.32.1", "155,32", "1e3", "1000000", "0.000000001", "10/3"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="above 0"):
        parse_rate(text)


def test_a_draft_takes_the_newest_rate_before_its_day_and_shows_how(house: House) -> None:
    for line in ("USD 2026-11-18 150 old", "USD 2026-11-19 155.32 source=みなと銀行 TTM", "USD 2026-11-21 160"):
        house.does("a", Commanded(f"rate {line}"))
    in_dollars(house)
    [field] = [f for f in draft(house).fields if f.label == "In yen"]
    assert field.value == "$45.20 × 155.32 (11/19, source: みなと銀行 TTM) = ¥7,020"
    assert not field.doubted
    house.taps("w", house.button("w", "Submit"))
    assert field in house.last("s").fields


def test_a_correction_is_reckoned_again_and_yen_have_no_rate(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    house.does("a", Commanded("rate USD 2026-11-10 100"))
    in_dollars(house)
    assert expense(house).home_amount == 6780
    house.fills("w", house.button("w", "Edit"), amount="10.00")
    assert expense(house).home_amount == 1500
    house.fills("w", house.button("w", "Edit"), date="2026-11-12")
    assert (expense(house).home_amount, expense(house).rate_day) == (1000, dt.date(2026, 11, 10))
    house.fills("w", house.button("w", "Edit"), currency="JPY", amount="980")
    left = expense(house)
    assert (left.rate, left.rate_day, left.rate_source, left.home_amount) == ("", None, "", None)


def test_a_rate_may_be_seven_days_old_and_not_eight(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-13 150"))
    in_dollars(house)
    assert expense(house).home_amount == 6780
    house.fills("w", house.button("w", "Edit"), date="2026-11-21")
    assert expense(house).home_amount is None
    house.does("a", Commanded("rule rate-missing days=8 from=2026-01-01"))
    house.fills("w", house.button("w", "Edit"), date="2026-11-21", amount="10.50")
    assert expense(house).home_amount == 1575


def test_an_organisation_may_drop_part_of_a_yen(house: House) -> None:
    house.does("a", Commanded("rule rate-missing down=yes from=2026-01-01"))
    house.does("a", Commanded("rate USD 2026-11-20 151"))
    in_dollars(house, "10.50")
    assert expense(house).home_amount == 1585


def test_totals_of_a_claim_are_yen_with_the_originals_behind(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    house.sends_album("w", [1000, 2000])
    house.taps("w", next(b for b in house.last("w").buttons if b.label.startswith("Submit 2")))
    house.taps("w", house.button("w", "Withdraw"))
    [claim] = [c for c in house.claims() if c.state == "draft"]
    house.opens_line("w", claim, 1)
    house.fills("w", house.button("w", "Edit"), currency="USD", amount="45.20", tax_10="")
    card = next(c for c in reversed(house.cards("w")) if c.footer)
    assert card.footer == "Total ¥7,780 ($45.20)"
    assert [row.value for row in card.rows] == ["¥1,000", "¥6,780 ($45.20)"]


def test_rules_and_routes_look_at_the_yen(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    house.does("a", Commanded("rule limit-category category=meeting max=6000 from=2026-01-01"))
    house.does("a", Commanded("route add 金額>=6001 : a@example.jp"))
    in_dollars(house)
    assert "¥6,780 is ¥780 over the limit of ¥6,000." in said(draft(house))
    house.fills("w", house.button("w", "Submit"), **{f"limit-category:{expense(house).id}": "because"})
    assert house.claims()[0].state == "submitted"
    assert any("¥6,780" in said(card) for card in house.cards("a"))


def test_a_budget_is_held_in_yen(house: House) -> None:
    house.does("a", Commanded("budget set 7000 account=会議費 name=会議 year=2026"))
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    in_dollars(house)
    assert any(f.value.endswith("¥7,000 left, ¥220 after this claim") for f in draft(house).fields)
    house.fills("w", house.button("w", "Edit"), amount="50.00")
    house.taps("w", house.button("w", "Submit"))
    assert "¥7,000 left, this claim needs ¥7,500" in house.last("w").title


def test_what_is_private_is_not_converted(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    in_dollars(house)
    with house.services.db.transaction(house.organization_id) as session:
        session.scalars(select(Expense)).one().private_amount = 520
    house.fills("w", house.button("w", "Edit"), payee="Harbor Bagels")
    assert expense(house).home_amount == 6000
    assert any("$40.00 × 150" in field.value for field in draft(house).fields)


def test_a_note_in_another_currency_is_converted_too(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    house.does("w", Said("11/20 taxi 23.40 USD"))
    assert (expense(house).currency, expense(house).home_amount) == ("USD", 3510)


# --- without a rate ---------------------------------------------------------------------------------------------------


def test_without_a_rate_nothing_is_submitted_and_the_administrator_is_told_once(house: House) -> None:
    in_dollars(house)
    house.taps("w", house.button("w", "Submit"))
    assert house.last("w").title.startswith("#1 cannot be submitted. There is no exchange rate of USD for 20 Nov 2026")
    assert house.claims()[0].state == "draft"
    in_dollars(house, "8.00")
    asked = [card for card in house.cards("a") if card.title == "An exchange rate is wanted: USD, 20 Nov 2026"]
    assert len(asked) == 1
    assert not any("wanted" in card.title for card in house.cards("s"))


def test_of_many_administrators_those_who_were_here_last_are_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wanted, "MOST_TOLD", 1)
    house.does("a", Commanded("add s s@example.jp roles=admin"))
    in_dollars(house)
    assert not any("wanted" in card.title for card in house.cards("s"))
    assert "wanted" in house.last("a").title


def test_the_rate_that_comes_finishes_the_drafts_and_the_notice(house: House) -> None:
    in_dollars(house)
    house.fills("a", house.button("a", "Enter the rate"), rate="155.32 TTM")
    assert "Drafts that can be submitted now: 1" in said(house.last("a"))
    assert any(card.title == "The exchange rate of USD for 20 Nov 2026 is there." for card in house.cards("a"))
    assert expense(house).home_amount == 7020
    assert house.last("w").title == "#1: the exchange rate is there. It can be submitted now."
    house.taps("w", house.button("w", "Submit"))
    assert house.claims()[0].state == "submitted"


def test_where_cards_cannot_change_the_draft_comes_again(house: House) -> None:
    in_dollars(house)
    house.paper.capabilities = Capabilities(False, True, True, False)
    house.does("a", Commanded("rate USD 2026-11-20 155.32"))
    assert "¥7,020" in said(house.last("w"))
    assert any(b.label == "Submit" for b in house.last("w").buttons)


def test_what_is_submitted_keeps_its_rate(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    in_dollars(house)
    house.taps("w", house.button("w", "Submit"))
    house.does("a", Commanded("rate USD 2026-11-20 160"))
    assert "It was 150 before." in said(house.last("a"))
    house.taps("s", house.button("s", "Approve"))
    assert expense(house).home_amount == 6780


def test_what_was_sent_back_follows_the_table_and_says_what_changed(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    in_dollars(house)
    house.taps("w", house.button("w", "Submit"))
    house.taps("s", house.button("s", "Send back"))
    house.does("a", Commanded("rate USD 2026-11-20 160"))
    house.taps("w", house.button("w", "Submit"))
    assert any("Changed: In yen ¥6,780 → ¥7,232" in said(card) for card in house.cards("s"))


def test_a_draft_follows_a_corrected_rate(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    in_dollars(house)
    house.does("a", Commanded("rate USD 2026-11-20 160"))
    assert expense(house).home_amount == 7232
    assert "¥7,232" in said(draft(house))


# --- the applicant's own rate -----------------------------------------------------------------------------------------


def test_the_rate_on_the_statement_is_declared_and_shown_to_who_decides(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    in_dollars(house)
    house.fills("w", house.button("w", "Rate on my statement"), rate="156.2 November bill")
    assert expense(house).home_amount == 7060
    house.taps("w", house.button("w", "Submit"))
    [field] = [f for f in house.last("s").fields if f.label == "In yen"]
    assert field.value == "$45.20 × 156.2 (declared by the applicant) = ¥7,060"
    assert field.doubted
    assert "USD is converted at the applicant's own rate 156.2: November bill" in said(house.last("s"))


def test_without_a_rate_of_the_table_the_statements_will_do_and_empty_goes_back(house: House) -> None:
    in_dollars(house)
    house.fills("w", house.button("w", "Rate on my statement"), rate="156.2 November bill")
    assert expense(house).home_amount == 7060
    house.fills("w", house.button("w", "Rate on my statement"), rate="")
    assert expense(house).home_amount is None


def test_another_currency_forgets_the_declared_rate(house: House) -> None:
    in_dollars(house)
    house.fills("w", house.button("w", "Rate on my statement"), rate="156.2 November bill")
    house.fills("w", house.button("w", "Edit"), currency="EUR")
    assert expense(house).home_amount is None


def test_a_declared_rate_needs_a_reason_and_is_near_the_table(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-20 150"))
    in_dollars(house)
    for rate, why in (("156.2", "where it stands"), ("0 bill", "above 0"), ("300 bill", "a fifth off")):
        house.fills("w", house.button("w", "Rate on my statement"), rate=rate)
        assert why in house.last("w").title
    assert expense(house).home_amount == 6780


# --- keeping the table ------------------------------------------------------------------------------------------------


def test_what_cannot_be_registered_is_said(house: House) -> None:
    for who, line, why in (
        ("w", "rate USD 155", "Only people with the role “admin”"),
        ("a", "rate ドルル 155", "This currency is not known."),
        ("a", "rate JPY 155", "Yen need no rate."),
        ("a", "rate USD 2026-11-25 155", "This day has not come yet."),
        ("a", "rate USD 2026-11-20 0", "above 0"),
        ("a", "rate USD 2026-11-20", "Please write it like this:"),
        ("a", "rate EUR", "There is no exchange rate of EUR yet."),
        ("a", "rate", "There are no exchange rates yet."),
    ):
        house.does(who, Commanded(line))
        assert why in house.last(who).title


def test_a_rate_ten_times_off_is_only_taken_when_it_is_sent_again(house: House) -> None:
    house.does("a", Commanded("rate USD 2026-11-19 155.32"))
    house.does("a", Commanded("rate USD 2026-11-20 15.4 TTM"))
    assert "more than ten times off" in house.last("a").lead
    house.does("a", Said("15.5"))
    assert house.last("a").title.startswith("This is another rate than before.")
    house.does("a", Said("15.4"))
    assert house.last("a").title == "The exchange rate is registered."
    house.does("a", Commanded("rate USD"))
    assert [(row.value, row.detail) for row in house.last("a").rows] == [
        ("15.4", "20 Nov 2026 · TTM"),
        ("155.32", "19 Nov 2026"),
    ]


def test_the_list_has_the_newest_of_each_currency(house: House) -> None:
    for line in ("ユーロ 2026-11-19 180.1", "USD 2026-11-19 155.32", "USD 11/20 155.4", "KRW 10.85/100"):
        house.does("a", Commanded(f"rate {line}"))
    house.does("a", Commanded("換算率"))
    assert [(row.title, row.value) for row in house.last("a").rows] == [
        ("EUR", "180.1"),
        ("KRW", "0.1085"),
        ("USD", "155.4"),
    ]


# --- files ------------------------------------------------------------------------------------------------------------

FILE = "通貨,日付,換算率,単位,出典\nUSD,2026-11-20,155.32,,みなと銀行 TTM\nKRW,2026/11/20,10.85,100,\n"


def stored(house: House, text: str, **how: bool) -> dict[str, int]:
    with house.services.db.transaction(house.organization_id) as session:
        quotes = sheets.understand(text.encode("cp932"), today=TODAY)
        wanted.mark(session.scalars(select(Organization)).one(), {quote.currency for _, quote in quotes})
        return sheets.store(session, quotes, by="system", now=NOW, **how)


def table(house: House) -> str:
    with house.services.db.snapshot(house.organization_id) as session:
        return sheets.written(session.scalars(select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.day)))


def test_a_file_goes_in_and_out_as_it_is(house: House) -> None:
    assert stored(house, FILE) == {"new": 2, "changed": 0, "same": 0}
    assert table(house).splitlines()[1:] == ["KRW,2026-11-20,0.1085,1,", "USD,2026-11-20,155.32,1,みなと銀行 TTM"]
    assert stored(house, table(house)) == {"new": 0, "changed": 0, "same": 2}
    assert stored(house, FILE.replace("155.32", "155.4")) == {"new": 0, "changed": 1, "same": 1}


def test_a_bad_line_is_named_and_nothing_is_imported(house: House) -> None:
    bad = FILE + "XQZ,2026-11-20,1,,\nEUR,2026-11-30,180,,\nEUR,11/20,180,,\nEUR,2026-11-19,0,,\nUSD,2026-11-20,1,,\n"
    with pytest.raises(SheetWrong) as wrong:
        stored(house, bad)
    assert [line.split(":")[0] for line in wrong.value.lines] == [f"line {n}" for n in (4, 5, 6, 7, 8)]
    assert "stands in line 2 already" in wrong.value.lines[-1]
    assert table(house).count("\n") == 1


def test_a_file_without_its_columns_is_refused(house: House) -> None:
    with pytest.raises(SheetWrong, match="missing: rate"):
        stored(house, "currency,day\nUSD,2026-11-20\n")


def test_a_file_with_a_rate_far_off_is_refused_unless_it_is_meant(house: House) -> None:
    stored(house, FILE)
    far = "currency,day,rate\nEUR,2026-11-21,180\nUSD,2026-11-21,1.55\n"
    with pytest.raises(SheetWrong, match=r"line 3: 1\.55 is more than ten times off USD 155\.32"):
        stored(house, far)
    assert "EUR" not in table(house)
    assert stored(house, far, anyway=True)["new"] == 2


def test_drafts_follow_an_imported_file_when_the_worker_next_looks(house: House) -> None:
    in_dollars(house)
    stored(house, FILE)
    assert expense(house).home_amount is None
    wanted.sweep(house.services)
    house.settle()
    assert expense(house).home_amount == 7020
    assert house.last("w").title.startswith("#1: the exchange rate is there.")
    before = len(house.cards("w"))
    wanted.sweep(house.services)
    house.settle()
    assert len(house.cards("w")) == before
