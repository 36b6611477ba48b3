"""Who issued it, among lines that say where the shop is, names that hold a label's letters, and agents."""

from __future__ import annotations

import pytest

from ocr import brands, classify
from ocr.reading import Reading
from tests.ocr.paper import read

FOOT = "TEL 045-555-0134\n2026/10/05 12:10\nブレンド | ¥1,500\n合計 | ¥1,500\n現金 | ¥1,500"


def headed(*rows: str) -> Reading:
    return read("\n".join((*rows, FOOT)))


def sure(reading: Reading) -> str | None:
    """The issuer's name where nobody is asked."""
    return None if reading.issuer.doubted else reading.issuer.value


@pytest.mark.parametrize(
    "place",
    [
        "(アリオ霧ヶ沢内)",
        "霧ヶ沢駅構内",
        "イオンモール霧ヶ沢店",
        "イオン霧ヶ沢店",
        "イトーヨーカドー霧ヶ沢店",
        "高島屋霧ヶ沢店",
        "2F レストラン街",
        "地下1階 食品街",
        "つばきビル 4F",
        "新館3F",
        "霧ヶ沢店",
        "駅前本店",
    ],
)
@pytest.mark.parametrize("name", ["焼鳥 つきみ", "手打蕎麦 やなぎ", "BAKERY TSUBAKI", "味の店 こもれび"])
def test_a_line_that_says_where_is_not_the_issuer(name: str, place: str) -> None:
    for rows in ((name, place), (place, name)):
        issuer = headed(*rows).issuer
        assert issuer.value == name or issuer.doubted
    assert headed(name, place).issuer.value == name


def test_an_unknown_mall_above_the_shop_is_doubted() -> None:
    assert sure(headed("ヒカリナ霧ヶ沢", "喫茶みずうみ")) == "喫茶みずうみ"  # says its trade
    assert headed("ヒカリナ霧ヶ沢", "みずうみ").issuer.doubted


def test_a_mall_may_be_the_issuer_when_nothing_else_is_there() -> None:
    assert headed("高島屋", "霧ヶ沢店").issuer.value == "高島屋"
    assert headed("イオンモール霧ヶ沢店").issuer.value == "イオンモール霧ヶ沢店"
    reading = headed("AEON", "イオン霧ヶ沢店", "領収証", "イオンリテール株式会社")
    assert "イオン" in (sure(reading) or "") or sure(reading) == "AEON"


@pytest.mark.parametrize(
    "branch", ["霧ヶ沢店", "月見ヶ沢駅前店", "月見沢営業所", "さいたま霧ヶ沢店", "名古屋店", "2F レストラン街"]
)
def test_a_bare_branch_is_doubted(branch: str) -> None:
    assert headed(branch).issuer.doubted


@pytest.mark.parametrize(
    "name", ["霧ヶ沢金物店", "こもれび時計店", "つばき屋本店", "まんまる霧ヶ沢店", "市営風見駐車場"]
)
def test_what_a_shop_deals_in_or_is_called_is_no_branch(name: str) -> None:
    assert sure(headed(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "釣具のつばき",
        "カードショップ星影",
        "マルカド食品",
        "レジェンド食堂",
        "プレジデント珈琲",
        "フレジエ洋菓子店",
        "税理士法人つばき会計",
        "会員制バー 星影",
        "アプリコット",
        "令和食堂",
        "平成飯店",
        "日時計カフェ",
        "スキャンダル",
        "CASH CONVERTERS",
        "ORDER CHEESE",
        "TIME OUT CAFE",
    ],
)
def test_a_name_may_hold_the_letters_of_a_label(name: str) -> None:
    assert headed(name, "霧ヶ沢店").issuer.value == name


@pytest.mark.parametrize(
    "label", ["クレジットカード売上票", "レジ担当 つばき", "会員カード 12", "TAX INVOICE", "税率 10%"]
)
def test_a_label_is_no_name(label: str) -> None:
    assert sure(headed(label, "喫茶みずうみ")) == "喫茶みずうみ"


@pytest.mark.parametrize(
    "agent", ["取扱コンビニエンスストア", "取扱店 つばきマート", "収納代行 星影ファイナンス", "窓口 つばき"]
)
def test_who_took_the_money_for_another_is_not_the_issuer(agent: str) -> None:
    reading = read(f"電気料金領収証\n領収金額 | ¥8,422\n2026/10/05\n{agent}\n風見電力株式会社\n登録番号 T8999984281630")
    assert reading.issuer.value == "風見電力株式会社"


def test_an_article_with_its_price_is_not_the_issuer() -> None:
    reading = read("食券\n味噌ラーメン\n¥950\n2026/10/05 12:33\n麺屋 つきみ\n領収書\n¥950\n麺屋 つきみ 霧ヶ沢\nT1")
    assert (reading.issuer.value or "").startswith("麺屋 つきみ")
    assert read("食券\n味噌ラーメン\n¥950\n2026/10/05 12:33\n領収書").issuer.doubted


@pytest.mark.parametrize("kind", ["coffee & roasters", "Dining Bar", "めし処", "高速乗合バス"])
def test_a_name_of_nothing_but_the_trade_is_doubted(kind: str) -> None:
    assert headed(kind).issuer.doubted
    assert headed("みずうみ", kind).issuer.value == "みずうみ"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("発行: 風見高速バス株式会社", "風見高速バス株式会社"),
        ("氏名 霧沢 健", "霧沢 健"),
        ("発行者 つばき工房", "つばき工房"),
    ],
)
def test_the_label_before_a_name_is_taken_off(printed: str, name: str) -> None:
    reading = read(f"領収証\n2026/10/05\n合計 | ¥1,500\n住所 東京都港区芝9-9\n{printed}\n登録番号 T8999984281630")
    assert reading.issuer.value == name


@pytest.mark.parametrize("form", ["医療法人", "学校法人", "宗教法人", "公立大学法人", "一般社団法人", "合名会社"])
def test_every_form_of_a_legal_person_counts(form: str) -> None:
    reading = read(f"領収証\n2026/10/05\n合計 | ¥1,500\n{form} つばき\nTEL 045-555-0134\n登録番号 T8999984281630")
    assert (reading.issuer.value, reading.issuer.doubted) == (f"{form} つばき", False)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("デイリーつばき", "misc"),
        ("デイリーストップ", "misc"),
        ("クリスピー堂", "misc"),
        ("ポーリスタ珈琲", "meeting"),
        ("リストランテ・ツバキ", "meeting"),
        ("オリオンリース", "rent"),
        ("風見キャブ協同組合", "travel_transport"),
        ("つばき商店街振興組合", "membership"),
        ("つばき新宿", "misc"),
        ("湯の宿 つばき", "travel_transport"),
        ("風見タクシ-", "travel_transport"),
        ("珈琲つばき 水道橋店", "meeting"),
    ],
)
def test_a_category_needs_the_word_and_not_its_letters(name: str, category: str) -> None:
    assert classify.classify(name, "").category.code == category


def test_malls_are_marked_as_places() -> None:
    marked = {name: brand.place for brand in brands.table().values() for name in brand.names if brand.place}
    assert marked["イオンモール"] == marked["高島屋"] == "whole"
    assert marked["イオン"] == "part"
    assert set(marked.values()) == {"whole", "part"}
