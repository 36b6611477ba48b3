"""Takes the pictures of a trip that was asked for and is settled: ``python -m tests.tools.trip_pictures``.

The trip begins today, so that it can be asked for and settled in one run; its hotel costs more than the cap.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.demo.receipts.tray import TOKYO
from tests.scenarios.script import administrator, supervisor, worker
from tests.tools.camera import Album, Shot, run, sample

TODAY = datetime.now(TOKYO).date()
HOTEL = sample("hotel", later=4)  # the tray's is of four days ago
REASON = "主催者等から宿泊施設の指定があり、他の施設への宿泊が困難である"
REQUEST = "#{number} Trip request: {status}"
FORM = {
    "Where the trip goes": "松山",
    "First day": TODAY.isoformat(),
    "Last day": (TODAY + timedelta(days=1)).isoformat(),
    "Purpose": "農政課との協議",
    "From where": "東京",
    "Means of travel": "Train",
    "Fare, there and back": "38,400",
}

SETTLED: Album = (
    administrator.commands("rule date-day-off off"),
    administrator.commands("travel use state-2026-04 from=2026-04-01"),
    administrator.sees("{name} is used for trips that depart on {day} or later."),
    worker.commands("trip new"),
    worker.taps("New trip request"),
    worker.fills(FORM),
    worker.sees(REQUEST, "農政課との協議", buttons=("Submit",)),
    worker.taps("Submit", on=(REQUEST, "農政課との協議")),
    supervisor.taps("Approve", on=(REQUEST, "農政課との協議")),
    worker.sees("Approved by {who} ({when})"),
    worker.sends(HOTEL),
    worker.sees("月見沢"),
    worker.commands("trip"),
    worker.taps("Open", on=("My trips",)),
    worker.taps("Settle"),
    worker.sees("Estimate {estimate} → settlement {actual} ({more})"),
    worker.taps("Open", on=("Estimate {estimate} → settlement {actual} ({more})", "月見沢")),
    worker.taps("Nights and reason"),
    worker.fills({"Why over the cap": REASON}),
    worker.sees("Estimate {estimate} → settlement {actual} ({more})", "¥54,496"),
    Shot("worker", ("下書き", "精算：", "見積"), "settlement"),
)

ALBUMS = (("A trip and its settlement", SETTLED),)


if __name__ == "__main__":
    raise SystemExit(run(ALBUMS))
