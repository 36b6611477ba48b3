"""Each class of what notes say, in a few of its spellings: days, ways back, prices, houses, carriers, people."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.notes import read
from handlers.notes.reading import Reading

TODAY = date(2026, 11, 23)  # a Monday


def seen(text: str) -> Reading:
    return read(text, TODAY)


def days(text: str) -> tuple[str, str]:
    reading = seen(text)
    return str(reading.start), str(reading.end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("参加費 5,000円 セミナー 11/27", "2026-11-27", "2026-11-27"),  # paid for what is to come
        ("参加費 5,000円 セミナー 12/20", "2025-12-20", "2025-12-20"),
        ("今度の木曜 郡山→東京 バス", "2026-11-26", "2026-11-26"),
        ("次の月曜 郡山→東京 バス", "2026-11-30", "2026-11-30"),
        ("this coming Thursday Tokyo to Osaka by hikari", "2026-11-26", "2026-11-26"),
        ("upcoming Monday Tokyo to Osaka by hikari", "2026-11-30", "2026-11-30"),
        ("木〜金で富山出張予定、かがやき往復", "2026-11-26", "2026-11-27"),
        ("来週木〜金 大阪出張 新幹線往復", "2026-12-03", "2026-12-04"),
        ("来週月・火 大阪出張 新幹線往復", "2026-11-30", "2026-12-01"),
        ("Nov 12-13, Sendai trip by hikari", "2026-11-12", "2026-11-13"),
        ("11/25〜27 名古屋出張 のぞみ往復", "2026-11-25", "2026-11-27"),  # 27 名古屋 are no people
        ("Rental car 3 days (Nov 17-19) 18,900 yen", "2026-11-17", "2026-11-19"),
        ("さっき電池を買いました 638円", "2026-11-23", "2026-11-23"),
        ("taxi 900 yen just now", "2026-11-23", "2026-11-23"),
        ("tmrw Tokyo to Osaka by hikari", "2026-11-24", "2026-11-24"),
    ],
)
def test_days_lie_where_people_mean_them(text: str, start: str, end: str) -> None:
    assert days(text) == (start, end)


def test_ordinal_weekdays_of_a_following_week_count_from_the_day_spoken_of() -> None:
    assert days("11/9〜11/11 那覇出張 ゆいレール1日券 800円") == ("2026-11-09", "2026-11-11")  # 1日券 is no day
    assert days("11/18 大阪→東京 新幹線、翌週月曜 東京→大阪 新幹線") == ("2026-11-18", "2026-11-23")


def test_dictated_particles_leave_a_note_a_note() -> None:
    reading = seen("えーと、おとといにですね、会津若松まで行きまして、車で、片道62キロ、イベントの準備です")
    assert (reading.kind, reading.purpose, reading.legs[0].km) == ("trip", "イベントの準備", 62)
    assert seen("いい天気ですね").kind == "unknown"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("11/18 仙台出張 ホテル2泊 計19,000円", 19000),
        ("11/18 仙台出張 ホテル2泊 各8,500円", 17000),
        ("11/18 仙台出張 ホテル 1泊8,500円を2泊", 17000),
        ("11/18 仙台出張 ホテル 1泊8,500円×2泊", 17000),
        ("11/18 仙台出張 ホテル 2泊×8,500円", 17000),
        ("Hotel in Osaka, Nov 12, 1 night, 11,000", 11000),
    ],
)
def test_the_price_of_a_stay_is_for_all_its_nights(text: str, amount: int) -> None:
    [stay] = seen(text).lodging
    assert stay.amount == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("11/17 東京→仙台 新幹線 11,410円、11/18 新幹線で戻り 14,720円", 14720),
        ("11/17 東京→仙台 新幹線 11,410円、翌日戻り14,720円", 14720),
        ("Shinkansen Tokyo-Sendai ¥11,410 on 11/17. Back on the 18th by Shinkansen 14,720.", 14720),
        ("Shinkansen Tokyo-Sendai ¥11,410 on 11/17, came back, ¥14,720", 14720),
    ],
)
def test_the_amount_of_the_way_back_is_kept(text: str, amount: int) -> None:
    there, back = seen(text).legs
    assert (there.amount, back.amount, back.mode) == (11410, amount, "shinkansen")
    assert (back.origin, back.destination) == (there.destination, there.origin)


def test_the_same_fare_back_makes_a_return() -> None:
    for text in ("11/17 東京→仙台 新幹線 11,410円、帰りも同額", "11/17 東京→仙台 新幹線 11,410円×往復"):
        [leg] = seen(text).legs
        assert (leg.round_trip, leg.total) == (True, 22820), text


def test_an_amount_that_belongs_to_nothing_else_is_kept_with_its_words() -> None:
    [badge] = seen("Lyft SFO → Moscone Center $42.10 Nov 9; conference badge $1,200").expenses
    assert (badge.what, badge.amount) == ("conference badge", 1200)


@pytest.mark.parametrize(
    ("text", "what", "amount"),
    [
        ("コピー 10円x30枚 11/18", "コピー", 300),
        ("切手シート 10枚×84円 11/13", "切手シート", 840),
        ("印刷代 コンビニ 50円x14枚 700円 11/18", "印刷", 700),
        ("懇談会お茶代 130円×20本=2,600円 参加20名 11/16", "懇談会お茶", 2600),
        ("会議室利用料 3,300円(11/19 14-16時)", "会議室利用料", 3300),
        ("会議費 コーヒー 2,750円 11/19", "コーヒー", 2750),
        ("レターパックプラス3枚 1,800円 11/17", "レターパックプラス", 1800),
        ("うなぎ 3名 9,900円 11/17", "うなぎ", 9900),
        ("インターネット回線 10月分 5,280円", "インターネット回線", 5280),
        ('Books: "Data-Intensive Applications" ¥5,280 (Nov 15)', "Books", 5280),
    ],
)
def test_things_and_how_many_of_them(text: str, what: str, amount: int) -> None:
    [item] = seen(text).expenses
    assert (item.what, item.amount) == (what, amount)


@pytest.mark.parametrize(
    "text",
    ["旅館組合ヒアリング", "ホテル業界説明会", "宿泊業者ヒアリング", "バス協会訪問", "タクシー会社訪問", "A社訪問"],
)
def test_a_trade_is_no_ride_and_no_stay(text: str) -> None:
    reading = seen(f"11/17 {text} 郡山→東京 新幹線 8,340円")
    assert (reading.purpose, len(reading.legs), reading.lodging) == (text, 1, ())


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("11/17 猪苗代~郡山(磐越西線)~東京(新幹線) 視察", ["train", "shinkansen"]),
        ("11/17 東京→(新幹線)→岡山→(マリンライナー)→高松 視察", ["shinkansen", "train"]),
        ("11/27 伊丹→松山 ANA 12,300円 / 松山空港→道後 バス 790円 / 11/28 松山→伊丹 11,800円", ["air", "bus", "air"]),
        ("11/17 盛岡→宮古 106急行バス 2,000円 訪問", ["bus"]),
        ("11/17 仙台空港から関空へ Peach 7,480円", ["air"]),
        ("11/17 成田→仁川 大韓航空 38,400円", ["air"]),
        ("11/17 羽田→福岡 JAL313便 32,000円", ["air"]),
        ("11/17 HND→FUK 23,000円 打合せ", ["air"]),
        ("11/17 新潟→両津 佐渡汽船 2,960円", ["ship"]),
        ("11/17 竹芝港→大島港 5,000円 視察", ["ship"]),
        ("11/17 秋葉原〜つくば TX 1,210円", ["train"]),
        ("11/17 大手町〜新木場 りんかい線 280円", ["train"]),
        ("11/17 東京→福島 しんかんせん 8950えん", ["shinkansen"]),
        ("Tokyo to Kanazawa Kagayaki 14,380 Nov 17", ["shinkansen"]),
        ("11/17 駅→役場 タクシ代1230円", ["taxi"]),
        ("11/14 高速バス会津若松〜新宿 4,900円", ["bus"]),
        ("11/11-13 Taipei, EVA Air 48,000 round trip", ["air"]),
    ],
)
def test_ways_of_travelling(text: str, modes: list[str]) -> None:
    reading = seen(text)
    assert [leg.mode for leg in reading.legs] == modes
    assert all(leg.amount is None or leg.amount > 200 for leg in reading.legs)


def test_a_stay_that_was_called_off_is_no_stay() -> None:
    reading = seen("ホテル キャンセル料 4,000円 11/16")
    assert (reading.lodging, reading.expenses[0].amount) == ((), 4000)


def test_names_that_are_trains_too_stay_names() -> None:
    assert not seen("lunch with Mizuho Bank 3,000 yen yesterday").legs


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("宿泊:ホテルオークラ新潟 9,800円", "ホテルオークラ新潟"),
        ("アパホテル 9,200円", "アパホテル"),
        ("アパホテル 1泊 9,200円", "アパホテル"),
        ("東横イン仙台駅前 7,800円", "東横イン仙台駅前"),
        ("ルートイン 1泊 8,000円", "ルートイン"),
        ("宿泊 1泊 全国町村会館 8,000円", "全国町村会館"),
    ],
)
def test_houses_are_known_by_their_names(text: str, place: str) -> None:
    [stay] = seen(f"11/18 出張 {text}").lodging
    assert stay.place == place
    assert not seen("11/18 デザイン料 9,200円").lodging


@pytest.mark.parametrize(
    ("text", "origin", "destination"),
    [
        ("11/25 東京 6:32発 → 盛岡 8:45着 はやぶさ 15,010円", "東京", "盛岡"),
        ("12/9 19時羽田発→鹿児島 JAL", "羽田", "鹿児島"),
        ("12/2 飛行機 羽田発熊本行き 52,000円", "羽田", "熊本"),
        ("Taxi from Narita to the hotel, 23,400 yen, Nov 18", "Narita", "hotel"),
        ("11/25 京都で会議、東京から新幹線で13,970円", "東京", "京都"),
        ("11/21 郡山のほうに行きまして、電車で860円", None, "郡山"),
    ],
)
def test_where_a_ride_begins_and_ends(text: str, origin: str | None, destination: str) -> None:
    [leg] = seen(text).legs
    assert (leg.origin, leg.destination) == (origin, destination)
    assert leg.amount is None or leg.amount > 800


def test_a_return_on_a_later_line_than_its_aim() -> None:
    [leg] = seen("日時:11月16日\n行先:新潟市\n交通:新幹線 東京~新潟 往復 21,120円").legs
    assert (leg.origin, leg.round_trip, leg.amount) == ("東京", True, 21120)


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("11/20 接待 先方2名、当方2名 48,000円", (), 4),
        ("11/20 懇親会費 24,800円 参加者:田中、佐藤、先方3名 計5名", ("田中", "佐藤"), 5),
        ("11/20 歓迎会 8名で46,000円、うち先方2名", (), 8),
        ("11/20 お茶代 2,600円 参加20名", (), 20),
        ("11/20 山田商事と会食 2名 9,000円", ("山田商事",), 2),
        ("11/19 会食 15,000円 参加者 青葉商事 佐藤、自社 鈴木", ("佐藤", "鈴木"), None),
        ("11/19 会食 15,000円 参加者：青葉商事 佐藤様、自社 鈴木、自社 田中", ("佐藤", "鈴木", "田中"), None),
        ("11/19 会食 15,000円 参加者 青葉商事 佐藤様", ("佐藤",), None),
        ("11/19 会食 15,000円 参加者 青葉商事の佐藤様と自社の鈴木", ("佐藤", "鈴木"), None),
        ("11/19 会食 15,000円 参加者 青葉商事 営業部 佐藤、自社 鈴木 商談", ("佐藤", "鈴木"), None),
        ("11/19 会食 15,000円 参加者 山田商事 山田様、自社 2名", ("山田",), 3),
        ("11/19 会食 15,000円 参加者 自社 2名、青葉商事 佐藤", ("佐藤",), 3),
        ("11/19 会食 15,000円 参加者 佐藤、鈴木、ほか2名", ("佐藤", "鈴木"), 4),
        ("11/19 会食 15,000円 参加者 佐藤・鈴木 計5名", ("佐藤", "鈴木"), 5),
        ("11/19 会食 15,000円 参加者 青葉商事 商談", ("青葉商事",), None),
        ("Nov 19 dinner 15,000 yen attendees: John Smith, Mary Jones", ("John Smith", "Mary Jones"), None),
    ],
)
def test_who_took_part(text: str, names: tuple[str, ...], count: int) -> None:
    reading = seen(text)
    assert (reading.attendees, reading.attendees_count) == (names, count)


def test_kana_is_read_as_its_words() -> None:
    reading = seen("11/20 東京→福島 しんかんせん 8950えん うちあわせ 1ぱく")
    assert (reading.nights, reading.purpose, reading.legs[0].amount) == (1, "うちあわせ", 8950)


@pytest.mark.parametrize(
    "ride", ["湘南新宿ライン", "仙石東北ライン", "上野東京ライン", "しなの鉄道北しなの線", "仙石線", "海浜ライン"]
)
def test_a_named_line_is_a_train(ride: str) -> None:
    [leg] = seen(f"11/20 横浜→新宿 {ride} 580円 会議").legs
    assert (leg.origin, leg.destination, leg.mode, leg.amount) == ("横浜", "新宿", "train", 580)


@pytest.mark.parametrize("word", ["生産ライン", "オンライン", "公式ライン"])
def test_other_lines_are_none(word: str) -> None:
    [leg] = seen(f"11/20 東京→川崎 バス 300円 {word} 見学").legs
    assert leg.mode == "bus"
    assert seen(f"11/20 {word} 見学 東京→川崎 300円").legs[0].mode is None


@pytest.mark.parametrize("head", ["明日日帰りで名古屋、", "明日名古屋へ日帰り、", "明日、1泊で名古屋、"])
def test_the_aim_of_the_day_is_where_the_ride_behind_it_leads(head: str) -> None:
    [leg] = seen(f"{head}品川からのぞみ 11,300円、往復。打合せ").legs
    assert (leg.origin, leg.destination, leg.mode, leg.amount) == ("品川", "名古屋", "shinkansen", 11300)
    assert leg.round_trip
