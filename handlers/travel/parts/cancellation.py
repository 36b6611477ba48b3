"""A cancelled trip: of each kind of cost the smaller of what the trip would have given and what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.travel.facts import Facts, Lost
from handlers.travel.items import Item, total
from handlers.travel.pack import Pack, least

KINDS = {"transport": ("transport", "car"), "lodging": ("lodging",), "package": ("package",)}


def items(facts: Facts, pack: Pack, planned: Iterable[Item]) -> Iterator[Item]:
    """One item for each kind of lost cost. ``planned``: what the pack gives had the trip taken place."""
    rule = pack.cancellation
    planned = tuple(planned)
    for kind in KINDS:
        lost = [one for one in facts.lost if one.kind == kind]
        if not lost:
            continue
        unrecoverable = sum(one.unrecoverable for one in lost)
        inputs = {"of": kind, **_sums(lost), "unrecoverable": unrecoverable}
        if rule is None:
            yield Item("cancellation", 0, "", "unknown", inputs, asked="cancellation")
            continue
        same = [item for item in planned if item.kind in KINDS[kind]]
        inputs["computed"] = total(same)
        confidence = least(rule.confidence, *(item.confidence for item in same))
        yield Item("cancellation", min(total(same), unrecoverable), rule.paragraph, confidence, inputs)


def _sums(lost: list[Lost]) -> dict[str, int]:
    return {
        "paid": sum(one.paid for one in lost),
        "refunded": sum(one.refunded for one in lost),
        "fee": sum(one.fee for one in lost),
    }
