"""Travel rules are the administrator's to choose; what in them is not verified is shown until it is confirmed."""

from __future__ import annotations

from tests.scenarios.script import administrator, dialogue, worker

CHOSEN = "{name} is used for trips that depart on {day} or later."
OPEN = "{count} figures and rules are not verified. “/keihi travel confirm {pack} …” confirms one."

RULES = dialogue(
    "An administrator chooses the travel rules, meets what is not verified in them, and confirms a figure",
    worker.commands("travel use state-2026-04 from=2026-04-01"),
    worker.sees("Only people with the role “{role}” can use this command."),
    administrator.commands("travel use state-2026-04 from=2026-03-01"),
    administrator.sees("“{name}” takes effect on {day}. Please choose that day or a later one."),
    administrator.commands("travel use state-2026-04 from=2026-04-01"),
    administrator.sees(CHOSEN, "state-2026-04"),
    administrator.commands("travel"),
    administrator.sees(
        "Travel pack", "state-2026-04", "the day of departure", OPEN, "岩手県", "9,000円", "not verified"
    ),
    administrator.commands("travel confirm state-2026-04 福島県 9000"),
    administrator.sees("Please say where the figure stands: source=…"),
    administrator.commands("travel confirm state-2026-04 福島県 9000 source=官報"),
    administrator.sees("Confirmed: {name} {before} → {now}", "福島県", "9,000円"),
    administrator.commands("travel show state-2026-04"),
    administrator.sees("state-2026-04", "岩手県", without=("福島県",)),
    worker.commands("commuter"),
    worker.sees("No commuter pass of yours is known. Your administrator can import it."),
)

DIALOGUES = (RULES,)
