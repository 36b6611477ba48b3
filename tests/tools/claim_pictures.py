"""Takes the pictures of what happens to claims, from a real run: ``python -m tests.tools.claim_pictures``.

Drafts put together, a list approved at once, what changed since the last submission, a claim with its history, the same
receipt twice, and findings of each strength.
"""

from __future__ import annotations

from tests.scenarios.script import Paper, administrator, supervisor, worker
from tests.tools.camera import Album, Shot, run, sample

CAFE, TAXI, TAXI_AGAIN = sample("cafe"), sample("taxi"), sample("taxi", again=True)
PARKING, TRAIN = sample("parking"), sample("train")


def _submitted(paper: Paper, purpose: str) -> Album:
    return (
        worker.sends(paper, note=purpose),
        worker.taps("Submit", on=(purpose,)),
        supervisor.sees(purpose),
    )


TOGETHER: Album = (
    administrator.commands("rule date-day-off off"),
    worker.sends(TAXI, note="県庁との協議"),
    worker.sees("県庁との協議"),
    worker.sends(PARKING, note="県庁での駐車"),
    worker.sees("県庁での駐車"),
    worker.sends(CAFE, note="県庁との打合せ"),
    worker.sees("県庁との打合せ"),
    worker.says("12/3 東京→福島 新幹線 片道8,950円 往復 1泊 磐梯町打合せ"),
    worker.sees("#{number} Trip request: {status}"),
    worker.says("まとめて提出"),
    worker.sees("{count} drafts can go together as #{number}"),
    Shot("worker", ("件を",), "together"),
    worker.taps("Submit together", on=("¥4,500",)),
    supervisor.sees("COFFEE"),
    supervisor.taps("Send back", on=("COFFEE",)),
    supervisor.fills({"Reason": "打合せの相手を書いてください"}),
    worker.sees("打合せの相手を書いてください", buttons=("Purpose",)),
    worker.taps("Purpose", on=("打合せの相手を書いてください",)),
    worker.fills({"Purpose": "県庁との協議（農政課 2名）"}),
    worker.sees("農政課 2名"),
    worker.taps("Submit", on=("農政課 2名",)),
    supervisor.sees("農政課 2名"),
    Shot("supervisor", ("農政課 2名",), "changes"),
    supervisor.taps("Approve", on=("農政課 2名",)),
    worker.sees("Approved by {who} ({when})"),
    administrator.commands("claim 1"),
    administrator.sees("{when} {who}: drafted"),
    Shot("administrator", ("下書き", "農政課 2名"), "history"),
)

AT_ONCE: Album = (
    administrator.commands("rule date-day-off off"),
    *_submitted(TRAIN, "福島市での説明会"),
    *_submitted(TAXI, "説明会の資料の運搬"),
    *_submitted(CAFE, "説明会の打合せ"),
    supervisor.commands("waiting"),
    supervisor.taps("Approve the {count} clean ones"),
    supervisor.sees("Approve these {count} claims?"),
    Shot("supervisor", ("件を承認する",), "at-once"),
)

TWICE: Album = (
    supervisor.sends(TAXI, note="県庁との協議"),
    supervisor.taps("Submit", on=("県庁との協議",)),
    worker.sends(TAXI),
    worker.sees("The same receipt is already in another claim."),
    Shot("worker", ("同じ領収書",), "twice"),
    administrator.commands("rule duplicate-picture strength=reason from=2026-01-01"),
    worker.sends(TAXI_AGAIN, note="県庁への同行"),
    worker.taps("Submit", on=("県庁への同行",)),
    worker.fills({"理由：同じ画像": "相乗りの控えで、私の分です"}),
    supervisor.sees("相乗りの控えで、私の分です"),
    administrator.commands("duplicates"),
    administrator.sees("Suspected duplicates: {count}"),
    Shot("administrator", ("重複の疑い",), "duplicates"),
)

FINDINGS: Album = (
    administrator.commands("rule limit-category category=会議費 max=500 paragraph=旅費規程第8条 from=2026-01-01"),
    administrator.sees("The rule is set."),
    administrator.commands("budget set 60000 department=企画課 account=会議費 name=企画課の会議費 stopped=yes"),
    administrator.sees("The budget is set."),
    administrator.commands("budget set 90000 department=企画課 account=旅費交通費 name=企画課の旅費 stopped=no"),
    administrator.sees("The budget is set.", "企画課の旅費"),
    worker.sends(CAFE, note="企画会議の飲み物"),
    worker.taps("Submit", on=("企画会議の飲み物",)),
    worker.fills({"理由：科目の上限超過": "参加者が多く、会議室の飲み物が足りなかったため"}),
    supervisor.sees("企画会議の飲み物"),
    Shot("supervisor", ("企画会議の飲み物", "足りなかったため"), "findings"),
    administrator.commands(
        "rule limit-category category=会議費 max=500 strength=stop paragraph=旅費規程第8条 from=2026-01-01"
    ),
    administrator.sees("The rule is set.", times=2),
    supervisor.taps("Approve", on=("企画会議の飲み物",)),
    supervisor.sees("#{number} cannot be approved as it is. {why} Please send it back."),
    Shot("supervisor", ("承認できません",), "findings-stop"),
    administrator.commands("rule limit-category off"),
    administrator.commands("budget set 4000 department=企画課 account=旅費交通費 name=企画課の旅費 stopped=no"),
    administrator.sees("The budget is set.", "¥4,000"),
    worker.sends(TAXI, note="県庁との協議"),
    worker.taps("Submit", on=("県庁との協議",)),
    supervisor.sees("県庁との協議"),
    worker.sends(TRAIN, note="福島市での説明会"),
    worker.sees("福島市での説明会", buttons=("Submit",)),
    Shot("worker", ("福島市での説明会",), "over-budget"),
    worker.commands("budget"),
    worker.sees("Budget of the year {year}: {count} lines"),
    Shot("worker", ("年度の予算",), "budget"),
)

ALBUMS = (
    ("Drafts together", TOGETHER),
    ("Approved at once", AT_ONCE),
    ("The same receipt twice", TWICE),
    ("Findings", FINDINGS),
)


if __name__ == "__main__":
    raise SystemExit(run(ALBUMS))
