"""A trip is asked for before it begins, by a note or a form; what nobody knows is asked, and a person decides."""

from __future__ import annotations

from datetime import date, timedelta

from tests.scenarios.script import administrator, dialogue, supervisor, worker

REQUEST = "#{number} Trip request: {status}"
STARTS = date.today() + timedelta(days=24)
ENDS = STARTS + timedelta(days=1)
DAYS = f"{STARTS.month}/{STARTS.day}〜{ENDS.month}/{ENDS.day}"

BEFORE = dialogue(
    "A note of a trip to come is a request: an unknown fare is asked, the estimate says its paragraphs",
    administrator.commands("travel use state-2026-04 from=2026-04-01"),
    administrator.sees("{name} is used for trips that depart on {day} or later.", "state-2026-04"),
    worker.says(f"{DAYS} 仙台→盛岡 新幹線往復 1泊"),
    worker.sees(
        REQUEST, "盛岡", "岩手県", "施行令第9条", buttons=("Submit", "Fill in what is missing", "Not a request")
    ),
    worker.sees("Please send: {field}", "Expected amount"),
    worker.says("わかりません"),
    worker.sees("Please enter an amount in figures, for example 1280."),
    worker.says("7,210円"),
    worker.says("片道分"),
    worker.sees("Please send: {field}", "Purpose"),
    worker.says("県庁との協議"),
    worker.sees(REQUEST, "¥14,420", "県庁との協議", without=("Fill in what is missing",)),
    worker.taps("Submit", on=("¥14,420", "県庁との協議")),
    supervisor.sees(
        REQUEST, worker.name, "盛岡", "県庁との協議", "¥14,420", "施行令第9条", buttons=("Approve", "Send back")
    ),
    supervisor.taps("Approve", on=("¥14,420", "県庁との協議")),
    worker.sees("Approved by {who} ({when})", supervisor.name, "盛岡"),
    worker.commands("trip"),
    worker.sees("My trips", "盛岡", "Approved", buttons=("New trip request",)),
)

FORM = {
    "Where the trip goes": "弘前",
    "First day": STARTS.isoformat(),
    "Last day": ENDS.isoformat(),
    "Purpose": "庁舎の視察",
}

BY_FORM = dialogue(
    "A form asks for a trip; days upside down and too large an advance are refused",
    worker.commands("trip new"),
    worker.taps("New trip request"),
    worker.fills(
        FORM | {"Last day": (STARTS - timedelta(days=1)).isoformat()}, refused="The last day lies before the first."
    ),
    worker.taps("New trip request"),
    worker.fills(FORM | {"From where": "仙台", "Means of travel": "Train", "Fare, there and back": "12,340"}),
    worker.sees(REQUEST, "弘前", "青森県", "¥12,340", "庁舎の視察", buttons=("Submit", "Edit")),
    worker.taps("Edit", on=("庁舎の視察",)),
    worker.fills({"Advance wanted": "900,000"}, refused="An advance cannot be more than the estimate ({amount})."),
    worker.taps("Edit", on=("庁舎の視察",)),
    worker.fills({"Advance wanted": "12,000"}),
    worker.sees(REQUEST, "Advance wanted", "¥12,000", "庁舎の視察"),
    on=("slack", "web"),
)

ADVANCE = "Changed: {field} {old} → {new}"
CHANGED = dialogue(
    "Sent back, an advance asked for and handed in again: the approver sees what changed",
    worker.says(f"{DAYS} 仙台→角館 新幹線往復 片道6,560円 民俗資料の調査 ホテル1泊 8,000円"),
    worker.sees(REQUEST, "民俗資料の調査", buttons=("Submit",)),
    worker.taps("Submit", on=("民俗資料の調査",)),
    supervisor.taps("Send back", on=("民俗資料の調査",)),
    supervisor.fills({"Reason": "概算払の額も書いてください"}),
    worker.sees("Sent back by {who} ({when}): {reason}", "概算払の額も書いてください"),
    worker.taps("Edit", on=("概算払の額も書いてください",)),
    worker.fills({"Advance wanted": "9,000"}),
    worker.sees(REQUEST, "民俗資料の調査", "¥9,000"),
    worker.taps("Submit", on=(REQUEST, "¥9,000")),
    supervisor.sees("民俗資料の調査", ADVANCE, "— → ¥9,000", buttons=("Approve",)),
    supervisor.never_sees("Nothing was changed since it was last submitted.", "民俗資料の調査"),
)

BY_QUESTIONS = dialogue(
    "Where there are no forms a trip is asked for question by question; what is no request becomes a draft of expenses",
    worker.says("出張伺い"),
    worker.sees("Please send: {field}", "Where the trip goes"),
    worker.says("弘前"),
    worker.sees("Please send: {field}", "First day"),
    worker.says(f"{STARTS.month}/{STARTS.day}"),
    worker.sees("Please send: {field}", "Last day"),
    worker.says((STARTS - timedelta(days=1)).isoformat()),
    worker.sees("The last day lies before the first."),
    worker.says(f"{ENDS.month}/{ENDS.day}"),
    worker.sees("Please send: {field}", "Purpose"),
    worker.says("庁舎の視察"),
    worker.sees(REQUEST, "弘前", "青森県", "庁舎の視察"),
    worker.says(f"{DAYS} 仙台→弘前 電車 6,170円 文化財の調査"),
    worker.taps("Not a request", on=(REQUEST, "文化財の調査")),
    worker.sees("Draft", "仙台→弘前", "¥6,170", "文化財の調査", buttons=("Submit",), without=(REQUEST,)),
    on=("line",),
)

DIALOGUES = (BEFORE, BY_FORM, CHANGED, BY_QUESTIONS)
