"""領収証 from a stationer's pad: a printed frame, filled in by hand: addressee, sum, purpose, date, seal."""

from datetime import datetime
from random import Random

from PIL import Image, ImageDraw

from bot.demo.receipts import pen as handwriting
from bot.demo.receipts.fonts import font
from bot.demo.receipts.layouts import blocks, stamps
from bot.demo.receipts.shops import ADDRESSEES, FAMILY_NAMES, shop
from bot.demo.receipts.style import era_year
from bot.demo.receipts.truth import Kind, TaxLine

SIZE = (1760, 800)
FRAMES = ((36, 110, 84), (44, 84, 140), (150, 66, 60), (70, 70, 78))
INKS = ((28, 40, 104), (34, 34, 40), (22, 30, 78))
PURPOSES = {
    "割烹 千鳥ヶ原": ("御食事代", "御会食代"),
    "和菓子処 うさぎ山": ("手土産代", "会議用菓子代"),
    "風見印刷所": ("名刺印刷代", "印刷代"),
    "花の店 すずらん坂": ("花代", "お祝い花代"),
    "霧ヶ沢金物店": ("工具代", "お品代"),
    "大曲クリーニング": ("作業着洗濯代", "クリーニング代"),
    "酒肴 あかね橋": ("飲食代", "御飲食代"),
}

# Sells food to take away, which bears the reduced rate.
FOOD = ("和菓子処 うさぎ山",)


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place = shop(rng, "handwritten")
    amount = rng.choice((10, 100, 100, 1)) * rng.randint(12, 480)
    amount = amount if amount >= 300 else amount + 1200
    rate = 8 if place.name in FOOD else 10
    tax = amount * rate // (100 + rate)
    addressee, purpose = rng.choice(ADDRESSEES), rng.choice(PURPOSES[place.name])
    with_number, with_tax = rng.random() < 0.8, rng.random() < 0.7
    frame, hand, red = (Image.new("L", SIZE, 0) for _ in range(3))
    ruled = ImageDraw.Draw(frame)

    def put(x: int, y: int, text: str, size: int, anchor: str = "la") -> None:
        ruled.text((x, y), text, font=font("serif", size), fill=255, anchor=anchor)

    ruled.rectangle((28, 28, SIZE[0] - 29, SIZE[1] - 29), outline=200, width=3)
    if rng.random() < 0.6:
        ruled.rectangle((38, 38, SIZE[0] - 39, SIZE[1] - 39), outline=160, width=1)
    put(SIZE[0] // 2, 66, rng.choice(("領　収　証", "領　収　書")), 78, "ma")
    put(SIZE[0] - 90, 92, f"No. {rng.randint(1, 999):04d}", 32, "ra")
    ruled.line((100, 262, 860, 262), fill=220, width=3)
    put(870, 206, "様", 54)
    ruled.rectangle((230, 300, SIZE[0] - 230, 410), fill=34)
    ruled.line((230, 410, SIZE[0] - 230, 410), fill=230, width=4)
    ruled.line((250, 486, 1160, 486), fill=180, width=2)
    put(190, 440, "但", 42)
    put(1180, 440, "として", 40)
    put(190, 512, "上記正に領収いたしました", 34)

    write = handwriting.Hand(rng)
    write.line(hand, addressee, (120, 176), 76)
    sum_x = 470 + rng.randint(-60, 60)
    write.line(hand, f"¥{amount:,}-", (sum_x, 306), 100)
    write.line(hand, purpose, (280, 424), 58)
    era = rng.random() < 0.6
    day = when.date()
    if era:
        put(1060, 204, "令和", 40)
        slots = (era_year(day), day.month, day.day)
    else:
        put(1050, 204, "20", 40)
        slots = (day.year % 100, day.month, day.day)
    x = 1150 if era else 1096
    for value, unit in zip(slots, "年月日", strict=True):
        write.line(hand, str(value), (x + (20 if value < 10 else 0), 194), 58)
        put(x + 96, 204, unit, 40)
        x += 160

    ruled.rectangle((110, 580, 250, 730), outline=140, width=2)
    put(180, 612, "収入", 30, "ma")
    put(180, 656, "印紙", 30, "ma")
    if with_tax:
        put(300, 590, "内訳", 30)
        put(300, 640, f"{rate}%対象", 30)
        write.line(hand, f"{amount:,}", (450, 624), 46)
        put(300, 696, "消費税額等", 30)
        write.line(hand, f"{tax:,}", (480, 680), 46)
        for y in (684, 738):
            ruled.line((300, y, 720, y), fill=140, width=1)
    put(900, 566, place.name, 50)
    put(900, 636, place.address, 27)
    put(900, 674, f"TEL {place.phone}", 30)
    if with_number:
        put(900, 714, f"登録番号 {place.registration_number}", 30)
    person = rng.choice(FAMILY_NAMES)
    red.paste(stamps.company_seal(place.name, 150, rng), (1480, 548))
    red.paste(stamps.name_seal(person, 82, rng), (1622, 642))

    return blocks.Printed(
        ((frame, rng.choice(FRAMES)), (hand, rng.choice(INKS)), (red, stamps.VERMILION)),
        blocks.truth(
            "handwritten",
            place,
            when,
            amount,
            (TaxLine(rate, amount, tax, True),) if with_tax else (),
            kind=Kind.RYOSHUSHO,
            number=with_number,
            clock=False,
            addressee=addressee + " 様",
            purpose=purpose,
            category=None,
        ),
        "form",
    )
