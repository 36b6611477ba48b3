"""What stands on the receipt and in its file: goods, amounts, registration number, origin."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest

from handlers.policies import Case, Seen, TripFacts
from handlers.policies.base import Limit
from handlers.policies.in_force import InForce
from handlers.policies.registration_number import transition_on, transitions
from tests.handlers.policies.cases import DAY, Past, case, found, line, spoken, under


def bought(*items: tuple[str, int]) -> Seen:
    return Seen(items=items)


@pytest.mark.parametrize("item", ["生ビール(中)", "ｸﾞﾗｽﾜｲﾝ", "芋焼酎 ロック", "Draft BEER", "ハイボール"])
def test_alcohol_is_found_in_any_writing(item: str) -> None:
    [finding] = found("alcohol", case(line(3_000, seen=bought((item, 600), ("枝豆", 400)))))
    assert finding.figures == {"amount": 600}
    assert spoken(finding)[0] == f"酒類が含まれています：{item}（¥600）"


@pytest.mark.parametrize(
    "item", ["ノンアルコールビール", "ワインビネガー", "GINGER ALE", "サワークリームチップス", "酒井様"]
)
def test_what_only_sounds_like_alcohol_is_not(item: str) -> None:
    assert not found("alcohol", case(line(3_000, seen=bought((item, 600)))))


def test_alcohol_with_guests_is_allowed_by_default() -> None:
    dinner = line(3_000, category="entertainment", seen=bought(("生ビール", 600)))
    assert not found("alcohol", case(dinner))
    assert found("alcohol", case(dinner), allowed=[])


def test_tobacco_but_not_the_sign_against_it() -> None:
    [finding] = found("tobacco", case(line(seen=bought(("メビウス 10", 580), ("お茶", 150)))))
    assert spoken(finding)[1] == "Tobacco on the receipt: メビウス 10 (¥580)."
    assert not found("tobacco", case(line(seen=bought(("禁煙ステッカー たばこ", 580)))))


def test_a_tip_above_the_share_that_is_allowed() -> None:
    abroad = line(11_500, amount=11_500, currency="USD", seen=Seen(tip=1_500))
    [finding] = found("tips", case(abroad))
    assert spoken(finding)[0] == "チップ・心付けが含まれています：TIP（$15.00）"
    assert not found("tips", case(abroad), percent=14)
    assert found("tips", case(abroad), percent=13)
    assert not found("tips", case(line(seen=bought(("ポテトチップス", 150)))))
    assert not found("tips", case(line(seen=Seen(service_charge=100))))


def test_gift_cards_stop_a_claim_until_they_are_left_out() -> None:
    mixed = line(11_000, seen=bought(("ギフトカード", 10_000), ("封筒", 1_000)))
    [finding] = found("not-an-expense", case(mixed))
    assert finding.figures == {"amount": 10_000}
    assert spoken(finding)[0].startswith("商品券・プリペイド・チャージは経費になりません：ギフトカード（¥10,000）")
    assert found("not-an-expense", case(replace(mixed, claimed=1_001)))
    assert not found("not-an-expense", case(replace(mixed, claimed=1_000)))


def test_top_ups_are_no_expense_but_fuel_surcharges_are() -> None:
    assert found("not-an-expense", case(line(3_000, category="clearing")))
    assert found("not-an-expense", case(line(3_000, seen=bought(("Suicaチャージ", 3_000)))))
    assert not found("not-an-expense", case(line(3_000, seen=bought(("燃油サーチャージ", 3_000)))))


def test_two_receipts_of_a_shop_and_day_that_together_pass_the_limit() -> None:
    two = (line(6_000), line(4_001, id="e2", receipt_id="r2"))
    [finding] = found("split", case(*two))
    assert finding.figures == {"count": 2, "limit": 10_000, "total": 10_001}
    assert "2 receipts of 喫茶ひかり on 20 Nov 2026" in spoken(finding)[1]
    assert not found("split", case(line(6_000), line(4_000, id="e2", receipt_id="r2")))
    assert not found("split", case(line(10_001), line(4_000, id="e2", receipt_id="r2")))  # not under it
    elsewhere = line(6_000, id="e2", receipt_id="r2", payee="文具のあおぞら", registration_number="")
    assert not found("split", case(line(6_000), elsewhere))
    assert found("split", case(line(6_000), history=Past(there=(4_500,))))


def test_the_lines_of_one_receipt_are_one_purchase() -> None:
    assert not found("split", case(line(6_000), line(5_000, id="e2")))


def _row(rule: str, **values: Any) -> InForce:
    return InForce(rule, "note", values, dt.date(2020, 1, 1), row_id=rule)


def _named(looked_at: Case, *rows: InForce) -> list[int]:
    """The limits that are named by ``split`` beside the rules that set them."""
    return [f.figures["limit"] for f in under(looked_at, _row("split"), *rows) if f.rule == "split"]


def test_two_receipts_under_the_organisations_own_limit_are_found_by_it() -> None:
    two = case(line(29_000), line(29_001, id="e2", receipt_id="r2"))
    assert not _named(two)
    assert _named(two, _row("limit-category", category="meeting", max=30_000)) == [30_000]
    assert not _named(two, _row("limit-category", category="training", max=30_000))
    assert not _named(two, _row("limit-category", category="meeting", max=29_000))  # one is over it by itself
    assert not _named(two, _row("limit-category", category="meeting", max=58_001))
    assert _named(two, _row("limit-person", grade="4級", max=40_000)) == [40_000]
    assert not _named(two, _row("limit-person", grade="9級", max=40_000))
    assert not _named(two, _row("limit-day", max=40_000))  # counts the sum itself


def test_the_limit_by_head_counts_for_everybody_at_the_table() -> None:
    two = case(line(19_000, persons=2), line(2_000, id="e2", receipt_id="r2", persons=2))
    assert _named(two, _row("limit-head", max=10_000)) == [20_000]
    more = case(line(19_000, persons=3), line(2_000, id="e2", receipt_id="r2"))
    assert not _named(more, _row("limit-head", max=10_000))


def test_what_goes_without_a_receipt_is_a_limit_of_what_has_none() -> None:
    typed = (line(2_000, receipt_id=""), line(2_500, id="e2", receipt_id=""))
    assert _named(case(*typed), _row("receipt-missing", min=3_000)) == [2_999]
    assert _named(case(*typed), _row("receipt-missing", declared=3_000)) == [3_000]
    photographed = (line(2_000), line(2_500, id="e2", receipt_id="r2"))
    assert not _named(case(*photographed), _row("receipt-missing", min=3_000, declared=3_000))


def test_the_smallest_limit_that_was_kept_is_named_once() -> None:
    two = case(line(4_900), line(4_800, id="e2", receipt_id="r2"), caps=(Limit(5_000, frozenset(("meeting",))),))
    assert _named(two, _row("limit-category", category="meeting", max=8_000)) == [5_000]
    other = case(line(4_900), line(4_800, id="e2", receipt_id="r2"), caps=(Limit(5_000, frozenset(("training",))),))
    assert not _named(other)


USUAL = (900, 1_000, 1_100, 950, 1_050, 1_000, 980, 1_020)


def test_an_amount_far_above_the_shops_usual_is_explained_with_figures() -> None:
    [finding] = found("unusual", case(line(9_000), history=Past(by_issuer=USUAL)))
    assert (finding.figures["median"], finding.figures["count"]) == (1_000, 8)
    japanese, english = spoken(finding)
    assert japanese.startswith("喫茶ひかり の ¥9,000 は、過去 8 件の中央値 ¥1,000 の 9.0 倍です")
    assert "9.0 times the median ¥1,000 of 8 expenses" in english


def test_few_values_say_nothing_and_neither_does_a_wide_history() -> None:
    assert not found("unusual", case(line(9_000), history=Past(by_issuer=USUAL[:7])))
    wide = (1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000)
    assert not found("unusual", case(line(15_000), history=Past(by_issuer=wide)))
    assert not found("unusual", case(line(2_999), history=Past(by_issuer=USUAL)))  # too small to matter
    same = (2_000,) * 8
    assert not found("unusual", case(line(3_999), history=Past(by_issuer=same)))
    assert found("unusual", case(line(4_000), history=Past(by_issuer=same)))


def test_without_a_history_of_the_shop_the_persons_category_counts() -> None:
    [finding] = found("unusual", case(line(9_000), history=Past(by_category=USUAL)))
    assert spoken(finding)[0].startswith("会議費 の ¥9,000 は、本人の過去 8 件")


def test_a_missing_registration_number_says_what_it_costs_on_that_day() -> None:
    [finding] = found("registration-number", case(line(11_000, registration_number="")))
    assert finding.figures == {"tax": 1_000, "percent": 70, "cost": 300}
    assert spoken(finding)[0].startswith(
        "登録番号がありません。消費税 ¥1,000 のうち 70% しか控除できず、¥300 の負担になります。"
    )
    last_of_eighty = line(11_000, registration_number="", date=dt.date(2026, 9, 30))
    [finding] = found("registration-number", case(last_of_eighty))
    assert finding.figures["cost"] == 200
    assert not found("registration-number", case(line(11_000)))
    before_invoices = line(11_000, registration_number="", date=dt.date(2023, 9, 30))
    assert not found("registration-number", case(before_invoices))


def test_a_number_whose_check_digit_fails_is_said_and_the_printed_tax_counts() -> None:
    wrong = line(10_800, registration_number="T1234567890123", taxes=({"rate": "8", "tax": 800},))
    [finding] = found("registration-number", case(wrong))
    assert finding.figures == {"tax": 800, "percent": 70, "cost": 240}
    assert "T1234567890123 は正しくありません" in spoken(finding)[0]


def test_where_the_books_suffice_nothing_is_lost() -> None:
    ticket = line(29_999, registration_number="", category="travel_transport", seen=Seen(kind="ticket"))
    assert not found("registration-number", case(ticket))
    assert found("registration-number", case(replace(ticket, amount=30_000, claimed=30_000)))
    small = line(9_999, registration_number="")
    assert not found("registration-number", case(small), small=True)
    assert found("registration-number", case(small))
    assert found("registration-number", case(replace(small, amount=10_000)), small=True)
    assert not found("registration-number", case(line(5_000, registration_number="", category="donation")))
    hotel = line(9_000, registration_number="", category="travel_transport")
    trip = TripFacts("t", DAY, DAY)
    assert not found("registration-number", case(hotel, trip=trip))
    assert found("registration-number", case(hotel))


def test_the_transition_has_no_gap_and_no_overlap() -> None:
    rows = transitions()
    for before, after in itertools.pairwise(rows):
        assert before.last is not None
        assert before.last + dt.timedelta(days=1) == after.first
        assert before.percent > after.percent
    assert rows[-1].last is None
    row = transition_on(dt.date(2026, 10, 1))
    assert row is not None
    assert (row.percent, row.confidence) == (70, "unverified")


def flagged(*flags: str) -> Seen:
    return Seen(flags=flags)


def test_the_origin_of_a_file_is_said() -> None:
    [screen] = found("screen-photo", case(line(seen=flagged("screen_photo"))))
    assert spoken(screen)[0] == "紙ではなく画面を撮った写真のようです。"
    assert found("screen-photo", case(line(seen=flagged("screenshot"))))
    assert not found("screen-photo", case(line(seen=flagged("c2pa", "captured:2026-11-20"))))
    [made] = found("software-traces", case(line(seen=flagged("generated:midjourney"))))
    assert "（midjourney）" in spoken(made)[0]
    [unknown] = found("software-traces", case(line(seen=flagged("generated:unknown"))))
    assert "名前は不明" in spoken(unknown)[0]
    assert found("software-traces", case(line(seen=flagged("edited:photoshop"))))
    assert not found("software-traces", case(line(seen=flagged("c2pa"))))


def test_a_photo_older_than_its_receipt_and_one_taken_long_after() -> None:
    [older] = found("capture-date", case(line(seen=flagged("captured:2026-11-19"))))
    assert spoken(older)[0] == "写真の撮影日 2026/11/19（木） が領収書の日付 2026/11/20（金） より前です。"
    assert not found("capture-date", case(line(seen=flagged("captured:2026-11-20"))))
    assert not found("capture-date", case(line(seen=flagged("captured:2027-02-18"))))  # 90 days
    [late] = found("capture-date", case(line(seen=flagged("captured:2027-02-19"))))
    assert (late.strength, late.figures["days"]) == ("note", 91)
