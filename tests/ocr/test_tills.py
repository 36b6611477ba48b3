"""What tills print in many ways: dates that run into times, marks of the reduced rate, tables of taxes, surcharges."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ocr.fields import marks, registration
from ocr.reading import Item, Reading, TaxLine
from tests.ocr.paper import read

HEAD = """
喫茶みずうみ
緑町店
神奈川県青葉市緑町1-2-3
TEL 045-555-0134
"""
DAY = "2026年10月 5日(月) 18:09\n"
SUM = "ブレンド | ¥1,100\n合計 | ¥1,100\n(10%対象 | ¥1,100)\n(内消費税等 | ¥100)\n"


def taxes(reading: Reading) -> list[tuple[int, int | None, int | None]]:
    return [(int(line.rate), line.gross, line.tax) for line in reading.taxes.value or ()]


@pytest.mark.parametrize(
    ("printed", "date", "time"),
    [
        ("26/10/2018:22", "2026-10-20", "18:22"),  # the blank before the time was lost: no year 2018
        ("25/10/2021:15", "2025-10-20", "21:15"),
        ("日付26/11/2018:22", "2026-11-20", "18:22"),
        ("26/11/1912:31", "2026-11-19", "12:31"),
        ("26.11.0909:10", "2026-11-09", "09:10"),
        ("2026/11/0718:22", "2026-11-07", "18:22"),
        ("R8.11.2018:22", "2026-11-20", "18:22"),
        ("26/11/7", "2026-11-07", None),
        ("26. 9. 7", "2026-09-07", None),
        ("'26.11. 7", "2026-11-07", None),
        ("26.11.07", "2026-11-07", None),
        ("26-11-07", "2026-11-07", None),
        ("R.8.11.7", "2026-11-07", None),
        ("2026年-9月17日 08:02", "2026-09-17", "08:02"),
        ("2026年-11月-7日", "2026-11-07", None),
        ("2026-11月-7日", "2026-11-07", None),
        ("2026 11 07", "2026-11-07", None),
        ("令和八年十一月七日", "2026-11-07", None),
        ("二〇二六年十月二十三日", "2026-10-23", None),
        ("8年11月7日", "2026-11-07", None),
        ("11月14日(土)2026年", "2026-11-14", None),
    ],
)
def test_a_date_is_read_and_not_asked_about(printed: str, date: str, time: str | None) -> None:
    reading = read(HEAD + printed + "\n" + SUM)
    assert reading.date.value == dt.date.fromisoformat(date)
    assert not reading.date.doubted
    assert reading.time.value == (None if time is None else dt.time.fromisoformat(time))


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("26/11/112:30", "2026-11-11"),  # or the first, at 12:30
        ("26/11/2018", "2018-11-26"),  # or the 20th, at 18 hours
        ("07/11/26", "2025-11-26"),  # 令和7, or the seventh of November
        ("25/10/26", "2025-10-26"),  # or the 25th of October
        ("11月7日 12:30", "2026-11-07"),  # of which year is not said
    ],
)
def test_a_date_that_can_be_cut_in_two_ways_is_asked_about(printed: str, date: str) -> None:
    reading = read(HEAD + printed + "\n" + SUM)
    assert reading.date.value == dt.date.fromisoformat(date)
    assert reading.date.doubted


def test_an_address_is_no_date() -> None:
    assert read(HEAD.replace("1-2-3", "26-11-7") + SUM).date.value is None


def test_a_time_may_run_into_the_year_of_a_named_month() -> None:
    reading = read(
        "HARBOUR BOOKS SDN BHD\nJALAN LAUT 4\n12 Jan 202320:05:57\nAtlas | 12.00\nTotal | RM 12.00\nCash | 12.00"
    )
    assert (reading.date.value, reading.time.value) == (dt.date(2023, 1, 12), dt.time(20, 5, 57))


@pytest.mark.parametrize(
    ("row", "legend"),
    [
        ("牛乳 ※ | ¥216", "※印は軽減税率対象商品です"),
        ("牛乳* | ¥216", "*は軽減税率対象"),
        ("牛乳 | ※ | 216", "※は軽減税率対象"),
        ("牛乳 | *216", "「*」は軽減税率対象商品です"),
        ("牛乳 | ¥216 *", "*印は軽減税率(8%)適用商品"),
        ("牛乳 | 216※", "※は軽減税率対象"),
        ("牛乳 | ¥216x", "xは軽減税率対象"),
        ("★牛乳 | ¥216", ""),
        ("牛乳◆ | ¥216", "◆:軽減税率対象"),
        ("牛乳 | 8% | 216", ""),
        ("牛乳 | 216 8%", ""),
        ("内8牛乳 | 216", ""),
        ("牛乳 | ¥216内8", ""),
        ("牛乳 | ¥216軽", ""),
        ("牛乳 (軽) | 216", ""),
    ],
)
def test_goods_at_the_reduced_rate_wherever_their_mark_stands(row: str, legend: str) -> None:
    rows = f"{row}\nコーヒー | ¥440\n合計 | ¥656\n(10%対象 | ¥440)\n(8%対象 | ¥216)\n{legend}"
    for text in (rows, rows.replace("¥", "")):
        goods = read(HEAD + DAY + text).items.value or ()
        assert [(item.name, item.amount, item.reduced) for item in goods] == [
            ("牛乳", 216, True),
            ("コーヒー", 440, False),
        ]


@pytest.mark.parametrize("row", ["牛乳 | *276", "牛乳 x2 | 276", "牛乳 2*138 | ¥276", "軽食セット | ¥276"])
def test_what_only_looks_like_the_mark(row: str) -> None:
    goods = read(HEAD + DAY + row + "\nコーヒー | ¥440\n合計 | ¥716\n").items.value or ()
    assert [(item.amount, item.reduced) for item in goods] == [(276, False), (440, False)]


def test_lost_marks_come_back_where_one_choice_adds_up_to_the_base() -> None:
    goods = (Item("茶", 138), Item("袋", 5), Item("卵", 248, reduced=True), Item("紙", 348))
    at_8, at_10 = TaxLine(Decimal(8), 28, 358, 386, True), TaxLine(Decimal(10), 32, 321, 353, True)
    assert [i.reduced for i in marks.settled(goods, (at_10, at_8), 739)] == [True, False, True, False]
    twice = (*goods, Item("水", 138))  # two goods of one price: there is no telling which
    assert [i.reduced for i in marks.settled(twice, (at_10, at_8), 877)] == [False, False, True, False, False]
    alone = TaxLine(Decimal(10), 67, 672, 739, True)
    assert not any(i.reduced for i in marks.settled(goods, (alone,), 739))


@pytest.mark.parametrize(
    "table",
    [
        "合計 | 2,196\n税率 | 対象額 | 税額\n10% | 1,116 | 101\n8% | 1,080 | 80",
        "区分 | 税抜 | 税額 | 税込\n8% | 1,000 | 80 | 1,080\n10% | 1,015 | 101 | 1,116\n合計 | 2,015 | 181 | 2,196",
        "合計 ¥2,196\n(10% ¥1,116 / tax ¥101)\n(8% ¥1,080 / tax ¥80)",
        "合計 ¥2,196 (内消費税 ¥181)\n10%¥1,116(税¥101) 8%¥1,080(税¥80)",
        "合計 | ¥2,196\nA:10%対象 1,116 (101)\nB:8%対象 1,080 (80)",
    ],
)
def test_taxes_in_tables_and_in_one_line(table: str) -> None:
    reading = read(HEAD + DAY + "弁当 | 1,080\n雑貨 | 1,116\n" + table)
    assert reading.total.value == 2196
    assert not reading.total.doubted
    assert taxes(reading) == [(10, 1116, 101), (8, 1080, 80)]
    assert not reading.taxes.doubted


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(内消費税等 | ¥100)", "(内消費税等 | ¥185)"),  # printed, and no rate gives it
        ("(10%対象 | ¥1,100)\n(内消費税等 | ¥100)", "内消費税 | 38円"),
        ("(内消費税等 | ¥100)", ""),  # a rate and its base, and no tax
        (  # what is untaxed must complete the total
            "(10%対象 | ¥1,100)\n(内消費税等 | ¥100)",
            "非課税 | ¥430\n(10%対象 | ¥770)\n(内消費税等 | ¥70)",
        ),
    ],
)
def test_a_tax_that_does_not_come_out_is_doubted(old: str, new: str) -> None:
    assert "taxes" in read(HEAD + DAY + SUM.replace(old, new)).doubts


@pytest.mark.parametrize(
    "charges",
    [
        "Service 10% | 330",
        "SVC 10% | 330",
        "サービス 10% | 330",
        "席料10% | 330",
        "サ料(10%) | 330",
        "チャージ10% | 330",
    ],
)
def test_a_surcharge_in_per_cent_is_no_tax(charges: str) -> None:
    reading = read(
        f"{HEAD}{DAY}生ビール | 2,700\n枝豆 | 600\n小計 | 3,300\n{charges}\n消費税(10%) | 363\n合計 | ¥3,993\n"
        "VISA ****9917 | 3,993"
    )
    assert (reading.total.value, reading.service_charge.value) == (3993, 330)
    assert taxes(reading) == [(10, 3993, 363)]
    assert not reading.total.doubted
    assert reading.payment.value is not None
    assert reading.payment.value.last_four == "9917"


def test_two_surcharges_are_added() -> None:
    reading = read(
        f"{HEAD}{DAY}コース | 10,000\n小計 | 10,000\n席料10% | 1,000\n深夜料金10% | 1,000\n消費税10% | 1,200\n"
        "合計 | ¥13,200"
    )
    assert (reading.total.value, reading.service_charge.value) == (13200, 2000)
    assert taxes(reading) == [(10, 13200, 1200)]


def test_tax_lines_alone_do_not_overrule_a_clear_label_unasked() -> None:
    reading = read(f"{HEAD}{DAY}コース | ¥7,623\n小計 | ¥6,300\n消費税10% | ¥630\n合計 | ¥7,623\n")
    assert reading.total.doubted


@pytest.mark.parametrize("more", ["クレジット | 6,600", "お預り | 6,600"])
def test_what_was_paid_contradicts_a_total_that_only_its_tax_bears_out(more: str) -> None:
    """600 yen fit 6,609 as well as 6,600."""
    assert "total" in read(f"{HEAD}{DAY}計 | 6,609\n(10%内税 | 600)\n{more}\n").doubts
    assert "total" not in read(f"{HEAD}{DAY}合計 | 6,600\n(10%内税 | 600)\n{more}\n").doubts


def test_parts_that_were_paid_contradict_nothing() -> None:
    reading = read(HEAD + DAY + "合計 | ¥5,000\n(内税10% | ¥454)\nPayPay | ¥2,000\n現金 | ¥3,000\nお釣 | ¥0")
    assert (reading.total.value, reading.total.doubted) == (5000, False)


def test_a_key_of_the_till_that_was_not_used_is_no_payment() -> None:
    reading = read(HEAD + DAY + "小計 | ¥6,555\n合計 | ¥6,555\nクレジット | -¥6,555\n現計 | ¥0")
    assert reading.payment.value is not None
    assert (reading.payment.value.method, reading.total.value) == ("card", 6555)


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("大人3名 小人1名", 4),
        ("大人 2 子供 1", 3),
        ("男性2 女性1", 3),
        ("客数:  2", 2),
        ("お客様数 3", 3),
        ("二名様", 2),
        ("卓 A-3  4人", 4),
        ("3人用テント | ¥5,000", None),
        ("担当:2 名前:田中", None),
        ("大人 1,500円", None),
    ],
)
def test_how_many_sat_at_the_table(printed: str, number: int | None) -> None:
    assert read(f"{HEAD}{DAY}{printed}\nコース | ¥22,000\n合計 | ¥22,000").persons.value == number


def test_a_registration_number_over_two_rows_or_with_the_number_of_the_shop() -> None:
    body = "999812345678"
    number = next(f"T{d}{body}" for d in range(10) if registration.valid(f"T{d}{body}"))
    for printed in (f"登録番号 {number[:6]}\n{number[6:]}", f"登録番号 {number}-01", f"{number[:7]}\n{number[7:]}"):
        found = read(HEAD + DAY + SUM + printed).registration_number
        assert (found.value, found.doubted) == (number, False)
    assert read(HEAD + DAY + SUM + f"登録番号 {number[:6]}\nまたどうぞ").registration_number.doubted


def test_two_receipts_in_one_reading_are_asked_about() -> None:
    bodies = ("999812345678", "999887654321")
    numbers = [next(f"T{d}{body}" for d in range(10) if registration.valid(f"T{d}{body}")) for body in bodies]
    other = SUM.replace("1,100", "2,200").replace("¥100", "¥200")
    both = f"{HEAD}{DAY}{numbers[0]}\n{SUM}\n花屋しおり\n2026年10月 7日(水) 12:30\n{numbers[1]}\n{other}"
    assert {"total", "registration_number"} <= set(read(both).doubts)


@pytest.mark.parametrize("called", ["Guest: MORITA AOI 様", "患者 MORITA AOI 様", "氏名 MORITA AOI 様"])
def test_the_addressee_without_what_he_is_called(called: str) -> None:
    assert read(f"{HEAD}{DAY}領収証\n{called}\n{SUM}").addressee.value == "MORITA AOI"


def test_a_course_for_two_is_no_addressee() -> None:
    assert read(f"{HEAD}{DAY}懐石コース二名様\n{SUM}").addressee.value is None


@pytest.mark.parametrize(
    ("head", "kind"),
    [("ご利用明細", "receipt"), ("ご利用明細\n加盟店 みずうみ\n承認番号 001234", "card_slip"), ("売上票", "card_slip")],
)
def test_a_statement_of_use_is_a_card_slip_only_with_the_words_of_a_card(head: str, kind: str) -> None:
    assert read(f"{head}\n{HEAD}{DAY}{SUM}").kind.value == kind


@pytest.mark.parametrize("account", ["振込先 普通預金 15910", "記号 15910 番号 99"])
def test_an_account_is_no_money_handed_over(account: str) -> None:
    assert read(HEAD + DAY + SUM + account).paid.value is None


@pytest.mark.parametrize("sign", ["P", "#"])
def test_a_peso_sign_that_the_engine_does_not_know(sign: str) -> None:
    reading = read(
        f"LUNETA GRILL\n10/05/2026 12:14\nAdobo | {sign}250.00\nHalo | {sign}120.00\nTOTAL | {sign}370.00\n"
        f"Cash | {sign}500.00\nChange | {sign}130.00"
    )
    assert (reading.currency.value, reading.total.value) == ("PHP", 37000)
