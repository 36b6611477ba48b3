"""Receipts from abroad: whose money it is, and which of two numbers is the month."""

from __future__ import annotations

import datetime as dt

import pytest

from ocr.reading import Payment
from tests.ocr.paper import read

FOURTH_OF_MARCH = dt.date(2026, 3, 4)


def bill(*rows: str, date: str = "04/03/2026 12:10") -> str:
    return "\n".join(("Blue Fern Cafe", "12 Harbour Road", date, *rows))


@pytest.mark.parametrize(
    ("rows", "currency", "total"),
    [
        (("Portland, OR 97201", "Latte | $4.50", "Total | $4.50"), "USD", 450),
        (("Latte | US$ 4.50", "Total | US$ 4.50"), "USD", 450),
        (("Toronto, ON M5V 2T6", "Latte | $4.00", "HST 13% | $0.52", "Total | $4.52"), "CAD", 452),
        (("Sydney NSW 2000", "ABN 12 345 678 901", "Latte | $4.50", "Total | $4.50"), "AUD", 450),
        (("Orchard Road, Singapore", "Latte | $4.50", "Total | $4.50"), "SGD", 450),
        (("Tel +45 35 55 01 34", "Kaffe | 45,00", "Total | kr 45,00"), "DKK", 4500),
        (("Kaffe | 45,00", "Summa SEK | 45,00", "Moms 12% | 4,82"), "SEK", 4500),
        (("Kaffee | CHF 4.90", "Gipfeli | CHF 2.60", "Total CHF | 7.50"), "CHF", 750),
        (("Koffie | 3,20", "Appeltaart | 4,80", "Totaal | € 8,00", "BTW 9% | 0,66"), "EUR", 800),
        (("Bangkok, Thailand", "Pad Thai | 180.00", "Total THB | 180.00"), "THB", 18000),
        (("Chleb | 8,50", "SUMA PLN | 8,50"), "PLN", 850),
        (("Pho | 65.000", "Total VND | 65.000"), "VND", 65000),
    ],
)
def test_money_by_sign_code_and_country(rows: tuple[str, ...], currency: str, total: int) -> None:
    reading = read(bill(*rows))
    assert (reading.currency.value, reading.total.value) == (currency, total)
    assert not reading.currency.doubted
    assert reading.kind.value == "receipt"


def test_a_bare_dollar_is_somebodys_dollar() -> None:
    """Neither its country nor, with it, the order of day and month is known."""
    reading = read(bill("Latte | $4.50", "Total | $4.50"))
    assert reading.total.value == 450
    assert {"currency", "date"} <= set(reading.doubts)
    assert read(bill("Latte | $4.50", "Total | $4.50", date="25/03/2026")).date.doubted is False


@pytest.mark.parametrize(
    "place", ["Sydney NSW 2000", "Kuala Lumpur", "Wellington, New Zealand", "Tel +44 20 5550 0134"]
)
def test_the_day_stands_first_where_the_country_writes_it_so(place: str) -> None:
    date = read(bill(place, "Latte | 4.50", "Total | 4.50")).date
    assert (date.value, date.doubted) == (FOURTH_OF_MARCH, False)


def test_without_any_sign_of_a_country_the_date_is_asked_about() -> None:
    reading = read(bill("Latte | 4.50", "Total | 4.50"))
    assert {"currency", "date"} <= set(reading.doubts)


def test_chinese_paper_is_no_yen() -> None:
    reading = read(
        "小山茶館\n台北市信義区\n2026/03/04 12:10\n珍珠茶 | NT$60\n合計 | NT$60\n現金 | NT$100\n找零 | NT$40"
    )
    assert (reading.currency.value, reading.total.value) == ("TWD", 6000)


def test_a_feast_is_no_currency() -> None:
    rows = ("Jalan Besar, Johor", "CNY DECO 12", "FREE 2016 CNY RED PACKET", "Total RM | 57.40", "Cash RM | 60.00")
    assert read(bill(*rows)).currency.value == "MYR"


def test_a_tax_within_the_total_does_not_raise_it() -> None:
    """0.19 is 2.6 % of 7.50 within it as well as on top of it, by the rounding."""
    reading = read(bill("Kaffee | CHF 4.90", "Gipfeli | CHF 2.60", "Total CHF | 7.50", "MWST 2.6% | 0.19"))
    (line,) = reading.taxes.value or ()
    assert (line.net, line.tax, line.gross, line.inclusive) == (731, 19, 750, True)


def test_the_name_of_a_bar_is_no_cash() -> None:
    paid = read("Bar El Faro\n28013 Madrid\n04/03/2026\nTapas | 12,00 €\nTOTAL | 12,00 €\nTarjeta | 12,00 €").payment
    assert paid.value == Payment("card")
    assert read("BAR 月の舟\n2026年8月7日\nハイボール | ¥700\n合計 | ¥700").payment.value is None


def test_what_was_charged_with_the_tip_is_the_total() -> None:
    rows = ("Toronto, ON M5V 2T6", "Subtotal | 27.50", "HST 13% | 3.58", "Total | $31.08", "Tip | $5.00")
    charged = read(bill(*rows, "Amount charged | $36.08", "Mastercard ****2209 | $36.08"))
    assert (charged.total.value, charged.tip.value, charged.total.doubted) == (3608, 500, False)
    assert read(bill(*rows)).total.value == 3108


def test_a_swiss_till_says_mwst_too() -> None:
    rows = ("MWST-Nr. CHE-123.456.789 MWST", "Kaffee | 7.50", "Total CHF | 7.50", "MWST 2.6% | 0.19", "Bar CHF | 10.00")
    assert read(bill(*rows, "Rückgeld | 2.50")).currency.value == "CHF"
    assert read(bill("Kaffee | 7,50", "Summe | 7,50", "MwSt 19% | 1,20")).currency.value == "EUR"


def test_a_stray_dollar_does_not_make_yen_doubtful() -> None:
    text = "喫茶みずうみ\n2026年10月5日\nミルクティー | ¥700\n$5 クーポン\n合計 | ¥700"
    assert (read(text).currency.value, read(text).currency.doubted) == ("JPY", False)
