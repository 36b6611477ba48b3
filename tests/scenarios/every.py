"""All dialogues, each with every cast that it is written for."""

from __future__ import annotations

from tests.scenarios import (
    dialogues_advances,
    dialogues_albums,
    dialogues_attendees,
    dialogues_budgets,
    dialogues_by_hand,
    dialogues_duplicates,
    dialogues_edit,
    dialogues_fares,
    dialogues_files,
    dialogues_lane,
    dialogues_learning,
    dialogues_main,
    dialogues_notes,
    dialogues_people,
    dialogues_rates,
    dialogues_routes,
    dialogues_rules,
    dialogues_settlement,
    dialogues_split,
    dialogues_taps,
    dialogues_together,
    dialogues_travel,
    dialogues_trip_words,
    dialogues_trips,
    dialogues_waiting,
)
from tests.scenarios.script import Dialogue

SCRIPTS = (
    dialogues_main,
    dialogues_notes,
    dialogues_edit,
    dialogues_taps,
    dialogues_travel,
    dialogues_fares,
    dialogues_trips,
    dialogues_trip_words,
    dialogues_advances,
    dialogues_attendees,
    dialogues_settlement,
    dialogues_files,
    dialogues_albums,
    dialogues_people,
    dialogues_routes,
    dialogues_rules,
    dialogues_learning,
    dialogues_waiting,
    dialogues_lane,
    dialogues_budgets,
    dialogues_duplicates,
    dialogues_by_hand,
    dialogues_rates,
    dialogues_together,
    dialogues_split,
)
EVERY: list[tuple[Dialogue, str]] = [
    (dialogue, cast) for script in SCRIPTS for dialogue in script.DIALOGUES for cast in dialogue.on
]
