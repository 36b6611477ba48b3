"""Fares are known or asked: a table that the administrator pastes in, and the trips that take their fares from it."""

from __future__ import annotations

from datetime import date, timedelta

from tests.scenarios.days import months_back
from tests.scenarios.script import administrator, dialogue, worker

REQUEST = "#{number} Trip request: {status}"
AHEAD = date.today() + timedelta(days=31)
TABLE = """運賃表
発,着,手段,運賃,開始日,出典
仙台,石巻,電車,860,2026-04-01,旅費係調べ
仙台,女川,バス,{},2026-04-01,旅費係調べ"""

KNOWN = dialogue(
    "A fare table is pasted in by the administrator; a trip takes its fare from it and says so, and none is guessed",
    worker.commands(TABLE.format(1070)),
    worker.sees("Only people with the role “{role}” can use this command."),
    administrator.commands(TABLE.format("千円ほど").replace("石巻", "松島")),
    administrator.sees("Line {line}: an amount or a day cannot be read.", "3"),
    administrator.commands("運賃表\n発,着,運賃\n仙台,石巻,860"),
    administrator.sees("The first line must name the columns; missing: {columns}", "valid_from"),
    administrator.commands("fare 松島"),
    administrator.sees(
        "No such fare is in the table. To add some, paste them below the command, the first line naming the columns: "
        "from,to,mode,amount,valid_from,source"
    ),
    administrator.commands(TABLE.format(1070)),
    administrator.sees("Fare table: {added} added, {changed} changed."),
    administrator.commands("fare 石巻 仙台"),
    administrator.sees("Fare table: {count} fares", "仙台 – 石巻", "旅費係調べ", "¥860"),
    administrator.commands("travel use state-2026-04 from=2026-04-01"),
    administrator.sees("{name} is used for trips that depart on {day} or later."),
    worker.says(f"{AHEAD.month}/{AHEAD.day} 石巻→仙台 電車往復 港の復興計画の打合せ"),
    worker.sees(REQUEST, "石巻⇄仙台 860円 × 2 → 1,720円", "旅費係調べ", "¥1,720", without=("Fill in what is missing",)),
    worker.says(f"{AHEAD.month}/{AHEAD.day} 仙台→女川 電車往復 港の復興計画の検分"),
    worker.sees(REQUEST, "港の復興計画の検分", buttons=("Fill in what is missing",), without=("¥1,070", "¥2,140")),
)

THEN = months_back(2)
ONE_DAY = f"from={THEN} to={THEN}"
PACKS = "state-2025-04 state-2026-04"

REPLAYED = dialogue(
    "Past trips are computed again under two packs, for the administrator alone",
    administrator.commands("travel use state-2026-04 from=2026-04-01"),
    administrator.sees("{name} is used for trips that depart on {day} or later."),
    worker.says(f"{THEN.month}/{THEN.day} 仙台→東京 新幹線 11,410円 統計の研修 ホテル1泊 20,600円"),
    worker.sees("Draft", "仙台→東京", "統計の研修", buttons=("Submit",)),
    worker.commands(f"travel replay {PACKS}"),
    worker.sees("Only people with the role “{role}” can use this command."),
    administrator.commands("travel replay state-2026-04"),
    administrator.sees("Please say which two: /keihi travel replay PACK PACK [from=2026-04-01] [to=2026-09-30]"),
    administrator.commands("travel replay state-2026-04 state-2099-04"),
    administrator.sees("There is no travel pack “{name}”. Packs: {names}", "state-2099-04"),
    administrator.commands(f"travel replay {PACKS} from=2099-04-01"),
    administrator.sees("No trip departed on these days."),
    administrator.commands(f"travel replay {PACKS} {ONE_DAY}"),
    administrator.sees("{count} trips: {first} → {second}", worker.name, "東京", "32,810円 → 34,410円 (+1,600)"),
)

DIALOGUES = (KNOWN, REPLAYED)
