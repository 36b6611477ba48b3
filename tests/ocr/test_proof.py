"""Facts that prove each other: what one place says repairs or doubts what was read in another."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr.engines import TextLine
from ocr.extract import extract
from ocr.fields import registration, taxes
from ocr.reading import Reading, TaxLine
from tests.ocr.paper import TODAY, lines, read

SHOP = """
喫茶みずうみ
緑町店
神奈川県青葉市緑町1-2-3
TEL 045-555-0134
2026年10月 5日(月) 18:09
"""
GOODS = """
*国産牛乳 | ¥238
*食パン6枚 | ¥158
ごみ袋 45L | ¥300
小計 | ¥696
(8%対象 | ¥396)
外税8% | ¥31
(10%対象 | ¥300)
外税10% | ¥30
合計 | ¥757
お預り | ¥1,000
お釣り | ¥243
"""
CAFE = SHOP + GOODS


def tax_lines(reading: Reading) -> list[tuple[int, int | None, int | None]]:
    return [(int(line.rate), line.net, line.tax) for line in reading.taxes.value or ()]


@pytest.mark.parametrize(
    ("printed", "misread"),
    [
        ("外税8% | ¥31", "外税8% | ¥81"),
        ("外税10% | ¥30", "外税10% | ¥80"),
        ("(8%対象 | ¥396)", "(8%対象 | ¥386)"),  # 386 yen fit 31 yen of tax too; the total tells
    ],
)
def test_a_misread_tax_line_is_mended_by_the_total(printed: str, misread: str) -> None:
    reading = read(CAFE.replace(printed, misread))
    assert reading.total.value == 757
    assert tax_lines(reading) == [(10, 300, 30), (8, 396, 31)]
    assert "→" in " ".join(reading.taxes.evidence)


def test_a_tax_line_that_two_digits_separate_from_the_total_is_left_and_doubted() -> None:
    reading = read(CAFE.replace("外税8% | ¥31", "外税8% | ¥68"))
    assert reading.total.value == 757
    assert (8, 396, 31) not in tax_lines(reading)
    assert reading.taxes.doubted


def test_a_misread_total_gives_way_to_what_the_rest_proves() -> None:
    reading = read(CAFE.replace("合計 | ¥757", "合計 | ¥767"))
    assert reading.total.value == 757


def test_a_total_that_nothing_supports_is_doubted() -> None:
    assert "total" in read(SHOP + "お品代 | ¥1,200\n").doubts
    assert "total" not in read(CAFE).doubts


@pytest.mark.parametrize(("tax", "fits"), [(98, False), (99, True), (100, True), (101, False)])
def test_tax_may_be_rounded_down_or_up_once_and_no_further(tax: int, fits: bool) -> None:
    """1,245 yen at 8 %: 99.6 yen; at the most one yen of rounding for a rate and receipt."""
    assert taxes.exclusive(1245, tax, Decimal(8)) is fits


def test_what_carries_no_tax_completes_the_total() -> None:
    reading = read(
        """
        旅館しらかば
        2026/09/12 10:20
        宿泊料 | ¥11,000
        入湯税 | ¥150
        合計 | ¥11,150
        (10%対象 | ¥11,000)
        (内消費税等 | ¥1,000)
        """
    )
    assert reading.taxes.value == (
        TaxLine(Decimal(10), 1000, 10000, 11000, True),
        TaxLine(Decimal(0), 0, 150, 150, None),
    )


def test_an_ic_card_s_balances_prove_the_charge() -> None:
    reading = read(
        """
        領収書
        ICカードチャージ
        2026/03/15(日) 18:08
        チャージ前残額 | ¥2,494
        チャージ金額 | ¥3,000
        チャージ後残額 | ¥5,494
        風見高原鉄道
        月見沢駅
        """
    )
    assert (reading.total.value, reading.total.doubted) == (3000, False)
    assert "5494 − 2494" in " ".join(reading.total.evidence)
    assert reading.kind.value == "ticket"


def test_abroad_the_sums_of_the_rates_prove_the_total() -> None:
    reading = read(
        """
        MAWAR BAKERIES SDN BHD
        JALAN MAWAR 3, 43000 KAJANG, SELANGOR
        Date: 24/07/2026
        Total 6% supplies (Inc. GST): | 14.50
        Total 0% supplies: | 12.60
        Total Payable: | 27.10
        """
    )
    assert (reading.total.value, reading.total.doubted) == (2710, False)


@pytest.mark.parametrize(
    ("day", "doubted"),
    [
        ("2026年10月 5日(月)", False),
        ("2026年10月 5日(火)", True),  # the 5th was a Monday: day or weekday is misread
        ("2027年10月 5日", True),
        ("2009年10月 5日", True),
    ],
)
def test_a_date_is_held_against_its_weekday_and_its_age(day: str, doubted: bool) -> None:
    reading = read(CAFE.replace("2026年10月 5日(月)", day))
    assert reading.date.value is not None
    assert ("date" in reading.doubts) is doubted


def test_day_and_month_are_not_guessed_where_the_custom_is_unknown() -> None:
    text = "Annapurna Trading Pvt. Ltd.\nKathmandu, NEPAL\nDate: {}\nTea | 95.00\nTotal | 95.00\nCash | 95.00\n"
    assert "date" in read(text.format("07/05/2026")).doubts
    assert "date" not in read(text.format("27/05/2026")).doubts


def number_of(body: str) -> str:
    return next(f"{check}{body}" for check in range(10) if registration.valid(f"T{check}{body}"))


def with_registration(digits: str, seen: dict[int, tuple[tuple[str, float], ...]]) -> Reading:
    """The receipt with a number whose digits at the places ``seen`` the engine was unsure of."""
    found = lines(CAFE)
    text = f"登録番号 T{digits}"
    alternatives = tuple(seen.get(place - text.index("T") - 1, ()) for place in range(len(text)))
    (left, top), (right, _), (_, bottom), _ = found[3].quad
    quad = ((left, top + 15), (right, top + 15), (right, bottom + 15), (left, bottom + 15))
    return extract([*found, TextLine(text, 0.97, quad, alternatives)], today=TODAY)


def test_a_registration_number_is_repaired_from_what_the_engine_also_saw() -> None:
    right = number_of("234567890123")
    wrong = right[:-1] + "8"
    assert right[-1] == "3"
    reading = with_registration(wrong, {12: (("3", 0.3), ("0", 0.01))})
    assert reading.registration_number.value == f"T{right}"
    assert not reading.registration_number.doubted


def test_a_registration_number_that_cannot_be_made_valid_is_doubted() -> None:
    wrong = number_of("234567890123")[:-1] + "8"
    for seen in ({}, {12: (("1", 0.3),)}):
        reading = with_registration(wrong, seen)
        assert reading.registration_number.value == f"T{wrong}"
        assert reading.registration_number.doubted


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(10, 30000), st.sampled_from([8, 10])), min_size=1, max_size=8),
    st.sampled_from(["down", "half", "up"]),
    st.booleans(),
)
def test_every_honest_receipt_is_proved_whole(goods: list[tuple[int, int]], rounding: str, inside: bool) -> None:
    """Whatever is bought and however the till rounds: total and taxes come out as printed and are not doubted."""
    rows, total, printed = [], 0, []
    for rate in sorted({rate for _, rate in goods}):
        base = sum(amount for amount, r in goods if r == rate)
        exact = Decimal(base) * rate / (100 + rate if inside else 100)
        tax = int(exact) if rounding == "down" else int(exact + Decimal("0.5")) if rounding == "half" else -int(-exact)
        tax += rounding == "up" and exact != int(exact)
        rows += [f"{rate}%対象 | ¥{base:,}", f"{'内' if inside else '外'}税{rate}% | ¥{tax:,}"]
        total += base if inside else base + tax
        printed.append((rate, tax))
    items = [f"品物{'あいうえおかきく'[n]} | ¥{amount:,}" for n, (amount, _) in enumerate(goods)]
    reading = read(SHOP + "\n".join([*items, *rows, f"合計 | ¥{total:,}", f"現金 | ¥{total:,}"]))
    assert (reading.total.value, reading.total.doubted) == (total, False)
    read_taxes = {(int(line.rate), line.tax) for line in reading.taxes.value or ()}
    assert {entry for entry in printed if entry[1] >= 10} <= read_taxes


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
ODD = st.sampled_from(
    [
        "\x00\x07\x1b[31m",
        "\u202e¥1,000\u202c",
        "٣٫١٤",
        "𝟙𝟚𝟛円",
        "合計" * 40,
        "9" * 400,
        "¥" + "1," * 200,
        "T" + "٣" * 13,
        "²⁰²⁶年⑩月⑤日",
        "R99年13月32日",
        "令和元年元月",
        "99:99",
        "－" * 60,
        "Ａ" * 300,
        "1/1/1/1/1/1",
        "½円",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(TEXT, ODD, st.sampled_from(CAFE.split("\n"))), max_size=20), st.floats(-0.5, 0.5))
def test_no_text_of_any_script_breaks_the_extractor(rows: list[str], slope: float) -> None:
    found = [
        TextLine(row, 0.9, ((10.0, y), (400.0, y + slope * 390), (400.0, y + 20 + slope * 390), (10.0, y + 20)))
        for y, row in zip(range(0, 30 * len(rows), 30), rows, strict=True)
    ]
    reading = extract(found, today=TODAY)
    assert Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize("row", ["合計 | ¥{n}", "あいう | {n}", "2026/10/05 T{n} 045-555-{n}", "RM {n}.00"])
def test_five_thousand_lines_take_bounded_time(row: str) -> None:
    text = "\n".join(row.format(n=1000 + n) for n in range(2500))
    found = lines(SHOP + text)[:5000]
    began = time.process_time()
    reading = extract(found, today=TODAY)
    assert time.process_time() - began < 20
    assert isinstance(reading.date.value, dt.date | None)
