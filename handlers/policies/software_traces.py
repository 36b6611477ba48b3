"""The file names software that makes or changes pictures (flags of ``ocr.metadata``): a hint, never a verdict."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, said


class _SoftwareTraces:
    name = "software-traces"
    title = "Traces of an editor"
    what = "The file bears traces of a picture editor or generator."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            generator, editor = line.seen.flag("generated"), line.seen.flag("edited")
            if generator is not None:
                name = generator if generator not in ("", "unknown") else said("an unknown program")
                yield Finding(
                    self.name,
                    "The file says that a picture generator made it ({software}).",
                    {"software": name},
                    line.id,
                )
            elif editor is not None:
                yield Finding(
                    self.name, "The file says that it was edited ({software}).", {"software": editor}, line.id
                )


SOFTWARE_TRACES = _SoftwareTraces()
