"""Approvals: the way of a claim (``routes``, ``steps``), who may decide now (``seats``), who is asked (``sending``) and
what they decide (``decisions``).
"""

from handlers.approvals.decisions import VERDICTS, decide, undo, withdrawn
from handlers.approvals.routes import lay
from handlers.approvals.seats import Decider, concerns, decider, deciders, may_decide, open_step, waiting_for
from handlers.approvals.sending import Sent, refresh, send, send_to, send_waiting

__all__ = [
    "VERDICTS",
    "Decider",
    "Sent",
    "concerns",
    "decide",
    "decider",
    "deciders",
    "lay",
    "may_decide",
    "open_step",
    "refresh",
    "send",
    "send_to",
    "send_waiting",
    "undo",
    "waiting_for",
    "withdrawn",
]
