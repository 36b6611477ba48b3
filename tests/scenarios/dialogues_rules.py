"""The organisation's rules in the chat: set by an administrator, met by a worker, read by who decides."""

from __future__ import annotations

from tests.scenarios.script import EVERYWHERE, administrator, dialogue, receipt, supervisor, worker

OPEN_CARD = ("Approve", "Send back", "Reject")
# Of one person and a category that no other dialogue uses: everybody here shares one organisation.
LIMIT = "rule limit-person person={worker.email} category=支払保険料 max=3000 from=2026-01-01 paragraph=旅費規程第8条"
UNEXPLAINED = (
    "This was found after it was handed in, and no reason was given: ask, send it back, or approve it knowingly."
)
OVER = "支払保険料：¥4,200 は"

REASON = dialogue(
    "Over a limit: a reason is asked for, and the approver reads it with the paragraph",
    administrator.commands(LIMIT),
    administrator.sees("The rule is set.", "limit-person", "needs a reason", "旅費規程第8条"),
    worker.sends(receipt("みずうみ旅行保険", 4200)),
    worker.sees(OVER, "¥1,200", "旅費規程第8条", "A reason is needed."),
    worker.taps("Submit", on=(OVER,)),
    worker.fills({"理由：個人の上限超過": "団体割引がない便のため"}),
    supervisor.sees(OVER, "旅費規程第8条", "団体割引がない便のため", buttons=OPEN_CARD),
    supervisor.taps("Approve", on=(OVER,)),
    worker.sees("Approved by {who} ({when})", supervisor.name),
    on=EVERYWHERE,
)

FOUND_SINCE = dialogue(
    "A rule that is set while a claim waits: the approver sees what it finds before the approval counts",
    worker.sends(receipt("みずうみ旅行保険", 2810)),
    worker.taps("Submit", on=("¥2,810",)),
    supervisor.sees("¥2,810", buttons=OPEN_CARD),
    administrator.commands(LIMIT.replace("max=3000", "max=2500")),
    administrator.sees("The rule is set.", "¥2,500"),
    supervisor.taps("Approve", on=("¥2,810",)),
    supervisor.sees("#{number} is not approved yet: something was found since it was shown to you."),
    supervisor.sees("支払保険料：¥2,810 は", "旅費規程第8条", UNEXPLAINED, buttons=OPEN_CARD),
    worker.sees_nothing_yet("Approved by {who} ({when})", "¥2,810"),
    supervisor.taps("Approve", on=("¥2,810", UNEXPLAINED)),
    worker.sees("Approved by {who} ({when})", supervisor.name, "¥2,810"),
    administrator.commands(LIMIT),
    administrator.sees("The rule is set.", "¥3,000"),
    on=EVERYWHERE,
)

STOPPED = dialogue(
    "Gift cards are no expense; the claim is stopped and says why",
    worker.sends(receipt("まちの書店", 3000, lines=("図書カード ¥3,000",))),
    worker.sees("まちの書店", "図書カード", "It cannot be submitted like this."),
    worker.taps("Submit", on=("図書カード",)),
    worker.sees("#{number} cannot be submitted. {why}", "図書カード"),
    supervisor.never_sees("図書カード"),
)

NOT_YOURS = dialogue(
    "Only administrators set rules, and they hear what is not understood",
    worker.commands("rule late off"),
    worker.sees("Only people with the role “{role}” can use this command."),
    administrator.commands("rule late days=すぐ"),
    administrator.sees("{name} is a whole number, for example {name}=30."),
    administrator.commands("ルール 申請の遅れ"),
    administrator.sees("late：申請の遅れ", "申請の期限（日数）。"),
)

DIALOGUES = (REASON, FOUND_SINCE, STOPPED, NOT_YOURS)
