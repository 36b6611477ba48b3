"""A line of text becomes a draft; what it does not say is asked in the chat, with buttons."""

from __future__ import annotations

from tests.scenarios.days import DAY, spoken
from tests.scenarios.script import dialogue, supervisor, worker

NOTE = dialogue(
    "A typed trip is asked for what it lacks, and is submitted",
    worker.says(f"{spoken(DAY)} 渋谷から客先まで電車 380円 往復"),
    worker.sees(
        "Draft", "渋谷⇔客先", "¥380", "Your note: {note}", buttons=("Submit", "Fill in what is missing", "Delete")
    ),
    worker.sees("Please send: {field}", "What the amount stands for"),
    worker.says("片道分"),
    worker.sees("Please send: {field}", "Purpose"),
    worker.says("納品の立会い"),
    worker.sees("Draft", "渋谷⇔客先", "¥760", "納品の立会い", without=("Fill in what is missing",)),
    worker.taps("Submit", on=("¥760", "納品の立会い")),
    supervisor.sees("渋谷⇔客先", "¥760", "納品の立会い", worker.name, buttons=("Approve",)),
)

AGAIN = dialogue(
    "An answer to a note's question that means nothing is asked again",
    worker.says("11/19 郡山→会津若松 電車 1,170円 往復"),
    worker.sees("Draft", "郡山⇔会津若松", "¥1,170"),
    worker.sees("Please send: {field}", "What the amount stands for"),
    worker.says("わかりません"),
    worker.sees("Please choose one of the suggestions."),
    worker.says("往復分"),
    worker.sees("Please send: {field}", "Purpose"),
    worker.says("町役場との協議"),
    worker.sees("Draft", "郡山⇔会津若松", "¥1,170", "町役場との協議", without=("Fill in what is missing",)),
)

DIALOGUES = (NOTE, AGAIN)
