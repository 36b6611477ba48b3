"""Foreign currency in yen: the table of rates (``table``), a claim's lines (``lines``), as CSV (``sheets``), and rates
that are wanted and that come (``wanted``).

An expense in another currency takes the newest rate of the organisation's table that is not after its day. While a
claim is a draft its lines follow the table; what was handed in keeps its rate.
"""

from handlers.rates.lines import DECLARED, declared, foreign, reckon
from handlers.rates.table import HOME, Terms, newest

__all__ = ["DECLARED", "HOME", "Terms", "declared", "foreign", "newest", "reckon"]
