"""Takes the pictures of single cards in the documentation from a real run: ``python -m tests.tools.card_pictures``.

Rules, routes and budgets, the same receipt twice, a delegate, a list that waits, and a draft that wants a reason.
"""

from __future__ import annotations

from tests.scenarios.script import administrator, supervisor, worker
from tests.tools.camera import Album, Shot, run, sample

CAFE, TAXI, TAXI_AGAIN = sample("cafe"), sample("taxi"), sample("taxi", again=True)
TRAIN, HOTEL = sample("train"), sample("hotel")

CARDS: Album = (
    administrator.commands("rule limit-category category=会議費 max=500 paragraph=旅費規程第8条 from=2026-01-01"),
    administrator.sees("The rule is set."),
    administrator.commands("rule duplicate-picture strength=reason from=2026-01-01"),
    administrator.commands("post 課長 department=企画課 holder={administrator.email}"),
    administrator.sees("The post {post} was added."),
    administrator.commands("route add 会議 category=会議費 : 上司 > 課長"),
    administrator.sees("Route {number} was added.", times=1),
    administrator.commands("route add 高額 金額>=50000 : 上司 > 課長 > 役割:経理"),
    administrator.sees("Route {number} was added.", times=2),
    administrator.commands("budget set 60000 department=企画課 account=会議費 name=企画課の会議費 stopped=yes"),
    administrator.commands("budget set 90000 department=企画課 account=旅費交通費 name=企画課の旅費 stopped=no"),
    administrator.sees("The budget is set.", "企画課の旅費"),
    administrator.commands("rule limit-category"),
    administrator.sees("limit-category：", "旅費規程第8条"),
    administrator.commands("route"),
    administrator.sees("上司 > 課長 > 役割:経理"),
    supervisor.sends(TAXI, note="県庁との協議"),
    supervisor.taps("Submit", on=("県庁との協議",)),
    worker.sends(TAXI_AGAIN, note="県庁への同行"),
    worker.taps("Submit", on=("県庁への同行",)),
    worker.fills({"理由：同じ画像": "相乗りの控えで、私の分です"}),
    supervisor.sees("相乗りの控えで、私の分です"),
    supervisor.commands("delegate {administrator.email} 今日から3日間"),
    administrator.sees("{name} decides for {principal}: {days}"),
    administrator.taps("Open", on=("{name} decides for {principal}: {days}",)),
    administrator.sees("You decide for {name}.", "相乗りの控えで、私の分です"),
    worker.sends(TRAIN, note="福島市での説明会"),
    worker.taps("Submit", on=("福島市での説明会",)),
    worker.sends(HOTEL, note="説明会の前泊"),
    worker.taps("Submit", on=("説明会の前泊",)),
    supervisor.sees("説明会の前泊"),
    supervisor.commands("waiting"),
    supervisor.sees("Waiting for your decision"),
    worker.sends(CAFE, note="企画会議の飲み物"),
    worker.sees("企画会議の飲み物", "A reason is needed."),
    Shot("administrator", ("limit-category：",), "rule"),
    Shot("administrator", ("承認経路",), "routes"),
    Shot("administrator", ("相乗りの控え", "代理"), "delegate"),
    Shot("supervisor", ("相乗りの控え",), "approver"),
    Shot("supervisor", ("承認待ち",), "waiting"),
    Shot("worker", ("企画会議の飲み物",), "draft"),
)

ALBUMS = (("The pictures of the cards", CARDS),)


if __name__ == "__main__":
    raise SystemExit(run(ALBUMS))
