"""Travel regulations as dated data: packs, what they give for a trip, commuter passes and known fares.

``given(session, trip, member)`` is what the organisation's pack gives for a stored trip. Behind it,
``compute(facts, pack, context)`` is pure; a pack is found by the day of departure (``pack_for``), a trip becomes facts
by ``facts_of``, and an item tells itself by ``line`` (with its paragraph) or ``say``. Which prefecture a place lies in:
``places.prefecture_of``.
"""

from __future__ import annotations

from handlers.travel.compute import compute
from handlers.travel.facts import Context, Facts, Leg, Lost, PackagePrice, Quote, Section, Stay
from handlers.travel.fares import fare
from handlers.travel.items import Item, payable, total
from handlers.travel.load import pack_for
from handlers.travel.sentences import line, say
from handlers.travel.trips import Given, context_of, facts_of, given

__all__ = [
    "Context", "Facts", "Given", "Item", "Leg", "Lost", "PackagePrice", "Quote", "Section", "Stay",
    "compute", "context_of", "facts_of", "fare", "given", "line", "pack_for", "payable", "say", "total",
]  # fmt: skip
