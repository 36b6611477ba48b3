"""A server's clock that its test sets: what happens after days and at hours is then told at any hour of the day.

Only the product's one clock (`Services.clock`) is set. How far it is ahead stands in a file, so that the server and the
worker beside it agree and a test can set it while they run; from there it goes on as every clock does.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

VARIABLE = "KEIHI_TESTS_CLOCK"


def put_into_this_process() -> None:
    """Where the environment names such a file, services made in this process go by it."""
    name = os.environ.get(VARIABLE)
    if not name:
        return
    from handlers.services import Services, utc_now

    file = Path(name)

    def clock() -> datetime:
        return utc_now() + timedelta(seconds=float(file.read_text()))

    made = Services.__init__  # a dataclass: the default of its field is one of this function's
    made.__defaults__ = tuple(clock if each is utc_now else each for each in made.__defaults__ or ())


class Clock:
    """The test's side: the hand that sets it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.ahead = 0.0

    def set(self, moment: datetime) -> None:
        """It is this moment now."""
        self.ahead = (moment - datetime.now(UTC)).total_seconds()
        new = self.file.with_suffix(".new")
        new.write_text(str(self.ahead))
        new.replace(self.file)
