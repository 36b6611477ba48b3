"""More of what notes say: weeks in English, ways onward, houses in English, sides of a table, accounts of the books."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.notes import read

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Thu-Fri next week: Tokyo to Osaka by hikari", "2026-12-03", "2026-12-04"),
        ("next week Tuesday Tokyo to Osaka by hikari", "2026-12-01", "2026-12-01"),
        ("Wednesday of last week, Tokyo to Osaka by hikari", "2026-11-18", "2026-11-18"),
        ("先月末の30日 福島→新宿 夜行バス 4,800円", "2026-10-30", "2026-10-30"),
        ("タクシー代 想定8,000円 12/21", "2026-12-21", "2026-12-21"),  # what is expected lies ahead
    ],
)
def test_days_of_a_week_and_of_what_is_expected(text: str, start: str, end: str) -> None:
    reading = read(text, TODAY)
    assert (str(reading.start), str(reading.end)) == (start, end)


def test_a_way_goes_on_behind_its_fare() -> None:
    first, second = read("11/20 東京→福島 8,950円→会津若松 1,170円", TODAY).legs
    assert (second.origin, second.destination, second.amount) == (first.destination, "会津若松", 1170)


@pytest.mark.parametrize(
    ("text", "origin", "destination", "mode"),
    [
        ("11/20 福島駅 から 役場 まで バス 300円", "福島駅", "役場", "bus"),
        ("11/20 日帰りで米沢。つばさ往復 9,460円", None, "米沢", "shinkansen"),
        ("11/20〜21で鳥取、スーパーはくと往復 14,500円", None, "鳥取", "train"),
        ("11/18 高知→高松 しまんと4号 5,140円", "高知", "高松", "train"),
        ("11/18 Shin-Osaka to Hakata, Sakura 561, 15,600 yen", "Shin-Osaka", "Hakata", "shinkansen"),
        ("11/18 那覇 スカイマークで羽田から往復33,000円", "羽田", "那覇", "air"),
        ("11/18 市役所まで歩きと地下鉄260円", None, "市役所", "train"),
        ("Taxi from Kyoto Stn to Hotel Granvia 900 yen yesterday", "Kyoto Stn", "Hotel Granvia", "taxi"),
        ("成田空港→羽田空港 3,200円 11/20", "成田空港", "羽田空港", None),  # nobody flies between them
    ],
)
def test_where_one_goes_and_how(text: str, origin: str | None, destination: str, mode: str | None) -> None:
    [leg] = read(text, TODAY).legs
    assert (leg.origin, leg.destination, leg.mode) == (origin, destination, mode)
    assert leg.amount is not None
    assert leg.amount > 200


def test_rides_named_together_have_one_fare() -> None:
    [leg] = read("11/27 弘前 はやぶさ+奥羽本線 往復 35,420円", TODAY).legs
    assert (leg.destination, leg.mode, leg.amount, leg.round_trip) == ("弘前", "shinkansen", 35420, True)
    assert [leg.mode for leg in read("11/27 東京→長岡→柏崎 新幹線とバス 9,900円", TODAY).legs] == ["shinkansen", "bus"]
    [ship] = read("11/11 鹿児島→屋久島 トッピー 往復 19,200円", TODAY).legs  # no place, behind a way
    assert (ship.destination, ship.round_trip, ship.amount) == ("屋久島", True, 19200)


def test_a_day_behind_the_way_back_is_its_own() -> None:
    there, back = read("神戸空港→羽田 スカイマーク 9,800円 11/18 帰りはのぞみ 14,750円 20日", TODAY).legs
    assert (there.date, back.date) == (date(2026, 11, 18), date(2026, 11, 20))


def test_a_return_beside_its_kilometres() -> None:
    [leg] = read("日程:11/19\n行先:只見町\n手段:公用車(往復132km)", TODAY).legs
    assert (leg.round_trip, leg.km, leg.covers) == (True, 132, "round_trip")


def test_the_same_fare_both_ways_is_that_of_one() -> None:
    [leg] = read("高速バス仙台→山形 1,000円 11/10 往復とも同額", TODAY).legs
    assert (leg.round_trip, leg.total) == (True, 2000)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("APA Hotel 1 night 8,700 yen, Nov 18", "APA Hotel"),
        ("1 night at Dormy Inn Hakata 10,900 yen, Nov 18", "Dormy Inn Hakata"),
        ("11/18 リーガホテルゼスト高松 1泊 9,000円", "リーガホテルゼスト高松"),
    ],
)
def test_names_of_houses(text: str, place: str) -> None:
    [stay] = read(text, TODAY).lodging
    assert (stay.place, stay.nights) == (place, 1)


@pytest.mark.parametrize(
    ("text", "what", "amount"),
    [
        ("ホテル朝食代 1,800円 11/19", "ホテル朝食", 1800),  # eaten, not slept
        ("ホテルランチ 2,000円 11/19", "ホテルランチ", 2000),
        ("交際費 ゴルフコンペ 21,000円 11/7", "ゴルフコンペ", 21000),
        ("社内勉強会のピザ 6枚 14,820円 11/13", "ピザ", 14820),
        ("Starbucks w/ Ms. Kato, 2 pax, ¥1,180, last Tue", "Starbucks", 1180),
        ("会議費 3,000円 11/19", "会議費", 3000),
        ("年賀状印刷 150枚 9,800円 11/19", "年賀状印刷", 9800),
        ("バス回数券 3,000円 11/19", "バス回数券", 3000),
        ("説明会用お茶 120円×30本 3,600円 11/19", "説明会用お茶", 3600),
    ],
)
def test_what_was_bought(text: str, what: str, amount: int) -> None:
    reading = read(text, TODAY)
    [item] = reading.expenses
    assert (item.what, item.amount, reading.lodging) == (what, amount, ())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("会食 先方2名(田中様、佐藤様)、当方1名 21,000円 11/20", 3),
        ("夕食 5名(先方3名、当方2名) 21,000円 11/20", 5),
        ("夕食 県職員3名、当方2名 計5名 21,000円 11/20", 5),
    ],
)
def test_sides_add_up_and_a_whole_stands(text: str, count: int) -> None:
    assert read(text, TODAY).attendees_count == count


def test_money_of_other_countries() -> None:
    [leg] = read("Grab from KLIA to KL Sentral MYR 65 on Nov 9", TODAY).legs
    assert (leg.destination, leg.amount, leg.currency) == ("KL Sentral", 65, "MYR")
