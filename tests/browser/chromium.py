"""A Chromium for tests and pictures, if the machine has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "no Chromium on this machine (Debian: chromium; or name one in KEIHI_CHROMIUM)"


def path() -> str | None:
    """Where Chromium is: ``KEIHI_CHROMIUM``, else the usual names on the path."""
    names = (os.environ.get("KEIHI_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@contextmanager
def started() -> Iterator[Browser]:
    """A headless browser that speaks to nobody of itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=list(FLAGS))
        yield browser
        browser.close()
