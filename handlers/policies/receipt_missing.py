"""An expense has its receipt; typed ones have a declared reason or are too small to need one.

Allowances and estimates have none by their nature, nor has what the travel rules compute themselves, such as the
kilometres of one's own car. Fares of trains and buses have none as a rule: what is paid by an IC
card stands in its statement (see the public-transport exception, Consumption Tax Act enforcement order art. 70-9 (2)).
A declared reason makes a note of what wanted one; what is stopped stays stopped.
"""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Line, Parameter, Parameters, Strength, yen

PUBLIC = ("train", "shinkansen", "bus", "ship")


class _ReceiptMissing:
    name = "receipt-missing"
    title = "No receipt"
    what = "There is no receipt for an expense that needs one."
    strength: Strength = "reason"
    parameters: tuple[Parameter, ...] = (
        Parameter("category", "category", "", "The category; empty: all.", ("科目",), selects=True),
        Parameter("min", "yen", 1, "From this amount on (yen).", ("金額",)),
        Parameter("fares", "flag", False, "Fares of trains, buses and ships need one, too.", ("運賃",)),
        Parameter("declared", "yen", 0, "Up to this amount a declared reason will do (yen; 0: any).", ("申告上限",)),
    )

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line in case.lines:
            if line.receipt_id or line.kind not in ("receipt", "note"):
                continue
            if parameters.text("category") not in ("", line.category) or line.claimed is None:
                continue
            if _computed(line):
                continue
            if _fare(line) and not parameters.flag("fares"):
                continue
            if line.claimed >= parameters.number("min"):
                yield self._found(line, line.claimed, parameters)

    def _found(self, line: Line, claimed: int, parameters: Parameters) -> Finding:
        amount, reason, limit = yen(claimed), line.missing_receipt[:120], parameters.number("declared")
        if not reason:
            return Finding(self.name, "There is no receipt for {amount}.", {"amount": amount}, line.id)
        if limit and claimed > limit:
            text = (
                "There is no receipt for {amount}, and over {limit} a declared reason is not enough. Declared: {reason}"
            )
            values = {"amount": amount, "limit": yen(limit), "reason": reason}
            return Finding(self.name, text, values, line.id, strength="stop")
        return Finding(
            self.name,
            "There is no receipt for {amount}. Declared reason: {reason}",
            {"amount": amount, "reason": reason},
            line.id,
            strength="" if parameters.strength == "stop" else "note",
        )


def _fare(line: Line) -> bool:
    return line.journey.get("mode") in PUBLIC


def _computed(line: Line) -> bool:
    """The travel rules reckon it themselves: by kilometres, also where the person claims less."""
    item = line.basis.get("item") or {}
    return bool(line.basis.get("by_pack")) or (item.get("kind") == "car" and "whole_km" in (item.get("inputs") or {}))


RECEIPT_MISSING = _ReceiptMissing()
