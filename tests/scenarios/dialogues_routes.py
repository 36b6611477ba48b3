"""Ways of more than one step: who is asked when, what is taken back, what changed since the last time."""

from __future__ import annotations

from tests.scenarios.script import administrator, dialogue, receipt, supervisor, worker

DECIDE = ("Approve", "Send back", "Reject")

TWO_STEPS = dialogue(
    "A large claim takes two steps; the first is taken back in time, and decided again",
    administrator.commands("add {worker} {worker.email} grade={worker.email}"),
    administrator.sees("{name} was changed."),
    administrator.commands("route add 高額 grade={worker.email} amount=64300..64399 : 上司 > 局長"),
    administrator.sees(
        "“{word}” is neither a post nor a role. A place of a step is 上司, a post, 役割:経理 or an e-mail address. "
        "Posts are made like this: /keihi post 課長 department=総務課 holder=E-MAIL",
        "局長",
    ),
    administrator.commands("route add 高額 grade={worker.email} amount=64300..64399 : 上司 > {administrator.email}"),
    administrator.sees("Route {number} was added."),
    worker.sends(receipt("家具のもり", 64310)),
    worker.sees("Draft", "¥64,310", "This claim goes: {route}.", administrator.name),
    worker.taps("Submit", on=("¥64,310",)),
    supervisor.sees("¥64,310", worker.name, "Route: {route}", buttons=DECIDE),
    administrator.sees_nothing_yet("¥64,310"),
    supervisor.taps("Approve", on=("¥64,310",)),
    administrator.sees("¥64,310", worker.name, buttons=DECIDE),
    administrator.keeps("card", "¥64,310", worker.name),
    supervisor.taps("Undo"),
    supervisor.sees("¥64,310", buttons=DECIDE),
    administrator.taps("Approve", kept="card"),
    administrator.sees("Claim #{number} waits for {names} now, not for you.", supervisor.name),
    supervisor.taps("Approve", on=("¥64,310",)),
    administrator.sees("¥64,310", buttons=DECIDE),
    administrator.taps("Approve", on=("¥64,310",)),
    worker.sees("Approved by {who} ({when})", administrator.name, "¥64,310"),
)

CHANGED = dialogue(
    "Who decides again sees what changed since the last submission",
    worker.sends(receipt("旅館かわべ", 9930)),
    worker.taps("Submit", on=("¥9,930",)),
    supervisor.taps("Send back", on=("¥9,930",)),
    supervisor.fills({"Reason": "用務を書いてください"}),
    worker.sees("Sent back by {who} ({when}): {reason}", "用務を書いてください"),
    worker.taps("Edit"),
    worker.fills({"Purpose": "河川工事の立会い"}),
    worker.taps("Submit", on=("河川工事の立会い",)),
    supervisor.sees("Changed: {field} {old} → {new}", "河川工事の立会い", "¥9,930", buttons=DECIDE),
)

DIALOGUES = (TWO_STEPS, CHANGED)
