"""A cancelled trip: of each cost the smaller of what the trip would have given for it and what is lost.

A cost that names its ride, stay or package is compared with that alone; what was only said by kind (all lodging
together) with all of that kind that nothing else names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.travel.facts import Facts, Lost
from handlers.travel.items import Item, total
from handlers.travel.pack import Pack, least

KINDS = {"transport": ("transport", "car"), "lodging": ("lodging",), "package": ("package",)}


def items(facts: Facts, pack: Pack, planned: Iterable[Item]) -> Iterator[Item]:
    """One item for each lost cost of its own, then one for each kind. ``planned``: had the trip taken place."""
    planned = tuple(planned)
    named = [lost for lost in facts.lost if lost.ref]
    for lost in named:
        yield _least(lost.kind, [lost], [item for item in planned if lost.ref in refs(item)], pack, lost.ref)
    taken = {lost.ref for lost in named}
    for kind, kinds in KINDS.items():
        together = [lost for lost in facts.lost if lost.kind == kind and not lost.ref]
        if together:
            rest = [item for item in planned if item.kind in kinds and not taken & refs(item)]
            yield _least(kind, together, rest, pack, "")


def refs(item: Item) -> set[str]:
    """The rides, stays and packages of the facts that an item is of."""
    known = item.inputs
    named = {f"legs.{number}" for number in known.get("legs", ())}
    for part, name in (("legs", "leg"), ("stays", "stay"), ("packages", "package")):
        named |= {f"{part}.{known[name]}"} if name in known else set()
    return named


def _least(kind: str, lost: list[Lost], planned: list[Item], pack: Pack, ref: str) -> Item:
    rule, unrecoverable = pack.cancellation, sum(one.unrecoverable for one in lost)
    inputs = {"of": kind, **_sums(lost), "unrecoverable": unrecoverable, **({"ref": ref} if ref else {})}
    if rule is None:
        return Item("cancellation", 0, "", "unknown", inputs, asked="cancellation")
    inputs["computed"] = total(planned)
    confidence = least(rule.confidence, *(item.confidence for item in planned))
    return Item("cancellation", min(total(planned), unrecoverable), rule.paragraph, confidence, inputs)


def _sums(lost: list[Lost]) -> dict[str, int]:
    return {
        "paid": sum(one.paid for one in lost),
        "refunded": sum(one.refunded for one in lost),
        "fee": sum(one.fee for one in lost),
    }
