"""Each field of a receipt by itself: what is printed, and what must not be mistaken for it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ocr import engines, opinion, reader
from ocr.engines import Pixels, TextLine
from ocr.extract import extract
from ocr.reading import Payment, Reading
from tests.ocr.paper import TODAY, lines, read

HEAD = """
喫茶みずうみ
緑町店
神奈川県青葉市緑町1-2-3
TEL 045-555-0134
2026年10月 5日(月) 18:09
"""
SUM = "ブレンド | ¥1,500\n合計 | ¥1,500\n"


def items(reading: Reading) -> list[tuple[str, int, int, bool]]:
    return [(item.name, item.quantity, item.amount, item.reduced) for item in reading.items.value or ()]


@pytest.mark.parametrize(
    ("printed", "payment"),
    [
        ("現金 | ¥1,500", Payment("cash")),
        ("お預り | ¥2,000\nお釣り | ¥500", Payment("cash")),
        ("お預かり | ¥1,500\nお釣り | ¥0", Payment("cash")),
        ("クレジット | ¥1,500\nVISA\nカード番号 | ************4321", Payment("card", "VISA", "4321")),
        ("クレジットカード | ¥1,500\nカード番号 | *4321", Payment("card", "", "4321")),
        ("JCB | ¥1,500\nXXXX-XXXX-XXXX-1297", Payment("card", "JCB", "1297")),
        ("Suica支払 | ¥1,500", Payment("ic", "Suica")),
        ("交通系IC | ¥1,500", Payment("ic", "交通系IC")),
        ("iD支払 | ¥1,500", Payment("ic", "iD")),
        ("PayPay | ¥1,500", Payment("qr", "PayPay")),
        ("d払い | ¥1,500", Payment("qr", "d払い")),
        ("QR決済 | ¥1,500", Payment("qr")),
    ],
)
def test_how_it_was_paid(printed: str, payment: Payment) -> None:
    assert read(HEAD + SUM + printed).payment.value == payment


def test_a_bare_card_abroad_and_a_tip() -> None:
    reading = read(
        "CORNER DINER\n12 Main St, Springfield, IL 62701\n04/09/2026 1:05 PM\n2 Burger | $25.00\nSubtotal | $25.00\n"
        "Tax | $2.00\nTip | $5.00\nTotal | $32.00\nCard ****4329 | $32.00"
    )
    assert reading.payment.value == Payment("card", "", "4329")
    assert (reading.total.value, reading.tip.value) == (3200, 500)
    assert items(reading) == [("Burger", 2, 2500, False)]


def test_service_charge_and_number_of_persons() -> None:
    reading = read(
        HEAD
        + "卓番 B9 | 人数 4名\nコース | ¥20,000\n小計 | ¥20,000\nサービス料 | ¥2,000\n合計 | ¥22,000\n現金 | ¥22,000"
    )
    assert (reading.service_charge.value, reading.persons.value, reading.total.value) == (2000, 4, 22000)
    assert reading.addressee.value is None


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("塩さば半身\n¥298 x 2点 | ¥596", ("塩さば半身", 2, 596, False)),
        ("木綿豆腐 x3 | ¥264", ("木綿豆腐", 3, 264, False)),
        ("白菜1/4\n2コX単98 | ¥196", ("白菜1/4", 2, 196, False)),
        ("煮玉子入り @1,100x 2枚 | ¥2,200", ("煮玉子入り", 2, 2200, False)),
        ("たまごL10個 | ¥248", ("たまごL10個", 1, 248, False)),  # ten in a pack
        ("救急バン30枚 x4 | ¥1,392", ("救急バン30枚", 4, 1392, False)),
        ("軽有機バナナ | ¥178", ("有機バナナ", 1, 178, True)),
        ("幕の内弁当 | ¥594※", ("幕の内弁当", 1, 594, True)),
        ("*国産牛乳 | ¥238", ("国産牛乳", 1, 238, True)),
        ("レジ袋L | ¥5", ("レジ袋L", 1, 5, False)),
        ("ﾄｲﾚｯﾄﾍﾟｰﾊﾟｰ12R | ¥458", ("トイレットペーパー12R", 1, 458, False)),
    ],
)
def test_goods_with_their_count_and_mark(rows: str, wanted: tuple[str, int, int, bool]) -> None:
    total = wanted[2] + 330
    reading = read(f"{HEAD}{rows}\n紅茶 | ¥330\n合計 | ¥{total:,}\n")
    assert items(reading) == [wanted, ("紅茶", 1, 330, False)]


def test_an_invoice_says_its_sum_above_the_table_too() -> None:
    reading = read(
        """
        請求書
        霧ヶ沢市役所 御中 | 請求番号 9779878
        請求日 2026年 9月4日
        ご請求金額 | ¥44,869-
        株式会社風見事務機
        登録番号 T8999984281630
        品目 | 数量 | 単価 | 金額
        名札ケース50個 | 1 | 4,250 | 4,250
        カウンター料812枚 | 3 | 12,180 | 36,540
        小計 | 40,790円
        10%対象 40,790円 消費税 | 4,079円
        合計 | 44,869円
        """
    )
    assert (reading.kind.value, reading.total.value) == ("invoice", 44869)
    assert items(reading) == [("名札ケース50個", 1, 4250, False), ("カウンター料812枚", 3, 36540, False)]


def test_a_ticket_names_its_station_and_its_fare() -> None:
    reading = read(
        """
        領収書
        発行日時 | 2026/09/11(金)16:10
        大橋 → 風見
        乗車券 1枚 | 370円
        合計金額 | 370円
        現金 | 370円
        お釣り | 0円
        風見高原鉄道
        月見沢駅C06発行
        登録番号 T1999946810466
        """
    )
    assert (reading.kind.value, reading.issuer.value, reading.branch.value) == ("ticket", "風見高原鉄道", "月見沢駅")
    assert (reading.paid.value, reading.change.value) == (370, 0)


def test_a_made_out_receipt_by_hand() -> None:
    reading = read(
        """
        領収証 | No.0208
        株式会社こもれび商事 | 様 | 令和8年10月2日
        ¥10,0001
        但 | 工具代 | として
        上記正に領収いたしました
        霧ヶ沢金物店 | 霧ヶ
        山形県花園市中央4-9-2
        TEL 052-049-8267
        """
    )
    assert (reading.kind.value, reading.total.value) == ("ryoshusho", 10000)  # the dash after the sum came back as 1
    assert (reading.addressee.value, reading.description.value) == ("株式会社こもれび商事", "工具代")
    assert reading.issuer.value == "霧ヶ沢金物店"


@pytest.mark.parametrize(
    "trap",
    [
        "毎度ありがとうございます",
        "クレジットカード売上票",
        "神奈川県青葉市緑町1-2-3",
        "お客様控え",
        "電子マネー",
        "領収書",
    ],
)
def test_slogans_headings_and_addresses_are_not_the_issuer(trap: str) -> None:
    assert read(f"{trap}\n喫茶みずうみ\nTEL 045-555-0134\n2026/10/05 12:10\n{SUM}").issuer.value == "喫茶みずうみ"


@pytest.mark.parametrize("printed", ["ヨ一クベニマル", "ヨ-クベニマル", "ヨークベニマ儿"])
def test_a_brand_is_known_through_look_alikes(printed: str) -> None:
    assert read(f"{printed}\n緑町店\nTEL 045-555-0134\n2026/10/05 12:10\n{SUM}").issuer.value in (
        "ヨークベニマル",
        printed,
    )


@pytest.mark.parametrize("logo", ["KガまCん", "ガまCた", "SUPER MARKET"])
def test_a_logo_that_could_not_be_read_is_doubted(logo: str) -> None:
    assert "issuer" in read(f"{logo}\nTEL 045-555-0134\n登録番号 T1\n2026/10/05 12:10\n{SUM}").doubts


def test_abroad_the_company_under_the_logo_is_the_issuer() -> None:
    reading = read(
        "bubblehaus\nOTTERGATE ENTERPRISE SDN BHD\nJALAN MAWAR 3, 43000 KAJANG, SELANGOR\nDate: 24/09/2026\n"
        "Tea | 4.50\nTotal (RM) | 4.50\nCash | 10.00\nChange | 5.50"
    )
    assert reading.issuer.value == "OTTERGATE ENTERPRISE SDN BHD"


def test_months_are_read_with_digits_for_letters() -> None:
    text = "Old Harbour Inn\n3 Quay Street, Dunmore\nDate | 11 0ctober 2025\nRoom charge | € 138.00\nTOTAL | € 138.00\n"
    assert str(read(text).date.value) == "2025-10-11"


class Witness:
    """An engine that reads one text, whatever it is shown."""

    name = "witness"

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown: list[tuple[int, ...]] = []

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]:
        self.shown.append(pixels.shape)
        return [TextLine(self.text, 0.9, ((0, 0), (90, 0), (90, 20), (0, 20)))]


@pytest.mark.parametrize(("text", "agrees"), [("¥8,700-", True), ("48,700", False), ("¥3,700-", False), ("", False)])
def test_a_second_engine_settles_a_doubted_total_only_by_agreeing(
    text: str, agrees: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Witness(text)
    monkeypatch.setattr(opinion, "second", lambda name: witness)
    reading = read("領収証\n株式会社こもれび商事 様\n令和8年10月2日\n¥8,700-\n但 工具代 として\n霧ヶ沢金物店\n")
    assert (reading.total.value, reading.total.doubted) == (8700, True)
    asked = opinion.ask(reading, np.full((800, 700, 3), 255, np.uint8), 1.0, "rapidocr", TODAY)
    assert asked.total.value == 8700
    assert asked.total.doubted is not agrees
    assert witness.shown
    assert all(height < 80 for height, *_ in witness.shown)  # a line was shown, not the picture


def test_nobody_is_asked_where_nothing_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinion, "second", lambda name: pytest.fail("asked"))
    reading = read(HEAD + SUM + "現金 | ¥1,500")
    assert opinion.ask(reading, np.zeros((9, 9, 3), np.uint8), 1.0, "rapidocr", TODAY) is reading


@pytest.mark.skipif(not engines.installed("tesseract"), reason="tesseract is not installed")
def test_the_second_engine_is_one_with_other_weights() -> None:
    asked = opinion.second("rapidocr")
    assert asked is not None
    assert asked.name == "tesseract"
    assert opinion.second("tesseract") is None


def test_rows_hold_together_on_curled_paper() -> None:
    """The right edge hangs lower from row to row; labels keep their amounts."""
    bent = []
    for line in lines(HEAD + "小計 | ¥1,400\n消費税 | ¥140\n合計 | ¥1,540\n現金 | ¥2,000\nお釣り | ¥460"):
        quad = tuple((x, y + 0.00012 * (x - 40) ** 2 * 0.5) for x, y in line.quad)
        bent.append(TextLine(line.text, line.score, quad))  # type: ignore[arg-type]
    reading = extract(bent, today=TODAY)
    assert (reading.total.value, reading.paid.value, reading.change.value) == (1540, 2000, 460)


class Looks:
    """An engine that reads one text at the first look and another one at the closer look."""

    name = "looks"

    def __init__(self, first: str, closer: str) -> None:
        self.texts = {reader.FIND_SIDE: first, reader.CLOSER_SIDE: closer}
        self.sides: list[int] = []

    def read(self, pixels: Pixels, long_side: int) -> list[TextLine]:
        self.sides.append(long_side)
        return lines(self.texts[long_side])


MADE_OUT = "領収証\n株式会社こもれび商事 様\n令和8年10月2日\n{}\n但 工具代 として\n霧ヶ沢金物店\nTEL 052-049-8267\n"


@pytest.mark.parametrize(
    ("first", "closer", "total", "doubted", "sides"),
    [
        (MADE_OUT.format("¥8,700-"), MADE_OUT.format("¥8,700-"), 8700, False, [1120, 1760]),
        (MADE_OUT.format("¥8,700-"), MADE_OUT.format("¥3,700-"), 8700, True, [1120, 1760]),
        (MADE_OUT.format(""), MADE_OUT.format("¥8,700-\n現金 | ¥8,700"), 8700, False, [1120, 1760]),
        (HEAD + SUM + "現金 | ¥1,500", "", 1500, False, [1120]),
        (HEAD.replace("2026", "2009").replace("(月)", "") + SUM + "現金 | ¥1,500", "", 1500, False, [1120]),
    ],
    ids=["read alike twice", "read otherwise", "found at the closer look", "nothing in doubt", "an old date is clear"],
)
def test_a_closer_look_is_taken_once_and_only_where_it_may_help(
    first: str, closer: str, total: int, doubted: bool, sides: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Looks(first, closer)
    monkeypatch.setattr(reader, "_engine", lambda settings: engine)
    monkeypatch.setattr(opinion, "second", lambda name: None)
    reading = reader.read(Image.new("RGB", (1200, 1600), "white"))
    assert (reading.total.value, reading.total.doubted) == (total, doubted)
    assert engine.sides == sides
