"""What a receipt's text becomes: values, proofs and honest doubt."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr.extract import extract
from ocr.fields import registration
from ocr.reading import FIELD_NAMES, Reading
from tests.ocr.paper import TODAY, lines, read

SUPERMARKET = """
マルハナ食品館
青葉台店
TEL 045-555-0134
登録番号 T1234567890123
2026年10月 5日(月) 18:09 レジ0002
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


def with_number(text: str) -> str:
    body = "234567890123"
    check = next(d for d in range(10) if registration.valid(f"T{d}{body}"))
    return text.replace("T1234567890123", f"T{check}{body}")


@pytest.mark.parametrize("slope", [0.0, 0.06, -0.06])
def test_a_receipt_is_read_whole_even_when_it_lies_askew(slope: float) -> None:
    reading = read(with_number(SUPERMARKET), slope=slope)
    assert reading.issuer.value == "マルハナ食品館"
    assert reading.branch.value == "青葉台店"
    assert reading.date.value == dt.date(2026, 10, 5)
    assert reading.time.value == dt.time(18, 9)
    assert reading.total.value == 757
    assert not reading.total.doubted
    assert [(t.rate, t.net, t.tax) for t in reading.taxes.value or ()] == [
        (Decimal(10), 300, 30),
        (Decimal(8), 396, 31),
    ]
    assert (reading.paid.value, reading.change.value) == (1000, 243)
    assert reading.phone.value == "045-555-0134"
    assert reading.payment.value is not None
    assert reading.payment.value.method == "cash"
    assert [item.amount for item in reading.items.value or ()] == [238, 158, 300]
    assert not reading.registration_number.doubted


def test_the_total_says_what_proves_it() -> None:
    evidence = " ".join(read(with_number(SUPERMARKET)).total.evidence)
    assert "合計" in evidence
    assert "1000 − 243" in evidence


def test_a_broken_total_is_put_right_by_what_stands_around_it() -> None:
    """The label and the figure are both misread; paid − change and the tax lines agree on another figure."""
    reading = read(with_number(SUPERMARKET).replace("合計 | ¥757", "食言 | ¥151"))
    assert reading.total.value == 757


def test_traps_that_look_like_totals_are_not_taken() -> None:
    reading = read(
        """
        喫茶みずうみ
        2026/09/12 10:20
        ブレンド | ¥500
        合計点数 | 1点
        合計 | ¥500
        (内消費税等 | ¥45)
        お預り合計 | ¥1,500
        お釣り | ¥1,000
        総ポイント残高 | 12,000P
        """
    )
    assert reading.total.value == 500
    assert [(t.rate, t.tax) for t in reading.taxes.value or ()] == [(Decimal(10), 45)]


def test_a_number_that_fails_its_check_digit_is_doubted_not_guessed() -> None:
    good = with_number(SUPERMARKET)
    number = read(good).registration_number.value
    assert number is not None
    broken = number[:-1] + str((int(number[-1]) + 1) % 10)
    reading = read(good.replace(number, broken))
    assert reading.registration_number.value == broken
    assert reading.registration_number.doubted


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("2026年 8月25日(火)", dt.date(2026, 8, 25)),
        ("２０２６年８月２５日", dt.date(2026, 8, 25)),
        ("令和8年8月25日", dt.date(2026, 8, 25)),
        ("R8.8.25", dt.date(2026, 8, 25)),
        ("'26/08/25 13:00", dt.date(2026, 8, 25)),
        ("26年08月25日", dt.date(2026, 8, 25)),
        ("08年 8月25日 12:10", dt.date(2026, 8, 25)),
        ("2026-08-25", dt.date(2026, 8, 25)),
        ("20260825", dt.date(2026, 8, 25)),
    ],
)
def test_dates_as_japanese_tills_print_them(printed: str, date: dt.date) -> None:
    reading = read(f"喫茶みずうみ\n{printed}\nブレンド | ¥500\n合計 | ¥500\n")
    if printed.startswith("08年"):
        assert reading.date.value in (date, dt.date(2008, 8, 25))
    else:
        assert reading.date.value == date


def test_a_date_to_come_is_doubted() -> None:
    reading = read("喫茶みずうみ\n2027年 8月25日\nブレンド | ¥500\n合計 | ¥500\n")
    assert reading.date.value == dt.date(2027, 8, 25)
    assert "date" in reading.doubts


@pytest.mark.parametrize(
    ("text", "currency", "date", "total"),
    [
        ("CORNER DINER\n12 Main St, Springfield, IL 62701\n04/09/2026 1:05 PM\nBurger | $12.50\nSubtotal | $12.50\n"
         "Tax | $1.00\nTotal | $13.50\nVISA | $13.50", "USD", dt.date(2026, 4, 9), 1350),
        ("KEDAI RUNCIT BUNGA SDN BHD\nJALAN MAWAR 3, 43000 KAJANG, SELANGOR\nDate: 04/09/2026\nBiscuit | 4.50\n"
         "Total (RM) | 4.50\nCash | 10.00\nChange | 5.50", "MYR", dt.date(2026, 9, 4), 450),
        ("Backhaus Linde GmbH\nHauptstr. 3\n04.09.2026 08:11\nBrot | 3,49\nSUMME EUR | 3,49\nBar EUR | 5,00\n"
         "Rückgeld EUR | 1,51", "EUR", dt.date(2026, 9, 4), 349),
    ],
)  # fmt: skip
def test_other_countries_by_their_own_customs(text: str, currency: str, date: dt.date, total: int) -> None:
    reading = read(text)
    assert (reading.currency.value, reading.date.value, reading.total.value) == (currency, date, total)


def test_the_first_night_of_a_stay_is_not_the_day_of_the_receipt() -> None:
    reading = read("旅館つゆくさ\n2026年9月19日(土)\n発行日 | 2026年9月16日より3泊\n合計 | ¥33,000\n")
    assert reading.date.value == dt.date(2026, 9, 19)


def test_days_and_taxes_are_no_goods() -> None:
    reading = read("Harbour Hotel\nArrival | 14-Sep-2026\nRoom | S$894.00\nGST 9% | S$80.46\nTotal | S$974.46\n")
    assert [item.name for item in reading.items.value or ()] == ["Room"]


def test_what_is_missing_is_doubted() -> None:
    reading = read("あ い う\nかきくけこ\n")
    assert {"issuer", "date", "total"} <= set(reading.doubts) | ({"issuer"} if reading.issuer.value else set())
    assert reading.total.value is None


def test_the_category_explains_itself() -> None:
    reading = read("みらいタクシー株式会社\n2026年 8月25日\n運賃 | ¥1,500\n合計 | ¥1,500\n")
    assert reading.category.value is not None
    assert reading.category.value.account == "旅費交通費"
    assert reading.category.value.setsu.startswith("8 旅費")
    assert "→ 旅費交通費" in reading.category.evidence[0]


def test_readings_survive_json() -> None:
    reading = read(with_number(SUPERMARKET))
    assert Reading.from_json(reading.to_json()) == reading


HEAD = "うおとめ亭\n富山市桜通7-7-1\nTEL 076-555-0142\n2026/10/05 19:20\n"
BILL = "焼魚膳 | ¥1,500\n合計 | ¥1,500\n"


def test_a_letterhead_is_not_surer_than_certain() -> None:
    reading = read(
        "株式会社うおとめ酒店\n富山県富山市桜通7-7-1\nTEL 076-555-0142\n株式会社うおとめ酒店\n" + HEAD + BILL
    )
    assert all(0 <= getattr(reading, name).confidence <= 1 for name in FIELD_NAMES)


@pytest.mark.parametrize(
    ("printed", "number", "doubted"),
    [
        ("3名様", 3, False),
        ("人数 4名", 4, False),
        ("席番12 3名", 3, False),
        ("テーブル73名", 3, True),
        ("卓:125名様", 5, True),
        ("席B62名", 2, True),
        ("2026/10/05 19:204名", 4, True),
        ("但 ご会食代(3名分)として", 3, False),
        ("80名様", 80, True),
    ],
)
def test_guests_are_not_joined_to_the_number_of_their_table(printed: str, number: int, doubted: bool) -> None:
    reading = read(HEAD + printed + "\n" + BILL)
    assert (reading.persons.value, reading.persons.doubted) == (number, doubted)


@pytest.mark.parametrize("words", ["サービス料10%", "奉仕料 10%", "Service charge 10%"])
def test_a_service_charge_is_taxed_and_is_no_tax(words: str) -> None:
    reading = read(HEAD + f"刺身盛 | 4,000\n小計 | 4,000\n{words} | 400\n消費税10% | 440\nお会計 | ¥4,840\n")
    assert (reading.total.value, reading.service_charge.value) == (4840, 400)
    assert [(t.net, t.tax, t.gross) for t in reading.taxes.value or ()] == [(4400, 440, 4840)]
    assert not reading.total.doubted


def test_goods_with_off_in_their_name_are_no_reduction() -> None:
    reading = read(HEAD + "Toffee | 600\nCoffee | 500\nSubtotal | 1,100\nTotal | ¥1,100\n")
    assert [item.amount for item in reading.items.value or ()] == [600, 500]


def test_a_seal_whose_letters_come_in_another_order_is_not_the_name() -> None:
    reading = read(
        "領収証\n令和8年5月20日\n¥1,368-\n割烹月見ヶ沢\n見夕沢 割烹月\n福島県月見市港町3-17\nTEL 024-555-0188\n"
    )
    assert reading.issuer.value == "割烹月見ヶ沢"


def test_a_company_on_the_line_of_the_date() -> None:
    reading = read("御勘定書\n領収金額 | 5,700円\n発行2026年9月28日つばき観光バス株式会社諏訪\n営業所\n")
    assert (reading.issuer.value or "").startswith("つばき観光バス株式会社")


@pytest.mark.parametrize("paid", ["お支払額 | 10,500\nクレジット | 10,500", "現金 | ¥10,500"])
def test_what_was_paid_after_a_reduction_is_the_total(paid: str) -> None:
    text = "会席 | 10,000\n小計 | 10,000\n外税(10%) | 1,000\n合計金額 | 11,000\nアプリ割引 | -500\n"
    assert read(HEAD + text + paid).total.value == 10500


def test_a_coupon_above_the_total_changes_nothing() -> None:
    reading = read(HEAD + "焼魚膳 | ¥1,500\n割引 | -¥200\n合計 | ¥1,300\n現金 | ¥1,300\n")
    assert (reading.total.value, reading.total.doubted) == (1300, False)


def test_a_fare_is_proved_by_the_tax_in_it() -> None:
    reading = read(
        "北回り有料道路株式会社\n領収書\n2026年10月12日 08時15分\n通行料金 | ¥3,190\n(消費税10%¥290を含みます)\n"
    )
    assert (reading.total.value, reading.total.doubted) == (3190, False)
    assert reading.category.value is not None
    assert reading.category.value.code == "travel_transport"


def test_a_ticket_without_a_word_for_the_sum() -> None:
    reading = read("領収書\n¥6,420円 | (税込 10%)\n特急券1枚\n2026.-9.-4\nわかば旅客鉄道株式会社\n")
    assert (reading.total.value, reading.date.value) == (6420, dt.date(2026, 9, 4))


def test_the_one_sum_of_a_handwritten_receipt_is_read_and_doubted() -> None:
    reading = read(
        "領収書\n株式会社まつかぜ | 様\n令和8年7月17日\n¥56,000\n但 | 御飲食代\n酒肴つゆくさ\nTEL 076-555-0177\n"
    )
    assert reading.total.value == 56000
    assert (reading.issuer.value, reading.addressee.value) == ("酒肴つゆくさ", "株式会社まつかぜ")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("受診者番号 00412 氏名 森田 葵 様", "森田 葵"),
        ("患者番号00412氏名森田葵様", "森田葵"),
        ("お客様 森田 様", "森田"),
        ("【領収書】 2026-10-05 | 卓:8 6名様", None),
        ("お客様各位", None),
    ],
)
def test_to_whom_a_receipt_is_made_out(printed: str, name: str | None) -> None:
    assert read(HEAD + printed + "\n" + BILL).addressee.value == name


@pytest.mark.parametrize(
    ("head", "branch"),
    [
        ("炭火つゆくさ\n札幌市北区北駅3-5\n", None),
        ("つばき運輸株式会社諏訪営業所\nTEL 0266-55-0143\n", "諏訪営業所"),
        ("領収証\n旅館つゆくさ\n湯の沢駅前\n", "湯の沢駅前"),
    ],
)
def test_where_the_shop_is_but_not_its_address(head: str, branch: str | None) -> None:
    assert read(head + "2026/10/05\n" + BILL).branch.value == branch


@pytest.mark.parametrize(
    ("printed", "paid", "change"),
    [
        ("現計 | ¥2,000\nお釣 | ¥500", 2000, 500),
        ("お預り | ¥2,000\nお釣り | ¥500", 2000, 500),
        ("領収金額 | 1,500円", 1500, None),
        ("商品券 | ¥1,000\nお預り | ¥1,000\nお釣り | ¥500", 1000, 500),
    ],
)
def test_what_was_handed_over(printed: str, paid: int, change: int | None) -> None:
    reading = read(HEAD + BILL + printed)
    assert (reading.total.value, reading.paid.value, reading.change.value) == (1500, paid, change)
    assert not reading.paid.doubted


def test_change_that_contradicts_a_proved_total_is_doubted() -> None:
    text = "焼魚膳 | ¥1,500\n合計 | ¥1,500\n10%対象 | ¥1,500\n内消費税 | ¥136\nお預り | ¥2,000\nお釣り | ¥580\n"
    reading = read(HEAD + text)
    assert (reading.total.value, reading.total.doubted) == (1500, False)
    assert {"paid", "change"} <= set(reading.doubts)


@pytest.mark.parametrize(
    ("printed", "items"),
    [
        ("ノートB5 110\nペン 220\n合計 | 330", [("ノートB5", 1, 110), ("ペン", 1, 220)]),
        ("塩そば | 900 ×1\n焼餃子 | 400 ×2 800\n合計 | 1,700", [("塩そば", 1, 900), ("焼餃子", 2, 800)]),
        ("2 Pancake | 1,800\n1 Tea | 700\nSubtotal | 2,500\n合計 | ¥2,500", [("Pancake", 2, 1800), ("Tea", 1, 700)]),
        ("内税付箋 30枚 | 598\n合計 | 598", [("付箋 30枚", 1, 598)]),
        ("中煎り豆100g¥980\n紅茶 | ¥520\n合計 | ¥1,500", [("中煎り豆100g", 1, 980), ("紅茶", 1, 520)]),
        ("テーブル12\n伝票 7154\n珈琲 | 600\n餅 | 450\n合計 | 1,050", [("珈琲", 1, 600), ("餅", 1, 450)]),
        ("卵2パック\n| 500\n豆腐 | 98\n合計 | 598", [("卵2パック", 1, 500), ("豆腐", 1, 98)]),
    ],
)  # fmt: skip
def test_goods_as_tills_print_them(printed: str, items: list[tuple[str, int, int]]) -> None:
    found = read(HEAD + printed + "\n").items.value or ()
    assert [(item.name, item.quantity, item.amount) for item in found] == items


def test_the_titles_of_a_table_are_no_goods_and_name_its_columns() -> None:
    reading = read(
        "青葉ストア\n2026/09/30\n商品 | 数量 | 小計(税込)\n緑茶 | 3 | ¥2,900\n送料 | ¥0\nご請求額 | ¥2,900\n"
    )
    assert [(i.name, i.quantity, i.amount) for i in reading.items.value or ()] == [("緑茶", 3, 2900)]


@pytest.mark.parametrize(
    ("text", "kind", "category"),
    [
        ("請求書 / 領収書\n青葉ストア合同会社\n2026年9月30日\nノート | ¥1,500\n合計 | ¥1,500", "receipt", "supplies"),
        ("PIER DINER\nNov 3, 2026\n1 Burger | ¥1,500\nTOTAL | ¥1,500", "receipt", "meeting"),
        ("麺処つゆくさ\n2026/10/05\n塩ラーメン | ¥900\n合計 | ¥900", "receipt", "meeting"),
        ("つゆくさ郵便局\n2026/10/05\n定形外 | ¥140\n合計 | ¥140", "receipt", "telecom"),
        ("e-Ticket Receipt\nTSUBAME AIRLINES\nFlight TB 21\n12 OCT 2026\nTOTAL | JPY 21,300\n消費税10%対象21,300円",
         "ticket", "travel_transport"),
        ("つゆくさ駐車場\n入庫2026/10/05 09:00\n出庫2026/10/05 10:00\n駐車料金 | ¥600", "receipt",
         "travel_transport"),
    ],
)  # fmt: skip
def test_what_sort_of_paper_and_of_cost(text: str, kind: str, category: str) -> None:
    reading = read(text)
    assert reading.category.value is not None
    assert (reading.kind.value, reading.category.value.code) == (kind, category)


WORDS = st.sampled_from(
    "合計 小計 ¥1,000 T 8% 対象 令和 年 月 日 99 - お釣り 税 TOTAL RM １２ × ( \u200b".split(" ")  # noqa: SIM905
)
ANY = st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=8).map("".join), st.from_regex(r"[\d.,:/¥%-]{1,24}"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANY, max_size=25))
def test_no_text_breaks_the_extractor(rows: list[str]) -> None:
    reading = extract(lines("\n".join(rows)), today=TODAY)
    assert Reading.from_json(reading.to_json()) == reading
    assert all(0 <= getattr(reading, name).confidence <= 1 for name in FIELD_NAMES)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(SUPERMARKET) - 1), st.text(max_size=4), st.integers(0, 6))
def test_a_mutated_receipt_is_still_read(at: int, inserted: str, removed: int) -> None:
    text = SUPERMARKET[:at] + inserted + SUPERMARKET[at + removed :]
    reading = extract(lines(text), today=TODAY)
    assert reading.total.value is None or reading.total.value > 0
