"""What belongs to what: guests to their firm, an aim to its ride, a title to its book, an amount to its thing."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.notes import read

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("Lunch with 3 guests from Acme 5,400 yen Nov 20", ("Acme",), 3),
        ("Lunch with guests from Acme 5,400 yen Nov 20", ("Acme",), None),
        ("Lunch with guests from Acme", ("Acme",), None),
        ("Coffee with two clients from Sakura Trading 1,200 yen Nov 20", ("Sakura Trading",), 2),
        ("Dinner with Mr. Sato of Acme Corp, 12,000 yen, Nov 20", ("Sato",), None),
        ("Dinner with visitors from Osaka 12,000 yen Nov 20", (), None),  # a town is nobody
        ("Lunch for 3 people from Acme 5,400 yen Nov 20", ("Acme",), 3),
        ("Lunch with two guests from Acme and Ms. Mori, 6,600 yen, Nov 18", ("Acme", "Mori"), 2),
        ("11/13 会費5,000円×4名", (), 4),
        ("担当者さんと昼食 1,200円 昨日", (), None),  # says what one does, not who
    ],
)
def test_guests_from_a_firm_are_no_way(text: str, names: tuple[str, ...], count: int | None) -> None:
    reading = read(text, TODAY)
    assert (reading.kind, reading.attendees, reading.attendees_count) == ("expense", names, count)
    assert len(reading.expenses) == 1


def test_a_ride_with_guests_begins_where_it_says() -> None:
    [leg] = read("Taxi with 2 guests from Haneda to Shinjuku 8,000 yen Nov 20", TODAY).legs
    assert (leg.origin, leg.destination, leg.amount) == ("Haneda", "Shinjuku", 8000)


@pytest.mark.parametrize("text", ["田中さんと昼食に行きます", "大阪出張、新幹線が遅れています", "新幹線で大阪出張です"])
def test_what_is_said_without_a_day_is_no_note(text: str) -> None:
    assert read(text, TODAY).kind == "unknown"


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("札幌出張 新千歳まで飛行機", [(None, "新千歳", "air")]),
        ("来週水曜 札幌出張 1泊2日 新千歳まで飛行機", [(None, "新千歳", "air")]),
        ("11/25 札幌出張 飛行機で新千歳まで 32,000円", [(None, "新千歳", "air")]),
        ("出張先:札幌 11/25 新千歳まで飛行機 32,000円", [(None, "新千歳", "air")]),
        ("来週火曜 札幌出張、羽田まで電車、新千歳まで飛行機", [(None, "羽田", "train"), (None, "新千歳", "air")]),
        ("11/25 大阪出張 新幹線往復、京都まで電車 570円", [(None, "大阪", "shinkansen"), (None, "京都", "train")]),
        ("大阪出張のタクシー代 1,980円 新大阪駅から本町 昨日の夜", [("新大阪駅", "本町", "taxi")]),
        ("Business trip to Seoul Dec 7-9, flights NRT-ICN 54,000 yen round trip", [("NRT", "ICN", "air")]),
        ("会津出張所へ 11/20 電車 500円", [(None, "会津出張所", "train")]),
    ],
)
def test_the_aim_of_a_trip_is_no_ride_of_its_own(text: str, ways: list[tuple[str | None, str, str]]) -> None:
    assert [(leg.origin, leg.destination, leg.mode) for leg in read(text, TODAY).legs] == ways


def test_a_taxi_at_the_aim_is_not_the_way_there() -> None:
    reading = read("仙台出張 タクシー 2,000円 11/20", TODAY)
    assert [(leg.destination, leg.mode, leg.amount) for leg in reading.legs] == [("仙台", None, None)]
    assert [(item.what, item.amount) for item in reading.expenses] == [("タクシー", 2000)]


@pytest.mark.parametrize(
    ("text", "nights", "place"),
    [
        ("宿泊:2泊 品川プリンス", 2, "品川プリンス"),
        ("11/17 出張 宿泊:品川プリンス 2泊 24,000円", 2, "品川プリンス"),
        ("11/17 出張 宿泊先:品川プリンス 2泊 24,000円", 2, "品川プリンス"),
        ("11/17 出張 宿泊:磐梯高原の宿みずうみ 1泊 12,000円", 1, "磐梯高原の宿みずうみ"),
        ("11/17 出張 宿泊:1泊2食付 うみかぜ 12,000円", 1, "うみかぜ"),
        ("11/17 仙台出張 宿泊:2泊 仙台", 2, "仙台"),
        ("11/17 宿泊:1泊 打合せ", 1, None),
        ("11/17 出張 宿泊:1泊(朝食付) 11,000円 用務:視察", 1, None),
        ("11/17 宿泊:2泊 東京→福島 新幹線 8,950円", 2, None),
    ],
)
def test_the_field_of_the_stay_names_the_house(text: str, nights: int, place: str | None) -> None:
    [stay] = read(text, TODAY).lodging
    assert (stay.nights, stay.place) == (nights, place)


def test_a_field_may_say_that_nobody_stays() -> None:
    assert read("11/17 東京→福島 新幹線 8,950円 宿泊:なし", TODAY).lodging == ()


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("「東京の地図」 1,500円", [("東京の地図", 1500)]),
        ("11/20 『会議の進め方』 1,650円", [("会議の進め方", 1650)]),
        ("「入門 経費の教科書」を1,980円で購入 昨日", [("入門 経費の教科書", 1980)]),
        ("11/20 「東京の地図」1,500円、「出張の達人」1,800円", [("東京の地図", 1500), ("出張の達人", 1800)]),
        ("11/20 書籍『出張の達人』 1,650円", [("書籍", 1650)]),  # the word for it names it, as the account does
        ("書籍代 2,970円「会議の技術」 11/14", [("書籍", 2970)]),
        ('Book "From Tokyo to Osaka" 3,300 yen, Nov 12', [("Book", 3300)]),
        ("昼食「はなの舞」 3,300円 11/20", [("昼食", 3300)]),
        ("「11/20 タクシー 900円」", [("タクシー", 900)]),  # quotes around a whole note
    ],
)
def test_a_title_is_one_name_whatever_stands_in_it(text: str, things: list[tuple[str, int]]) -> None:
    reading = read(text, TODAY)
    assert (reading.kind, reading.purpose) == ("expense", None)
    assert [(item.what, item.amount) for item in reading.expenses] == things


def test_quotes_without_a_price_are_read_like_everything_else() -> None:
    reading = read("目的:「町の説明会」 11/20 東京→盛岡 「はやぶさ」15,010円", TODAY)
    [leg] = reading.legs
    assert (reading.purpose, leg.mode, leg.amount) == ("町の説明会", "shinkansen", 15010)


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("11/17 雨のためタクシー 駅→役場 1,200円", "雨"),  # better than none
        ("11/17 雨のためタクシー 駅→役場 1,200円 県庁打合せ", "県庁打合せ"),
        ("電車遅延のためタクシー 駅→役場 1,200円 昨日 商談", "商談"),
        ("Taxi because of heavy rain 1,200 yen Nov 17, client visit", "client visit"),
        ("Taxi due to rain, 1,200 yen, Nov 17", "rain"),
        ("11/17 災害支援のため 東京→福島 新幹線 8,950円 現地調査", "災害支援"),
    ],
)
def test_the_weather_is_a_purpose_for_want_of_a_better(text: str, purpose: str) -> None:
    reading = read(text, TODAY)
    assert reading.purpose == purpose
    assert len(reading.legs) + len(reading.expenses) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Tokyo to Sendai Nov 12 shinkansen 11,410 yen, back Nov 14",
        "Tokyo to Sendai Nov 12 shinkansen 11,410 yen, returned Nov 14",
        "Tokyo to Sendai Nov 12 shinkansen 11,410 yen, came back 14 Nov, 2 nights, taxi to office 1,200 yen",
        "Left Nov 12 for Sendai by shinkansen 11,410 yen, back home on the 14th",
        "Trip to Sendai Nov 12, back Nov 14, by shinkansen",
        "Tokyo to Sendai Nov 12, back Nov 14, shinkansen round trip 22,820 yen",
        "11/12 東京→仙台 新幹線 11,410円、11/14戻り",
    ],
)
def test_the_day_of_return_is_the_end(text: str) -> None:
    reading = read(text, TODAY)
    assert (reading.kind, str(reading.start), str(reading.end)) == ("trip", "2026-11-12", "2026-11-14")
    ways = [(leg.destination, leg.mode) for leg in reading.legs if leg.mode != "taxi"]
    assert ways[0][0] in ("Sendai", "仙台")
    assert (len(ways), ways[0][1]) == (1, "shinkansen")
    assert all(leg.origin is None for leg in reading.legs if leg.mode == "taxi")


@pytest.mark.parametrize(
    ("text", "mode", "amount"),
    [
        ("Tokyo to Sendai Nov 12 shinkansen 11,410 yen, back Nov 14 11,410 yen", "shinkansen", 11410),
        ("Tokyo to Sendai Nov 12 shinkansen 11,410 yen, returned 14 Nov by bus 6,000 yen", "bus", 6000),
        ("Tokyo to Sendai Nov 12 shinkansen 11,410 yen, returned to Tokyo by bus Nov 14, 6,000 yen", "bus", 6000),
        ("Tokyo to Sendai Nov 12 shinkansen 11,410 yen, returned to Tokyo Nov 14", "shinkansen", None),
        ("11/12 Tokyo→Sendai 新幹線 11,410円、帰りは11/14、高速バス 4,500円", "bus", 4500),
    ],
)
def test_the_way_back_is_a_ride_when_more_is_told_of_it(text: str, mode: str, amount: int | None) -> None:
    _, back = read(text, TODAY).legs
    assert (back.origin, back.destination, back.mode, back.amount) == ("Sendai", "Tokyo", mode, amount)
    assert str(back.date) == "2026-11-14"


def test_a_return_beside_a_ride_is_its_ticket() -> None:
    [leg] = read("Tokyo to Sendai shinkansen return Nov 12, 22,820 yen", TODAY).legs
    assert (leg.round_trip, leg.amount) == (True, 22820)


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("2件。980円と1,260円", [(None, 980), (None, 1260)]),
        ("11/20 タクシー2件。980円と1,260円", [("タクシー", 980), ("タクシー", 1260)]),
        ("11/20 領収書2件 980円と1,260円", [(None, 980), (None, 1260)]),
        ("taxi 1,200 yen and 980 yen Nov 20", [("taxi", 1200), ("taxi", 980)]),
        ("11/20 駐車場 500円、800円、300円 計1,600円", [("駐車場", 500), ("駐車場", 800), ("駐車場", 300)]),
        ("11/20 昼食と夕食 1,100円と2,200円", [("昼食", 1100), ("夕食", 2200)]),
        ("11/20 コーヒー 130円×20本=2,600円", [("コーヒー", 2600)]),
        ("11/20 お茶 1,200円、税込1,320円", [("お茶", 1200)]),
        ("11/20 切手 840円、1,260円 バス", [("切手", 840), ("バス", 1260)]),
        (
            "3件です。切手 1,260円、封筒 550円、ボールペン 330円 11/17",
            [("切手", 1260), ("封筒", 550), ("ボールペン", 330)],
        ),
    ],
)
def test_no_amount_beside_another_is_lost(text: str, things: list[tuple[str | None, int]]) -> None:
    reading = read(text, TODAY)
    assert reading.kind == "expense"
    assert [(item.what, item.amount) for item in reading.expenses] == things


def test_amounts_of_a_way_stay_with_their_ways() -> None:
    legs = read("11/20 タクシー 980円(駅→役場)と1,260円(役場→駅)", TODAY).legs
    assert [(leg.origin, leg.amount) for leg in legs] == [("駅", 980), ("役場", 1260)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("昨日の夕食 取引先2名と当方1名 居酒屋とりまる 16,500円", "夕食"),  # where it was eaten names no other thing
        ("11/20 居酒屋とりまる 16,500円 4名", "居酒屋"),
        ("リモート会議用ヘッドセット 8,980円 先週木曜 ヨドバシ", "リモート会議用ヘッドセット"),
        ("出張用スーツケース 18,000円 11/20", "出張用スーツケース"),
        ("expressway toll 2,150 yen Nov 20", "expressway toll"),
    ],
)
def test_a_thing_keeps_its_name_beside_where_and_what_for(text: str, what: str) -> None:
    reading = read(text, TODAY)
    assert (reading.kind, [item.what for item in reading.expenses]) == ("expense", [what])


@pytest.mark.parametrize("name", ["青い森鉄道", "いすみ鉄道", "会津鉄道", "のと鉄道"])
def test_railways_with_kana_in_their_names(name: str) -> None:
    [leg] = read(f"11/20 駅から{name}で浅虫温泉 600円", TODAY).legs
    assert (leg.origin, leg.destination, leg.mode, leg.amount) == ("駅", "浅虫温泉", "train", 600)


def test_twice_a_fare_before_a_comma_is_there_and_back() -> None:
    [leg] = read("ferry Takamatsu - Naoshima 520 yen x 2, Nov 8, museum visit", TODAY).legs
    assert (leg.round_trip, leg.covers, leg.amount) == (True, "one_way", 520)
