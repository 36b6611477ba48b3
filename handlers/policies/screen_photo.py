"""The picture shows a screen, or is a screenshot: not the paper itself (flags of ``ocr.metadata``)."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength


class _ScreenPhoto:
    name = "screen-photo"
    title = "Photo of a screen"
    what = "The picture is a photo of a screen or a screenshot."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            if line.seen.flag("screen_photo") is not None:
                yield Finding(self.name, "The photo seems to show a screen, not the paper.", {}, line.id)
            elif line.seen.flag("screenshot") is not None:
                yield Finding(self.name, "This is a screenshot, not the document itself.", {}, line.id)


SCREEN_PHOTO = _ScreenPhoto()
