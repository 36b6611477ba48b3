"""The main story and its branches: a photo becomes a claim, and the claim is decided."""

from __future__ import annotations

from tests.scenarios.days import DAY, shown
from tests.scenarios.script import EVERYWHERE, dialogue, number_of, receipt, supervisor, worker

OPEN_CARD = ("Approve", "Send back", "Reject")
READ = ("喫茶ひかり", shown(DAY), "¥1,040", "¥94", number_of("喫茶ひかり"))
GONE = (("Deleted", "Claim #{number} was deleted."),)  # in place where cards can be replaced, said where they cannot

APPROVED = dialogue(
    "A photo becomes an approved claim",
    worker.sends(receipt()),
    worker.sees("Draft", *READ, buttons=("Submit", "Edit", "Delete"), picture=True, times=1),
    worker.taps("Submit"),
    supervisor.sees("喫茶ひかり", "¥1,040", worker.name, buttons=OPEN_CARD, picture=True),
    supervisor.taps("Approve"),
    worker.sees("Approved by {who} ({when})", supervisor.name),
    worker.never_sees("Something went wrong on our side (reference {reference}). Please try again."),
    on=EVERYWHERE,
)

NOTE = dialogue(
    "The note sent with the photo becomes the purpose",
    worker.sends(receipt("文具のあおぞら", 550), note="企画書の印刷用紙"),
    worker.sees("文具のあおぞら", "企画書の印刷用紙", "Draft"),
    worker.taps("Submit", on=("企画書の印刷用紙",)),
    supervisor.sees("文具のあおぞら", "企画書の印刷用紙", worker.name),
)

RETURNED = dialogue(
    "Sent back with a reason, mended, and approved",
    worker.sends(receipt("旅館みずうみ", 8800)),
    worker.taps("Submit", on=("旅館みずうみ",)),
    supervisor.taps("Send back"),
    supervisor.fills({"Reason": "目的を書いてください"}),
    worker.sees("Sent back by {who} ({when}): {reason}", supervisor.name, "目的を書いてください"),
    worker.taps("Edit"),
    worker.fills({"Purpose": "磐梯町での打合せ"}),
    worker.taps("Submit", on=("磐梯町での打合せ",)),
    supervisor.sees("磐梯町での打合せ", "旅館みずうみ", "目的を書いてください", buttons=OPEN_CARD),
    supervisor.taps("Approve", on=("磐梯町での打合せ",)),
    worker.sees("Approved by {who} ({when})", supervisor.name),
    on=EVERYWHERE,
)

REJECTED = dialogue(
    "Rejected, with the reason that is asked for",
    worker.sends(receipt("居酒屋のれん", 12400)),
    worker.taps("Submit", on=("居酒屋のれん",)),
    supervisor.taps("Reject"),
    supervisor.fills({"Reason": "私的な飲食のため"}),
    worker.sees("Rejected by {who} ({when}): {reason}", "私的な飲食のため"),
    on=EVERYWHERE,
)

DELETED = dialogue(
    "A draft is deleted, and its old button does nothing",
    worker.sends(receipt("まちの書店", 1980)),
    worker.sees("まちの書店"),
    worker.keeps("draft", "まちの書店"),
    worker.taps("Delete"),
    worker.sees(*GONE),
    worker.taps("Submit", kept="draft"),
    worker.sees("Claim #{number} was deleted."),
    supervisor.never_sees("まちの書店"),
)

WITHDRAWN = dialogue(
    "Taken back before it was decided; a late approval changes nothing",
    worker.sends(receipt("まちの薬局", 715)),
    worker.taps("Submit", on=("まちの薬局",)),
    supervisor.sees("まちの薬局"),
    supervisor.keeps("card", "まちの薬局"),
    worker.commands("claims"),
    worker.taps("Open", on=("まちの薬局",)),
    worker.taps("Withdraw"),
    worker.waits(),
    worker.sees("まちの薬局", "Draft", buttons=("Submit",)),
    supervisor.taps("Approve", kept="card"),
    supervisor.sees("Claim #{number} was withdrawn. If it is submitted again, you get a new card."),
    worker.never_sees("Approved by {who} ({when})"),
)

TWO_RECEIPTS = dialogue(
    "Two claims wait side by side and are decided apart",
    worker.sends(receipt("喫茶ひかり", 500)),
    worker.taps("Submit", on=("¥500",)),
    supervisor.sees("¥500", buttons=OPEN_CARD),
    worker.sends(receipt("喫茶ひかり", 600)),
    worker.taps("Submit", on=("¥600",)),
    supervisor.sees("¥600", buttons=OPEN_CARD),
    supervisor.taps("Approve", on=("¥500",)),
    worker.sees("Approved by {who} ({when})", "¥500"),
    supervisor.commands("waiting"),
    supervisor.sees("Waiting for your decision", "¥600", without=("¥500",)),
    on=("slack", "line"),
)

DIALOGUES = (APPROVED, NOTE, RETURNED, REJECTED, DELETED, WITHDRAWN, TWO_RECEIPTS)
