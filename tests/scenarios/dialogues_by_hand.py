"""Expenses without a photo: entered by hand, a missing receipt declared, the photo found after all."""

from __future__ import annotations

from tests.scenarios.days import DAY, DAY_BEFORE, spoken
from tests.scenarios.script import dialogue, number_of, receipt, supervisor, worker

DECLARED = (
    worker.sees("Draft", "やまなみ売店", "¥1,430", buttons=("Submit", "Why no receipt")),
    worker.taps("Why no receipt", on=("やまなみ売店",)),
    worker.fills({"Why is there no receipt?": "無人販売所のため"}),
    worker.sees("やまなみ売店", "none: {reason}", "無人販売所のため"),
    worker.taps("Submit", on=("無人販売所のため",)),
    supervisor.sees("やまなみ売店", "¥1,430", "無人販売所のため", buttons=("Approve",)),
)

BY_FORM = dialogue(
    "An expense is entered in a form, its missing receipt is declared, and the approver reads why",
    worker.commands("new"),
    worker.taps("Enter by hand"),
    worker.fills(
        {"Payee": "やまなみ売店", "Total": "たくさん"}, refused="Please enter an amount in figures, for example 1280."
    ),
    worker.taps("Enter by hand"),
    worker.fills({"Date": f"{DAY_BEFORE}", "Payee": "やまなみ売店", "Total": "1,430", "Purpose": "会議の茶菓"}),
    *DECLARED,
    on=("slack", "web"),
)

BY_QUESTIONS = dialogue(
    "Where there are no forms an expense is asked for question by question; stopping leaves nothing behind",
    worker.says("手入力"),
    worker.sees("Please send: {field}", "Date"),
    worker.taps("Stop"),
    worker.sees("Stopped. Nothing was changed."),
    worker.says("手入力"),
    worker.says("11/19"),
    worker.sees("Please send: {field}", "Payee"),
    worker.says("やまなみ売店"),
    worker.sees("Please send: {field}", "Total"),
    worker.says("たくさん"),
    worker.sees("Please enter an amount in figures, for example 1280."),
    worker.says("1,430円"),
    worker.says("会議費"),
    worker.sees("Please send: {field}", "Purpose"),
    worker.says("会議の茶菓"),
    *DECLARED,
    on=("line",),
)

FOUND = dialogue(
    "The photo that comes later goes on the line that was entered",
    worker.says(f"{spoken(DAY)} のり 1,870円"),
    worker.sees("Draft", "のり", "¥1,870", buttons=("Why no receipt",)),
    worker.sends(receipt("海苔のさざなみ", 1870)),
    worker.sees("海苔のさざなみ", "This may be the receipt of #{number}, {payee}, which has none yet."),
    worker.taps("Put it on #{number}", on=("海苔のさざなみ",)),
    worker.sees("Draft", "のり", "¥1,870", number_of("海苔のさざなみ"), without=("Why no receipt",)),
)

DIALOGUES = (BY_FORM, BY_QUESTIONS, FOUND)
