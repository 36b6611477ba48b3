"""What is known of a receipt before a person has looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Recalled:
    """Empty fields are not known. ``rates``: the usual tax rates, per cent as text.

    ``at`` is the newest correction that it rests on. ``by_habit``: the category comes from the organisation's habits,
    ``because`` of these words in ``times`` claims, ``doubted`` when it is merely probable.
    """

    issuer: str = ""
    category: str = ""
    rates: tuple[str, ...] = ()
    at: datetime | None = None
    because: str = ""
    times: int = 0
    by_habit: bool = False
    doubted: bool = False

    def as_json(self, changed: Sequence[str], assumed_rate: str) -> dict[str, Any]:
        """What the card says of it later; empty when nothing changed. ``changed``: names of fields of the expense."""
        kept: dict[str, Any] = {}
        taught = [name for name in changed if not (name == "category" and self.by_habit)]
        if taught and self.at is not None:
            kept |= {"taught": taught, "at": self.at.isoformat()}
        if "category" in changed and self.by_habit:
            kept |= {"habit": True, "times": self.times}
        if assumed_rate:
            kept |= {"rate": assumed_rate}
        return kept
