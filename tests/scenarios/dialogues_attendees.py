"""Who took part in a meal is asked, understood as people write it, and shown with the amount a head."""

from __future__ import annotations

from tests.scenarios.script import EVERYWHERE, dialogue, receipt, supervisor, worker

SHOP = "喫茶みやこ鳥"
EACH = "{count} people, {head} each"
MISSING = "Please add a name or a number of people: {word}"
OVER = "{head} by head ({amount} for {persons}) is over {limit}: this is “{other}”, not “{category}”."

WANTED = "{category} {amount}: who took part is missing."

MEAL = dialogue(
    "A meal says who was there: the amount a head meets the limit at once, and one more person mends it",
    worker.sends(receipt(SHOP, 23400)),
    worker.sees("Draft", SHOP, "¥23,400", buttons=("Submit", "Attendees", "Delete")),
    worker.taps("Attendees", on=(SHOP,)),
    worker.fills({"Attendees": "朝凪物産"}, refused=MISSING),
    worker.waits(),
    worker.taps("Attendees", on=(SHOP,)),
    worker.fills({"Attendees": "朝凪物産 浜口様、自社 1名"}),
    worker.sees("Draft", SHOP, "朝凪物産 浜口様", EACH, "¥11,700", OVER),
    worker.taps("Attendees", on=(SHOP, "¥11,700")),
    worker.fills({"Attendees": "朝凪物産 浜口様、自社 2名"}),
    worker.sees("Draft", SHOP, EACH, "¥7,800", without=("¥11,700",)),
    worker.taps("Submit", on=(SHOP, "¥7,800")),
    supervisor.sees(SHOP, worker.name, "朝凪物産 浜口様", "自社 2名", EACH, "¥7,800", buttons=("Approve",)),
    on=EVERYWHERE,
)

DINNER = dialogue(
    "A meeting's meal of many thousand yen wants to know who was there; a coffee does not",
    worker.sends(receipt(SHOP, 480)),
    worker.sees("Draft", SHOP, "¥480", without=(WANTED,)),
    worker.sends(receipt(SHOP, 52_300)),
    worker.sees("Draft", SHOP, "¥52,300", WANTED, "租税特別措置法 第61条の4", buttons=("Attendees",)),
    worker.taps("Attendees", on=(SHOP, "¥52,300")),
    worker.fills({"Attendees": "朝凪物産 浜口様、自社 5名"}),
    worker.sees("Draft", SHOP, "¥52,300", EACH, without=(WANTED,)),
)

DIALOGUES = (MEAL, DINNER)
