"""Claims: life (``life``), beginning (``drafts``), what applicants do (``acts``, ``together``), figures (``facts``)."""

from handlers.claims.acts import cancel, correct, line, mark, missing, own, rides_without_reason, submit, withdraw
from handlers.claims.drafts import READ_FIELDS, draft
from handlers.claims.facts import facts, open_questions
from handlers.claims.life import EDITABLE, ENDED, STATES, TRANSITIONS, WAITING, current, merged_into, stale, step
from handlers.claims.together import merge, take_out

__all__ = [
    "EDITABLE",
    "ENDED",
    "READ_FIELDS",
    "STATES",
    "TRANSITIONS",
    "WAITING",
    "cancel",
    "correct",
    "current",
    "draft",
    "facts",
    "line",
    "mark",
    "merge",
    "merged_into",
    "missing",
    "open_questions",
    "own",
    "rides_without_reason",
    "stale",
    "step",
    "submit",
    "take_out",
    "withdraw",
]
