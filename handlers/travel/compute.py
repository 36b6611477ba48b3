"""What a pack gives for a trip. Pure: facts, pack and context in, items out, every yen with its paragraph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from handlers.travel.facts import Context, Facts
from handlers.travel.items import Item
from handlers.travel.pack import Pack
from handlers.travel.parts import cancellation, car, daily, lodging, lodging_allowance, package, transport

Rule = Callable[[Facts, Pack, Context], Iterator[Item]]
# In the order in which a card lists them.
PARTS: tuple[Rule, ...] = (
    transport.items,
    car.items,
    lodging.items,
    package.items,
    lodging_allowance.items,
    daily.items,
)


def compute(facts: Facts, pack: Pack, context: Context | None = None) -> tuple[Item, ...]:
    """Every item that ``pack`` gives for the trip; of a cancelled trip only what was lost."""
    given = tuple(item for part in PARTS for item in part(facts, pack, context or Context()))
    if pack.agency is None:  # nobody but the traveller is paid where the regulation does not know agencies
        given = tuple(replace(item, asked=item.asked or "agency") if item.to == "agency" else item for item in given)
    return tuple(cancellation.items(facts, pack, given)) if facts.cancelled else given
