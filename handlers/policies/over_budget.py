"""A claim stays within what is left of the budget lines that bear it (``handlers.budgets``).

A stopped line that has not enough left stops the claim, whatever strength was chosen: its reservation would be refused
all the same. What a claim holds already stays held, so that later it is only told when its line was overdrawn since.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers import budgets
from handlers.errors import Refusal
from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength, yen
from storage.models import Claim


class _OverBudget:
    name = "over-budget"
    title = "Over the budget"
    what = "The claim needs more than its budget line has left."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = ()

    def check(self, case: Case, _parameters: Parameters) -> Iterable[Finding]:
        claim = case.history.session.get(Claim, case.claim_id)
        if claim is None or not case.lines:
            return
        try:
            lines = budgets.outlook(claim, case.day)
        except Refusal:  # which line bears it is not told yet; the card and the submission say so
            return
        for line in lines:
            if line.after >= 0:
                continue
            values = {"line": line.name, "year": str(line.year), "left": yen(line.left), "over": yen(-line.after)}
            key = ":".join((self.name, str(line.year), line.name))
            if not line.needs:
                yield Finding(self.name, "Budget “{line}” ({year}) is overdrawn by {over}.", values, key=key)
                continue
            text = "Budget “{line}” ({year}): {left} left, this claim needs {needs}, {over} too much."
            strength: Strength | None = "stop" if line.stopped else None
            yield Finding(self.name, text, values | {"needs": yen(line.needs)}, key=key, strength=strength or "")


OVER_BUDGET = _OverBudget()
