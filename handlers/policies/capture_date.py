"""The day a photo was taken (EXIF) against the day on the receipt as it stands now, corrected or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, day


class _CaptureDate:
    name = "capture-date"
    title = "Date of the photo"
    what = "The photo is older than the receipt, or was taken long after it."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = (
        Parameter("days", "number", 90, "A photo taken later than so many days is noted.", ("日数",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            taken = _day(line.seen.flag("captured"))
            if taken is None or line.date is None:
                continue
            values = {"taken": day(taken), "day": day(line.date)}
            days = (taken - line.date).days
            if days < 0:
                yield Finding(self.name, "The photo of {taken} is older than the receipt of {day}.", values, line.id)
            elif days > parameters.number("days"):
                values["days"] = days
                yield Finding(
                    self.name,
                    "The photo was taken on {taken}, {days} days after the receipt of {day}.",
                    values,
                    line.id,
                    strength="note",
                )


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


CAPTURE_DATE = _CaptureDate()
