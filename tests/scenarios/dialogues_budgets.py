"""Budgets in the chat: a line is granted, a stopped one refuses, and what is sent back is released."""

from __future__ import annotations

from tests.scenarios.script import administrator, dialogue, receipt, supervisor, worker

# A department of its own: everybody here shares one organisation, and nobody else's expenses are to meet this line.
LINE = "department={worker.email} name=駅前調査 stopped=yes"

STOPPED = dialogue(
    "A stopped budget refuses at approval and at submission; what is sent back is released",
    administrator.commands("add {worker} {worker.email} department={worker.email}"),
    administrator.sees("{name} was changed."),
    worker.commands(f"budget set 900000 {LINE}"),
    worker.sees("Only people with the role “{role}” can use this command."),
    worker.sends(receipt("測量のこだま", 4310)),
    worker.taps("Submit", on=("¥4,310",)),
    supervisor.sees("¥4,310", buttons=("Approve",)),
    administrator.commands(f"budget set 3000 {LINE}"),
    administrator.sees("The budget is set.", "駅前調査", "¥3,000"),
    supervisor.taps("Approve", on=("¥4,310",)),
    supervisor.sees("#{number} cannot be approved as it is. {why} Please send it back.", "駅前調査", "¥1,310"),
    administrator.commands(f"budget set 6000 {LINE}"),
    administrator.sees("The budget is set.", "¥6,000"),
    supervisor.taps("Approve", on=("¥4,310",)),
    worker.sees("Approved by {who} ({when})", "¥4,310"),
    worker.sends(receipt("測量のこだま", 2210)),
    worker.sees("¥2,210", "駅前調査", "¥1,690", "¥520", "It cannot be submitted like this."),
    worker.taps("Submit", on=("¥2,210",)),
    worker.sees("#{number} cannot be submitted. {why}", "駅前調査", "¥520"),
    worker.sends(receipt("測量のこだま", 970)),
    worker.sees("{line} ({year}): {left} left, {after} after this claim", "¥1,690", "¥720"),
    worker.taps("Submit", on=("¥970",)),
    supervisor.sees("¥970", "{line} ({year}): {left} left, this claim taken off", "¥720"),
    supervisor.taps("Send back", on=("¥970",)),
    supervisor.fills({"Reason": "次の期にお願いします"}),
    worker.sees("Sent back by {who} ({when}): {reason}", "¥970"),
    worker.commands("budget"),
    worker.sees("Budget of the year {year}: {count} lines", "駅前調査", "¥1,690", without=("¥720",)),
    administrator.commands("add {worker} {worker.email} department=企画課"),
    administrator.sees("{name} was changed.", times=2),
)

DIALOGUES = (STOPPED,)
