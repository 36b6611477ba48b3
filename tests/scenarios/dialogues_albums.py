"""Receipts sent together: one message that counts, one list at the end, one tap for all that are clean."""

from __future__ import annotations

from tests.fakes.files import wall
from tests.scenarios.script import CHATS, Paper, dialogue, receipt, supervisor, worker

WALL = Paper(make=wall, name="wall.jpg", media_type="image/jpeg")
ANYTHING = "{anything}"  # braces stand for any words between
SHOPS = ("喫茶ひかり", "文具のあおぞら", "旅館みずうみ", "まちの書店")
NAMES = ("駅前", "港町", "大通り", "公園", "城下")


def album(count: int, first: int) -> list[Paper]:
    """Clean receipts of first, first + 110, … yen, each of another shop: several of one on a day are asked about."""
    return [receipt(f"{SHOPS[n % len(SHOPS)]} {NAMES[n // len(SHOPS)]}店", first + 110 * n) for n in range(count)]


def in_order(count: int, first: int) -> str:
    """The totals of an album, one after the other as its photos were sent."""
    return ANYTHING.join(f"¥{first + 110 * n:,}" for n in range(count))


ALBUM_OF_20 = dialogue(
    "An album of twenty is answered by one list and submitted by one tap",
    worker.sends(*album(20, 1100), shuffled=7),
    worker.sees("{count} receipts are read", "20", in_order(20, 1100), buttons=("Submit {count} together",), times=1),
    worker.never_sees("Draft", "登録番号"),
    worker.taps("Submit {count} together"),
    supervisor.sees(worker.name, "¥42,900", buttons=("Approve",)),
    supervisor.taps("Approve", on=("¥42,900",)),
    worker.sees("Approved by {who} ({when})", "¥42,900"),
    on=("slack", "line", "web"),
)

MIXED = dialogue(
    "An album with a receipt to check and a photo without one",
    worker.sends(*album(2, 2200), receipt("喫茶のぞみ", 5000, day=""), WALL),
    worker.sees(
        "{count} receipts are read",
        "¥2,200",
        "¥2,310",
        "¥5,000",
        "Not readable",
        "{count} of them want a look (⚠).",
        buttons=("Submit {count} together",),
    ),
    worker.taps("Submit {count} together"),
    supervisor.sees(worker.name, "¥4,510", without=("¥5,000",)),
    supervisor.taps("Approve", on=("¥4,510",)),
    worker.sees("Approved by {who} ({when})", "¥4,510"),
    on=("slack", "line", "web"),
)

OLD_PHONE = dialogue(
    "An album from an old phone that does not say how many photos there are",
    worker.sends(*album(3, 3300), shuffled=3, old_android=True),
    worker.sees("Receiving your photos…", times=1),
    worker.sees("{count} receipts are read", "3", in_order(3, 3300), times=1),
    on=("line",),
)

ONE_REQUEST = dialogue(
    "An album that comes in one request",
    worker.sends(*album(4, 4400), bundled=True, shuffled=5),
    worker.sees("{count} receipts are read", in_order(4, 4400), times=1),
    on=("line",),
)

_same = receipt("まちの書店", 6600)
SAME_TWICE = dialogue(
    "The same photo twice in one album is one claim",
    worker.sends(_same, _same, receipt("喫茶ひかり", 6710)),
    worker.sees("{count} receipts are read", "¥6,600", "¥6,710", "The same receipt is already in another claim."),
    worker.taps("Submit {count} together"),
    supervisor.sees(worker.name, "¥13,310", buttons=("Approve",)),
    on=CHATS,
)

LINE_BY_LINE = dialogue(
    "A claim of several receipts is looked at, sent back and mended line by line",
    worker.sends(*album(2, 7700)),
    worker.sees("{count} receipts are read", "¥7,700", "¥7,810", buttons=("Submit {count} together",)),
    worker.taps("Submit {count} together"),
    supervisor.sees(worker.name, "¥15,510", buttons=("Open", "Approve")),
    supervisor.taps("Open", on=(worker.name, "¥15,510")),
    supervisor.sees("1 / 2", "Registration no.", "¥7,", picture=True),
    supervisor.taps("Send back", on=(worker.name, "¥15,510")),
    supervisor.fills({"Reason": "1枚目の金額が違います"}),
    worker.sees("1枚目の金額が違います", buttons=("Open",)),
    worker.taps("Open", on=("1枚目の金額が違います",)),
    worker.sees("Sent back", "¥7,700", "¥7,810", "¥15,510", buttons=("Open", "Submit", "Delete")),
    worker.taps("Open", on=("Sent back", "¥7,700", "¥7,810", "¥15,510")),
    worker.sees("1 / 2", "¥7,", buttons=("Edit", "Take out"), picture=True),
    worker.taps("Edit", on=("1 / 2",)),
    worker.fills({"Total": "7000"}),
    worker.sees("Draft", "¥7,000", "¥14,", buttons=("Submit",)),
    on=("slack", "line", "web"),
)

TAKE_OUT = dialogue(
    "One receipt is taken out of a claim of several and goes its own way",
    worker.sends(*album(2, 8800)),
    worker.taps("Submit {count} together"),
    supervisor.taps("Send back", on=(worker.name, "¥17,710")),
    supervisor.fills({"Reason": "1枚目は別の申請にしてください"}),
    worker.taps("Open", on=("1枚目は別の申請にしてください",)),
    worker.sees("Sent back", in_order(2, 8800), "¥17,710", buttons=("Open", "Submit", "Delete")),
    worker.taps("Open", on=("Sent back", "¥8,800", "¥8,910", "¥17,710")),
    worker.sees("1 / 2", "¥8,800", buttons=("Edit", "Take out"), picture=True),
    worker.taps("Take out", on=("1 / 2",)),
    worker.sees("Draft", "¥8,800", without=("¥8,910",), buttons=("Submit", "Edit", "Delete"), picture=True),
    worker.sees("Draft", "¥8,910", without=("¥8,800",), buttons=("Submit", "Edit", "Delete"), picture=True),
    worker.taps("Submit", on=("Draft", "¥8,800", SHOPS[0])),
    supervisor.sees(worker.name, "¥8,800", without=("¥8,910",), buttons=("Approve",)),
    worker.taps("Take out", on=("1 / 2",)),
    worker.sees("This is the only receipt of the claim."),
    on=("slack", "line", "web"),
)

DIALOGUES = (ALBUM_OF_20, MIXED, OLD_PHONE, ONE_REQUEST, SAME_TWICE, LINE_BY_LINE, TAKE_OUT)
