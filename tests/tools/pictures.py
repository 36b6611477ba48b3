"""Takes the pictures of the documentation from a real run: ``python -m tests.tools.pictures``.

Starts the demo with the default reading engine, plays the story in Chromium and writes docs/pictures/local-chat*.png.
Needs Chromium; takes about a minute.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.fakes.server import Server

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
READING_MS = 120_000
ANSWER_MS = 30_000


def _open(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.wait_for_selector("html[data-ready]")
    for image in page.locator(".tray img").all()[:5]:
        expect(image).not_to_have_js_property("naturalWidth", 0, timeout=READING_MS)


def _settle(page: Page) -> None:
    """Let highlights fade and pictures load, so that two runs look alike."""
    page.wait_for_timeout(3000)


def _story(page: Page) -> None:
    worker, supervisor, administrator = (
        page.locator(f".station[data-phone={user}]") for user in ("worker", "supervisor", "administrator")
    )
    administrator.get_by_role("button", name="/keihi members").click()
    worker.locator("textarea").fill("磐梯町との打合せ")
    worker.locator("[data-sample='0']").click()
    expect(worker.get_by_role("button", name="提出")).to_be_visible(timeout=READING_MS)
    _settle(page)
    page.screenshot(path=FOLDER / "local-chat-draft.png")
    worker.get_by_role("button", name="提出").click()
    approve = supervisor.get_by_role("button", name="承認", exact=True)
    expect(approve).to_be_visible(timeout=ANSWER_MS)
    approve.click()
    expect(supervisor.locator(".stamp")).to_be_visible(timeout=ANSWER_MS)
    expect(worker.locator(".stamp")).to_be_visible(timeout=ANSWER_MS)
    administrator.locator(".audit summary").click()
    _settle(page)
    page.screenshot(path=FOLDER / "local-chat.png")


def _phone(page: Page) -> None:
    worker = page.locator(".station[data-phone=worker]")
    worker.locator("[data-sample='2']").click()
    card = worker.locator(".turn.bot .card").last
    expect(card.get_by_role("button", name="修正")).to_be_visible(timeout=READING_MS)
    _settle(page)
    page.screenshot(path=FOLDER / "local-chat-phone.png")
    card.get_by_role("button", name="修正").click()
    expect(worker.get_by_role("dialog").get_by_role("button", name="保存")).to_be_visible(timeout=ANSWER_MS)
    _settle(page)
    page.screenshot(path=FOLDER / "local-chat-form.png")


def main() -> int:
    if chromium.path() is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="keihi-pictures-") as folder,
        Server(Path(folder), engine="", demo="1", locale="ja") as server,
        chromium.started() as browser,
    ):
        common: dict[str, Any] = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo", "device_scale_factor": 1.5}
        desk = browser.new_page(viewport={"width": 1440, "height": 976}, **common)
        _open(desk, server)
        _story(desk)
        desk.close()
        hand = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark", **common)
        _open(hand, server)
        _phone(hand)
    for picture in sorted(FOLDER.glob("local-chat*.png")):
        print(f"{picture.relative_to(FOLDER.parents[1])}  {picture.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
