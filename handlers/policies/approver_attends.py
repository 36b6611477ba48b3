"""Who decides a claim did not sit at the table that it pays for.

People write colleagues as they call them: one's own ``田中課長`` is the approver 田中 健一, unless two are called so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength
from handlers.policies.words import folded

_CALLED = "さん|様|殿|氏|社長|部長|次長|課長|係長|室長|局長|所長|支店長|主任|主査|主幹"


class _ApproverAttends:
    name = "approver-attends"
    title = "Approver among the attendees"
    what = "An approver of the claim is among the attendees."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        approvers = list(dict.fromkeys(person.name for person in case.approvers if person.id != case.member.id))
        families = [_family(name) for name in (*approvers, case.member.name)]
        for line in case.lines:
            there = [(_plain(a.name), a.relation == "own") for a in line.attendees if a.relation != "outside"]
            for name, family in zip(approvers, families, strict=False):
                alone = bool(family) and families.count(family) == 1
                if any(said == _plain(name) or (own and alone and said == family) for said, own in there):
                    key = ":".join((self.name, line.id, _plain(name)))
                    yield Finding(
                        self.name, "{name} took part and is to approve this claim.", {"name": name}, line.id, key
                    )


def _plain(name: str) -> str:
    """A name without blanks, posts and forms of address."""
    return re.sub(rf"(?:{_CALLED})+$", "", re.sub(r"\s", "", folded(name)))


def _family(name: str) -> str:
    """The family name of a name written in two parts; empty for any other."""
    parts = name.split()
    return _plain(parts[0]) if len(parts) > 1 else ""


APPROVER_ATTENDS = _ApproverAttends()
