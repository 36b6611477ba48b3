"""Takes the pictures of the lane's cards from a real run: ``python -m tests.tools.lane_pictures``.

A lane is proposed and confirmed, and a taxi receipt passes it; then everything is drawn for an audit, and the month is
reported. Of a thousand runs one has the first claim drawn, too, and finds no such card.
"""

from __future__ import annotations

from tests.scenarios.script import Step, administrator, supervisor, worker
from tests.tools.camera import Album, Shot, run, sample

AUDIT = "Random audit: everything was clean, and it was drawn to be looked at by a person."


def _drawn(key: str, purpose: str) -> tuple[Step, ...]:
    return (
        worker.sends(sample(key), note=purpose),
        worker.taps("Submit", on=(purpose,)),
        supervisor.sees(purpose, AUDIT),
    )


LANE: Album = (
    administrator.commands("rule date-day-off off"),
    administrator.commands("add {supervisor} {supervisor.email} roles=approver,admin"),
    administrator.sees("{name} was changed."),
    administrator.commands("lane open 科目=旅費交通費,会議費,消耗品費 上限=9000 明細=不要 抜き取り=0.1%"),
    supervisor.sees("Proposal: {what}"),
    Shot("supervisor", ("提案",), "lane-proposal"),
    supervisor.taps("Confirm", on=("Proposal: {what}",)),
    administrator.sees("In force: {what}"),
    worker.sends(sample("taxi"), note="県庁との協議"),
    worker.taps("Submit", on=("県庁との協議",)),
    worker.sees("Approved by the rules, without an approver ({when})"),
    Shot("worker", ("県庁との協議", "規則により承認"), "lane-passed"),
    administrator.commands("lane change 1 抜き取り=100%"),
    administrator.sees("The lane is narrower from now on. That takes no second administrator."),
    *_drawn("train", "福島市での説明会"),
    supervisor.taps("Approve", on=("福島市での説明会", AUDIT)),
    worker.sees("Approved by {who} ({when})"),
    *_drawn("cafe", "企画会議の飲み物"),
    supervisor.taps("Send back", on=("企画会議の飲み物", AUDIT)),
    supervisor.fills({"Reason": "参加者を書いてください"}),
    worker.sees("参加者を書いてください"),
    administrator.commands("lane report"),
    administrator.sees("The lane without an approver: {month}"),
    Shot("administrator", ("抜き取り",), "lane-report"),
)

ALBUMS = (("The lane", LANE),)


if __name__ == "__main__":
    raise SystemExit(run(ALBUMS))
