"""Waiting for something that happens elsewhere: a condition with a deadline, never a plain sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    condition: Callable[[], T], seconds: float = 10.0, every: float = 0.03, what: str | Callable[[], str] = ""
) -> T:
    """The first truthy value of `condition`. Raises AssertionError after `seconds` with `what` was awaited.

    An AssertionError or LookupError inside `condition` counts as "not yet" and is shown when time runs out.
    """
    deadline = time.monotonic() + seconds
    why: Exception | None = None
    while True:
        try:
            value = condition()
            why = None
            if value:
                return value
        except (AssertionError, LookupError) as error:
            why = error
        if time.monotonic() >= deadline:
            said = what() if callable(what) else what
            raise AssertionError(f"not within {seconds:g} s: {said or why or condition}") from why
        time.sleep(every)
