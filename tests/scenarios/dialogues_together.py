"""Drafts submitted together, by hand and by month; put together only; taken apart again; a list that is old."""

from __future__ import annotations

from tests.scenarios.days import months_back, printed
from tests.scenarios.script import CHATS, colleague, dialogue, receipt, supervisor, worker

LIST = "{count} drafts can go together as #{number}"
BOTH = ("Submit together", "Only put together")
SENT = "{count} drafts were submitted together as #{number}."
NEXT_MONTH = months_back(5)  # months of which no other story tells
IN_ONE, IN_NEXT = {"day": printed(months_back(6))}, {"day": printed(NEXT_MONTH)}

BY_HAND = dialogue(
    "Two photos sent apart become one claim by a word, the others stay; the list does not work twice",
    worker.sends(receipt("喫茶やまぶき", 3130, **IN_ONE)),
    worker.notes("first", r"#(\d+) "),
    worker.sends(receipt("文具のともしび", 3240, **IN_ONE)),
    worker.sees("Draft", "¥3,240"),
    worker.notes("second", r"#(\d+) "),
    worker.sends(receipt("喫茶のぞみ", 3350, day="")),
    worker.sees("Draft", "¥3,350"),
    worker.says("{first}{second}をまとめて提出"),
    worker.sees(LIST, "¥3,130", "¥3,240", "¥6,370", without=("¥3,350",), buttons=BOTH),
    worker.keeps("list", LIST, "¥6,370"),
    worker.taps("Submit together", on=("¥6,370",)),
    supervisor.sees(worker.name, "¥3,130", "¥3,240", "¥6,370", buttons=("Approve",)),
    worker.taps("Submit together", kept="list"),
    worker.sees("The list has changed since. Nothing was put together.", "#{number} is in #{into} now."),
    supervisor.taps("Approve", on=("¥6,370",)),
    worker.sees("Approved by {who} ({when})", "¥6,370"),
    worker.never_sees("Approved by {who} ({when})", "¥3,350"),
)

BY_MONTH = dialogue(
    "The drafts of a month go together: those of another month are not in the list, requests and doubts are told",
    worker.sends(receipt("文具のみねぎし", 4130, **IN_ONE)),
    worker.sees("Draft", "¥4,130"),
    worker.sends(receipt("旅館なぎさ", 4240, **IN_NEXT)),
    worker.sees("Draft", "¥4,240"),
    worker.sends(receipt("喫茶かわせみ", 4350, **IN_NEXT)),
    worker.sees("Draft", "¥4,350"),
    worker.commands(f"まとめて {NEXT_MONTH:%Y-%m}"),
    worker.sees(LIST, "¥4,240", "¥4,350", "¥8,590", without=("¥4,130",), buttons=BOTH),
    worker.commands("together 13月"),
    worker.sees("Please write the numbers of your drafts, or a month: /keihi together 3 5, /keihi together 2026-11"),
    worker.taps("Submit together", on=("¥8,590",)),
    supervisor.sees(worker.name, "¥4,240", "¥4,350", "¥8,590", buttons=("Approve",)),
)

THEN_APART = dialogue(
    "Put together only, the purpose said once; an old card says where its draft went, and a line is taken out again",
    worker.sends(receipt("文具のはやて", 5130, **IN_ONE)),
    worker.notes("first", r"#(\d+) "),
    worker.sends(receipt("喫茶こだま", 5240, **IN_ONE)),
    worker.sees("Draft", "¥5,240", buttons=("Submit",)),
    worker.notes("second", r"#(\d+) "),
    worker.keeps("gone", "Draft", "¥5,240"),
    worker.commands("together {first}{second}"),
    worker.taps("Only put together", on=(LIST, "¥10,370")),
    worker.sees("Draft", "¥5,130", "¥5,240", "¥10,370", buttons=("Submit", "Purpose", "Open")),
    supervisor.sees_nothing_yet("¥10,370"),
    worker.taps("Purpose", on=("¥10,370",)),
    worker.fills({"Purpose": "公民館の壁の補修"}),
    worker.sees("Draft", "¥10,370", "公民館の壁の補修"),
    worker.taps("Submit", kept="gone"),
    worker.sees("#{number} is in #{into} now."),
    worker.taps("Open", on=("Draft", "¥10,370", "公民館の壁の補修")),
    worker.sees("1 / 2", "¥5,130", buttons=("Edit", "Take out"), picture=True),
    worker.taps("Take out", on=("1 / 2",)),
    worker.sees("Draft", "¥5,130", "公民館の壁の補修", without=("¥5,240",), buttons=("Submit", "Delete")),
    worker.sees("Draft", "¥5,240", "公民館の壁の補修", without=("¥5,130",), buttons=("Submit", "Delete")),
)

FROM_THE_LIST = dialogue(
    "The list of one's claims offers it; one that was corrected meanwhile is named, and another's list is not theirs",
    worker.sends(receipt("喫茶みずき", 6130, **IN_ONE)),
    worker.sees("Draft", "¥6,130", buttons=("Edit",)),
    worker.sends(receipt("文具のいぶき", 6240, **IN_ONE)),
    worker.sees("Draft", "¥6,240"),
    worker.commands("claims"),
    worker.sees("My claims", "¥6,130", "¥6,240", buttons=("Submit together",)),
    worker.taps("Submit together", on=("My claims",)),
    worker.sees(LIST, "¥12,370", buttons=BOTH),
    worker.keeps("list", LIST, "¥12,370"),
    colleague.taps("Submit together", kept="list"),
    colleague.sees("This list is not yours."),
    worker.taps("Edit", on=("Draft", "¥6,130")),
    worker.fills({"Total": "6030"}),
    worker.sees("Draft", "¥6,030"),
    worker.taps("Submit together", kept="list"),
    worker.sees("The list has changed since. Nothing was put together.", "It was corrected since: {fields}."),
    supervisor.never_sees("¥12,270"),
    on=CHATS,  # the demo's three people have no colleague, and their drafts are many
)

DIALOGUES = (BY_HAND, BY_MONTH, THEN_APART, FROM_THE_LIST)
