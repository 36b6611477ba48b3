"""A trip that is over is settled: allowances with their paragraphs, a late receipt, the cap, calling a trip off."""

from __future__ import annotations

from datetime import date, timedelta

from tests.scenarios.script import Step, administrator, dialogue, receipt, supervisor, worker
from tests.scenarios.town import PASS

PACK = "{name} is used for trips that depart on {day} or later."
SETTLEMENT = "Settlement: {trip}, nights: {nights}"
REQUEST = "#{number} Trip request: {status}"
COMPARED = "Estimate {estimate} → settlement {actual} ({more})"
BEGUN = date.today() - timedelta(days=6)
WRITTEN = f"{BEGUN.year}年{BEGUN.month}月{BEGUN.day}日"
AHEAD = date.today() + timedelta(days=17)

OVER = dialogue(
    "A note of a past trip is a settlement by the travel rules; the hotel's receipt comes late and meets the cap",
    administrator.commands("travel use state-2026-04 from=2026-04-01"),
    administrator.sees(PACK, "state-2026-04"),
    worker.says(f"{BEGUN.month}/{BEGUN.day} 東京→神戸 新幹線 14,530円 港湾の打合せ ホテル1泊 18,700円"),
    worker.sees("Draft", SETTLEMENT, "神戸", "上限 17,000円、実費 18,700円 → 17,000円", "施行令第9条", "¥2,400"),
    worker.sees("¥33,930", "神戸", buttons=("Submit", "Mend the trip", "Delete")),
    worker.sends(receipt("ホテル潮騒", 18700, day=WRITTEN, registration="")),
    worker.sees("ホテル潮騒", "It can go into settlement #{number} of the {trip}.", buttons=("Put into #{number}",)),
    worker.keeps("late", "ホテル潮騒", "It can go into settlement #{number} of the {trip}."),
    worker.taps("Put into #{number}"),
    worker.sees("Draft", SETTLEMENT, "ホテル潮騒", "¥33,930", "上限は兵庫県のものです"),
    worker.taps("Put into #{number}", kept="late"),
    worker.sees("#{number} is in #{into} now."),
    worker.taps("Mend the trip"),
    worker.fills({"Nights": "4"}, refused="From departure to return there are {most} nights."),
    worker.taps("Submit", on=(SETTLEMENT, "ホテル潮騒")),
    supervisor.sees(SETTLEMENT, worker.name, "神戸", "ホテル潮騒", "18,700円 → 17,000円", "施行令第11条", "¥33,930"),
    supervisor.taps("Approve", on=(SETTLEMENT, "ホテル潮騒")),
    worker.sees("Approved by {who} ({when})", supervisor.name),
)


def _approved(place: str, fare: str, purpose: str) -> tuple[Step, ...]:
    """A request of its own is approved under the State's rules, and stands open before the worker."""
    return (
        administrator.commands("travel use state-2026-04 from=2026-04-01"),
        administrator.sees(PACK, "state-2026-04"),
        worker.says(f"{AHEAD.month}/{AHEAD.day} 東京→{place} 新幹線往復 片道{fare}円 {purpose} 1泊"),
        worker.taps("Submit", on=(REQUEST, purpose)),
        supervisor.taps("Approve", on=(REQUEST, purpose)),
        worker.sees("Approved by {who} ({when})", supervisor.name, place),
        worker.commands("trip"),
        worker.sees("My trips", place),
        worker.taps("Open", on=("My trips", place)),
        worker.sees(REQUEST, purpose, "Approved. After the trip, send its receipts.", buttons=("Call off",)),
    )


OFF = dialogue(
    "An approved trip is called off: what is lost is claimed, nobody calls it off twice or for somebody else",
    *_approved("姫路", "15,910", "城郭の調査"),
    worker.keeps("request", REQUEST, "城郭の調査", "Approved. After the trip, send its receipts."),
    worker.taps("Call off"),
    worker.fills(
        {"Reason": "台風のため", "取消しの費用：新幹線 東京⇔姫路": "たくさん"},
        refused="Please enter an amount in figures, for example 1280.",
    ),
    worker.taps("Call off"),
    worker.fills({"Reason": "台風のため", "取消しの費用：新幹線 東京⇔姫路": "640"}),
    worker.sees("Draft", "Called off: {reason}", "台風のため", "取消しの費用：新幹線 東京⇔姫路", "¥640"),
    worker.sees("Draft", COMPARED),
    on=("slack", "web"),
)

OFF_BY_QUESTIONS = dialogue(
    "Where there are no forms, calling off asks why and then what it costs; without costs the request ends",
    *_approved("姫路", "15,910", "城郭の調査"),
    worker.keeps("request", REQUEST, "城郭の調査", "Approved. After the trip, send its receipts."),
    worker.taps("Call off"),
    worker.sees("Please send: {field}", "Reason"),
    worker.says("台風のため"),
    worker.sees("Please send: {field}", "Costs that cannot be had back"),
    worker.says("いろいろ"),
    worker.sees("Please write what and how much, for example: hotel 3000, train 1200."),
    worker.says("費用なし"),
    worker.sees("The trip of #{number} is called off."),
    worker.taps("Call off", kept="request"),
    worker.sees("The trip of #{number} was called off."),
    on=("line",),
)

ON_A_PASS = dialogue(
    "A settlement takes off what the commuter pass pays of the journey, and says so to both",
    administrator.commands("travel use state-2026-04 from=2026-04-01"),
    administrator.sees(PACK, "state-2026-04"),
    supervisor.says(
        f"{BEGUN.month}/{BEGUN.day} {PASS[0]}→{PASS[1]} 電車 260円、東京→大阪 新幹線 片道14,720円 実家泊 埋立地の視察"
    ),
    supervisor.sees(
        "Draft", SETTLEMENT, "埋立地の視察", f"定期区間 {PASS[0]}〜{PASS[1]} の分、片道 260円 を除く", "¥14,720"
    ),
    supervisor.taps("Submit", on=(SETTLEMENT, "埋立地の視察")),
    administrator.sees(
        SETTLEMENT, supervisor.name, f"定期区間 {PASS[0]}〜{PASS[1]} の分、片道 260円 を除く", "¥14,720"
    ),
)

DIALOGUES = (OVER, OFF, OFF_BY_QUESTIONS, ON_A_PASS)
