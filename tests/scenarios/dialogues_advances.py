"""An advance goes with a trip's request: approved, paid out once, and given back when the trip is off."""

from __future__ import annotations

from datetime import date, timedelta

from tests.scenarios.script import Step, administrator, dialogue, receipt, supervisor, worker

REQUEST = "#{number} Trip request: {status}"
AHEAD = date.today() + timedelta(days=19)
PURPOSE = "酒造組合の会合"
APPROVED = "#{number}: an advance of {amount} is approved"
PAID = "#{number}: the advance of {amount} was paid."
TWICE = "The advance of #{number} was paid already ({when})."
CLOSED = "#{number}: {rest} of the advance came back. It is closed."


def _paid() -> tuple[Step, ...]:
    """Asked for with a request, too much at first; approved, and paid out by the accountant, once."""
    return (
        administrator.commands("advance"),  # of many accountants those who were here last are told
        administrator.sees(("No advance is open.", "Open advances: {count}")),
        worker.says(f"{AHEAD.month}/{AHEAD.day} 郡山→喜多方 電車 1,980円 往復分 {PURPOSE} 日帰り"),
        worker.taps("Edit", on=(REQUEST, PURPOSE)),
        worker.fills({"Advance wanted": "95,000"}, refused="An advance cannot be more than the estimate ({amount})."),
        worker.waits(),
        worker.taps("Edit", on=(REQUEST, PURPOSE)),
        worker.fills({"Advance wanted": "1,870"}),
        worker.sees(REQUEST, PURPOSE, "Advance wanted", "¥1,870"),
        worker.notes("request", r"#(\d+) "),
        worker.taps("Submit", on=(REQUEST, "¥1,870")),
        supervisor.sees(REQUEST, PURPOSE, "Advance wanted", "¥1,870", buttons=("Approve",)),
        supervisor.taps("Approve", on=(REQUEST, PURPOSE)),
        administrator.sees(APPROVED, "¥1,870", worker.name, buttons=("Advance paid",)),
        administrator.keeps("notice", APPROVED, "¥1,870", worker.name),
        administrator.taps("Advance paid", kept="notice"),
        administrator.sees("Done: the advance of #{number} is marked as paid."),
        worker.sees(PAID, "¥1,870"),
        administrator.taps("Advance paid", kept="notice"),
        administrator.sees(TWICE),
        worker.commands("advance paid {request}"),
        worker.sees("Only people with the role “{role}” can use this command."),
        worker.commands("advance"),
        worker.sees("Open advances: {count}", PURPOSE, "¥1,870"),
        administrator.commands("advance returned {request}"),
        administrator.sees("The advance of #{number} is not settled yet."),
        worker.commands("trip"),
        worker.taps("Open", on=("My trips", "喜多方")),
        worker.sees(REQUEST, PURPOSE, "paid on {when}, to be settled", buttons=("Call off",)),
        worker.taps("Call off"),
    )


BACK = (
    administrator.commands("advance returned {request}"),
    administrator.sees("Advances given back: {count}, {total}", "¥1,870"),
    worker.sees(CLOSED, "¥1,870"),
)

OFF = dialogue(
    "An advance is paid once, and comes back as a whole when the trip is off",
    *_paid(),
    worker.fills({"Reason": "先方の都合"}),
    worker.sees(REQUEST, PURPOSE, "Advance {amount} − costs {spent} = {rest} to give back"),
    *BACK,
    on=("slack", "web"),
)

OFF_BY_QUESTIONS = dialogue(
    "An advance is paid once, and comes back as a whole when the trip is off, question by question",
    *_paid(),
    worker.says("先方の都合"),
    worker.says("費用なし"),
    worker.sees("The trip of #{number} is called off."),
    *BACK,
    on=("line",),
)

CORPORATE = dialogue(
    "What the organisation's card has paid is claimed and not paid out",
    worker.sends(receipt("喫茶あさもや", 4370)),
    worker.sees("Draft", "喫茶あさもや", "¥4,370"),
    worker.taps("Edit", on=("喫茶あさもや",)),
    worker.fills({"Paid by": "Corporate card"}),
    worker.sees("Claimed {claimed}, paid out {payable} ({by_office}: not out of your pocket)", "¥0", "¥4,370"),
    worker.taps("Submit", on=("喫茶あさもや", "¥0")),
    supervisor.sees("喫茶あさもや", "Claimed {claimed}, paid out {payable} ({by_office}: not out of your pocket)"),
    worker.says("昨日 切手 1,690円 会社払い"),
    worker.sees("Draft", "切手", "Invoice to the office", "¥1,690", "¥0"),
)

DIALOGUES = (OFF, OFF_BY_QUESTIONS, CORPORATE)
