"""Estimate and settlement side by side, and why they differ: by ride, by nights, by allowance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from handlers.amounts import yen
from handlers.travel.places import municipality as plain
from handlers.trips import evidence
from storage.models import Claim, Expense

ORDER = ("transport", "car", "package", "lodging", "lodging_allowance", "daily", "cancellation", "other")


@dataclass(frozen=True)
class Reason:
    """Why a part differs. ``text`` is a msgid; ``values`` are yen by name, or texts."""

    text: str
    values: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One part of a trip in yen; None where it is not on that side. ``label`` is a name as written, if there is one."""

    kind: str
    label: str
    estimate: int | None
    actual: int | None
    reasons: tuple[Reason, ...] = ()

    @property
    def more(self) -> int:
        return (self.actual or 0) - (self.estimate or 0)


@dataclass(frozen=True)
class Comparison:
    """All parts in the order of a card, and their sums in yen."""

    parts: tuple[Difference, ...]

    @property
    def estimate(self) -> int:
        return sum(part.estimate or 0 for part in self.parts)

    @property
    def actual(self) -> int:
        return sum(part.actual or 0 for part in self.parts)


def compare(session: Session, claim: Claim) -> Comparison | None:
    """The settlement against the request that it settles; None for a claim that settles none."""
    request = session.get(Claim, claim.request_id) if claim.request_id else None
    if request is None:
        return None
    planned, real = _by_part(request.expenses), _by_part(claim.expenses)
    keys = sorted({*planned, *real}, key=lambda key: (ORDER.index(key[0]) if key[0] in ORDER else len(ORDER), key[1]))
    return Comparison(tuple(_difference(key, planned.get(key, []), real.get(key, [])) for key in keys))


def _by_part(lines: Iterable[Expense]) -> dict[tuple[str, str], list[Expense]]:
    parts: dict[tuple[str, str], list[Expense]] = {}
    for line in lines:
        parts.setdefault(_part(line), []).append(line)
    return parts


def item_of(line: Expense) -> dict[str, Any]:
    """What the travel rules said of a line: of a computed one, or of a priced one they judged; empty for others."""
    basis = line.basis or {}
    if line.kind in ("allowance", "estimate") or basis.get("key"):
        return dict(basis) if "paragraph" in basis else {}
    return dict(basis.get("item") or {})


def _part(line: Expense) -> tuple[str, str]:
    """(kind, ends of the ride): one ride there is one part, whichever way it is written."""
    basis = line.basis or {}
    kind = str(basis.get("kind") or item_of(line).get("kind") or str(basis.get("key") or "").partition(".")[0])
    journey = line.journey or {}
    if kind not in ORDER:
        kind = "transport" if evidence.is_ride(line) else "lodging" if evidence.is_lodging(line) else "other"
    if kind != "transport":
        return kind, ""
    inputs = item_of(line).get("inputs", {})
    ends = (journey.get("from") or inputs.get("from") or "", journey.get("to") or inputs.get("to") or "")
    return kind, "–".join(sorted(plain(str(end)) for end in ends)) if any(ends) else line.payee


def _difference(key: tuple[str, str], planned: list[Expense], real: list[Expense]) -> Difference:
    estimate, actual = (_sum(lines) for lines in (planned, real))
    lines = real or planned
    label = lines[0].payee if key[0] in ("transport", "daily") and len({line.payee for line in lines}) == 1 else ""
    reasons = tuple(_reasons(key[0], planned, real)) if estimate != actual or _capped(real) else ()
    return Difference(key[0], label or key[1], estimate, actual, reasons)


def _sum(lines: list[Expense]) -> int | None:
    return sum(yen(line) or 0 for line in lines) if lines else None


def _capped(lines: Iterable[Expense]) -> int:
    return sum(evidence.capped(line) for line in lines)


def _reasons(kind: str, planned: list[Expense], real: list[Expense]) -> Iterable[Reason]:
    if not planned:
        yield Reason("not in the estimate")
        return
    if not real:
        yield Reason("did not arise")
        return
    if kind == "lodging":
        yield from _of_lodging(real)
    nights = [sum(int(item_of(e).get("inputs", {}).get("nights") or 0) for e in lines) for lines in (planned, real)]
    if all(nights) and nights[0] != nights[1]:
        yield Reason("nights {before} → {after}", {"before": str(nights[0]), "after": str(nights[1])})
    days = [item_of(lines[0]).get("inputs", {}).get("days") for lines in (planned, real)]
    if all(days) and days[0] != days[1]:
        yield Reason("days {before} → {after}", {"before": str(days[0]), "after": str(days[1])})
    if kind in ("transport", "car") and _capped(real):
        yield Reason("{over} is not paid by the travel rules", {"over": _capped(real)})
    elif kind in ("transport", "car") and any(line.kind != "allowance" for line in real):
        yield Reason("actual fare")
    if any("amount" in (line.corrected or []) and line.basis.get("key") for line in real):
        yield Reason("corrected by hand")


def _of_lodging(real: list[Expense]) -> Iterable[Reason]:
    for line in real:
        item = item_of(line)
        inputs = item.get("inputs", {})
        if "cap" not in inputs or "actual" not in inputs:
            continue
        cap = int(inputs["cap"]) * int(inputs.get("nights") or 1)
        if int(inputs["actual"]) <= cap:
            yield Reason("actual price within the cap of {cap}", {"cap": cap})
        elif item.get("over") and inputs.get("reason"):
            yield Reason(
                "over the cap of {cap}: {reason}; {over} is not paid",
                {"cap": cap, "reason": str(inputs["reason"]), "over": int(item["over"])},
            )
        elif item.get("over"):
            yield Reason(
                "actual price {actual}, cap {cap}; {over} is not paid",
                {"actual": int(inputs["actual"]), "cap": cap, "over": int(item["over"])},
            )
        else:
            yield Reason("over the cap of {cap}: {reason}", {"cap": cap, "reason": str(inputs.get("reason") or "")})
