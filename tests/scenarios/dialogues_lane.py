"""The lane without an approver: opened and closed by two; a clean claim passes it, or is drawn to be looked at."""

from __future__ import annotations

from tests.scenarios.script import administrator, dialogue, receipt, supervisor, worker

# Printing is a category that no other dialogue claims: everybody here shares one organisation.
TERMS = "科目=印刷製本費 上限=3000 明細=不要 確認者={supervisor.email}"
BY_RULE = "Approved by the rules, without an approver ({when})"
AUDIT = "Random audit: everything was clean, and it was drawn to be looked at by a person."
# Two shops that no other dialogue buys from: what one issuer sells on a day counts together, whatever it is.
PRINTER, OTHER = "T4012345670001", "T3012345670002"
TOGETHER = "{count} receipts of {payee} on {day}, each not over {limit}, are {total} together."
OPENED = (
    administrator.commands("add {supervisor} {supervisor.email} roles=approver,admin"),
    administrator.sees("{name} was changed.", supervisor.name),
    administrator.commands(f"lane open {TERMS} 抜き取り=0.01%"),
    administrator.sees("Proposal: {what}", "¥3,000", "It comes into force when another administrator confirms it."),
    supervisor.sees("Proposal: {what}", "¥3,000", administrator.name, buttons=("Confirm", "Refuse")),
    supervisor.taps("Confirm", on=("¥3,000",)),
    administrator.sees("In force: {what}", "¥3,000", supervisor.name),
)
CLOSED = (
    administrator.commands("lane close 1 確認者={supervisor.email}"),
    supervisor.sees("Proposal: {what}", "Close a lane", buttons=("Confirm",)),
    supervisor.taps("Confirm", on=("Close a lane",)),
    administrator.sees("In force: {what}", "Close a lane", supervisor.name),
    administrator.commands("add {supervisor} {supervisor.email} roles=approver"),
)

PASSES = dialogue(
    "Two administrators open the lane; a clean claim passes, is reopened, and goes to the supervisor after all",
    *OPENED,
    worker.sends(receipt("架空印刷センター", 1370, registration=PRINTER, lines=("コピー代 ¥1,370",)), note="会議資料"),
    worker.taps("Submit", on=("¥1,370", "会議資料")),
    worker.sees(BY_RULE, "Checked: {checks}", PRINTER),
    supervisor.never_sees("¥1,370", "Random audit: looked at and found right."),
    worker.notes("claim", r"#\d+"),
    administrator.commands("lane reopen {claim} 印刷の内訳がありません"),
    administrator.sees("#{number} was reopened and waits for approval."),
    worker.sees("#{number}, which the rules had approved, was reopened by {name}: {reason}", "印刷の内訳がありません"),
    supervisor.sees("¥1,370", "印刷の内訳がありません", buttons=("Approve",)),
    supervisor.taps("Approve", on=("¥1,370",)),
    worker.sees("Approved by {who} ({when})", supervisor.name, "¥1,370"),
    *CLOSED,
)

AUDITED = dialogue(
    "One administrator may narrow a lane at once; what is drawn goes to the supervisor though it is clean",
    *OPENED,
    administrator.commands("lane change 1 抜き取り=100%"),
    administrator.sees("The lane is narrower from now on. That takes no second administrator.", "100%"),
    worker.sends(
        receipt("架空印刷センター", 1490, registration=PRINTER, lines=("コピー代 ¥1,490",)), note="説明会の資料"
    ),
    worker.taps("Submit", on=("¥1,490", "説明会の資料")),
    supervisor.sees("¥1,490", AUDIT, buttons=("Approve", "Send back")),
    supervisor.taps("Approve", on=("¥1,490",)),
    worker.sees("Approved by {who} ({when})", supervisor.name, "¥1,490"),
    *CLOSED,
)

IN_TWO = dialogue(
    "Two receipts of one shop and day that are over the lane together: the second goes to the supervisor",
    *OPENED,
    worker.sends(receipt("架空複写センター", 1610, registration=OTHER, lines=("コピー代 ¥1,610",)), note="会議資料"),
    worker.taps("Submit", on=("¥1,610", "会議資料")),
    worker.sees(BY_RULE, "¥1,610"),
    worker.sends(receipt("架空複写センター", 1590, registration=OTHER, lines=("コピー代 ¥1,590",))),
    worker.taps("Submit", on=("¥1,590",)),
    supervisor.sees("¥1,590", TOGETHER, "¥3,000", "¥3,200", buttons=("Approve", "Send back")),
    supervisor.taps("Approve", on=("¥1,590",)),
    worker.sees("Approved by {who} ({when})", supervisor.name, "¥1,590"),
    *CLOSED,
)

REFUSALS = dialogue(
    "Who may not open a lane, whom nobody can ask, and what cannot be reopened",
    worker.commands("lane open 科目=印刷製本費 上限=3000"),
    worker.sees("Only people with the role “{role}” can use this command."),
    administrator.commands("lane open 科目=印刷製本費"),
    administrator.sees("For example: /keihi lane open category=消耗品費,新聞図書費 max=5000 audit=10% statement=no"),
    administrator.commands("lane reopen 999999 まちがい"),
    administrator.sees("There is no claim {word}."),
    administrator.commands("lane report"),
    administrator.sees("The lane without an approver: {month}", "Drawn for an audit"),
)
# The demo has one administrator, and nobody makes another in this story.
ALONE = dialogue(
    "A single administrator is told that a lane takes two, and how to make another",
    administrator.commands("lane open 科目=印刷製本費 上限=3000"),
    administrator.sees(
        "The lane is a decision of two administrators, and you are the only one. "
        "“/keihi add NAME E-MAIL roles=admin” makes another."
    ),
    on=("web",),
)

DIALOGUES = (PASSES, AUDITED, IN_TWO, REFUSALS, ALONE)
