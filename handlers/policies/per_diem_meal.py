"""A meal alone is claimed for a day whose meals the travel allowance already pays.

A meal with guests is another matter. Which computed amounts pay for meals is said by their kind (``handlers.travel``):
the per diem, and the allowance for nights, which covers the costs that come with a night, meals included.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, day, yen

PAY_MEALS = ("daily", "lodging_allowance")
MEALS = ["meeting", "entertainment", "welfare"]


class _PerDiemMeal:
    name = "per-diem-meal"
    title = "Per diem and meal"
    what = "A meal is claimed for a day whose meals the travel allowance pays."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = (
        Parameter("categories", "categories", MEALS, "Categories that are meals, by comma.", ("科目",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        allowances = [line for line in case.claim_lines if _pays_meals(line)]
        days = {line.date for line in allowances}
        for line in case.lines:
            if line.date is None or line.kind not in ("receipt", "note") or not _meal_alone(line, parameters):
                continue
            covered = line.date in days or bool({*PAY_MEALS} & {*case.history.allowances(line.date, line.date)})
            if not covered and case.trip is not None and allowances:
                covered = case.trip.starts <= line.date <= case.trip.ends
            if covered and line.claimed:
                values = {"amount": yen(line.claimed), "day": day(line.date)}
                yield Finding(
                    self.name,
                    "The meal of {amount} on {day} is claimed beside the travel allowance of that day.",
                    values,
                    line.id,
                )


def _pays_meals(line: Line) -> bool:
    return line.kind == "allowance" and line.basis.get("kind") in PAY_MEALS


def _meal_alone(line: Line, parameters: Parameters) -> bool:
    return line.category in parameters.words("categories") and (line.persons or 1) < 2


PER_DIEM_MEAL = _PerDiemMeal()
