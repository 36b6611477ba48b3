"""Card sales slip, the customer's copy: heading, terminal and approval numbers, the shop in the middle."""

from datetime import datetime
from random import Random

from bot.demo.receipts.layouts import blocks
from bot.demo.receipts.money import settle
from bot.demo.receipts.numbers import digits
from bot.demo.receipts.shops import shop
from bot.demo.receipts.slip import Slip
from bot.demo.receipts.style import style
from bot.demo.receipts.truth import Kind, Payment


def draw(rng: Random, when: datetime) -> blocks.Printed:
    place, look = shop(rng, "card_slip"), style(rng)
    amount = rng.choice((1, 10)) * rng.randint(90, 4200) * 5
    paid = settle(rng, amount, only=(Payment.CREDIT,))
    slip = Slip(rng.choice((26, 28, 30)), leading=1.26)

    slip.display(rng.choice(("クレジットカード売上票", "クレジット売上票", "カードお買上票")), 50, bold=True)
    slip.text("(お客様控え)", "center")
    slip.rule("line")
    slip.text("加盟店名", size=0.8)
    slip.display(place.name + (f" {place.branch}" if place.branch else ""), 50, "left")
    slip.text(f"TEL {place.phone}")
    slip.pair("端末番号", digits(rng, 13), size=0.9)
    slip.rule("dash")
    slip.pair("ご利用日", look.date(when.date()))
    slip.pair("時刻", f"{when:%H:%M}")
    slip.pair("カード会社", rng.choice(("VISA", "Mastercard", "JCB")))
    slip.text("会員番号", size=0.8)
    slip.text(f"XXXX-XXXX-XXXX-{paid.last4}", "right")
    slip.pair("伝票番号", digits(rng, 5))
    slip.pair("承認番号", digits(rng, 7))
    slip.pair("取引内容", "売上")
    slip.pair("支払区分", "一括")
    slip.rule("dash")
    slip.pair("金額", look.yen(amount))
    slip.pair("税・その他", look.yen(0))
    slip.pair(rng.choice(("合計金額", "合計")), look.yen(amount), tall=1.8, bold=True)
    slip.rule("line")
    slip.text("暗証番号により本人確認済" if rng.random() < 0.5 else "サインは不要です", size=0.9)
    return blocks.thermal(
        slip,
        blocks.truth("card_slip", place, when, amount, (), kind=Kind.CARD_SLIP, paid=paid, number=False, category=None),
    )
