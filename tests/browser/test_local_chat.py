"""The three phones in a real browser at a real server: what a newcomer does in the first five minutes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import chromium
from tests.fakes.server import Server

pytestmark = pytest.mark.skipif(chromium.path() is None, reason=chromium.MISSING)

DESK = {"width": 1440, "height": 900}
HAND = {"width": 390, "height": 844}
READING_MS = 90_000
ANSWER_MS = 20_000
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("demo"), engine="", demo="1", locale="ja") as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.started() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Opened]:
    """Opens the page; afterwards nothing may have gone wrong in it, and nothing may have come from elsewhere."""
    troubles: list[str] = []
    asked: set[str] = set()
    contexts = []

    def open_page(**options: Any) -> Page:
        usual: dict[str, Any] = {"viewport": DESK, "locale": "ja-JP", "timezone_id": "Asia/Tokyo"}
        context = browser.new_context(**(usual | options))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda told: troubles.append(told.text) if _is_trouble(told.type, told.text) else None)
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.goto(server.url)
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
    assert asked - {""} <= {urlsplit(server.url).netloc}


def _is_trouble(kind: str, text: str) -> bool:
    # The browser itself logs a refused form (422), which is an answer like any other.
    return kind == "error" and "422" not in text


def phone(page: Page, user: str) -> Locator:
    return page.locator(f".station[data-phone={user}]")


def newest_card(page: Page, user: str) -> Locator:
    return phone(page, user).locator(".turn.bot .card").last


def button(card: Locator, name: str) -> Locator:
    return card.get_by_role("button", name=name, exact=True)


def test_a_receipt_is_dropped_submitted_and_approved(opened: Opened) -> None:
    page = opened()
    page.locator("[data-sample='0']").drag_to(phone(page, "worker").locator(".talk"))
    expect(phone(page, "worker").locator(".turn.me .photo img")).to_be_visible(timeout=READING_MS)
    expect(phone(page, "worker").locator(".bubble.busy")).to_be_visible(timeout=ANSWER_MS)

    draft = newest_card(page, "worker")
    expect(draft).to_contain_text("下書き", timeout=READING_MS)
    expect(draft.locator(".emphasis dd")).to_have_text("¥2,280")
    expect(draft.locator(".thumb img")).to_have_js_property("complete", True)
    button(draft, "提出").click()
    expect(draft).to_contain_text("承認待ち", timeout=ANSWER_MS)

    request = newest_card(page, "supervisor")
    expect(request).to_contain_text("佐藤 美咲", timeout=ANSWER_MS)
    button(request, "承認").click()
    for card in (request, draft):
        expect(card).to_contain_text("承認済み", timeout=ANSWER_MS)
        expect(button(card, "承認")).to_have_count(0)
    expect(draft.locator(".buttons")).to_have_count(0)
    for card in (request, draft):  # the one who approved may still take it back, and sees the stamp all the same
        expect(card.locator(".stamp")).to_be_visible()

    audit = phone(page, "administrator").locator(".audit")
    expect(audit.locator(".headline")).to_contain_text("申請の承認", timeout=ANSWER_MS)
    expect(audit.locator(".count")).to_contain_text("検証済み")
    audit.locator("summary").click()
    expect(audit.locator("li").first).to_contain_text("田中 健一")


def test_a_draft_is_corrected_in_its_form_by_keyboard(opened: Opened) -> None:
    page = opened()
    worker = phone(page, "worker")
    worker.locator("[data-sample='1']").click()
    edit = worker.locator(".turn.bot .card").last.get_by_role("button", name="修正")
    expect(edit).to_be_visible(timeout=READING_MS)

    edit.focus()
    page.keyboard.press("Enter")
    sheet = worker.get_by_role("dialog")
    expect(sheet.get_by_label("支払先")).to_be_focused(timeout=ANSWER_MS)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(edit).to_be_focused()

    edit.click()
    expect(sheet.get_by_label("日付")).to_have_attribute("type", "date", timeout=ANSWER_MS)
    sheet.get_by_label("支払先").fill("架空タクシー")
    sheet.get_by_label("合計").fill("たくさん")
    sheet.get_by_role("button", name="保存").click()
    expect(sheet.locator(".question.wrong")).to_have_count(1, timeout=ANSWER_MS)
    expect(sheet.get_by_label("合計")).to_be_focused()

    sheet.get_by_label("合計").fill("3,450")
    sheet.get_by_label("日付").fill("2026-11-02")
    sheet.get_by_label("用途").fill("訪問先への移動 <b>& 帰り</b>")
    sheet.get_by_role("button", name="保存").click()
    expect(sheet).to_be_hidden(timeout=ANSWER_MS)
    card = worker.locator(".turn.bot .card").last
    expect(card.locator(".emphasis dd")).to_have_text("¥3,450", timeout=ANSWER_MS)
    expect(card).to_contain_text("2026/11/02")
    expect(card).to_contain_text("訪問先への移動 <b>& 帰り</b>")


def test_one_phone_at_a_time_in_the_hand(opened: Opened) -> None:
    page = opened(viewport=HAND, has_touch=True)
    expect(phone(page, "worker")).to_be_visible()
    expect(phone(page, "supervisor")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == HAND["width"]

    tab = page.locator("[data-tab=administrator]")
    tab.click()
    expect(tab).to_have_attribute("aria-current", "true")
    administrator = phone(page, "administrator")
    administrator.get_by_role("button", name="/keihi whoami").click()
    expect(administrator.locator(".turn.bot").last).to_contain_text("yoko.suzuki@example.jp", timeout=ANSWER_MS)
    box = administrator.locator("textarea")
    box.fill("/keihi members")
    box.press("Enter")
    expect(administrator.locator(".turn.me").last).to_contain_text("/keihi members")

    page.locator("[data-tab=supervisor]").click()
    expect(page.locator("[data-tab=administrator] .badge")).to_have_text(re.compile(r"\d"), timeout=ANSWER_MS)
    tab.click()
    expect(page.locator("[data-tab=administrator] .badge")).to_be_hidden()
    expect(administrator.locator(".turn.bot").last).to_contain_text("kenichi.tanaka@example.jp")
    for size in page.evaluate(
        "[...document.querySelectorAll('.station.shown button, .tabs button')].filter(b => b.offsetParent)"
        ".map(b => Math.min(b.offsetWidth, b.offsetHeight))"
    ):
        assert size >= 24  # WCAG 2.2, 2.5.8


def test_a_file_that_is_no_receipt_is_answered_with_a_sentence(opened: Opened, tmp_path: Path) -> None:
    page = opened(viewport=HAND)
    worker = phone(page, "worker")
    file = tmp_path / "議事録.docx"
    file.write_bytes(b"PK\x03\x04 not a picture")
    worker.locator(".composer .file").first.set_input_files(file)
    expect(worker.locator(".turn.me .file").last).to_contain_text("議事録.docx")
    expect(worker.locator(".turn.bot").last).to_contain_text("読み取", timeout=READING_MS)
    expect(worker.locator(".turn.bot .tone-doubt, .turn.bot .card.tone-doubt").last).to_be_visible(timeout=READING_MS)


def test_the_page_comes_back_as_it_was_and_in_english(opened: Opened) -> None:
    page = opened()
    worker = phone(page, "worker")
    worker.locator("textarea").fill("こんにちは")
    worker.locator("textarea").press("Enter")
    said = worker.locator(".turn.me", has_text="こんにちは")
    expect(said).to_have_count(1)
    expect(worker.locator(".turn.bot").last).to_be_visible(timeout=ANSWER_MS)
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(phone(page, "worker").locator(".turn.me", has_text="こんにちは")).to_have_count(1)
    worker.locator("textarea").fill("hello")
    worker.locator("textarea").press("Enter")
    expect(worker.locator(".turn.bot").last).to_contain_text("Send me a photo of a receipt", timeout=ANSWER_MS)
    with page.expect_navigation():
        page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
