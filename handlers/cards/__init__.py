"""Every screen, once, for every platform. Only builds cards: decides nothing and changes nothing."""

from handlers.cards.approvals import UNDO_WITHIN, done, undone
from handlers.cards.claims import claim_for_applicant, claim_for_approver, expense_fields, line_card
from handlers.cards.history import decided
from handlers.cards.labels import FAILURES, FIELD_LABELS, NOTICES, STATE_LABELS
from handlers.cards.lists import claim_list, help_card
from handlers.cards.parts import picture, sentence, sums
from handlers.cards.receipts import duplicate, failure, reading

__all__ = [
    "FAILURES",
    "FIELD_LABELS",
    "NOTICES",
    "STATE_LABELS",
    "UNDO_WITHIN",
    "claim_for_applicant",
    "claim_for_approver",
    "claim_list",
    "decided",
    "done",
    "duplicate",
    "expense_fields",
    "failure",
    "help_card",
    "line_card",
    "picture",
    "reading",
    "sentence",
    "sums",
    "undone",
]
