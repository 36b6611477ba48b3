"""A claim says what it was for. Limit values and exceptions: none; requests say it in their trip."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength


class _PurposeMissing:
    name = "purpose-missing"
    title = "No purpose"
    what = "The claim does not say what it was for."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        if case.lines and not case.purpose.strip() and not all(line.description.strip() for line in case.lines):
            yield Finding(self.name, "The purpose is missing.", key=self.name)


PURPOSE_MISSING = _PurposeMissing()
