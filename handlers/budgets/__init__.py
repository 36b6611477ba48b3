"""Budgets: which line bears an expense (``lines``, ``years``), what a claim holds of it (``holding``), and their CSV
(``sheets``).

``follow`` is called by the one statement that changes a claim's state (``handlers.claims.life``), so that no way
through the transition table can forget the budget. Nothing here imports the claims' own modules.
"""

from handlers.budgets.holding import follow
from handlers.budgets.lines import Outlook, borne_by, find, known, outlook, shares, supposed, used
from handlers.budgets.years import bearing_year, closing, fiscal_year

__all__ = [
    "Outlook",
    "bearing_year",
    "borne_by",
    "closing",
    "find",
    "fiscal_year",
    "follow",
    "known",
    "outlook",
    "shares",
    "supposed",
    "used",
]
