"""Long and large pictures are looked at in strips: long ones so that each is at the scale of an ordinary receipt, large
ones because what finding text needs in memory grows with the area that is looked at in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

STRIP = 3.0  # height of a strip in widths of the picture
OVERLAP = 0.2  # of a strip that the next one sees again, so that no line is cut in both


@dataclass(frozen=True)
class Strip:
    """Rows ``top`` to ``bottom`` (px) of a picture; text whose middle lies in ``first`` to ``last`` belongs to it."""

    top: int
    bottom: int
    first: float
    last: float

    def owns(self, middle: float) -> bool:
        """Whether text at the height ``middle`` (px from ``top``) is this strip's: each line is one strip's only."""
        return self.first <= middle < self.last


def strips(width: int, height: int, most: float = STRIP) -> Iterator[Strip]:
    """The strips of a picture from top to bottom, each at most ``most`` widths high; one where that is the whole."""
    if height <= most * width:
        yield Strip(0, height, float("-inf"), float("inf"))
        return
    step, overlap = max(1, round(most * width * (1 - OVERLAP))), round(most * width * OVERLAP)
    for top in range(0, max(height - overlap, 1), step):
        bottom = min(top + step + overlap, height)
        # what lies in an overlap belongs to the strip in which it is further from the edge
        first = float("-inf") if top == 0 else overlap / 2
        last = float("inf") if bottom == height else step + overlap / 2
        yield Strip(top, bottom, first, last)
