"""Taps that come late, twice, or from the wrong person: one sentence each, nothing lost, nothing changed twice."""

from __future__ import annotations

from tests.scenarios.script import CHATS, Actor, Step, administrator, colleague, dialogue, receipt, supervisor, worker

SUBMIT_TWICE = dialogue(
    "Submitted twice",
    worker.sends(receipt("喫茶ひかり", 710)),
    worker.sees("¥710"),
    worker.keeps("draft", "¥710"),
    worker.taps("Submit"),
    supervisor.sees("¥710"),
    worker.taps("Submit", kept="draft"),
    worker.sees("Claim #{number} is already submitted and waits for approval."),
    supervisor.sees("¥710", buttons=("Approve",), times=1),
)

APPROVE_TWICE = dialogue(
    "Approved twice: the second tap says who did it and when",
    worker.sends(receipt("喫茶ひかり", 720)),
    worker.taps("Submit", on=("¥720",)),
    supervisor.sees("¥720"),
    supervisor.keeps("card", "¥720"),
    supervisor.taps("Approve"),
    worker.sees("Approved by {who} ({when})"),
    supervisor.taps("Approve", kept="card"),
    supervisor.sees("Already approved ({who}, {when}).", supervisor.name),
    on=("slack", "line", "web", "slack to line"),
)

REJECT_AFTER_APPROVAL = dialogue(
    "Rejecting what is approved already",
    worker.sends(receipt("喫茶ひかり", 725)),
    worker.taps("Submit", on=("¥725",)),
    supervisor.sees("¥725"),
    supervisor.keeps("card", "¥725"),
    supervisor.taps("Approve"),
    worker.sees("Approved by {who} ({when})"),
    supervisor.taps("Reject", kept="card"),
    supervisor.sees("Already approved ({who}, {when})."),
    worker.never_sees("Rejected by {who} ({when}): {reason}"),
    on=("line",),
)

OWN_CLAIM = dialogue(
    "Nobody decides their own claim, even with the supervisor's button",
    worker.sends(receipt("喫茶ひかり", 730)),
    worker.taps("Submit", on=("¥730",)),
    supervisor.sees("¥730"),
    supervisor.keeps("card", "¥730"),
    worker.taps("Approve", kept="card"),
    worker.sees("You cannot decide your own claim."),
    supervisor.taps("Approve"),
    worker.sees("Approved by {who} ({when})", "¥730", supervisor.name),
)


def _somebody_else(who: Actor) -> tuple[Step, ...]:
    return (
        worker.sends(receipt("喫茶ひかり", 740)),
        worker.sees("¥740"),
        worker.keeps("draft", "¥740"),
        who.taps("Submit", kept="draft"),
        who.sees("Only {name} can do this: it is their claim.", worker.name),
        worker.taps("Submit", on=("¥740",)),
        supervisor.sees("¥740"),
        supervisor.keeps("card", "¥740"),
        who.taps("Approve", kept="card"),
        who.sees("This claim is not yours to decide."),
        worker.never_sees("Approved by {who} ({when})", "¥740"),
    )


WRONG_PERSON = dialogue("A colleague's tap on somebody else's cards", *_somebody_else(colleague), on=CHATS)

# The demo has three people and no colleague: there it is the administrator, who has no part in the worker's claims.
ADMINISTRATORS_TAP = dialogue(
    "An administrator's tap on somebody else's cards", *_somebody_else(administrator), on=("web",)
)

SUPERVISORS_OWN = dialogue(
    "The supervisor's own claim goes to somebody else",
    supervisor.sends(receipt("旅館みずうみ", 7700)),
    supervisor.taps("Submit", on=("¥7,700",)),
    worker.never_sees("¥7,700"),
    supervisor.never_sees("¥7,700", "Applicant"),
    on=CHATS,
)

DIALOGUES = (
    SUBMIT_TWICE,
    APPROVE_TWICE,
    REJECT_AFTER_APPROVAL,
    OWN_CLAIM,
    WRONG_PERSON,
    ADMINISTRATORS_TAP,
    SUPERVISORS_OWN,
)
