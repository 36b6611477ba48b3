"""The same photograph twice: saved again, turned, cut or shrunk. The pairs were found when the receipts were read.

Two photographs are never one by chance, so this stops. Where their figures differ (two papers on the photo, of which
the reader saw one each time) a reason is enough. Of two files that a program made, such as a landlord's monthly PDF,
only those with the same figures count: the form may be the same while the month is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength
from handlers.policies.duplicates import others, pictures
from handlers.policies.duplicates.facts import facts_of
from handlers.policies.duplicates.same import speaks_against
from storage.models import LikePicture


class _DuplicatePicture:
    name = "duplicate-picture"
    title = "The same picture"
    what = "The picture of the receipt is already in another claim, perhaps turned, cut or saved again."
    strength: Strength = "stop"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        for line in case.papers():
            yield from self._of(case, line)

    def _of(self, case: Case, line: Line) -> Iterator[Finding]:
        session = case.history.session
        pairs = dict(pictures.alike(session, line.receipt_id)) if line.receipt_id else {}
        if not pairs:
            return
        found = others.counts(session, case, line, others.of_receipts(session, pairs))
        if not found:
            return
        own = facts_of(session, line, line.receipt_part)
        apart = {o.id for o in found if speaks_against(own, facts_of(session, o, o.part))}
        same = [other for other in found if other.id not in apart]
        if same:
            yield Finding(
                self.name,
                "The same picture is already in your claim #{number}."
                if others.own(case, same[0])
                else "The same receipt is already in another claim.",
                others.values(case, same),
                line.id,
                key=others.key(self.name, line, same),
            )
            return
        loose = [other for other in found if _certain(pairs[other.receipt_id])]
        if loose:
            yield Finding(
                self.name,
                "The same picture is in your claim #{number}, with other figures."
                if others.own(case, loose[0])
                else "The same picture is already in another claim, with other figures.",
                others.values(case, loose),
                line.id,
                key=others.key(self.name, line, loose),
                strength="reason",
            )


def _certain(pair: LikePicture) -> bool:
    return pair.share >= pictures.CERTAIN and not pair.drawn


DUPLICATE_PICTURE = _DuplicatePicture()
