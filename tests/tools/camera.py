"""Photographs cards of the local chat while a story goes on: the one that makes the pictures of the documentation.

An album is a list of steps and shots. The demo runs with the default reading engine; the page is as wide as a phone.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from bot.demo.receipts.tray import MOTIFS, TOKYO, render_sample
from tests.browser import chromium
from tests.fakes.server import Server
from tests.scenarios.script import Paper, Step, dialogue
from tests.scenarios.town import Demo
from tests.tools.pictures import FOLDER

READING_SECONDS = 120.0
WIDTH, HEIGHT = 390, 2600  # a phone's width, and high enough for the longest card


@dataclass(frozen=True)
class Shot:
    """The newest card on somebody's phone with these words becomes ``card-{name}.png``."""

    user: str
    words: tuple[str, ...]
    name: str


Album = Sequence[Step | Shot]


def sample(key: str, *, again: bool = False, later: int = 0) -> Paper:
    """A receipt of the demo's tray; ``again``: the same photo, smaller and saved once more; ``later``: so many days."""

    def made(_number: int) -> bytes:
        motif = next(one for one in MOTIFS if one.key == key)
        image = render_sample(motif, datetime.now(TOKYO).date() + timedelta(days=later)).image
        if not again:
            return image
        picture = Image.open(io.BytesIO(image)).convert("RGB")
        picture.thumbnail((900, 900))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=70)
        return out.getvalue()

    return Paper(form="JPEG", make=made)


def shoot(page: Page, shot: Shot) -> None:
    page.locator(f"[data-tab={shot.user}]").click()
    turn = f".station[data-phone={shot.user}] .turn.bot"
    card = page.locator(f"{turn} .card, {turn} .bubble")
    for word in shot.words:
        card = card.filter(has_text=word)
    card.last.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    file = FOLDER / f"card-{shot.name}.png"
    taken = Image.open(io.BytesIO(card.last.screenshot())).convert("RGB")
    taken.quantize(200).save(file, optimize=True)  # small enough to be read on a phone's page
    print(f"{file.name}  {file.stat().st_size // 1000} kB", flush=True)


def take(title: str, album: Album) -> None:
    """Play the album in a demo of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="keihi-album-") as folder,
        Server(Path(folder), engine="", demo="1", base_url="", locale="ja") as server,
        chromium.started() as browser,
    ):
        demo = Demo.open(server)
        play = demo.play("web")
        play.seconds = READING_SECONDS
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            device_scale_factor=1.5,
        )
        page.goto(server.url)
        page.wait_for_selector("html[data-ready]")
        for part in album:
            if isinstance(part, Shot):
                shoot(page, part)
            else:
                play.play(dialogue(title, part))
        demo.page.close()


def run(albums: Iterable[tuple[str, Album]]) -> int:
    if chromium.path() is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    for title, album in albums:
        take(title, album)
    return 0
