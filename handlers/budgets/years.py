"""Fiscal years. A year is named by the calendar year in which it begins: 2026 is 2026-04-01 … 2027-03-31.

Sources: 地方自治法 208条 (the year, April to March), 235条の5 (the books of a year close on 31 May after it);
地方自治法施行令 165条の8 (what is spent after that is borne by the year that runs). Companies whose year begins in
April are served by the same calendar.
"""

from __future__ import annotations

from datetime import date

BEGINS = 4  # April
CLOSES = (5, 31)


def fiscal_year(day: date) -> int:
    """The year to which a day belongs."""
    return day.year if day.month >= BEGINS else day.year - 1


def closing(year: int) -> date:
    """The last day on which expenses of ``year`` are still put on its own budget (end of 出納整理期間)."""
    return date(year + 1, *CLOSES)


def bearing_year(day: date, handed_in: date) -> int:
    """The year whose budget bears an expense of ``day`` that is handed in on ``handed_in``."""
    year = fiscal_year(day)
    return year if handed_in <= closing(year) else fiscal_year(handed_in)
