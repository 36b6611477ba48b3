"""What people may type into the edit form: every rate, exempt amounts, the currency; and what is refused, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers import money, taxes
from handlers.corrections import Correction, understand
from handlers.errors import Refusal
from storage.models import Expense
from tests.handlers.house import House

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def line(rate: str, tax: int | None, net: int | None = None, gross: int | None = None, **more: Any) -> dict[str, Any]:
    return {"rate": rate, "tax": tax, "net": net, "gross": gross, "inclusive": None} | more


def expense(amount: int | None, currency: str = "JPY", *lines: dict[str, Any]) -> Expense:
    return Expense(amount=amount, currency=currency, taxes=list(lines))


def typed(on: Expense, **values: str) -> Correction:
    return understand(values, on, today=TODAY)


def refusal(on: Expense, name: str, **values: str) -> str:
    correction = typed(on, **values)
    assert set(correction.wrong) == {name}
    return correction.wrong[name].text


# --- rates ------------------------------------------------------------------------------------------------------------


def test_any_rate_abroad_and_exempt_amounts_are_typed_one_a_line() -> None:
    made = typed(expense(5200, "EUR"), other_taxes="19% 3.99\n７％：１．００\n0% 2,00").values["taxes"]
    assert [(entry["rate"], entry["tax"], entry["gross"]) for entry in made] == [
        ("19", 399, None),
        ("7", 100, None),
        ("0", 0, 200),
    ]


def test_what_the_form_shows_is_understood_as_it_stands() -> None:
    lines = [line("20", 186, 930, 1116, inclusive=True), line("5.5", 11), line("0", 0, 250, 250)]
    shown = taxes.others_text(lines, "GBP")
    assert shown == "20% 1.86\n5.5% 0.11\n0% 2.50"
    assert typed(expense(2000, "GBP", *lines), other_taxes=shown).values["taxes"] == lines


def test_a_rate_that_is_left_out_is_gone_and_the_yen_rates_of_their_own_questions_stay() -> None:
    lines = [line("10", 100), line("5", 30), line("0", 0, 500, 500)]
    made = typed(expense(3000, "JPY", *lines), other_taxes="0% 600").values["taxes"]
    assert [(entry["rate"], entry["gross"]) for entry in made] == [("10", None), ("0", 600)]
    assert typed(expense(3000, "JPY", *lines), tax_10="").values["taxes"] == lines[1:]


def test_a_corrected_tax_keeps_what_was_printed_and_reckons_the_rest() -> None:
    inside, outside = line("10", 90, 910, 1000, inclusive=True), line("8", 70, 1000, 1070, inclusive=False)
    made = typed(expense(2080, "JPY", inside, outside), tax_10="91", tax_8="80").values["taxes"]
    assert [(entry["net"], entry["gross"]) for entry in made] == [(909, 1000), (1000, 1080)]


@pytest.mark.parametrize(("answer", "net", "gross"), [("外税（税別）", 1000, 1100), ("Added on top", 1000, 1100)])
def test_the_printed_amounts_are_read_as_prices_without_the_tax(answer: str, net: int, gross: int) -> None:
    inside = line("10", 100, 900, 1000, inclusive=True)
    [made] = typed(expense(1100, "JPY", inside), tax_included=answer).values["taxes"]
    assert (made["inclusive"], made["net"], made["gross"]) == (False, net, gross)
    [back] = typed(expense(1100, "JPY", made), tax_included="yes").values["taxes"]
    assert back == inside


@pytest.mark.parametrize("text", ["20", "20% many", "101% 5", "% 5", "VAT 20% 5", "20% 5 5% 3"])
def test_a_line_of_taxes_that_means_nothing_is_refused(text: str) -> None:
    assert refusal(expense(10_000, "GBP"), "other_taxes", other_taxes=text).startswith("Please ")


def test_taxes_larger_than_the_total_are_refused() -> None:
    sentence = "Taxes and exempt amounts together are larger than the total."
    assert refusal(expense(1000), "tax_10", tax_10="1001") == sentence
    assert refusal(expense(1000, "JPY", line("10", 90)), "other_taxes", other_taxes="0% 911") == sentence
    assert refusal(expense(1000, "JPY", line("10", 90)), "amount", amount="89") == sentence
    assert not typed(expense(1000, "JPY", line("10", 90)), other_taxes="0% 910").wrong


def test_what_was_misread_does_not_stop_another_field_from_being_corrected() -> None:
    odd = expense(100, "JPY", line("10", 900))
    assert not typed(odd, payee="喫茶のぞみ").wrong
    assert not typed(odd, amount="9900").wrong


# --- currencies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("usd", "USD"),
        ("ＥＵＲ", "EUR"),
        ("米ドル", "USD"),
        ("ユーロ", "EUR"),
        ("円", "JPY"),
        ("£", "GBP"),
        ("Swiss Franc", "CHF"),
        ("ウォン", "KRW"),
        ("KWD", "KWD"),
    ],
)
def test_a_currency_is_told_by_its_code_sign_or_name(text: str, code: str) -> None:
    assert money.find_currency(text) == code


@pytest.mark.parametrize("text", ["", "DEM", "XXX", "BTC", "yen or so"])
def test_what_is_no_currency_of_today_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        money.find_currency(text)
    assert refused.value.text == "This currency is not known. Please enter its code, for example JPY or USD."


def test_another_currency_keeps_the_figures() -> None:
    made = typed(expense(1250, "JPY", line("10", 113, 1137, 1250)), currency="USD")
    assert made.values["amount"] == 125_000
    assert made.values["taxes"] == [line("10", 11_300, 113_700, 125_000)]
    assert made.confirmed == {"currency"}


def test_figures_with_cents_do_not_become_yen() -> None:
    cents = expense(1250, "USD", line("8.25", 95))
    assert refusal(cents, "currency", currency="JPY") == (
        "Amounts in {currency} have no decimals. Please enter a whole number."
    )
    made = typed(cents, currency="JPY", amount="1250", other_taxes="10% 113", tax_included="yes").values
    assert (made["currency"], made["amount"]) == ("JPY", 1250)
    assert made["taxes"] == [line("10", 113, inclusive=True)]


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12,50", "EUR", 1250),
        ("1.234,56", "EUR", 123_456),
        ("1,234.56", "USD", 123_456),
        ("1,234", "USD", 123_400),
        ("US$12.50", "USD", 1250),
        ("EUR 12", "EUR", 1200),
        ("1.234", "KWD", 1234),
        ("１２，８００円", "JPY", 12_800),
    ],
)
def test_amounts_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert money.parse(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("12.5", "JPY", "Amounts in {currency} have no decimals. Please enter a whole number."),
        ("12.505", "USD", "Amounts in {currency} have at most {places} decimals."),
        ("-5", "JPY", "Please enter an amount in figures, for example 1280."),
        ("9999999999999", "JPY", "Please enter an amount in figures, for example 1280."),
    ],
)
def test_amounts_that_cannot_be(text: str, currency: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        money.parse(text, currency)
    assert refused.value.text == sentence


# --- on the card ------------------------------------------------------------------------------------------------------


def test_a_receipt_from_abroad_is_made_right_in_one_form(house: House) -> None:
    house.sends_receipt("w", 1250)
    house.fills(
        "w", house.button("w", "Edit"), currency="USD", amount="12.50", tax_10="", other_taxes="8.25% 0.95\n0% 1.00"
    )
    fields = {field.label: field.value for field in house.last("w").fields}
    assert fields["Total"] == "$12.50"
    assert fields["Tax"] == "8.25% $0.95 / Exempt $1.00"
    [made] = house.claims()[0].expenses
    assert (made.currency, made.amount) == ("USD", 1250)


def test_a_form_saved_unchanged_changes_nothing(house: House) -> None:
    house.sends_receipt("w", 1280)
    [before] = house.claims()[0].expenses
    house.fills("w", house.button("w", "Edit"))
    [after] = house.claims()[0].expenses
    assert (after.taxes, after.amount, after.currency) == (before.taxes, before.amount, before.currency)
    assert after.corrected == []
