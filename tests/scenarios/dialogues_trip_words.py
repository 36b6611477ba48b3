"""What a trip is told beside its fares: what kilometres stand for, a pass, a package, a home, why a taxi."""

from __future__ import annotations

from datetime import date, timedelta

from tests.scenarios.script import Step, administrator, dialogue, supervisor, worker
from tests.scenarios.town import PASS

SETTLEMENT = "Settlement: {trip}, nights: {nights}"
REQUEST = "#{number} Trip request: {status}"
ASKED = "Please send: {field}"
BEGUN = date.today() - timedelta(days=9)
LAST = BEGUN + timedelta(days=1)
OVER = f"{BEGUN.month}/{BEGUN.day}〜{LAST.month}/{LAST.day}"
AHEAD = date.today() + timedelta(days=31)
NEXT = AHEAD + timedelta(days=1)
COMING = f"{AHEAD.month}/{AHEAD.day}〜{NEXT.month}/{NEXT.day}"


def _rules(pack: str) -> tuple[Step, ...]:
    return (
        administrator.commands(f"travel use {pack} from=2026-04-01"),
        administrator.sees("{name} is used for trips that depart on {day} or later.", pack),
    )


DRIVE = dialogue(
    "Kilometres said with “both ways” are paid once, others are asked; a drive is a trip where kilometres are paid",
    *_rules("aoba-town"),
    worker.says(f"{AHEAD.month}/{AHEAD.day} 青葉町役場→会津若松 自家用車 往復34km 農政の打合せ 日帰り"),
    worker.sees(REQUEST, "34 km（往復）", "¥1,258", "¥3,458", "農政の打合せ"),
    worker.says(f"{BEGUN.month}/{BEGUN.day} 青葉町役場→会津若松 自家用車 34km 往復 水利の打合せ 日帰り"),
    worker.sees("Draft", SETTLEMENT, "水利の打合せ", "日当", "¥2,200"),
    worker.sees(ASKED, "What the amount stands for", "34 km"),
    worker.says("片道分"),
    worker.sees("Draft", SETTLEMENT, "34 km × 2（往復）", "68km × 37円 → 2,516円", without=("領収書がありません",)),
    worker.taps("Submit", on=(SETTLEMENT, "34 km × 2（往復）")),
    supervisor.sees(SETTLEMENT, worker.name, "34 km × 2（往復）", "¥2,516"),
)

RIDE_ON_A_PASS = dialogue(
    "A journey along one's commuter pass is not paid again: the draft says so and is not handed in",
    supervisor.says(f"{BEGUN.month}/{BEGUN.day} {PASS[0]}→{PASS[1]} 電車 230円 分庁舎で打合せ"),
    supervisor.sees("Draft", "通勤定期", f"{PASS[0]}〜{PASS[1]}", "¥0"),
    supervisor.sees("The commuter pass {section} covers this journey: there is nothing to claim."),
    supervisor.taps("Submit", on=("Draft", f"{PASS[0]}〜{PASS[1]}")),
    supervisor.sees(
        "The commuter pass {section} covers this journey: there is nothing to claim.", without=("Draft", "Submit")
    ),
)

PACKAGE = dialogue(
    "A package is one price up to fare and cap, a night at somebody's home has none, and neither is asked for a night",
    *_rules("state-2026-04"),
    worker.says(f"{COMING} 大阪出張 東京→大阪 新幹線ホテルパック 45,000円 1泊 港の視察"),
    worker.sees(ASKED, "Ordinary fare without the package, both ways"),
    worker.says("29,440円"),
    worker.sees(REQUEST, "港の視察", "上限は運賃 29,440円", "→ 42,440円"),
    worker.says(f"{OVER} 大阪出張 東京→大阪 新幹線 片道14,720円 実家泊 堤防の視察"),
    worker.sees("Draft", SETTLEMENT, "堤防の視察", "¥14,720", without=("領収書を送ってください", "宿泊手当")),
)

TAXI = dialogue(
    "A taxi on a trip is not handed in without its reason, which a button takes",
    *_rules("state-2026-04"),
    worker.says(f"{OVER} 大阪出張 東京→大阪 新幹線 片道14,720円、大阪→堺 タクシー 4,000円、実家泊 埠頭の調査"),
    worker.sees(ASKED, "Why this means of travel"),
    worker.sees("Draft", SETTLEMENT, "埠頭の調査", buttons=("Give the reason for the ride",)),
    worker.says("あとで"),
    worker.waits(),
    worker.taps("Submit", on=(SETTLEMENT, "埠頭の調査")),
    worker.waits(),
    supervisor.never_sees(SETTLEMENT, "埠頭の調査"),
    worker.taps("Give the reason for the ride", on=(SETTLEMENT, "埠頭の調査")),
    worker.waits(),
    worker.says("最終バスの後の会議のため"),
    worker.sees("Draft", SETTLEMENT, "最終バスの後の会議のため", without=("Give the reason for the ride",)),
)

MENDED = dialogue(
    "The nights of a request are written over in its form, and those that mean nothing are refused",
    *_rules("state-2026-04"),
    worker.says(f"{COMING} 東京→大阪 新幹線往復 片道14,720円 ホテル1泊 9,000円 岸壁の調査"),
    worker.sees(REQUEST, "岸壁の調査", "宿泊 大阪府"),
    worker.taps("Edit", on=(REQUEST, "岸壁の調査")),
    worker.fills({"Nights by place": "どこか"}, refused="「どこか」が読み取れません"),
    worker.waits(),
    worker.taps("Edit", on=(REQUEST, "岸壁の調査")),
    worker.fills({"Nights by place": "1泊 実家・知人宅"}),
    worker.sees(REQUEST, "岸壁の調査", "¥29,440", without=("宿泊 大阪府", "宿泊手当")),
)

DIALOGUES = (DRIVE, RIDE_ON_A_PASS, PACKAGE, TAXI, MENDED)
